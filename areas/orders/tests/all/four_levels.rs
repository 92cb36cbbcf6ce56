//! A list of 800 rows from a workbook written by another program (LibreOffice Calc, see fixtures/make.py) goes down four
//! levels and comes back closed.

use std::time::Instant;

use linli_orders::{
    CheckId, Feedback, Level, OrderState, PartState, RowId,
    checks::{self, CheckState, Desk, Found, RowFilter, RowState},
    parts::{self, Part},
    steps,
};
use linli_platform::{
    clock::Day,
    import::{self, DropReason},
    reader::Reader,
    sheet,
    store::Query as _,
    vals,
    web::Paging,
};

use super::world::{ROADS, World, worlds};

const LIST: &[u8] = include_bytes!("../fixtures/data-check-800.xlsx");
/// Of 800 rows ten name no standard address.
const WITHOUT_GRID: i64 = 10;

fn all_rows() -> Paging {
    Paging { page: 1, per_page: 1_000, total: 0 }
}

#[tokio::test]
async fn a_list_of_800_rows_goes_down_four_levels_and_comes_back_closed() {
    for world in worlds().await {
        let begun = Instant::now();
        let id = the_steward_uploads_it_and_only_permitted_columns_are_kept(&world).await;
        rows_without_a_grid_wait_until_the_steward_names_one(&world, id).await;
        world.with(&world.steward(), async |tx| checks::send(&world.app, tx, id, 1).await).await.unwrap();
        it_goes_from_the_police_teams_to_the_committees_and_on_to_the_grids(&world, id).await;
        each_grid_sees_its_own_rows_masked(&world, id).await;
        first_visits_settle_most_and_the_officer_decides_on_the_rest(&world, id).await;
        it_comes_back_level_by_level(&world, id).await;
        the_steward_takes_the_results_and_closes_it(&world, id).await;
        nothing_of_the_people_is_left(&world, id).await;
        println!("{}: 800 rows down and back in {:.1} s", world.engine(), begun.elapsed().as_secs_f64());
    }
}

async fn the_steward_uploads_it_and_only_permitted_columns_are_kept(world: &World) -> CheckId {
    let (store, steward) = (world.store(), world.steward());
    let kind = import::kind_of(&world.app, "data-checks").unwrap();
    let known = import::table::known_headings(kind.columns());
    let sheet = sheet::read_bytes(LIST, &known).unwrap();
    let case = import::stage(store, &steward, kind, "核查清单.xlsx", sheet).await.unwrap();
    let found = import::find(&store.reads(), &steward, case).await.unwrap();
    assert_eq!(found.row_count, 800);
    assert_eq!(found.dropped[0].heading, "民族");
    import::map_columns(store, &steward, kind, case, found.mapping.clone()).await.unwrap();
    import::check(&world.app, &steward, case, None).await.unwrap();
    let checked = import::find(&store.reads(), &steward, case).await.unwrap();
    assert_eq!(checked.bad_count, 0, "{:?}", checked.summary.groups);
    let unmapped: Vec<&str> =
        checked.dropped.iter().filter(|d| d.reason == DropReason::Unmapped).map(|d| d.heading.as_str()).collect();
    assert_eq!(unmapped, ["案件编号", "备注"], "no source case and no remark (boundary 9)");
    let counts: Vec<i64> = checked.summary.counts.iter().map(|(_, n)| *n).collect();
    assert_eq!(counts, [800 - WITHOUT_GRID, WITHOUT_GRID]);
    import::confirm(store, &steward, case, false, 800).await.unwrap();
    import::apply(&world.app, &steward, case).await.unwrap();
    let (lists, _) = checks::list(&store.reads(), &steward, &Paging::default()).await.unwrap();
    assert_eq!((lists.len(), lists[0].row_count), (1, 800));
    lists[0].check_id
}

async fn rows_without_a_grid_wait_until_the_steward_names_one(world: &World, id: CheckId) {
    let (q, steward) = (world.store().reads(), world.steward());
    let filter = RowFilter { check: Some(id), state: Some(RowState::Waiting) };
    let (waiting, n) = checks::list_rows(&q, &steward, filter, &all_rows()).await.unwrap();
    assert_eq!(n, WITHOUT_GRID);
    for (i, row) in waiting.iter().enumerate() {
        let opened = world.with(&steward, async |tx| checks::open_row(tx, row.row_id).await).await.unwrap();
        assert_eq!(opened.address(), "香花桥街道临时工棚");
        let grid = world.grids[i % 8];
        world.with(&steward, async |tx| checks::place(tx, row.row_id, row.version, grid).await).await.unwrap();
    }
}

