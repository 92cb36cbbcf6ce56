//! Under investigation (住址核实中): a doubt about one fact, the address of a registration, with a cause from a closed list
//! and a legal clock, until it is settled.
//!
//! The flag is on the record, where whoever opens it and the resident see it. It cannot be listed by person: what can be
//! listed is premises where an address is to be checked, and nothing that is listed names anybody (boundary 2).

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    deadline,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use policy_pack::DeadlineId;
use sea_orm::FromQueryResult;

use crate::{
    codes::{DoubtCause, DoubtOutcome},
    ids::{DoubtId, HomeId, ResidentId},
    residents::{self, friendly},
    told::{Found, Slice},
};

/// A doubt on one record.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Doubt {
    /// Id.
    pub doubt_id: DoubtId,
    /// [`DoubtCause`].
    pub cause: String,
    /// `open` or `settled`.
    pub state: String,
    /// When it was raised.
    pub raised_at: At,
    /// By when it is to be settled.
    pub due_at: At,
    /// [`DoubtOutcome`].
    pub outcome: Option<String>,
    /// When it was settled.
    pub settled_at: Option<At>,
    /// When the resident said, while it was open, that the address is right.
    pub said_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl Doubt {
    /// Whether the clock has run out.
    pub fn is_late(&self, now: At) -> bool {
        self.state == "open" && self.due_at < now
    }
}

/// By when a doubt that is raised now is to be settled: the law's time for looking into whether a fact is right (PIPL 46),
/// as the policy pack has it.
///
/// # Errors
/// `workday-year` where the pack counts working days that are not known yet.
pub fn due_at(app: &App) -> Result<At> {
    deadline::due_at(&app.pack, &app.calendar, DeadlineId::CorrectionAnswer, app.store.now())
}

/// Raises a doubt about the address of a current record within the scope of the transaction's reader.
///
/// # Errors
/// `not-found`, `already-cancelled`, `doubt-open` where one is open already.
pub async fn raise(tx: &Tx, resident: ResidentId, cause: DoubtCause, due: At) -> Result<DoubtId> {
    let row = residents::find(tx, tx.reader(), resident).await?;
    let (Some(home), "current") = (row.home_id, row.state.as_str()) else {
        return Err(AppError::rule("already-cancelled"));
    };
    if open_of(tx, resident).await?.is_some() {
        return Err(AppError::rule("doubt-open"));
    }
    let id: DoubtId = tx.new_id();
    let columns = [
        "division_code",
        "doubt_id",
        "resident_id",
        "home_id",
        "cause",
        "state",
        "raised_by",
        "raised_at",
        "due_at",
        "version",
    ];
    let account: AccountId = tx.reader().account;
    let values = vals![tx.division(), id, resident, home, cause.code(), "open", account, tx.now(), due, 1i64];
    tx.insert_many("doubt", &columns, vec![values]).await.map_err(|e| friendly(e, "doubt-open"))?;
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    let body = serde_json::json!({ "doubt": id, "cause": cause.code() });
    tx.event(NewEvent::new("resident.doubt-raised", subject).version(row.version).body(body)).await?;
    Ok(id)
}

const COLUMNS: &str = "d.doubt_id, d.cause, d.state, d.raised_at, d.due_at, d.outcome, d.settled_at, d.version,
 (SELECT MIN(e.entered_at) FROM event e WHERE e.division_code = d.division_code AND e.subject_id = d.resident_id
   AND e.kind = 'resident.doubt-answered' AND e.entered_at >= d.raised_at
   AND (d.settled_at IS NULL OR e.entered_at <= d.settled_at)) AS said_at";

/// The open doubt on a record, for those whom the record itself entitles: the resident on the own page, and the rules.
pub async fn open_of(q: &impl Query, resident: ResidentId) -> Result<Option<Doubt>> {
    let sql =
        format!("SELECT {COLUMNS} FROM doubt d WHERE d.division_code = $1 AND d.resident_id = $2 AND d.state = 'open'");
    q.row(&sql, vals![q.division(), resident]).await
}

/// The resident, or somebody appointed, says that the address is right (本人表示住址无误). It settles nothing by itself:
/// whoever settles the doubt sees it beside the cause.
///
/// # Errors
/// `forbidden` for everybody else; `doubt-settled` where none of this id is open; `doubt-answered` if it was said
/// already.
pub async fn say_right(tx: &Tx, resident: ResidentId, id: DoubtId) -> Result<()> {
    if tx.reader().resident != Some(resident.0) {
        return Err(AppError::forbidden());
    }
    let open = open_of(tx, resident).await?.filter(|open| open.doubt_id == id);
    let open = open.ok_or_else(|| AppError::rule("doubt-settled"))?;
    if open.said_at.is_some() {
        return Err(AppError::rule("doubt-answered"));
    }
    let row = residents::find(tx, &Reader::system(), resident).await?;
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    let body = serde_json::json!({ "doubt": id });
    tx.event(NewEvent::new("resident.doubt-answered", subject).version(row.version).body(body)).await?;
    Ok(())
}

