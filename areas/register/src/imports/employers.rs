//! Import of employers.

use std::collections::{HashMap, HashSet};

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    free_text,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{SEEN_HEADINGS, cell, column, filled, of_rule, places::Places, problem, refuse_fatal, with_arg, words};
use crate::{
    codes::Source,
    employers::{self, NewEmployer},
    rules,
};

/// The table of employers.
pub(super) struct EmployerImport;

const COLUMNS: &[ColumnSpec] = &[
    column(
        "employer-org-code",
        &["统一社会信用代码", "信用代码", "社会信用代码", "机构代码", "org_code", "code"],
        true,
        false,
    ),
    column("employer-name", &["单位名称", "企业名称", "名称", "公司名称", "employer", "name"], true, false),
    column("employer-business", &["行业", "经营范围", "主营业务", "business"], false, false),
    column("employer-site", &["场所名称", "工地名称", "门店名称", "site"], false, false),
    column("employer-address", &["地址", "经营地址", "单位地址", "address"], false, false),
    column("employer-staff", &["从业人数", "员工人数", "人数", "staff"], false, false),
    column("employer-roster", &["报送花名册", "花名册单位", "是否报送", "roster"], false, false),
    column("employer-liaison", &["联络员", "联系人", "负责人", "liaison"], false, true),
    column("employer-liaison-phone", &["联络员电话", "联系电话", "手机", "phone"], false, true),
    column("employer-seen", SEEN_HEADINGS, false, false),
];
/// R14: an employer of so many or more sends rosters where the table does not say.
const ROSTER_FROM_STAFF: i64 = 50;

struct Plan {
    problems: Vec<CellProblem>,
    new: Vec<NewEmployer>,
    same: i64,
}

/// The line of business, if the guard lets it pass (boundary 12): what is not needed is dropped, and the report says
/// so. Name and site are needed, so a row is refused with what the guard finds there.
fn guarded_business<'a>(
    row: &'a MappedRow,
    problems: &mut Vec<CellProblem>,
    dropped: &mut Vec<CellProblem>,
) -> &'a str {
    let (name, business, site) = (cell(row, 1), cell(row, 2), cell(row, 3));
    for (column, found) in
        [("employer-name", free_text::check_licensed_name(name)), ("employer-site", free_text::check(site))]
    {
        problems.extend(found.err().map(|fault| problem(row.row, column, fault.code(), true)));
    }
    match free_text::check(business) {
        Ok(()) => business,
        Err(fault) => {
            dropped.push(problem(row.row, "employer-business", fault.code(), false));
            ""
        }
    }
}

fn read(row: &MappedRow, now: At, places: &mut Places, problems: &mut Vec<CellProblem>) -> Option<NewEmployer> {
    let (before, mut dropped) = (problems.len(), Vec::new());
    let code = employers::check_org_code(cell(row, 0));
    let name = cell(row, 1);
    if name.is_empty() || name.chars().count() > 100 {
        problems.push(problem(row.row, "employer-name", "employer-name", true));
    }
    let address_id = match cell(row, 4) {
        "" => None,
        text => places.at(row.row, "employer-address", text).map_err(|p| problems.push(p)).ok(),
    };
    let staff = match cell(row, 5) {
        "" => Some(0),
        text => text.trim_end_matches(".0").parse::<i64>().ok().filter(|n| (0..=1_000_000).contains(n)),
    };
    if staff.is_none() {
        problems.push(problem(row.row, "employer-staff", "not-a-number", true));
    }
    let duty = match cell(row, 6) {
        "" => Some(staff.is_some_and(|n| n >= ROSTER_FROM_STAFF)),
        text => words::yes(text),
    };
    if duty.is_none() {
        problems.push(problem(row.row, "employer-roster", "word-unknown", true));
    }
    let business = guarded_business(row, problems, &mut dropped);
    if let Some(Err(p)) = filled(row, 7).map(|name| rules::check_name(&name)) {
        problems.push(of_rule(row.row, "employer-liaison", p));
    }
    if let Err(p) = rules::check_phone(cell(row, 8)) {
        problems.push(of_rule(row.row, "employer-liaison-phone", p));
    }
    let seen_at = super::seen(row, 9, "employer-seen", now, problems);
    let code = code.map_err(|p| problems.push(of_rule(row.row, "employer-org-code", p))).ok();
    if problems.len() > before {
        return None;
    }
    problems.append(&mut dropped);
    Some(NewEmployer {
        employer_id: None,
        org_code: code?.as_str().to_owned(),
        name: name.into(),
        business: business.into(),
        site: cell(row, 3).into(),
        address_id,
        staff_declared: staff?,
        roster_duty: duty?,
        liaison: filled(row, 7),
        liaison_phone: filled(row, 8),
        source: Source::Import,
        seen_at,
    })
}

async fn plan(app: &App, q: &impl Query, rows: &[MappedRow]) -> Result<Plan> {
    #[derive(FromQueryResult)]
    struct Known {
        org_code: String,
        site: String,
    }
    let known: Vec<Known> =
        q.rows("SELECT org_code, site FROM employer WHERE division_code = $1", vals![q.division()]).await?;
    let known: HashSet<(String, String)> = known.into_iter().map(|k| (k.org_code, k.site)).collect();
    let mut places = Places::load(app).await?;
    let mut plan = Plan { problems: Vec::new(), new: Vec::new(), same: 0 };
    let mut seen: HashMap<(String, String), u64> = HashMap::new();
    for row in rows {
        let Some(employer) = read(row, app.store.now(), &mut places, &mut plan.problems) else { continue };
        let key = (employer.org_code.clone(), employer.site.clone());
        if known.contains(&key) {
            plan.same += 1;
        } else if let Some(first) = seen.insert(key, row.row) {
            plan.problems.push(with_arg(problem(row.row, "employer-org-code", "row-twice", true), "row", first));
        } else {
            plan.new.push(employer);
        }
    }
    Ok(plan)
}

impl ImportKind for EmployerImport {
    fn name(&self) -> &'static str {
        "employers"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(&'a self, app: &'a App, _: &'a Reader, rows: &'a [MappedRow]) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let plan = plan(app, &app.store.reads(), rows).await?;
            let new = i64::try_from(plan.new.len()).unwrap_or(i64::MAX);
            Ok(CheckOutcome {
                problems: plan.problems,
                counts: vec![("register-new".into(), new), ("register-same".into(), plan.same)],
            })
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
            Ok(employers::insert_many(tx, plan.new).await?.len() as u64)
        })
    }
}