/// Receives and distributes every part of a level; the reader of each by its number.
async fn one_level_down(world: &World, id: CheckId, level: Level, reader: impl Fn(usize) -> Reader) -> usize {
    let order = checks::find(&world.store().reads(), &Reader::system(), id).await.unwrap().order_id.unwrap();
    let parts = world.parts_at(order, level).await;
    for (n, part) in parts.iter().enumerate() {
        let reader = reader(n);
        world.with(&reader, async |tx| steps::receive(tx, part.part_id, 1).await).await.unwrap();
        world.with(&reader, async |tx| steps::distribute(&world.app, tx, part.part_id, 2, &[]).await).await.unwrap();
    }
    parts.len()
}

async fn it_goes_from_the_police_teams_to_the_committees_and_on_to_the_grids(world: &World, id: CheckId) {
    assert_eq!(one_level_down(world, id, Level::PoliceTeam, |n| world.leader(n)).await, 2);
    assert_eq!(one_level_down(world, id, Level::Team, |n| world.officer(n)).await, 4);
    let progress = checks::progress(&world.store().reads(), &Reader::system(), id).await.unwrap();
    assert_eq!((progress.first, progress.open()), (800, 800), "every row is being visited");
    let tasks = "SELECT COUNT(*) FROM task WHERE division_code = $1 AND kind = 'data-check' AND state = 'open'";
    assert_eq!(world.number_of(tasks).await, 800);
}

async fn rows_of(world: &World, reader: &Reader, id: CheckId) -> Vec<checks::Row> {
    let filter = RowFilter { check: Some(id), state: None };
    checks::list_rows(&world.store().reads(), reader, filter, &all_rows()).await.unwrap().0
}

async fn each_grid_sees_its_own_rows_masked(world: &World, id: CheckId) {
    let mut seen = 0;
    for (n, road) in ROADS.iter().enumerate() {
        let coordinator = world.coordinator(n);
        let rows = rows_of(world, &coordinator, id).await;
        seen += rows.len();
        assert!(rows.iter().all(|r| r.grid_id == Some(world.grids[n])));
        assert!(rows.iter().all(|r| r.name_masked.contains('*') && r.doc_masked.contains("***")));
        let named: Vec<_> = rows.iter().filter(|r| r.address_id.is_some()).collect();
        assert!(named.len() >= 90 && named.iter().all(|r| !r.road.is_empty() && road.starts_with(&r.road)), "{road}");
        let row = &rows[0];
        let opened = world.with(&coordinator, async |tx| checks::open_row(tx, row.row_id).await).await.unwrap();
        assert!(opened.doc_no().starts_with("990101") && !opened.name().contains('*'));
        let other = world.coordinator((n + 1) % 8);
        let refused = world.with(&other, async |tx| checks::open_row(tx, row.row_id).await).await;
        assert!(refused.unwrap_err().is("not-found"));
    }
    assert_eq!(seen, 800);
    let readings = world.number_of("SELECT COUNT(*) FROM access_record WHERE division_code = $1").await;
    assert_eq!(readings, WITHOUT_GRID + 8, "each opened row is on record");
}

async fn visit(world: &World, reader: &Reader, row: RowId, version: i64, found: Found) {
    world.with(reader, async |tx| checks::visited(&world.app, tx, row, version, found).await).await.unwrap();
}

/// Of eight rows at the door: five are settled, one is refused, at one nobody opens, one lives outside.
async fn first_visits_settle_most_and_the_officer_decides_on_the_rest(world: &World, id: CheckId) {
    const AT_THE_DOOR: [Found; 8] = [
        Found::Registered,
        Found::Confirmed,
        Found::Changed,
        Found::Nobody,
        Found::Cancelled,
        Found::Refused,
        Found::NotThere,
        Found::Outside,
    ];
    for n in 0..8 {
        let (coordinator, officer) = (world.coordinator(n), world.officer(n / 2));
        for (i, row) in rows_of(world, &coordinator, id).await.iter().enumerate() {
            visit(world, &coordinator, row.row_id, row.version, AT_THE_DOOR[i % 8]).await;
        }
        let all = rows_of(world, &officer, id).await;
        let here = all.iter().filter(|r| r.grid_id == Some(world.grids[n]));
        let desk: Vec<_> = here.clone().filter(|r| r.state() == RowState::Desk).collect();
        assert!(desk.len().abs_diff(here.count() / 4) <= 1, "a quarter was not settled: {}", desk.len());
        for (i, row) in desk.iter().enumerate() {
            let none = checks::registered(&world.store().reads(), &officer, row).await.unwrap();
            assert!(none.is_empty(), "the register knows nobody of the list");
            let decision = if i % 5 == 0 { Desk::Found(Found::NotThere) } else { Desk::SecondVisit };
            world
                .with(&officer, async |tx| checks::decide(&world.app, tx, row.row_id, row.version, decision).await)
                .await
                .unwrap();
        }
        let again = rows_of(world, &coordinator, id).await;
        for (i, row) in again.iter().filter(|r| r.state() == RowState::SecondVisit).enumerate() {
            let found = if i % 4 == 0 { Found::Nobody } else { Found::Registered };
            visit(world, &coordinator, row.row_id, row.version, found).await;
        }
    }
    let progress = checks::progress(&world.store().reads(), &Reader::system(), id).await.unwrap();
    assert_eq!((progress.ended, progress.open()), (800, 0));
}

