//! Staff: who they are, their agreements and trainings, their account, and leaving.

use cn_identity::{Mobile, name};
use linli_platform::{
    AppError, Result,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::{Reader, Scope},
    sealed::{Bind, Sealed},
    sessions,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::appointments;
use crate::ids::{AgreementId, StaffId};

/// A member of staff as pages show them: the mobile number masked.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Staff {
    /// Id.
    pub staff_id: StaffId,
    /// The account, if they sign in.
    pub account_id: Option<AccountId>,
    /// Name, shown to colleagues (R3).
    pub name: String,
    /// Mobile number, masked.
    pub mobile_masked: Option<String>,
    /// First day.
    pub from_day: Day,
    /// The day they left; from that day on they have no access.
    pub left_day: Option<Day>,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "s.staff_id, s.account_id, s.name, s.mobile_masked, s.from_day, s.left_day, s.version";

/// The event subject of a member of staff.
pub fn subject(id: StaffId) -> SubjectRef {
    SubjectRef::new("staff", id, None)
}

/// A member of staff about to be written.
#[derive(Clone)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mobile number as written, if told.
    pub mobile: Option<String>,
    /// First day.
    pub from_day: Day,
    /// Account, if there is one already.
    pub account: Option<AccountId>,
}

/// Where a member's mobile number is sealed.
fn mobile_bind(id: StaffId) -> Bind {
    Bind { table: "staff", column: "mobile_sealed", row: id.0 }
}

/// Whether the reader acts for the team, or for nobody but themselves because their own agreement is missing (R3).
fn for_others(reader: &Reader) -> bool {
    reader.pending.is_empty()
}

/// Writes new members, each with a data key of their own.
///
/// The first person of an office has to be on file before any agreement can be: whoever has none yet enters
/// themselves, once, and the own account is tied to that entry.
///
/// # Errors
/// `staff-name` for a name that cannot be one; `staff-mobile` for a number that is none; `agreement-missing` for
/// anybody but oneself before the own agreement.
pub async fn create(tx: &Tx, people: &[Person]) -> Result<Vec<StaffId>> {
    if !for_others(tx.reader()) {
        let own = tx.reader().account;
        let for_own = matches!(people, [person] if person.account.is_none_or(|a| a == own));
        if !for_own || of_account(tx, own).await?.is_some() {
            return Err(AppError::with("agreement-missing", axum::http::StatusCode::FORBIDDEN));
        }
    }
    let own = (!for_others(tx.reader())).then(|| tx.reader().account);
    let ids: Vec<StaffId> = people.iter().map(|_| tx.new_id()).collect();
    let subjects: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let keys = tx.create_keys(&subjects).await?;
    let (mut rows, mut events) = (Vec::with_capacity(people.len()), Vec::with_capacity(people.len()));
    for ((person, id), key) in people.iter().zip(&ids).zip(&keys) {
        let name = name::check(&person.name).map_err(|_| AppError::rule("staff-name"))?;
        let mobile = match person.mobile.as_deref().map(str::trim).filter(|m| !m.is_empty()) {
            Some(text) => Some(Mobile::parse(text).map_err(|_| AppError::rule("staff-mobile"))?),
            None => None,
        };
        let sealed: Option<Sealed> = mobile.as_ref().map(|m| key.seal(mobile_bind(*id), m.as_str()));
        let blind: Option<Vec<u8>> = mobile.as_ref().map(|m| tx.store().keys().blind_index("mobile", m.as_str()));
        rows.push(vals![
            tx.division(),
            *id,
            person.account.or(own),
            name,
            sealed,
            mobile.map(|m| m.masked()),
            blind,
            person.from_day,
            None::<Day>,
            1_i64
        ]);
        events.push(NewEvent::new("staff.entered", subject(*id)));
    }
    let columns = [
        "division_code",
        "staff_id",
        "account_id",
        "name",
        "mobile_sealed",
        "mobile_masked",
        "mobile_blind",
        "from_day",
        "left_day",
        "version",
    ];
    tx.insert_many("staff", &columns, rows).await?;
    tx.events(events).await?;
    Ok(ids)
}

/// The condition that keeps staff within a reader's scope: somebody with a post in one of the grids. Oneself, and
/// somebody who has no post yet, are seen without. Before the own agreement it is oneself alone.
pub(super) fn in_scope(reader: &Reader, values: &mut Vec<Value>) -> String {
    if !for_others(reader) {
        values.push(reader.account.into());
        return format!("s.account_id = ${}", values.len());
    }
    if reader.scope == Scope::Division {
        return "1 = 1".into();
    }
    let posts = "SELECT 1 FROM appointment a WHERE a.division_code = s.division_code AND a.staff_id = s.staff_id";
    let grids = reader.scope.sql("a.grid_id", values);
    values.push(reader.account.into());
    format!("(s.account_id = ${} OR NOT EXISTS ({posts}) OR EXISTS ({posts} AND {grids}))", values.len())
}

