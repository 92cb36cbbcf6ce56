//! People whom residents appoint (委托代办, R12): somebody who cannot enter appoints a person at the counter, on record,
//! until a day, and takes it back at any time. The person appointed enters with the own number and code and acts for the
//! resident; what is read and filed is recorded as theirs, and the resident sees it.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use linli_register::{ResidentId, counter, residents};
use sea_orm::FromQueryResult;

use crate::{
    door::Visitor,
    entrance::{Own, begin_for},
    ids::RepresentativeId,
    person::{self, Identity},
};

/// The longest that an appointment lasts before it has to be renewed.
pub const DAYS_MAX: i64 = 366;
/// How many a resident has at once.
pub const AT_ONCE: i64 = 3;

/// Somebody appointed, masked.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Representative {
    /// Id.
    pub representative_id: RepresentativeId,
    /// Name, masked.
    pub name_masked: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Its number, masked.
    pub doc_masked: String,
    /// Mobile, masked.
    pub phone_masked: String,
    /// Since when.
    pub from_day: Day,
    /// The last day.
    pub until_day: Day,
    /// When it was taken back.
    pub ended_at: Option<At>,
}

impl Representative {
    /// Whether the appointment holds.
    pub fn holds(&self, today: &Day) -> bool {
        self.ended_at.is_none() && self.until_day >= *today
    }
}

fn subject(resident: ResidentId) -> SubjectRef {
    SubjectRef::new("resident", resident, None)
}

/// Whom a resident appointed, the latest first.
pub async fn of_resident(q: &impl Query, resident: ResidentId) -> Result<Vec<Representative>> {
    q.rows(
        "SELECT representative_id, name_masked, doc_kind, doc_masked, phone_masked, from_day, until_day, ended_at
         FROM representative WHERE division_code = $1 AND resident_id = $2
         ORDER BY appointed_at DESC, representative_id DESC LIMIT 50",
        vals![q.division(), resident],
    )
    .await
}

/// Appoints somebody for a resident who stands at the counter of the transaction's reader.
///
/// # Errors
/// `forbidden` for a role that serves no counter; `not-found` outside the scope; `already-cancelled`;
/// `representative-days` for a last day that is past or too far; `representative-self`; `representative-repeated`;
/// `representatives-too-many`.
pub async fn appoint(tx: &Tx, resident: ResidentId, who: &Identity, until: Day) -> Result<RepresentativeId> {
    // The person's presence is a case of its own on the record, which the resident sees in its history.
    counter::open(tx, resident).await?;
    let record = residents::find(tx, tx.reader(), resident).await?;
    if record.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    let (today, keys) = (tx.now().day(), tx.store().keys().clone());
    if until < today || until > today.plus_days(DAYS_MAX) {
        return Err(AppError::rule("representative-days").arg("n", DAYS_MAX));
    }
    let blinds = who.blinds(&keys);
    let mut values = vals![tx.division(), resident];
    let own = person::is_one_of("doc_blind", &blinds, &mut values);
    let own = format!("SELECT COUNT(*) FROM resident WHERE division_code = $1 AND resident_id = $2 AND {own}");
    if tx.number(&own, values).await? > 0 {
        return Err(AppError::rule("representative-self"));
    }
    let holding = "SELECT COUNT(*) FROM representative
                   WHERE division_code = $1 AND resident_id = $2 AND ended_at IS NULL AND until_day >= $3";
    if tx.number(holding, vals![tx.division(), resident, today]).await? >= AT_ONCE {
        return Err(AppError::rule("representatives-too-many").arg("n", AT_ONCE));
    }
    let mut values = vals![tx.division(), resident, today];
    let same = format!("{holding} AND {}", person::is_one_of("doc_blind", &blinds, &mut values));
    if tx.number(&same, values).await? > 0 {
        return Err(AppError::rule("representative-repeated"));
    }
    let id: RepresentativeId = tx.new_id();
    let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(AppError::not_found)?;
    let mut columns = vec!["division_code", "representative_id", "resident_id"];
    columns.extend(person::COLUMNS);
    columns.extend(["from_day", "until_day", "appointed_by", "appointed_at", "version"]);
    let mut row = vals![tx.division(), id, resident];
    row.extend(who.values(&keys, &key, "representative", id.0));
    row.extend(vals![today, until, tx.reader().account, tx.now(), 1i64]);
    tx.insert_many("representative", &columns, vec![row]).await?;
    let body = serde_json::json!({ "representative": id, "until": until });
    let on = SubjectRef::new("resident", resident, record.grid_id);
    tx.event(NewEvent::new("resident.representative-appointed", on).version(record.version).body(body)).await?;
    Ok(id)
}

