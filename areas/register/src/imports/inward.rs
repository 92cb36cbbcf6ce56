//! Import of hand-overs from other jurisdictions: each row is an offer, to be answered by the grid of its address.

use std::collections::{HashMap, HashSet};

use cn_identity::{DocumentKind, identify};
use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{cell, column, of_rule, places::Places, problem, refuse_fatal, with_arg, words};
use crate::{
    inward::{self, NewInward},
    outward::MAX_CHARS,
    rules::{self, Written},
    transfers,
};

/// The table of hand-overs from other jurisdictions.
pub(super) struct InwardImport;

const COLUMNS: &[ColumnSpec] = &[
    column("inward-office", &["移出单位", "移交单位", "来源单位", "原登记单位", "office"], true, false),
    column("inward-reference", &["移交编号", "文号", "编号", "流水号", "reference"], true, false),
    column("resident-name", &["姓名", "名字", "name"], true, true),
    column("resident-doc-kind", &["证件种类", "证件类型", "doc_kind"], false, false),
    column("resident-doc-no", &["证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "doc_no"], true, true),
    column("resident-phone", &["手机号", "手机号码", "联系电话", "phone"], false, true),
    column("resident-address", &["现住址", "居住地址", "现居住地址", "居住地", "地址", "address"], true, false),
    column("inward-offered", &["移交日期", "发出日期", "日期", "offered"], false, false),
];

struct Plan {
    problems: Vec<CellProblem>,
    new: Vec<NewInward>,
    same: i64,
}

fn office(row: &MappedRow, problems: &mut Vec<CellProblem>) {
    for (at, column) in [(0, "inward-office"), (1, "inward-reference")] {
        let text = cell(row, at);
        if text.is_empty() || text.chars().count() > MAX_CHARS {
            let wrong = problem(row.row, column, "transfer-word", true);
            problems.push(with_arg(wrong, "max", MAX_CHARS));
        } else if let Err(fault) = inward::check_office(text) {
            problems.push(problem(row.row, column, fault.code(), true));
        }
    }
}

fn read(row: &MappedRow, today: Day, places: &mut Places, problems: &mut Vec<CellProblem>) -> Option<NewInward> {
    let before = problems.iter().filter(|p| p.fatal).count();
    office(row, problems);
    let kind = match cell(row, 3) {
        "" => identify(cell(row, 4)).kind.filter(|k| *k != DocumentKind::Organisation),
        text => {
            let read = words::doc_kind(text);
            if read.is_none() {
                problems.push(problem(row.row, "resident-doc-kind", "word-unknown", true));
            }
            read
        }
    };
    let written = Written {
        name: cell(row, 2),
        doc_kind: kind.unwrap_or(DocumentKind::Resident),
        doc_no: cell(row, 4),
        doc_confirmed: false,
        phone: cell(row, 5),
        sex: None,
        birth: None,
    };
    let (person, found) = rules::check(&written, today);
    let column = |field: &str| match field {
        "name" => "resident-name",
        "phone" => "resident-phone",
        _ => "resident-doc-no",
    };
    problems.extend(found.into_iter().map(|p| of_rule(row.row, column(p.field), p)));
    let offered = match (cell(row, 7), words::day(cell(row, 7))) {
        ("", _) => Some(today),
        (_, Some(day)) if day <= today => Some(day),
        (_, found) => {
            let code = if found.is_some() { "since-future" } else { "not-a-day" };
            problems.push(problem(row.row, "inward-offered", code, true));
            None
        }
    };
    let address = places.at(row.row, "resident-address", cell(row, 6)).map_err(|p| problems.push(p)).ok();
    if problems.iter().filter(|p| p.fatal).count() > before {
        return None;
    }
    Some(NewInward {
        from_office: cell(row, 0).into(),
        reference: cell(row, 1).into(),
        person: person?,
        address: address?,
        offered_day: offered?,
    })
}

/// The people who are offered already and wait for an answer.
async fn waiting(q: &impl Query) -> Result<HashSet<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        doc_blind: Option<Vec<u8>>,
    }
    let sql = "SELECT doc_blind FROM inward_transfer WHERE division_code = $1 AND state = 'offered'";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    Ok(rows.into_iter().filter_map(|r| r.doc_blind).collect())
}

async fn plan(app: &App, q: &impl Query, rows: &[MappedRow]) -> Result<Plan> {
    let (mut places, waiting) = (Places::load(app).await?, waiting(q).await?);
    let (today, keys) = (app.store.now().day(), app.store.keys());
    let mut plan = Plan { problems: Vec::new(), new: Vec::new(), same: 0 };
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::new();
    for row in rows {
        let Some(new) = read(row, today, &mut places, &mut plan.problems) else { continue };
        let forms = keys.blind_forms("doc", &new.person.doc.number);
        let blind = keys.blind_index("doc", &new.person.doc.number);
        if forms.iter().any(|form| waiting.contains(form)) {
            plan.same += 1;
        } else if let Some(first) = seen.insert(blind, row.row) {
            plan.problems.push(with_arg(problem(row.row, "resident-doc-no", "row-twice", true), "row", first));
        } else {
            plan.new.push(new);
        }
    }
    Ok(plan)
}

impl ImportKind for InwardImport {
    fn name(&self) -> &'static str {
        "inward-transfers"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(&'a self, app: &'a App, _: &'a Reader, rows: &'a [MappedRow]) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let plan = plan(app, &app.store.reads(), rows).await?;
            let new = i64::try_from(plan.new.len()).unwrap_or(i64::MAX);
            let counts = vec![("register-new".into(), new), ("register-same".into(), plan.same)];
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
            let plan = plan(app, tx, rows).await?;
            refuse_fatal(&plan.problems)?;
            let done = inward::enter_many(tx, plan.new, transfers::due_at(app)?).await?.len();
            if done == 0 {
                tx.housekeeping("a table of offers that are all known");
            }
            Ok(done as u64)
        })
    }
}
