//! The roles an account holds, from day to day.
//!
//! A role holds from its first day up to, not including, `until_day`; so a role ended today is gone at once (R3).

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::subject;
use crate::{
    access::Role,
    clock::Day,
    error::{AppError, Result},
    event::NewEvent,
    ids::AccountId,
    store::{Query, Tx},
    vals,
};

pub(super) const COLUMNS: &[&str] =
    &["division_code", "account_role_id", "account_id", "role", "area_kind", "area", "from_day", "until_day"];

/// A role as held by an account.
#[derive(Debug, Clone, FromQueryResult)]
pub struct HeldRole {
    /// Id of the holding.
    pub account_role_id: Uuid,
    /// The role's code.
    pub role: String,
    /// Kind of area.
    pub area_kind: String,
    /// Committee code, grid, employer or division code.
    pub area: String,
    /// First day.
    pub from_day: Day,
    /// First day on which it no longer holds.
    pub until_day: Option<Day>,
}

impl HeldRole {
    /// The last day on which it holds, as people name the end.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|day| day.plus_days(-1))
    }
    /// What people can read of the area: a committee's or the division's code, and nothing where it is an id.
    pub fn area_code(&self) -> &str {
        if Uuid::try_parse(&self.area).is_ok() { "" } else { &self.area }
    }
    /// Whether it holds on the day or later.
    pub fn current_or_coming(&self, day: Day) -> bool {
        self.until_day.is_none_or(|until| until > day && until > self.from_day)
    }
}

pub(super) fn row(
    tx: &Tx,
    id: Uuid,
    account: AccountId,
    role: Role,
    area: &str,
    from: Day,
    until: Option<Day>,
) -> Vec<Value> {
    vals![tx.division(), id, account, role.code(), role.area_kind().code(), area, from, until]
}

/// Whether one account may hold all of these roles: an administrator's role stands alone (R38).
pub(super) fn apart(roles: &[Role]) -> Result<()> {
    let administrator = roles.iter().any(|r| r.is_administrator());
    let several = roles.iter().any(|r| *r != roles[0]);
    if administrator && several { Err(AppError::rule("admins-apart")) } else { Ok(()) }
}

/// All holdings of an account, past ones included, by first day.
pub async fn roles_of(q: &impl Query, account: AccountId) -> Result<Vec<HeldRole>> {
    q.rows(
        "SELECT account_role_id, role, area_kind, area, from_day, until_day FROM account_role
         WHERE division_code = $1 AND account_id = $2 ORDER BY from_day, account_role_id",
        vals![q.division(), account],
    )
    .await
}

/// Grants a role for an area from a day on.
///
/// # Errors
/// `role-days` if it would end before it begins; `role-held` if the account holds the same for the same area
/// already; `admins-apart` if it would make one person two administrators, or an administrator who also works
/// with the data (R38).
pub async fn grant_role(
    tx: &Tx,
    account: AccountId,
    role: Role,
    area: &str,
    from: Day,
    until: Option<Day>,
) -> Result<Uuid> {
    if until.is_some_and(|u| u <= from) {
        return Err(AppError::rule("role-days"));
    }
    // The account's row first: two grants at once must see each other.
    tx.execute_one(
        "UPDATE account SET version = version + 1 WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), account],
    )
    .await?;
    let held: Vec<HeldRole> =
        roles_of(tx, account).await?.into_iter().filter(|h| h.current_or_coming(tx.now().day())).collect();
    let mut all: Vec<Role> = held.iter().filter_map(|h| Role::from_code(&h.role)).collect();
    all.push(role);
    apart(&all)?;
    if held.iter().any(|h| h.role == role.code() && h.area == area) {
        return Err(AppError::rule("role-held"));
    }
    let id: Uuid = tx.new_id();
    tx.insert_many("account_role", COLUMNS, vec![row(tx, id, account, role, area, from, until)]).await?;
    let body = serde_json::json!({ "role": role.code(), "area": area, "from": from, "until": until });
    tx.event(NewEvent::new("account.role-granted", subject(account)).body(body)).await?;
    Ok(id)
}

/// Ends a role: `until` is the first day on which it no longer holds; today ends it at once.
///
/// # Errors
/// `not-found` for an unknown holding; `stale-version` if it had ended by then already.
pub async fn end_role(tx: &Tx, account: AccountId, id: Uuid, until: Day) -> Result<()> {
    let held = roles_of(tx, account).await?;
    let held = held.into_iter().find(|h| h.account_role_id == id).ok_or_else(AppError::not_found)?;
    tx.execute_one(
        "UPDATE account_role SET until_day = $4 WHERE division_code = $1 AND account_id = $2 AND account_role_id = $3
         AND (until_day IS NULL OR until_day > $4)",
        vals![tx.division(), account, id, until],
    )
    .await?;
    let body = serde_json::json!({ "role": held.role, "area": held.area, "until": until });
    tx.event(NewEvent::new("account.role-ended", subject(account)).body(body)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrators_role_stands_alone() {
        use Role::*;
        for (roles, allowed) in [
            (&[SystemAdmin][..], true),
            (&[Coordinator, GridWorker], true),
            (&[Officer, Officer], true),
            (&[], true),
            (&[SystemAdmin, SecurityOfficer], false),
            (&[SecurityOfficer, Auditor], false),
            (&[Auditor, Coordinator], false),
            (&[Coordinator, Auditor], false),
        ] {
            assert_eq!(apart(roles).is_ok(), allowed, "{roles:?}");
        }
    }

    #[test]
    fn a_role_ended_on_its_first_day_never_held() {
        let day: Day = "2026-11-20".parse().unwrap();
        let held = |until: Option<Day>| HeldRole {
            account_role_id: Uuid::nil(),
            role: "officer".into(),
            area_kind: "grid".into(),
            area: "g".into(),
            from_day: day.plus_days(5),
            until_day: until,
        };
        assert!(held(None).current_or_coming(day));
        assert!(held(Some(day.plus_days(6))).current_or_coming(day));
        assert!(!held(Some(day.plus_days(5))).current_or_coming(day));
        assert!(!held(Some(day)).current_or_coming(day));
    }
}