/// One member.
pub async fn find(q: &impl Query, reader: &Reader, id: StaffId) -> Result<Staff> {
    let mut values = vals![q.division(), id];
    let scope = in_scope(reader, &mut values);
    let sql = format!("SELECT {COLUMNS} FROM staff s WHERE s.division_code = $1 AND s.staff_id = $2 AND {scope}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Members by part of a name; those who left come last.
pub async fn list(q: &impl Query, reader: &Reader, part: &str, paging: Paging) -> Result<(Vec<Staff>, i64)> {
    let part = format!("%{}%", linli_platform::store::engine::like_escape(part.trim()));
    let mut values = vals![q.division(), part];
    let scope = in_scope(reader, &mut values);
    let condition = format!("s.division_code = $1 AND s.name LIKE $2 ESCAPE '\\' AND {scope}");
    let total = q.number(&format!("SELECT COUNT(*) FROM staff s WHERE {condition}"), values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM staff s WHERE {condition}
         ORDER BY CASE WHEN s.left_day IS NULL THEN 0 ELSE 1 END, s.name, s.staff_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// Everybody who works now, by name, for the choice in a form.
pub async fn present(q: &impl Query, reader: &Reader) -> Result<Vec<Staff>> {
    let mut values = vals![q.division()];
    let scope = in_scope(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM staff s WHERE s.division_code = $1 AND s.left_day IS NULL AND {scope} ORDER BY s.name, s.staff_id"
    );
    q.rows(&sql, values).await
}

/// Somebody who works now, by mobile number.
pub async fn by_mobile(q: &impl Query, mobile: &Mobile) -> Result<Option<Staff>> {
    let forms = q.store().keys().blind_forms("mobile", mobile.as_str());
    let mut values = vals![q.division()];
    let marks: Vec<String> = (2..forms.len() + 2).map(|n| format!("${n}")).collect();
    values.extend(forms.into_iter().map(Value::from));
    let sql = format!(
        "SELECT {COLUMNS} FROM staff s WHERE s.division_code = $1 AND s.mobile_blind IN ({}) AND s.left_day IS NULL",
        marks.join(", ")
    );
    q.row(&sql, values).await
}

/// The member that an account belongs to, if they still work.
pub async fn of_account(q: &impl Query, account: AccountId) -> Result<Option<Staff>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff s WHERE s.division_code = $1 AND s.account_id = $2 AND s.left_day IS NULL"
    );
    q.row(&sql, vals![q.division(), account]).await
}

/// The member, who must still work.
pub(crate) async fn working(q: &impl Query, id: StaffId) -> Result<Staff> {
    let staff = find(q, &Reader::system(), id).await?;
    if staff.left_day.is_some() { Err(AppError::rule("staff-left")) } else { Ok(staff) }
}

/// Ties an account to a member, who gets the roles of their posts with it.
///
/// # Errors
/// `staff-account-has` if the member has one; `staff-account-taken` if it is another's;
/// `staff-account-own` if it is the writer's own and the member has posts; `admins-apart` (R38).
pub async fn link_account(tx: &Tx, id: StaffId, account: AccountId) -> Result<()> {
    let staff = working(tx, id).await?;
    if staff.account_id.is_some() {
        return Err(AppError::rule("staff-account-has"));
    }
    if of_account(tx, account).await?.is_some() {
        return Err(AppError::rule("staff-account-taken"));
    }
    // One's own account may be tied to oneself, but not to posts that somebody else is to give.
    if account == tx.reader().account && !appointments::of_staff(tx, id).await?.is_empty() {
        return Err(AppError::rule("staff-account-own"));
    }
    tx.execute_one(
        "UPDATE staff SET account_id = $3, version = version + 1 WHERE division_code = $1 AND staff_id = $2 AND version = $4",
        vals![tx.division(), id, account, staff.version],
    )
    .await?;
    tx.event(NewEvent::new("staff.account-linked", subject(id)).version(staff.version + 1)).await?;
    appointments::grant_all(tx, id, account).await
}

/// A confidentiality agreement (保密承诺书).
#[derive(Debug, Clone, FromQueryResult)]
pub struct Agreement {
    /// Id.
    pub agreement_id: AgreementId,
    /// Day it was signed.
    pub signed_day: Day,
    /// First day on which it no longer opens access.
    pub ended_day: Option<Day>,
}

/// A member's agreements, the newest first.
pub async fn agreements(q: &impl Query, id: StaffId) -> Result<Vec<Agreement>> {
    q.rows(
        "SELECT agreement_id, signed_day, ended_day FROM agreement
         WHERE division_code = $1 AND staff_id = $2 ORDER BY signed_day DESC, agreement_id DESC",
        vals![q.division(), id],
    )
    .await
}

/// Records that an agreement was signed; access opens from that day on (R3).
///
/// # Errors
/// `agreement-future` for a day that has not come; `agreement-signed` if one is valid already; `staff-left`;
/// `agreement-missing` for anybody else's before the own.
pub async fn sign_agreement(tx: &Tx, id: StaffId, day: Day) -> Result<AgreementId> {
    let staff = working(tx, id).await?;
    if !for_others(tx.reader()) && staff.account_id != Some(tx.reader().account) {
        return Err(AppError::with("agreement-missing", axum::http::StatusCode::FORBIDDEN));
    }
    if day > tx.now().day() {
        return Err(AppError::rule("agreement-future"));
    }
    if agreements(tx, id).await?.iter().any(|a| a.ended_day.is_none()) {
        return Err(AppError::rule("agreement-signed"));
    }
    let agreement: AgreementId = tx.new_id();
    insert_agreements(tx, vec![(agreement, id, day)]).await?;
    tx.event(NewEvent::new("staff.agreement-signed", subject(id)).body(serde_json::json!({ "day": day }))).await?;
    Ok(agreement)
}

pub(crate) async fn insert_agreements(tx: &Tx, rows: Vec<(AgreementId, StaffId, Day)>) -> Result<()> {
    let rows = rows.into_iter().map(|(a, s, day)| vals![tx.division(), a, s, day, None::<Day>]).collect();
    tx.insert_many("agreement", &["division_code", "agreement_id", "staff_id", "signed_day", "ended_day"], rows).await
}

/// The days of a member's trainings in confidentiality, the newest first (R37: yearly).
pub async fn trainings(q: &impl Query, id: StaffId) -> Result<Vec<Day>> {
    #[derive(FromQueryResult)]
    struct Row {
        held_day: Day,
    }
    let sql = "SELECT held_day FROM training WHERE division_code = $1 AND staff_id = $2 ORDER BY held_day DESC";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), id]).await?;
    Ok(rows.into_iter().map(|r| r.held_day).collect())
}

