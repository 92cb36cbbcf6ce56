//! Consent to care visits (关爱走访同意, boundary 4): given and revoked by the resident alone, in force or not, with its
//! history. Staff see of it one thing: that somebody at this door agrees now. Whoever moves away or is cancelled takes
//! the consent along, because it is looked up by the current home.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    store::{
        Migration, Query, Tx,
        schema::{id, index, int, int_null, spread_table, text, text_null, unique_where},
    },
    vals,
};
use sea_orm::{
    FromQueryResult,
    sea_query::{IndexCreateStatement, TableCreateStatement},
};

use crate::{
    home_marks,
    ids::{ConsentId, HomeId, ResidentId},
    residents,
};

/// The migration of its table.
pub(crate) fn migration() -> Migration {
    Migration { id: "register-care-0001", tables, indexes }
}

fn tables() -> Vec<TableCreateStatement> {
    let columns = vec![
        id("consent_id"),
        id("resident_id"),
        text("given_day"),
        int("given_at"),
        text("given_role"),
        int_null("revoked_at"),
        text_null("revoked_role"),
    ];
    vec![spread_table("care_consent", &["consent_id"], columns)]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique_where("care_consent_in_force", "care_consent", &["resident_id"], "revoked_at IS NULL"),
        index("care_consent_resident", "care_consent", &["resident_id", "given_at"]),
    ]
}

/// One giving of consent and its end.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Consent {
    /// When it was given.
    pub given_at: At,
    /// By the resident, or by staff for the resident at the counter.
    pub given_role: String,
    /// When it was revoked; none while it is in force.
    pub revoked_at: Option<At>,
}

impl Consent {
    /// Whether it is in force.
    pub fn in_force(&self) -> bool {
        self.revoked_at.is_none()
    }
}

/// What a resident gave and revoked, the latest first.
pub async fn of_resident(q: &impl Query, resident: ResidentId) -> Result<Vec<Consent>> {
    q.rows(
        "SELECT given_at, given_role, revoked_at FROM care_consent WHERE division_code = $1 AND resident_id = $2
         ORDER BY given_at DESC, consent_id DESC LIMIT 50",
        vals![q.division(), resident],
    )
    .await
}

/// Since when somebody at a door agrees to care visits; none where nobody does now.
pub async fn since(q: &impl Query, home: HomeId) -> Result<Option<Day>> {
    #[derive(FromQueryResult)]
    struct Row {
        given_day: Day,
    }
    let row: Option<Row> = q
        .row(
            "SELECT c.given_day FROM care_consent c
             JOIN resident r ON r.division_code = c.division_code AND r.resident_id = c.resident_id
             WHERE c.division_code = $1 AND r.home_id = $2 AND r.state = 'current' AND c.revoked_at IS NULL
             ORDER BY c.given_day LIMIT 1",
            vals![q.division(), home],
        )
        .await?;
    Ok(row.map(|r| r.given_day))
}

pub(crate) async fn agreed(tx: &Tx, home: HomeId) -> Result<bool> {
    Ok(since(tx, home).await?.is_some())
}

fn own(tx: &Tx, resident: ResidentId) -> Result<()> {
    // Nobody else agrees in a resident's name, somebody appointed included.
    match tx.reader().resident {
        Some(own) if own == resident.0 && tx.reader().account.0 == own => Ok(()),
        _ => Err(AppError::forbidden()),
    }
}

/// The resident agrees to care visits.
///
/// # Errors
/// `forbidden` for everybody else; `already-cancelled`; `care-consent-given` where it is in force already.
pub async fn give(tx: &Tx, resident: ResidentId) -> Result<()> {
    own(tx, resident)?;
    let record = residents::find(tx, &linli_platform::reader::Reader::system(), resident).await?;
    if record.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    let id: ConsentId = tx.new_id();
    let role = tx.reader().role_code(record.grid_id);
    let columns = ["division_code", "consent_id", "resident_id", "given_day", "given_at", "given_role"];
    let row = vals![tx.division(), id, resident, tx.now().day(), tx.now(), role];
    tx.insert_many("care_consent", &columns, vec![row])
        .await
        .map_err(|e| residents::friendly(e, "care-consent-given"))?;
    let subject = SubjectRef::new("resident", resident, record.grid_id);
    tx.event(NewEvent::new("resident.care-agreed", subject).version(record.version)).await?;
    Ok(())
}

/// The resident takes the consent back, at once: the flag goes, and the label of the premises with it where nobody else
/// there agrees.
///
/// # Errors
/// `forbidden` for everybody else; `care-consent-none` where none is in force.
pub async fn revoke(tx: &Tx, resident: ResidentId) -> Result<()> {
    own(tx, resident)?;
    let record = residents::find(tx, &linli_platform::reader::Reader::system(), resident).await?;
    let role = tx.reader().role_code(record.grid_id);
    let ended = tx
        .execute(
            "UPDATE care_consent SET revoked_at = $3, revoked_role = $4
             WHERE division_code = $1 AND resident_id = $2 AND revoked_at IS NULL",
            vals![tx.division(), resident, tx.now(), role],
        )
        .await?;
    if ended == 0 {
        return Err(AppError::rule("care-consent-none"));
    }
    let subject = SubjectRef::new("resident", resident, record.grid_id);
    tx.event(NewEvent::new("resident.care-revoked", subject).version(record.version)).await?;
    if let Some(home) = record.home_id
        && !agreed(tx, home).await?
    {
        home_marks::end_care(tx, home).await?;
    }
    Ok(())
}