/// Takes an appointment back, at once: open visits of that person end with it. By the resident, by staff who serve a
/// counter and see the record, or by the person appointed.
///
/// # Errors
/// `not-found` for another resident's, and outside the scope; `stale-version` once it is ended.
pub async fn end(tx: &Tx, resident: ResidentId, id: RepresentativeId) -> Result<()> {
    match tx.reader().resident {
        Some(own) if own != resident.0 => return Err(AppError::not_found()),
        Some(_) => {}
        None if !counter::serves(tx.reader()) => return Err(AppError::forbidden()),
        None => {
            residents::find(tx, tx.reader(), resident).await?;
        }
    }
    let sql = "SELECT COUNT(*) FROM representative
               WHERE division_code = $1 AND resident_id = $2 AND representative_id = $3";
    if tx.number(sql, vals![tx.division(), resident, id]).await? == 0 {
        return Err(AppError::not_found());
    }
    let role = tx.reader().role_code(None);
    tx.execute_one(
        "UPDATE representative SET ended_at = $4, ended_role = $5, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND representative_id = $3 AND ended_at IS NULL",
        vals![tx.division(), resident, id, tx.now(), role],
    )
    .await?;
    let basis = "UPDATE basis SET closed_at = $4 WHERE division_code = $1 AND subject_id = $2 AND account_id = $3
                 AND closed_at IS NULL";
    tx.execute(basis, vals![tx.division(), resident, id, tx.now()]).await?;
    let body = serde_json::json!({ "representative": id });
    tx.event(NewEvent::new("resident.representative-ended", subject(resident)).body(body)).await?;
    Ok(())
}

/// A resident for whom a visitor may act.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Charge {
    /// The appointment.
    pub representative_id: RepresentativeId,
    /// The resident.
    pub resident_id: ResidentId,
    /// The resident's name, masked.
    pub name_masked: String,
    /// The last day.
    pub until_day: Day,
}

/// Everybody for whom a visitor may act today. Only the masked name is told before one is chosen.
pub async fn charges(q: &impl Query, visitor: &Visitor) -> Result<Vec<Charge>> {
    q.rows(
        "SELECT p.representative_id, p.resident_id, r.name_masked, p.until_day FROM representative p
         JOIN resident r ON r.division_code = p.division_code AND r.resident_id = p.resident_id
         WHERE p.division_code = $1 AND p.doc_blind = $2 AND p.ended_at IS NULL AND p.until_day >= $3
         ORDER BY p.appointed_at DESC, p.representative_id LIMIT 50",
        vals![q.division(), visitor.doc_blind.clone(), q.store().now().day()],
    )
    .await
}

/// Begins a visit of the own page for one of them; the token for its cookie.
///
/// # Errors
/// `not-found` for anybody else.
pub async fn act(tx: &Tx, visitor: &Visitor, id: RepresentativeId) -> Result<String> {
    let mine = charges(tx, visitor).await?;
    let charge = mine.into_iter().find(|c| c.representative_id == id).ok_or_else(AppError::not_found)?;
    let token = begin_for(tx, charge.resident_id, Some(id)).await?;
    let body = serde_json::json!({ "representative": id });
    tx.event(NewEvent::new("resident.representative-entered", subject(charge.resident_id)).body(body)).await?;
    Ok(token)
}

/// Whoever acts for somebody else in a visit of the own page, masked; none for the resident.
pub async fn acting(q: &impl Query, own: &Own) -> Result<Option<Representative>> {
    let Some(by) = own.by else { return Ok(None) };
    Ok(of_resident(q, own.resident).await?.into_iter().find(|r| r.representative_id == by))
}