/// Records a training.
///
/// # Errors
/// `training-future`; `training-recorded` if that day is on file.
pub async fn record_training(tx: &Tx, id: StaffId, day: Day) -> Result<()> {
    working(tx, id).await?;
    if day > tx.now().day() {
        return Err(AppError::rule("training-future"));
    }
    if trainings(tx, id).await?.contains(&day) {
        return Err(AppError::rule("training-recorded"));
    }
    tx.insert_many("training", &["division_code", "staff_id", "held_day"], vec![vals![tx.division(), id, day]]).await?;
    tx.event(NewEvent::new("staff.trained", subject(id)).body(serde_json::json!({ "day": day }))).await?;
    Ok(())
}

/// Whether the yearly training is due: none in the twelve months up to the day.
pub fn training_due(trainings: &[Day], today: Day) -> bool {
    let year_ago = today.plus_days(-365);
    !trainings.iter().any(|d| *d > year_ago && *d <= today)
}

/// Somebody leaves today: every post, every role of the account and every session ends at once (R3).
///
/// # Errors
/// `staff-left` if they had left.
pub async fn leave(tx: &Tx, id: StaffId) -> Result<()> {
    let staff = working(tx, id).await?;
    let today = tx.now().day();
    tx.execute_one(
        "UPDATE staff SET left_day = $3, version = version + 1 WHERE division_code = $1 AND staff_id = $2 AND version = $4",
        vals![tx.division(), id, today, staff.version],
    )
    .await?;
    for held in appointments::of_staff(tx, id).await?.into_iter().filter(|a| a.until_day.is_none_or(|u| u > today)) {
        appointments::end(tx, held.appointment_id, today).await?;
    }
    tx.execute(
        "UPDATE agreement SET ended_day = $3 WHERE division_code = $1 AND staff_id = $2 AND ended_day IS NULL",
        vals![tx.division(), id, today],
    )
    .await?;
    if let Some(account) = staff.account_id {
        tx.execute(
            "UPDATE account_role SET until_day = $3
             WHERE division_code = $1 AND account_id = $2 AND (until_day IS NULL OR until_day > $3)",
            vals![tx.division(), account, today],
        )
        .await?;
        sessions::end_all(tx, account).await?;
    }
    tx.event(NewEvent::new("staff.left", subject(id)).version(staff.version + 1)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_is_due_when_the_last_one_is_a_year_old() {
        let today: Day = "2026-11-20".parse().unwrap();
        for (held, due) in [(0, false), (-364, false), (-365, true), (1, true)] {
            assert_eq!(training_due(&[today.plus_days(held)], today), due, "{held} days");
        }
        assert!(training_due(&[], today));
    }
}
