//! The homes that a liaison answers for: on file, and only as long as the register names the same landlord or agency.

use linli_platform::{
    AppError, Result,
    clock::Day,
    event::{NewEvent, SubjectRef},
    keys::WrappedKey,
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, Tx},
    vals,
};
use linli_register::{HomeId, homes::HomeRow};
use sea_orm::FromQueryResult;

use super::liaison::Liaison;
use crate::{
    ids::{LettingId, LiaisonId},
    person::Identity,
};

/// A home as its landlord or agent sees it: where it is, and nothing else.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LetHome {
    /// The home.
    pub home_id: HomeId,
    /// Its address.
    pub address_text: String,
    /// What kind of premises it is.
    pub kind: String,
    /// Since when the liaison answers for it.
    pub from_day: Day,
}

/// A home passes to another landlord or agency when the register says so: whoever was on file for it does not see it any
/// more.
const HOLDS: &str = "FROM letting_home l
 JOIN letting_liaison s ON s.division_code = l.division_code AND s.liaison_id = l.liaison_id
 JOIN home h ON h.division_code = l.division_code AND h.home_id = l.home_id
 JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 WHERE l.division_code = $1 AND l.liaison_id = $2 AND l.until_day IS NULL AND s.ended_at IS NULL
  AND ((s.kind = 'landlord' AND h.landlord_masked = s.name_masked)
   OR (s.kind = 'agent' AND h.agent_name = s.organisation))";

/// The homes that a liaison answers for now.
pub async fn list(q: &impl Query, liaison: LiaisonId) -> Result<Vec<LetHome>> {
    let sql = format!(
        "SELECT h.home_id, a.text AS address_text, h.kind, l.from_day {HOLDS} ORDER BY a.text, h.home_id LIMIT 1000"
    );
    q.rows(&sql, vals![q.division(), liaison]).await
}

/// One of them.
///
/// # Errors
/// `not-found` for every other home.
pub async fn find(q: &impl Query, liaison: LiaisonId, home: HomeId) -> Result<LetHome> {
    let sql = format!("SELECT h.home_id, a.text AS address_text, h.kind, l.from_day {HOLDS} AND l.home_id = $3");
    q.row(&sql, vals![q.division(), liaison, home]).await?.ok_or_else(AppError::not_found)
}

#[derive(FromQueryResult)]
pub(super) struct Facts {
    pub agent_name: Option<String>,
}

/// What the register says of a home within the reader's scope.
pub(super) async fn facts(tx: &Tx, home: HomeId) -> Result<Facts> {
    let row = linli_register::homes::find(tx, tx.reader(), home).await?;
    Ok(Facts { agent_name: row.agent_name })
}

/// Whether the register names this very landlord for a home: compared by machine, one recorded run.
///
/// # Errors
/// `liaison-other` for anybody else.
pub(super) async fn same_landlord(tx: &Tx, home: HomeId, who: &Identity) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        landlord_sealed: Sealed,
        epoch: String,
        wrapped: WrappedKey,
    }
    let run = tx.machine_run("liaison-added").await?;
    let row: Option<Row> = tx
        .row(
            "SELECT h.landlord_sealed, k.epoch, k.wrapped FROM home h
             JOIN subject_key k ON k.division_code = h.division_code AND k.subject_id = h.home_id
             WHERE h.division_code = $1 AND h.home_id = $2 AND h.landlord_sealed IS NOT NULL",
            vals![tx.division(), home],
        )
        .await?;
    let row = row.ok_or_else(|| AppError::rule("liaison-other"))?;
    let key = KeyRow { subject_id: home.0, epoch: row.epoch, wrapped: row.wrapped };
    let bind = Bind { table: "home", column: "landlord_sealed", row: home.0 };
    let opened = run.open(&key, &[(bind, &row.landlord_sealed)])?;
    let named = opened.first().map(|name| cn_identity::name::key(name.for_engine()));
    if named == Some(cn_identity::name::key(&who.name)) { Ok(()) } else { Err(AppError::rule("liaison-other")) }
}

fn subject(home: &HomeRow) -> SubjectRef {
    SubjectRef::new("home", home.home_id, home.grid_id)
}

/// Puts a home within the reader's scope under a liaison.
///
/// # Errors
/// `not-found`; `liaison-home-known` where it is there already.
pub async fn add_home(tx: &Tx, liaison: LiaisonId, home: HomeId) -> Result<()> {
    let row = linli_register::homes::find(tx, tx.reader(), home).await?;
    let known = "SELECT COUNT(*) FROM letting_home
                 WHERE division_code = $1 AND liaison_id = $2 AND home_id = $3 AND until_day IS NULL";
    if tx.number(known, vals![tx.division(), liaison, home]).await? > 0 {
        return Err(AppError::rule("liaison-home-known"));
    }
    let columns = &["division_code", "letting_id", "liaison_id", "home_id", "from_day"];
    let letting: LettingId = tx.new_id();
    tx.insert_many("letting_home", columns, vec![vals![tx.division(), letting, liaison, home, tx.now().day()]]).await?;
    let body = serde_json::json!({ "liaison": liaison });
    tx.event(NewEvent::new("home.liaison-added", subject(&row)).version(row.version).body(body)).await?;
    Ok(())
}

/// Takes a home away from a liaison.
///
/// # Errors
/// `not-found` outside the scope; `stale-version` where it is not there.
pub async fn end_home(tx: &Tx, liaison: &Liaison, home: HomeId) -> Result<()> {
    let row = linli_register::homes::find(tx, tx.reader(), home).await?;
    tx.execute_one(
        "UPDATE letting_home SET until_day = $4
         WHERE division_code = $1 AND liaison_id = $2 AND home_id = $3 AND until_day IS NULL",
        vals![tx.division(), liaison.liaison_id, home, tx.now().day()],
    )
    .await?;
    let body = serde_json::json!({ "liaison": liaison.liaison_id });
    tx.event(NewEvent::new("home.liaison-ended", subject(&row)).version(row.version).body(body)).await?;
    Ok(())
}

/// The homes of a liaison as staff see them: those in their grids.
pub(crate) async fn of_staff(q: &impl Query, reader: &Reader, liaison: LiaisonId) -> Result<Vec<LetHome>> {
    let mut values = vals![q.division(), liaison];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT h.home_id, a.text AS address_text, h.kind, l.from_day {HOLDS} AND {scope} ORDER BY a.text, h.home_id"
    );
    q.rows(&sql, values).await
}
