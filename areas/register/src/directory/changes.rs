//! What changed since the directory last looked, found at little cost however busy the register is.

use std::{sync::Arc, time::Duration};

use linli_platform::{
    Result,
    clock::At,
    reader::Reader,
    sealed::MachineRun,
    store::{Query as _, Store},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    ids::ResidentId,
    residents::{self, MachineName},
};

/// So far back changes are looked for: longer than any transaction lasts, so that a late commit is not missed.
const LOOK_BACK_S: i64 = 600;
/// Nearly all changes are committed within this time of their instant.
const SOON_S: i64 = 20;

/// Late commits are looked for this often: where the last minutes brought an import, looking costs something.
pub(super) const LATE_EVERY: Duration = Duration::from_secs(3);

/// Two stretches of time in which changes are looked for: from `soon` on they come; in the long one before, a change
/// turns up only if it was committed late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Windows {
    since: At,
    soon: At,
}

impl Windows {
    /// Those that end at an instant; they never reach further back than those before.
    pub fn ending(now: At, before: Option<Windows>) -> Windows {
        let at = |back_s: i64, before: Option<At>| {
            let at = now.plus_s(-back_s);
            before.map_or(at, |before| at.max(before))
        };
        Windows { since: at(LOOK_BACK_S, before.map(|b| b.since)), soon: at(SOON_S, before.map(|b| b.soon)) }
    }
}

/// What the changes of a stretch look like: how many, their versions, and their instants, since one may leave the stretch
/// as another comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub(super) struct Signature {
    n: i64,
    versions: Option<i64>,
    instants: Option<i64>,
}

/// What was seen last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    windows: Windows,
    late: Signature,
    soon: Signature,
}

/// What is to be read, and what will have been seen then.
pub(super) struct News {
    /// The changes from this instant on.
    pub from: At,
    /// Noted once they have been taken in.
    pub seen: Seen,
}

impl Seen {
    /// Looks for the first time.
    pub async fn first(store: &Store) -> Result<Seen> {
        Seen::look(store, Windows::ending(store.now(), None)).await
    }

    async fn look(store: &Store, windows: Windows) -> Result<Seen> {
        let late = signature(store, windows.since, Some(windows.soon)).await?;
        Ok(Seen { windows, late, soon: signature(store, windows.soon, None).await? })
    }

    /// What is new in the stretch in which changes come. Looked at before it is read: what is written in between is seen
    /// as a change once more.
    pub async fn soon(self, store: &Store) -> Result<Option<News>> {
        let soon = signature(store, self.windows.soon, None).await?;
        let news = News { from: self.windows.soon, seen: Seen { soon, ..self } };
        Ok((soon != self.soon).then_some(news))
    }

    /// What is new in both, and the stretches moved on to now. Whatever the look at the later ones saw, the look at the
    /// earlier ones that follows it sees too.
    pub async fn late(self, store: &Store) -> Result<News> {
        let seen = Seen::look(store, Windows::ending(store.now(), Some(self.windows))).await?;
        let late = signature(store, self.windows.since, Some(self.windows.soon)).await?;
        let from = if late == self.late { self.windows.soon } else { self.windows.since };
        Ok(News { from, seen })
    }
}

/// An index answers alone.
async fn signature(store: &Store, from: At, until: Option<At>) -> Result<Signature> {
    let mut values = vals![store.division(), from, from];
    let before = until.map_or("", |until| {
        values.push(until.into());
        " AND changed_at < $4"
    });
    let sql = format!(
        "SELECT COUNT(*) AS n, CAST(SUM(version) AS BIGINT) AS versions, CAST(SUM(changed_at - $2) AS BIGINT) AS instants
         FROM resident WHERE division_code = $1 AND changed_at >= $3{before}"
    );
    Ok(store.reads().row(&sql, values).await?.unwrap_or_default())
}

/// A machine run is recorded before anything is opened.
pub(super) async fn record_run(store: &Store) -> Result<Arc<MachineRun>> {
    let tx = store.begin(&Reader::system()).await?;
    let run = tx.machine_run("name-directory").await?;
    tx.commit().await?;
    Ok(Arc::new(run))
}

/// Records that were changed from an instant on, with their versions.
pub(super) async fn changed_since(store: &Store, since: At) -> Result<Vec<(ResidentId, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        resident_id: ResidentId,
        version: i64,
    }
    let rows: Vec<Row> = store
        .reads()
        .rows(
            "SELECT resident_id, version FROM resident WHERE division_code = $1 AND changed_at >= $2",
            vals![store.division(), since],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.resident_id, r.version)).collect())
}

/// The names of these records, opened by a recorded run.
pub(super) async fn read_names(store: &Store, ids: &[ResidentId]) -> Result<Vec<MachineName>> {
    let run = record_run(store).await?;
    residents::machine_names(&store.reads(), &run, ids).await
}
