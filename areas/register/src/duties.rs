//! What the duty board (R4) says of the register: doubts to be settled, hand-overs to be answered, answers of other
//! offices that are waited for, and daily files whose receipt is missing or not put right. Counted in SQL, within the
//! reader's scope.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    clock::At,
    deadline,
    reader::{Reader, Scope},
    store::Query,
    vals,
};
use policy_pack::DeadlineId;

use crate::daily;

/// The register's duties.
pub(crate) struct RegisterDuties;

impl DutySource for RegisterDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::RegisterWrite) {
                let reader = reader.clone().doing(Action::RegisterWrite);
                duties.extend(of_grids(app, &reader).await?);
            }
            if reader.may(Action::Export) && reader.scope == Scope::Division {
                duties.push(receipts(app).await?);
            }
            Ok(duties)
        })
    }
}

/// Work with a deadline: a table with its joins, the column of the grid, and the columns of its states and end.
struct Work {
    from: &'static str,
    grid: &'static str,
    open: &'static str,
    ended: &'static str,
}

const DOUBTS: Work = Work {
    from: "doubt x JOIN home h ON h.division_code = x.division_code AND h.home_id = x.home_id",
    grid: "h.grid_id",
    open: "open",
    ended: "x.settled_at",
};
const TRANSFERS: Work = Work { from: "transfer x", grid: "x.to_grid_id", open: "offered", ended: "x.decided_at" };
const INWARD: Work = Work { from: "inward_transfer x", grid: "x.grid_id", open: "offered", ended: "x.decided_at" };
const OUTWARD: Work = Work {
    from: "outward_transfer x
     JOIN resident r ON r.division_code = x.division_code AND r.resident_id = x.resident_id",
    grid: "r.grid_id",
    open: "offered",
    ended: "x.decided_at",
};

/// Open, ended this month, late.
async fn count(q: &impl Query, reader: &Reader, work: &Work, now: At) -> Result<(i64, i64, i64)> {
    let count = async |condition: String, at: At| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql(work.grid, &mut values);
        let sql = format!("SELECT COUNT(*) FROM {} WHERE x.division_code = $1 AND {condition} AND {scope}", work.from);
        q.number(&sql, values).await
    };
    let (open, ended) = (work.open, work.ended);
    let done = count(format!("x.state <> '{open}' AND {ended} >= $2"), now.day().month().start()).await?;
    let waiting = count(format!("x.state = '{open}' AND x.due_at > $2"), now).await?;
    let late = count(format!("x.state = '{open}' AND x.due_at <= $2"), now).await?;
    Ok((waiting + late, done, late))
}

async fn of_grids(app: &App, reader: &Reader) -> Result<Vec<Duty>> {
    let (q, now) = (app.store.reads(), app.store.now());
    let (open, done, late) = count(&q, reader, &DOUBTS, now).await?;
    let doubts = Duty { key: "doubts", due: open + done, done, late, href: "/doubts".into() };
    let between = count(&q, reader, &TRANSFERS, now).await?;
    let inward = count(&q, reader, &INWARD, now).await?;
    let (open, done, late) = (between.0 + inward.0, between.1 + inward.1, between.2 + inward.2);
    let transfers = Duty { key: "transfers", due: open + done, done, late, href: "/transfers".into() };
    let (open, done, late) = count(&q, reader, &OUTWARD, now).await?;
    let outward = Duty { key: "outward-transfers", due: open + done, done, late, href: "/transfers#outward".into() };
    Ok(vec![doubts, transfers, outward])
}

/// Daily files that were made this month or are not resolved yet: done where each row was accepted or put right since, late where the official
/// register should have had the facts by now (R10).
async fn receipts(app: &App) -> Result<Duty> {
    let now = app.store.now();
    let files = daily::standing(&app.store.reads(), now.day().month().start()).await?;
    let (mut done, mut late) = (0, 0);
    for file in &files {
        let due = deadline::due_at(&app.pack, &app.calendar, DeadlineId::Entry, file.made_at)?;
        done += i64::from(file.unresolved == 0);
        late += i64::from(file.unresolved > 0 && due <= now);
    }
    let due = i64::try_from(files.len()).unwrap_or(i64::MAX);
    Ok(Duty { key: "daily-receipts", due, done, late, href: "/daily-files".into() })
}
