//! The officer's confirmation (R15): the work is opened in the grids where it lies, figures are fixed, and facts that
//! are beyond doubt are updated. One transaction, once.

use std::collections::{BTreeMap, HashMap, HashSet};

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    keys::WrappedKey,
    reader::{Reader, Scope},
    sealed::{KeyRow, MachineRun, Sealed},
    store::{Query, Tx},
    vals,
};
use linli_register::{
    AddressId, EmployerId, HomeId, ResidentId,
    codes::Source,
    residents::{self, Change},
};
use linli_work::{
    TaskKind, task_due_at,
    tasks::{self, NewTask},
};
use sea_orm::FromQueryResult;

use crate::{
    codes::{Class, Decided, State},
    ids::RosterId,
    reasons::{self, StoredReason},
    results::{ClearRow, row_bind},
    send::count,
    store::{self, Roster},
};

/// What a confirmation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Tasks opened.
    pub tasks: i64,
    /// Records whose employer was updated.
    pub facts: i64,
    /// It had been confirmed before; nothing was done.
    pub again: bool,
}

#[derive(FromQueryResult)]
struct Row {
    row_no: i64,
    class: String,
    has_left: bool,
    resident_id: Option<ResidentId>,
    resident_version: Option<i64>,
    reasons: String,
    name_masked: String,
    road: String,
    row_sealed: Option<Sealed>,
    grid_id: Option<GridId>,
    home_id: Option<HomeId>,
    address_id: Option<AddressId>,
    decided: Option<String>,
    state_now: Option<String>,
    version_now: Option<i64>,
    employer_now: Option<EmployerId>,
}

impl Row {
    fn reasons(&self) -> Vec<StoredReason> {
        serde_json::from_str(&self.reasons).unwrap_or_default()
    }
    fn is_current(&self) -> bool {
        self.state_now.as_deref() == Some("current")
    }
    /// The class after what people decided, for the figures; an undecided row stays uncertain.
    fn settled(&self) -> Option<Class> {
        let class = Class::from_code(&self.class)?;
        Some(match (class, self.decided.as_deref().and_then(Decided::from_code)) {
            (Class::Uncertain, Some(Decided::Other)) if self.has_left => Class::SameAddress,
            (Class::Uncertain, Some(Decided::Other)) => Class::NotRegistered,
            (Class::Uncertain, Some(Decided::Same)) if self.has_left => Class::GoneFromRoster,
            (Class::Uncertain, Some(Decided::Same)) if reasons::address_differs(&self.reasons()) => Class::OtherAddress,
            (Class::Uncertain, Some(Decided::Same)) => Class::SameAddress,
            _ => class,
        })
    }
    /// The work that follows. An uncertain row that nobody decided is asked about at the door.
    fn work(&self, employer: EmployerId) -> Option<TaskKind> {
        match self.settled()? {
            Class::SameAddress => None,
            Class::NotRegistered => Some(TaskKind::RosterUnregistered),
            Class::OtherAddress | Class::Uncertain if self.resident_id.is_some() => {
                Some(TaskKind::RosterAddressDiffers)
            }
            Class::OtherAddress | Class::Uncertain => Some(TaskKind::RosterUnregistered),
            // Who has left the register or the employer in the meantime needs no visit.
            Class::GoneFromRoster => {
                (self.is_current() && self.employer_now == Some(employer)).then_some(TaskKind::RosterLeftEmployer)
            }
        }
    }
}

async fn read(q: &impl Query, id: RosterId) -> Result<Vec<Row>> {
    q.rows(
        "SELECT x.row_no, x.class, x.has_left, x.resident_id, x.resident_version, x.reasons, x.name_masked, x.road,
         x.row_sealed, x.grid_id, x.home_id, x.address_id, x.decided, p.state AS state_now, p.version AS version_now,
         p.employer_id AS employer_now
         FROM roster_result x
         LEFT JOIN resident p ON p.division_code = x.division_code AND p.resident_id = x.resident_id
         WHERE x.division_code = $1 AND x.roster_id = $2 ORDER BY x.row_no",
        vals![q.division(), id],
    )
    .await
}