/// Everything answered of one level is closed by the level above, which then answers itself.
async fn back_up(world: &World, part: &Part, reader: &Reader) {
    let below = parts::of(&world.store().reads(), &Reader::system(), part.order_id, Some(part.part_id)).await.unwrap();
    assert!(below.iter().all(|p| p.state() == PartState::Answered), "all below have answered");
    let early =
        world.with(reader, async |tx| steps::answer(tx, part.part_id, part.version, Feedback::Done, "").await).await;
    assert!(early.unwrap_err().is("order-open-parts"), "nothing is answered over open parts");
    world.with(reader, async |tx| steps::close_answered(tx, &below).await).await.unwrap();
    world
        .with(reader, async |tx| steps::answer(tx, part.part_id, part.version, Feedback::Done, "").await)
        .await
        .unwrap();
}

async fn it_comes_back_level_by_level(world: &World, id: CheckId) {
    let steward = world.steward();
    let check = checks::find(&world.store().reads(), &steward, id).await.unwrap();
    let order = check.order_id.unwrap();
    let grids = world.parts_at(order, Level::Grid).await;
    assert_eq!(grids.len(), 8);
    assert!(grids.iter().all(|p| p.state() == PartState::Answered), "the last row of a grid is its feedback");
    for (n, part) in world.parts_at(order, Level::Team).await.iter().enumerate() {
        back_up(world, part, &world.officer(n)).await;
    }
    let early = world.with(&steward, async |tx| checks::close(tx, id, check.version).await).await;
    assert!(early.unwrap_err().is("order-open-parts"));
    for (n, part) in world.parts_at(order, Level::PoliceTeam).await.iter().enumerate() {
        back_up(world, part, &world.leader(n)).await;
    }
    let top = world.parts_at(order, Level::PoliceTeam).await;
    world.with(&steward, async |tx| steps::close_answered(tx, &top).await).await.unwrap();
}

async fn the_steward_takes_the_results_and_closes_it(world: &World, id: CheckId) {
    let (q, steward) = (world.store().reads(), world.steward());
    let version = checks::find(&q, &steward, id).await.unwrap().version;
    let early = world.with(&steward, async |tx| checks::close(tx, id, version).await).await;
    assert!(early.unwrap_err().is("check-not-returned"), "the list goes back before its rows go");
    let book = checks::workbook(&world.app, &steward, &world.t(), id).await.unwrap();
    let sheet = sheet::read_bytes(&book, &["清单编号", "核查结果", "问题类型"]).unwrap();
    assert_eq!(sheet.rows.len(), 800);
    let result = sheet.headers.iter().position(|h| h == "核查结果").unwrap();
    let reference = sheet.headers.iter().position(|h| h == "清单编号").unwrap();
    assert!(sheet.rows.iter().all(|r| !r.text(result).is_empty() && r.text(reference).starts_with("A-")));
    assert!(!sheet.rows.iter().any(|r| r.cells.iter().any(|c| c.text().contains("990101"))), "masked on the way back");
    let version = checks::find(&q, &steward, id).await.unwrap().version;
    world.with(&steward, async |tx| checks::close(tx, id, version).await).await.unwrap();
    let check = checks::find(&q, &steward, id).await.unwrap();
    assert_eq!(check.state(), Some(CheckState::Closed));
    assert_eq!(check.closed_at.map(|at| at.day()), Some("2026-11-20".parse::<Day>().unwrap()));
    assert_eq!(world.order(check.order_id.unwrap()).await.state(), Some(OrderState::Closed));
    let counted: i64 = checks::counts(&q, id).await.unwrap().iter().map(|c| c.row_count).sum();
    assert_eq!(counted, 800, "counts remain");
}

async fn nothing_of_the_people_is_left(world: &World, id: CheckId) {
    let q = world.store().reads();
    for sql in [
        "SELECT COUNT(*) FROM check_row WHERE division_code = $1",
        "SELECT COUNT(*) FROM basis WHERE division_code = $1 AND closed_at IS NULL",
        "SELECT COUNT(*) FROM task WHERE division_code = $1 AND (note_masked <> '' OR note_sealed IS NOT NULL)",
        "SELECT COUNT(*) FROM event WHERE division_code = $1 AND subject_kind = 'check-row'",
        "SELECT COUNT(*) FROM subject_key WHERE division_code = $1",
        "SELECT COUNT(*) FROM import_chunk WHERE division_code = $1",
    ] {
        assert_eq!(world.number_of(sql).await, 0, "{sql}");
    }
    assert!(checks::find(&q, &world.coordinator(0), id).await.unwrap_err().is("not-found"));
    let kept = "SELECT COUNT(*) FROM data_check WHERE division_code = $1 AND check_id = $2";
    assert_eq!(q.number(kept, vals![q.division(), id]).await.unwrap(), 1);
}
