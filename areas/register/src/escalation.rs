//! What is overdue climbs one level (逾期上报, R20): doubts about addresses and hand-overs that the grid has not settled in
//! time are reported once, by number, to the police-team leader for the grid. Nobody is named.

use std::collections::{BTreeMap, HashSet};

use linli_platform::{
    Result,
    access::Role,
    clock::At,
    codes,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

codes! {
    /// Work of the register that has a deadline. Fluent text of its notice: `notice-overdue-<code>`.
    Clocked {
        /// A doubt about an address (住址核实).
        Doubt = "doubt",
        /// A hand-over between grids (网格间移交).
        Transfer = "transfer",
        /// A hand-over to another jurisdiction (移交给其他辖区).
        Outward = "outward",
        /// A hand-over from another jurisdiction (其他辖区转入).
        Inward = "inward",
    }
}

/// The level above the grid's team.
pub const ABOVE: Role = Role::TeamLeader;

impl Clocked {
    /// Where the work waits.
    pub fn href(self) -> &'static str {
        match self {
            Clocked::Doubt => "/doubts",
            _ => "/transfers",
        }
    }
    fn subject_kind(self) -> &'static str {
        match self {
            Clocked::Inward => "inward-transfer",
            _ => "resident",
        }
    }
    /// What is open, with the subject of its history, its grid and its deadline.
    fn open(self) -> &'static str {
        match self {
            Clocked::Doubt => {
                "SELECT d.doubt_id AS id, d.resident_id AS subject_id, h.grid_id, d.due_at, r.version FROM doubt d
                 JOIN home h ON h.division_code = d.division_code AND h.home_id = d.home_id
                 JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
                 WHERE d.division_code = $1 AND d.state = 'open' AND d.due_at <= $2 AND h.grid_id IS NOT NULL"
            }
            Clocked::Transfer => {
                "SELECT t.transfer_id AS id, t.resident_id AS subject_id, t.to_grid_id AS grid_id, t.due_at, r.version
                 FROM transfer t
                 JOIN resident r ON r.division_code = t.division_code AND r.resident_id = t.resident_id
                 WHERE t.division_code = $1 AND t.state = 'offered' AND t.due_at <= $2 AND t.to_grid_id IS NOT NULL"
            }
            Clocked::Outward => {
                "SELECT t.transfer_id AS id, t.resident_id AS subject_id, r.grid_id, t.due_at, r.version
                 FROM outward_transfer t
                 JOIN resident r ON r.division_code = t.division_code AND r.resident_id = t.resident_id
                 WHERE t.division_code = $1 AND t.state = 'offered' AND t.due_at <= $2 AND r.grid_id IS NOT NULL"
            }
            Clocked::Inward => {
                "SELECT t.transfer_id AS id, t.transfer_id AS subject_id, t.grid_id, t.due_at, t.version
                 FROM inward_transfer t
                 WHERE t.division_code = $1 AND t.state = 'offered' AND t.due_at <= $2 AND t.grid_id IS NOT NULL"
            }
        }
    }
}

#[derive(FromQueryResult)]
struct Overdue {
    id: Uuid,
    subject_id: Uuid,
    grid_id: GridId,
    due_at: At,
    version: i64,
}

#[derive(FromQueryResult)]
struct Reported {
    subject_id: Uuid,
    due_at: At,
}

/// So much work of one kind in one grid is newly overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Climbed {
    /// What kind.
    pub kind: Clocked,
    /// The grid whose work it is.
    pub grid: GridId,
    /// How much of it.
    pub number: i64,
}

/// Reports what became overdue since the last time: each deadline once, with an event in the history of what it is about.
pub async fn climb(tx: &Tx) -> Result<Vec<Climbed>> {
    let mut all = Vec::new();
    for kind in Clocked::ALL {
        let overdue: Vec<Overdue> = tx.rows(kind.open(), vals![tx.division(), tx.now()]).await?;
        let reported = reported(tx, *kind).await?;
        let new: Vec<Overdue> = overdue.into_iter().filter(|o| !reported.contains(&(o.id, o.due_at))).collect();
        let mut grids: BTreeMap<GridId, i64> = BTreeMap::new();
        for one in &new {
            *grids.entry(one.grid_id).or_default() += 1;
        }
        report(tx, *kind, new).await?;
        all.extend(grids.into_iter().map(|(grid, number)| Climbed { kind: *kind, grid, number }));
    }
    Ok(all)
}

async fn reported(q: &impl Query, kind: Clocked) -> Result<HashSet<(Uuid, At)>> {
    let sql = "SELECT subject_id, due_at FROM escalation WHERE division_code = $1 AND kind = $2";
    let rows: Vec<Reported> = q.rows(sql, vals![q.division(), kind.code()]).await?;
    Ok(rows.into_iter().map(|r| (r.subject_id, r.due_at)).collect())
}

async fn report(tx: &Tx, kind: Clocked, new: Vec<Overdue>) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let row = |o: &Overdue| vals![tx.division(), kind.code(), o.id, o.due_at, o.grid_id, ABOVE.code(), tx.now()];
    let columns = ["division_code", "kind", "subject_id", "due_at", "grid_id", "role", "climbed_at"];
    tx.insert_many("escalation", &columns, new.iter().map(row).collect()).await?;
    let event = |o: &Overdue| {
        let subject = SubjectRef::new(kind.subject_kind(), o.subject_id, Some(o.grid_id));
        let body = serde_json::json!({ "what": kind.code(), "role": ABOVE.code() });
        NewEvent::new("resident.overdue-climbed", subject).version(o.version).body(body)
    };
    tx.events(new.iter().map(event).collect()).await?;
    Ok(())
}

/// Which work of a kind was reported as overdue, by id. The caller shows it beside what it has found within the scope.
pub(crate) async fn of(q: &impl Query, kind: Clocked) -> Result<HashSet<Uuid>> {
    Ok(reported(q, kind).await?.into_iter().map(|(id, _)| id).collect())
}