/// How many tasks a confirmation would open now, for the button.
pub async fn preview(app: &App, roster: &Roster) -> Result<i64> {
    let rows = read(&app.store.reads(), roster.roster_id).await?;
    Ok(count(rows.iter().filter(|r| r.work(roster.employer_id).is_some()).count()))
}

/// Confirms a comparison. A second time it does nothing and says so.
///
/// # Errors
/// `forbidden` unless the reader is the officer of the employer's grid; `roster-no-grid` while the employer lies in
/// no grid; `stale-version` if it is not compared or was changed since `version`.
pub async fn confirm(app: &App, reader: &Reader, id: RosterId, version: i64) -> Result<Confirmed> {
    let roster = store::find(&app.store.reads(), reader, id).await?;
    if !reader.may(Action::RosterConfirm) {
        return Err(AppError::forbidden());
    }
    let grid = roster.employer_grid.ok_or_else(|| AppError::rule("roster-no-grid"))?;
    if !reader.scope.contains(Some(grid)) {
        return Err(AppError::forbidden());
    }
    if roster.state() == Some(State::Confirmed) {
        return Ok(Confirmed { tasks: roster.task_count, facts: 0, again: true });
    }
    // The employer's people live in other grids too; what was confirmed is carried out for all of them, in the
    // officer's name.
    let officer = Reader { scope: Scope::Division, ..reader.clone() };
    let tx = app.store.begin(&officer).await?;
    tx.execute_one(
        "UPDATE roster SET state = 'confirmed', closed_at = $4, closed_by = $5, version = version + 1
         WHERE division_code = $1 AND roster_id = $2 AND version = $3 AND state = 'compared'",
        vals![tx.division(), id, version, tx.now(), reader.account],
    )
    .await?;
    let rows = read(&tx, id).await?;
    let work = Work { app, roster: &roster, grid };
    let tasks = work.open(&tx, &rows).await?;
    let facts = update_facts(&tx, &roster, &rows).await?;
    let counts = fix_figures(&tx, &roster, &rows, grid).await?;
    basis::close(&tx, id.0).await?;
    tx.execute_one(
        "UPDATE roster SET task_count = $3 WHERE division_code = $1 AND roster_id = $2",
        vals![tx.division(), id, tasks],
    )
    .await?;
    tx.event(
        NewEvent::new("roster.confirmed", roster.subject())
            .version(version + 1)
            .body(serde_json::json!({ "counts": counts, "tasks": tasks, "facts": facts })),
    )
    .await?;
    tx.commit().await?;
    Ok(Confirmed { tasks, facts, again: false })
}

struct Work<'a> {
    app: &'a App,
    roster: &'a Roster,
    /// The employer's grid: where a claim that resolves to no address is followed up.
    grid: GridId,
}

