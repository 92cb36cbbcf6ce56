//! Import of residences: where people live who are registered already. A row moves somebody, and registers nobody.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    import::{CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    sealed::MachineRun,
    store::{Query, Tx},
};

use super::{
    SEEN_HEADINGS, column, problem, refuse_fatal,
    resident_plan::{self, ADDRESS, Act, DOC_KIND, DOC_NO, NAME, Plan, SEEN, SINCE},
    residents::{RUN, record_run},
};
use crate::{
    codes::Source,
    residents::{self, Change},
    told::Told,
};

/// The table of residences.
pub(super) struct ResidenceImport;

const COLUMNS: &[ColumnSpec] = &[
    column("resident-name", &["姓名", "名字", "name"], true, true),
    column("resident-doc-kind", &["证件种类", "证件类型", "doc_kind"], false, false),
    column("resident-doc-no", &["证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "doc_no"], true, true),
    column("resident-address", &["现住址", "住址", "居住地址", "现居住地址", "居住地", "地址", "address"], true, false),
    column("resident-since", &["居住起始日期", "搬入日期", "入住日期", "居住日期", "since"], false, false),
    column("resident-seen", SEEN_HEADINGS, false, false),
];
/// Where each column stands in a table of residents.
const PLACES: [usize; 6] = [NAME, DOC_KIND, DOC_NO, ADDRESS, SINCE, SEEN];
/// How many columns a table of residents has.
const RESIDENT_COLUMNS: usize = SEEN + 1;

/// The same row as a table of residents would have it.
fn as_resident(row: &MappedRow) -> MappedRow {
    let mut cells = vec![String::new(); RESIDENT_COLUMNS];
    for (place, text) in PLACES.iter().zip(&row.cells) {
        cells[*place] = text.clone();
    }
    MappedRow { row: row.row, cells }
}

async fn plan(app: &App, q: &impl Query, reader: &Reader, run: &MachineRun, rows: &[MappedRow]) -> Result<Plan> {
    let rows: Vec<MappedRow> = rows.iter().map(as_resident).collect();
    let mut plan = resident_plan::plan(app, q, reader, run, &rows).await?;
    let all = std::mem::take(&mut plan.rows);
    for mut row in all {
        match &mut row.act {
            Act::Register => plan.problems.push(problem(row.row, "resident-doc-no", "person-unknown", true)),
            Act::Update { moves: true, .. } if row.home.is_none() => {
                plan.problems.push(problem(row.row, "resident-address", "home-none", true));
            }
            // Where somebody lives is all that this table says.
            Act::Update { change, .. } => {
                *change = Change::default();
                plan.rows.push(row);
            }
        }
    }
    Ok(plan)
}

async fn carry_out(tx: &Tx, plan: Plan) -> Result<u64> {
    let mut done = 0;
    for row in plan.rows {
        let (Act::Update { id, version, moves: true, .. }, Some(home)) = (row.act, row.home) else { continue };
        let told = Told { seen_at: row.seen_at, ..Told::from(Source::Import) };
        residents::move_to(tx, id, version, home, row.since, told).await?;
        done += 1;
    }
    if done == 0 {
        tx.housekeeping("a table that moves nobody");
    }
    Ok(done)
}

impl ImportKind for ResidenceImport {
    fn name(&self) -> &'static str {
        "residences"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        rows: &'a [MappedRow],
    ) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let run = record_run(app, reader).await?;
            let plan = plan(app, &app.store.reads(), reader, &run, rows).await?;
            let mut counts: BTreeMap<&str, i64> = BTreeMap::from([("register-moved", 0)]);
            for row in &plan.rows {
                *counts.entry(row.act.count()).or_default() += 1;
            }
            let counts = counts.into_iter().map(|(k, n)| (k.to_owned(), n)).collect();
            Ok(CheckOutcome { problems: plan.problems, counts })
        })
    }
    fn apply<'a>(
        &'a self,
        app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        _: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let run = tx.machine_run(RUN).await?;
            let plan = plan(app, tx, tx.reader(), &run, rows).await?;
            refuse_fatal(&plan.problems)?;
            carry_out(tx, plan).await
        })
    }
}
