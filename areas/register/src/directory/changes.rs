//! What changed since the directory last looked, found at little cost however busy the register is.

use std::sync::Arc;

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

/// Two stretches of time in which changes are looked for: the long one, in which a change still turns up only if it was
/// committed late, and from `soon` on the one in which they come.
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

/// What the changes of both stretches looked like, to see whether there are new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub windows: Windows,
    signature: Signature,
}

/// Of the late ones their instants too: one may leave as another comes, when it is changed once more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
struct Signature {
    late: Option<i64>,
    late_versions: Option<i64>,
    late_at: Option<i64>,
    soon: Option<i64>,
    soon_versions: Option<i64>,
}

impl Seen {
    /// Looks; an index answers alone.
    pub async fn look(store: &Store, windows: Windows) -> Result<Seen> {
        let sql = "SELECT CAST(SUM(CASE WHEN changed_at < $3 THEN 1 ELSE 0 END) AS BIGINT) AS late,
                 CAST(SUM(CASE WHEN changed_at < $4 THEN version ELSE 0 END) AS BIGINT) AS late_versions,
                 CAST(SUM(CASE WHEN changed_at < $5 THEN changed_at - $6 ELSE 0 END) AS BIGINT) AS late_at,
                 CAST(SUM(CASE WHEN changed_at >= $7 THEN 1 ELSE 0 END) AS BIGINT) AS soon,
                 CAST(SUM(CASE WHEN changed_at >= $8 THEN version ELSE 0 END) AS BIGINT) AS soon_versions
             FROM resident WHERE division_code = $1 AND changed_at >= $2";
        let Windows { since, soon } = windows;
        let values = vals![store.division(), since, soon, soon, soon, since, soon, soon];
        let signature: Option<Signature> = store.reads().row(sql, values).await?;
        Ok(Seen { windows, signature: signature.unwrap_or_default() })
    }

    /// From when on the changes are to be read that make the difference to a later look at the same stretches.
    pub fn changed_from(&self, later: &Seen) -> At {
        let late = |s: &Seen| (s.signature.late, s.signature.late_versions, s.signature.late_at);
        if late(self) == late(later) { self.windows.soon } else { self.windows.since }
    }
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
