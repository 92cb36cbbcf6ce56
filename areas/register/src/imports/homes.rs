//! Import of homes.

use std::collections::HashSet;

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
};

use super::{SEEN_HEADINGS, cell, column, filled, of_rule, places, places::Places, problem, refuse_fatal, words};
use crate::{
    codes::{HomeKind, Occupancy, Source, Tenancy},
    homes::{self, NewHome},
    ids::AddressId,
    rules,
};

/// The table of homes.
pub(super) struct HomeImport;

const COLUMNS: &[ColumnSpec] = &[
    column("home-address", &["地址", "房屋地址", "标准地址", "门牌地址", "address"], true, false),
    column("home-kind", &["房屋类型", "房屋性质", "用途", "类型", "kind"], false, false),
    column("home-tenancy", &["租住形式", "使用情况", "出租情况", "tenancy"], false, false),
    column("home-occupancy", &["居住状态", "入住情况", "是否空置", "occupancy"], false, false),
    column("home-places", &["可住人数", "床位数", "places"], false, false),
    column("home-owner", &["产权人", "房主", "业主", "户主", "owner"], false, true),
    column("home-landlord", &["出租人", "房东", "房东姓名", "landlord"], false, true),
    column("home-landlord-phone", &["房东电话", "出租人电话", "房东手机", "landlord_phone"], false, true),
    column("home-agent", &["中介", "中介机构", "代理机构", "agent"], false, false),
    column("home-label", &["房屋标签", "标签", "label"], false, false),
    column("home-verified", &["最近核对日期", "核对日期", "last_verified"], false, false),
    column("home-seen", SEEN_HEADINGS, false, false),
];

struct Plan {
    problems: Vec<CellProblem>,
    new: Vec<NewHome>,
    same: i64,
}

/// A cell that is empty or one of the known words.
fn word<T>(
    row: &MappedRow,
    at: usize,
    column: &'static str,
    read: fn(&str) -> Option<T>,
    problems: &mut Vec<CellProblem>,
) -> Option<T> {
    let text = cell(row, at);
    if text.is_empty() {
        return None;
    }
    let read = read(text);
    if read.is_none() {
        problems.push(problem(row.row, column, "word-unknown", true));
    }
    read
}

fn read(row: &MappedRow, now: At, places: &mut Places, problems: &mut Vec<CellProblem>) -> Option<NewHome> {
    let address = places.at(row.row, "home-address", cell(row, 0)).map_err(|p| problems.push(p)).ok()?;
    let before = problems.len();
    let kind = word(row, 1, "home-kind", words::home_kind, problems).unwrap_or(HomeKind::Flat);
    let tenancy = word(row, 2, "home-tenancy", words::tenancy, problems).unwrap_or(Tenancy::Unknown);
    let occupancy = word(row, 3, "home-occupancy", words::occupancy, problems).unwrap_or(Occupancy::Unknown);
    let places = word(row, 4, "home-places", |t| t.parse::<i64>().ok().filter(|n| (0..=10_000).contains(n)), problems);
    for (at, column) in [(5, "home-owner"), (6, "home-landlord")] {
        if let Some(Err(p)) = filled(row, at).map(|name| rules::check_name(&name)) {
            problems.push(of_rule(row.row, column, p));
        }
    }
    if let Err(p) = rules::check_phone(cell(row, 7)) {
        problems.push(of_rule(row.row, "home-landlord-phone", p));
    }
    let agent = filled(row, 8).map(|name| (free_text::check_organisation(&name), name));
    let label = word(row, 9, "home-label", words::label, problems);
    let last_verified_day = word(row, 10, "home-verified", words::day, problems);
    let seen_at = super::seen(row, 11, "home-seen", now, problems);
    if problems.len() > before {
        return None;
    }
    let agent_name = match agent {
        Some((Ok(()), name)) => Some(name),
        // What is not needed is dropped, and the report says so.
        Some((Err(fault), _)) => {
            problems.push(problem(row.row, "home-agent", fault.code(), false));
            None
        }
        None => None,
    };
    Some(NewHome {
        kind,
        tenancy,
        occupancy,
        places,
        owner: filled(row, 5),
        landlord: filled(row, 6),
        landlord_phone: filled(row, 7),
        agent_name,
        label,
        last_verified_day,
        seen_at,
        source: Source::Import,
        ..NewHome::at(address, kind)
    })
}

async fn plan(app: &App, q: &impl Query, reader: &Reader, rows: &[MappedRow]) -> Result<Plan> {
    let mut places = Places::load(app).await?;
    let mut plan = Plan { problems: Vec::new(), new: Vec::new(), same: 0 };
    for row in rows {
        if let Some(home) = read(row, app.store.now(), &mut places, &mut plan.problems) {
            plan.new.push(home);
        }
    }
    let wanted: Vec<AddressId> = plan.new.iter().map(|h| h.address_id).collect();
    let mut known: HashSet<AddressId> = places::homes_at(q, reader, &wanted).await?.into_keys().collect();
    let before = plan.new.len();
    // One home a door: a second row for a door, or a home that is there already, adds none.
    plan.new.retain(|h| known.insert(h.address_id));
    plan.same = i64::try_from(before - plan.new.len()).unwrap_or(i64::MAX);
    Ok(plan)
}

impl ImportKind for HomeImport {
    fn name(&self) -> &'static str {
        "homes"
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
            let plan = plan(app, &app.store.reads(), reader, rows).await?;
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
            let plan = plan(app, tx, tx.reader(), rows).await?;
            refuse_fatal(&plan.problems)?;
            Ok(homes::insert_many(tx, plan.new).await?.len() as u64)
        })
    }
}
