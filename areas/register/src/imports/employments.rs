//! Import of employments: where people work who are registered already. An empty employer says that somebody works there
//! no longer; a row registers nobody.

use std::collections::HashMap;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    sealed::MachineRun,
    store::{Query, Tx},
};

use super::{
    cell, column, of_rule, problem, refuse_fatal,
    resident_plan::{Employers, doc_kind, known, names_of},
    residents::{RUN, record_run},
    with_arg,
};
use crate::{
    codes::Source,
    ids::{EmployerId, ResidentId},
    residents::{self, Change},
    rules,
};

/// The table of employments.
pub(super) struct EmploymentImport;

const COLUMNS: &[ColumnSpec] = &[
    column("resident-name", &["姓名", "名字", "name"], true, true),
    column("resident-doc-kind", &["证件种类", "证件类型", "doc_kind"], false, false),
    column("resident-doc-no", &["证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "doc_no"], true, true),
    column(
        "resident-employer",
        &["工作单位", "从业单位", "单位名称", "统一社会信用代码", "单位", "服务处所", "employer"],
        true,
        false,
    ),
];

/// A row that can be read.
struct Row {
    row: u64,
    name: String,
    number: String,
    employer: Option<EmployerId>,
}

/// What a row does.
struct Set {
    id: ResidentId,
    version: i64,
    employer: Option<EmployerId>,
}

struct Plan {
    problems: Vec<CellProblem>,
    set: Vec<Set>,
    same: i64,
}

fn read(row: &MappedRow, employers: &Employers, problems: &mut Vec<CellProblem>) -> Option<Row> {
    let before = problems.iter().filter(|p| p.fatal).count();
    let kind = doc_kind(row, problems);
    let name = rules::check_name(cell(row, 0)).map_err(|p| problems.push(of_rule(row.row, "resident-name", p)));
    let number = rules::check_number(kind, cell(row, 2), true)
        .map_err(|p| problems.push(of_rule(row.row, "resident-doc-no", p)));
    let employer = employers.find(row, cell(row, 3), true, problems);
    if problems.iter().filter(|p| p.fatal).count() > before {
        return None;
    }
    Some(Row { row: row.row, name: name.ok()?, number: number.ok()?.number, employer })
}

async fn plan(app: &App, q: &impl Query, reader: &Reader, run: &MachineRun, rows: &[MappedRow]) -> Result<Plan> {
    let employers = Employers::load(q).await?;
    let mut plan = Plan { problems: Vec::new(), set: Vec::new(), same: 0 };
    let (mut seen, mut wanted) = (HashMap::new(), Vec::new());
    for row in rows {
        let Some(read) = read(row, &employers, &mut plan.problems) else { continue };
        if let Some(first) = seen.insert(read.number.clone(), row.row) {
            plan.problems.push(with_arg(problem(row.row, "resident-doc-no", "row-twice", true), "row", first));
            continue;
        }
        wanted.push(read);
    }
    let keys = app.store.keys();
    let blinds: Vec<Vec<u8>> = wanted.iter().map(|r| keys.blind_index("doc", &r.number)).collect();
    let known = known(q, &blinds).await?;
    let ids: Vec<ResidentId> = known.values().map(|k| k.resident_id).collect();
    let names = names_of(q, run, &ids).await?;
    for (row, blind) in wanted.into_iter().zip(&blinds) {
        // Outside the scope somebody is as unknown as nobody.
        let Some(k) = known.get(blind).filter(|k| reader.scope.contains(k.grid_id)) else {
            plan.problems.push(problem(row.row, "resident-doc-no", "person-unknown", true));
            continue;
        };
        if names.get(&k.resident_id) != Some(&cn_identity::name::key(&row.name)) {
            plan.problems.push(problem(row.row, "resident-name", "number-of-another", true));
        } else if row.employer == k.employer_id {
            plan.same += 1;
        } else {
            plan.set.push(Set { id: k.resident_id, version: k.version, employer: row.employer });
        }
    }
    Ok(plan)
}

impl ImportKind for EmploymentImport {
    fn name(&self) -> &'static str {
        "employments"
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
            let changed = i64::try_from(plan.set.len()).unwrap_or(i64::MAX);
            let counts = vec![("register-changed".into(), changed), ("register-same".into(), plan.same)];
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
            let done = plan.set.len() as u64;
            for set in plan.set {
                let change = Change { employer: Some(set.employer), ..Change::default() };
                residents::change(tx, set.id, set.version, change, Source::Import).await?;
            }
            Ok(done)
        })
    }
}
