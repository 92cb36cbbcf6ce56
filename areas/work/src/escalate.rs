//! What the register says is overdue is told to the level above (R20): one notice for each kind of work and grid, with a
//! number and the grid's name.

use std::collections::HashMap;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    ids::GridId,
    jobs::{Job, JobKind},
    reader::Reader,
};
use linli_register::escalation::{self, Clocked};

use crate::notices::{self, Arg, To, args};

/// The job that reports what became overdue; asked for once an hour. Fluent text: `job-work-escalate`.
pub struct Escalate;

impl Escalate {
    /// Its kind.
    pub const KIND: &'static str = "work.escalate";
}

impl JobKind for Escalate {
    fn kind(&self) -> &'static str {
        Self::KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            climb(app).await?;
            Ok("/transfers".into())
        })
    }
}

fn key(kind: Clocked) -> &'static str {
    match kind {
        Clocked::Doubt => "notice-overdue-doubt",
        Clocked::Transfer => "notice-overdue-transfer",
        Clocked::Outward => "notice-overdue-outward",
        Clocked::Inward => "notice-overdue-inward",
    }
}

/// Reports what became overdue since the last time; how many notices went out.
pub async fn climb(app: &App) -> Result<usize> {
    let tx = app.store.begin(&Reader::system()).await?;
    let climbed = escalation::climb(&tx).await?;
    let grids = linli_territory::all_grids(&tx).await?;
    let names: HashMap<GridId, String> = grids.into_iter().map(|g| (g.grid_id, g.name)).collect();
    for one in &climbed {
        let name = names.get(&one.grid).cloned().unwrap_or_default();
        let said = args(&[("grid", Arg::Name(name)), ("n", Arg::Number(one.number))]);
        notices::send(&tx, To::Role(escalation::ABOVE, one.grid), key(one.kind), &said, one.kind.href()).await?;
    }
    tx.commit().await?;
    Ok(climbed.len())
}