/// The doubts on a record within the reader's scope, the open one first.
pub async fn of_resident(q: &impl Query, reader: &Reader, resident: ResidentId) -> Result<Vec<Doubt>> {
    residents::find(q, reader, resident).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM doubt d WHERE d.division_code = $1 AND d.resident_id = $2
         ORDER BY CASE WHEN d.state = 'open' THEN 0 ELSE 1 END, d.raised_at DESC LIMIT 20"
    );
    q.rows(&sql, vals![q.division(), resident]).await
}

/// The members of a home whose address is under investigation, for whoever stands at its door and has found it within
/// the scope.
pub async fn of_home(q: &impl Query, home: HomeId) -> Result<Vec<ResidentId>> {
    #[derive(FromQueryResult)]
    struct Row {
        resident_id: ResidentId,
    }
    let sql = "SELECT resident_id FROM doubt WHERE division_code = $1 AND home_id = $2 AND state = 'open'";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), home]).await?;
    Ok(rows.into_iter().map(|r| r.resident_id).collect())
}

/// Settles a doubt that nothing else has settled: the address was found right, or nobody could say more.
///
/// # Errors
/// `not-found`, `doubt-settled` if it is settled already, `stale-version`.
pub async fn settle(tx: &Tx, resident: ResidentId, id: DoubtId, version: i64, outcome: DoubtOutcome) -> Result<()> {
    residents::find(tx, tx.reader(), resident).await?;
    match open_of(tx, resident).await? {
        Some(open) if open.doubt_id == id && open.version == version => end(tx, resident, outcome).await,
        Some(open) if open.doubt_id == id => Err(AppError::stale()),
        _ => Err(AppError::rule("doubt-settled")),
    }
}

/// Ends the open doubt on a record, if there is one: by a move, a correction, a cancellation or a check at the door.
pub(crate) async fn end(tx: &Tx, resident: ResidentId, outcome: DoubtOutcome) -> Result<()> {
    let Some(open) = open_of(tx, resident).await? else { return Ok(()) };
    tx.execute_one(
        "UPDATE doubt SET state = 'settled', outcome = $4, settled_by = $5, settled_at = $6, version = version + 1
         WHERE division_code = $1 AND doubt_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), open.doubt_id, open.version, outcome.code(), tx.reader().account, tx.now()],
    )
    .await?;
    let row = residents::find(tx, &Reader::system(), resident).await?;
    let body = serde_json::json!({ "doubt": open.doubt_id, "outcome": outcome.code(), "late": open.due_at < tx.now() });
    let subject = SubjectRef::new("resident", resident, row.grid_id);
    tx.event(NewEvent::new("resident.doubt-settled", subject).version(row.version).body(body)).await?;
    Ok(())
}

/// Everybody at a home was checked at its door: whose address was in doubt and who is still registered there lives there.
pub(crate) async fn confirm_at(tx: &Tx, home: HomeId) -> Result<()> {
    for resident in of_home(tx, home).await? {
        end(tx, resident, DoubtOutcome::Confirmed).await?;
    }
    Ok(())
}

/// Premises where an address is to be checked. Nobody is named.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DoubtedHome {
    /// The home.
    pub home_id: HomeId,
    /// Its address.
    pub address_text: String,
    /// Its grid.
    pub grid_id: Option<GridId>,
    /// How many registrations are to be checked there.
    pub doubts: i64,
    /// The earliest deadline.
    pub due_at: At,
    /// How many of them were reported a level up as overdue.
    pub climbed: i64,
}

/// Premises within the reader's scope where an address is to be checked, the earliest deadline first.
pub async fn homes(q: &impl Query, reader: &Reader, slice: Slice) -> Result<Found<DoubtedHome>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let from = format!(
        "FROM doubt d JOIN home h ON h.division_code = d.division_code AND h.home_id = d.home_id
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         LEFT JOIN escalation u ON u.division_code = d.division_code AND u.kind = 'doubt' AND u.subject_id = d.doubt_id
           AND u.due_at = d.due_at
         WHERE d.division_code = $1 AND d.state = 'open' AND {scope}"
    );
    let total = q.number(&format!("SELECT COUNT(DISTINCT d.home_id) {from}"), values.clone()).await?;
    let sql = format!(
        "SELECT d.home_id, a.text AS address_text, h.grid_id, COUNT(*) AS doubts, MIN(d.due_at) AS due_at,
           COUNT(u.subject_id) AS climbed {from}
         GROUP BY d.home_id, a.text, h.grid_id ORDER BY MIN(d.due_at), d.home_id{}",
        slice.sql()
    );
    Ok(Found { rows: q.rows(&sql, values).await?, total })
}