impl Work<'_> {
    /// Opens the tasks and notes which row each is for.
    async fn open(&self, tx: &Tx, rows: &[Row]) -> Result<i64> {
        let wanted: Vec<(&Row, TaskKind)> =
            rows.iter().filter_map(|r| Some((r, r.work(self.roster.employer_id)?))).collect();
        let run = tx.machine_run("roster-tasks").await?;
        let key = self.key(tx).await?;
        let mut due: HashMap<TaskKind, At> = HashMap::new();
        let mut new = Vec::with_capacity(wanted.len());
        for (row, kind) in &wanted {
            let at = match due.get(kind) {
                Some(at) => *at,
                None => task_due_at(&self.app.pack, &self.app.calendar, *kind, tx.now())?,
            };
            due.insert(*kind, at);
            new.push(self.task(row, *kind, at, &run, &key)?);
        }
        let ids = tasks::open_many(tx, new).await?;
        let id = self.roster.roster_id;
        let links = wanted.iter().zip(&ids).map(|((row, _), task)| vals![tx.division(), id, row.row_no, *task]);
        tx.insert_many("roster_task", &["division_code", "roster_id", "row_no", "task_id"], links.collect()).await?;
        Ok(count(ids.len()))
    }
    async fn key(&self, tx: &Tx) -> Result<KeyRow> {
        #[derive(FromQueryResult)]
        struct Row {
            epoch: String,
            wrapped: WrappedKey,
        }
        let id = self.roster.roster_id;
        let row: Option<Row> = tx
            .row(
                "SELECT epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2",
                vals![tx.division(), id],
            )
            .await?;
        let row = row.ok_or_else(AppError::not_found)?;
        Ok(KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped })
    }
    fn task(&self, row: &Row, kind: TaskKind, due: At, run: &MachineRun, key: &KeyRow) -> Result<NewTask> {
        let grid = row.grid_id.unwrap_or(self.grid);
        let subject = match (kind, row.resident_id, row.home_id, row.address_id) {
            (TaskKind::RosterAddressDiffers | TaskKind::RosterLeftEmployer, Some(resident), ..) => {
                SubjectRef::new("resident-record", resident, Some(grid))
            }
            (_, _, Some(home), _) => SubjectRef::new("home", home, Some(grid)),
            (_, _, _, Some(address)) => SubjectRef::new("address", address, Some(grid)),
            _ => SubjectRef::new("employer", self.roster.employer_id, Some(grid)),
        };
        Ok(NewTask {
            kind,
            subject,
            home_id: row.home_id,
            grid,
            origin_kind: "roster",
            origin_id: self.roster.roster_id.0,
            due_at: Some(due),
            masked_note: [row.name_masked.as_str(), row.road.as_str()].join(" ").trim().to_owned(),
            sealed_note: Some(self.note(row, run, key)?),
        })
    }
    /// What the coordinator checks at the door: the row as sent, sealed anew under the task's own key.
    fn note(&self, row: &Row, run: &MachineRun, key: &KeyRow) -> Result<serde_json::Value> {
        let employer = &self.roster.employer_name;
        let Some(sealed) = &row.row_sealed else {
            return Ok(serde_json::json!({ "employer": employer, "left": self.roster.as_of_day.to_string() }));
        };
        let opened = run.open(key, &[(row_bind(self.roster.roster_id, row.row_no), sealed)])?;
        let text = opened.first().ok_or_else(|| AppError::internal("one value was opened"))?;
        let sent: ClearRow = serde_json::from_str(text.for_engine())?;
        let mut note = serde_json::json!({
            "name": sent.name, "doc_no": sent.doc_no, "phone": sent.phone, "address": sent.address,
            "employer": employer
        });
        if row.has_left {
            note["left"] = self.roster.as_of_day.to_string().into();
        }
        Ok(note)
    }
}

/// The employer of whoever is registered at the same address beyond doubt: equal number and name, and a record
/// that nobody has touched since the comparison.
async fn update_facts(tx: &Tx, roster: &Roster, rows: &[Row]) -> Result<i64> {
    // A liaison may list somebody twice; the fact changes once.
    let mut changed = HashSet::new();
    for row in rows {
        let (Some(resident), Some(version)) = (row.resident_id, row.version_now) else { continue };
        let sure = row.class == Class::SameAddress.code()
            && !row.has_left
            && row.is_current()
            && row.resident_version == Some(version)
            && row.employer_now != Some(roster.employer_id)
            && reasons::is_certain(&row.reasons());
        if sure && changed.insert(resident) {
            let change = Change { employer: Some(Some(roster.employer_id)), ..Change::default() };
            residents::change(tx, resident, version, change, Source::Roster).await?;
        }
    }
    Ok(count(changed.len()))
}

/// Counts by grid and class, which outlive the rows.
async fn fix_figures(tx: &Tx, roster: &Roster, rows: &[Row], grid: GridId) -> Result<BTreeMap<&'static str, i64>> {
    let mut by_grid: BTreeMap<(GridId, Class), i64> = BTreeMap::new();
    let mut by_class: BTreeMap<&'static str, i64> = BTreeMap::new();
    for row in rows {
        let Some(class) = row.settled() else { continue };
        *by_grid.entry((row.grid_id.unwrap_or(grid), class)).or_default() += 1;
        *by_class.entry(class.code()).or_default() += 1;
    }
    let counted = by_grid
        .into_iter()
        .map(|((grid, class), n)| vals![tx.division(), roster.roster_id, grid, class.code(), n])
        .collect();
    tx.insert_many("roster_count", &["division_code", "roster_id", "grid_id", "class", "row_count"], counted).await?;
    Ok(by_class)
}
