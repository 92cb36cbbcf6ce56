//! What a list may hold, where its rows go, and what other pages settle.

use linli_orders::{
    CheckId, Level, PartState,
    checks::{self, Found, Row, RowFilter, RowState},
    steps,
};
use linli_platform::{
    access::Role,
    import::{self, Case, MappedRow},
    reader::{Reader, Scope},
    sheet, testing,
    web::Paging,
};
use linli_register::{
    codes::Source,
    homes,
    residents::{self, Entered, NewResident},
};
use linli_work::{
    Outcome, TaskKind,
    tasks::{self, Filter},
};

use super::world::{World, door, worlds};

pub fn number(seq: u16) -> String {
    cn_identity::make::resident_number("990101", (1990, 3, 7), seq).as_str().to_owned()
}

/// Imports a list of rows: kind, number's sequence, address.
pub async fn imported(world: &World, rows: &[(&str, u16, &str)]) -> CheckId {
    let kind = import::kind_of(&world.app, "data-checks").unwrap();
    let rows: Vec<MappedRow> = (2..)
        .zip(rows)
        .map(|(row, (word, seq, address))| {
            let number = number(*seq);
            let cells = ["", *word, "欧阳若水", number.as_str(), "", *address].map(str::to_owned).to_vec();
            MappedRow { row, cells }
        })
        .collect();
    let steward = world.steward();
    let tx = world.store().begin(&steward).await.unwrap();
    kind.apply(&world.app, &tx, &rows, None).await.unwrap();
    tx.commit().await.unwrap();
    checks::list(&world.store().reads(), &steward, &Paging::default()).await.unwrap().0[0].check_id
}

/// Sends a list down to the grids; the levels above have done their part.
pub async fn sent(world: &World, id: CheckId) {
    let steward = world.steward();
    let version = checks::find(&world.store().reads(), &steward, id).await.unwrap().version;
    world.with(&steward, async |tx| checks::send(&world.app, tx, id, version).await).await.unwrap();
    let order = checks::find(&world.store().reads(), &steward, id).await.unwrap().order_id.unwrap();
    for level in [Level::PoliceTeam, Level::Team] {
        for part in world.parts_at(order, level).await {
            let system = Reader::system();
            let mut version = part.version;
            if part.state() == PartState::Waiting {
                world.with(&system, async |tx| steps::receive(tx, part.part_id, version).await).await.unwrap();
                version += 1;
            }
            // A part whose rows have all gone down has nothing to distribute.
            let done = world
                .with(&system, async |tx| steps::distribute(&world.app, tx, part.part_id, version, &[]).await)
                .await;
            assert!(done.is_ok() || done.unwrap_err().is("order-target"));
        }
    }
}

pub async fn rows(world: &World, reader: &Reader, id: CheckId) -> Vec<Row> {
    let filter = RowFilter { check: Some(id), state: None };
    checks::list_rows(&world.store().reads(), reader, filter, &Paging::default()).await.unwrap().0
}

async fn register(world: &World, seq: u16, grid: usize) -> linli_register::ResidentId {
    let q = world.store().reads();
    let filter = homes::Filter { grid: Some(world.grids[grid]), ..homes::Filter::default() };
    let home =
        homes::list(&q, &Reader::system(), &filter, linli_register::Slice::first(1)).await.unwrap().rows.remove(0);
    let new = NewResident {
        resident_id: None,
        name: "欧阳若水".into(),
        doc_kind: cn_identity::DocumentKind::Resident,
        doc_no: number(seq),
        doc_confirmed: false,
        phone: None,
        sex: None,
        birth: None,
        local: false,
        home_id: home.home_id,
        employer_id: None,
        since_day: world.store().now().day(),
        source: Source::DoorVisit,
        seen_at: None,
        entered_at: None,
    };
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    let id = residents::register_many(&tx, vec![new], Entered::Now).await.unwrap()[0];
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn each_bad_cell_of_a_list_has_its_message_and_nothing_is_written() {
    for world in worlds().await {
        let good = number(1);
        let place = door(0, 0);
        let csv = format!(
            "编号,问题类型,姓名,证件号码,手机号,居住地址\n\
             1,未登记,甲一,{good},,{place}\n2,涉案,甲二,{},,{place}\n3,未登记,,{},,{place}\n\
             13900001111,未登记,甲四,{},,{place}\n5,未登记,甲五,99010119900307002X,,{place}\n6,未登记,甲一,{good},,\n",
            number(2),
            number(3),
            number(4)
        );
        let kind = import::kind_of(&world.app, "data-checks").unwrap();
        let steward = world.steward();
        let sheet = sheet::read_bytes(csv.as_bytes(), &["姓名", "证件号码"]).unwrap();
        let id = import::stage(world.store(), &steward, kind, "a.csv", sheet).await.unwrap();
        let case: Case = import::find(&world.store().reads(), &steward, id).await.unwrap();
        import::map_columns(world.store(), &steward, kind, id, case.mapping).await.unwrap();
        import::check(&world.app, &steward, id, None).await.unwrap();
        let found: Vec<(u64, String)> = import::problems(&world.store().reads(), id)
            .await
            .unwrap()
            .into_iter()
            .filter(|p| p.fatal)
            .map(|p| (p.row, p.code))
            .collect();
        let expected = [
            (3, "check-kind-unknown"),
            (4, "name-empty"),
            (5, "check-ref"),
            (6, "number-check"),
            (7, "address-empty"),
            (7, "check-row-twice"),
        ];
        let expected: Vec<_> = expected.iter().map(|(row, code)| (*row, (*code).to_owned())).collect();
        assert_eq!(found, expected, "{}", world.engine());
        assert!(import::confirm(world.store(), &steward, id, false, 6).await.is_err(), "all or nothing");
        assert_eq!(world.number_of("SELECT COUNT(*) FROM check_row WHERE division_code = $1").await, 0);
        let office = testing::reader(world.store(), &[Role::PopulationOffice], Scope::Division);
        let refused = kind.check(&world.app, &office, &[]).await;
        assert!(refused.unwrap_err().is("forbidden"), "a list is the steward's");
    }
}

#[tokio::test]
async fn a_row_of_another_grid_goes_back_to_the_steward_and_down_again_through_the_levels() {
    for world in worlds().await {
        let id = imported(&world, &[("未登记", 1, &door(0, 0)), ("未登记", 2, &door(0, 1))]).await;
        sent(&world, id).await;
        let coordinator = world.coordinator(0);
        let all = rows(&world, &coordinator, id).await;
        for (row, found) in all.iter().zip([Found::OtherGrid, Found::Registered]) {
            world
                .with(&coordinator, async |tx| checks::visited(&world.app, tx, row.row_id, row.version, found).await)
                .await
                .unwrap();
        }
        let order = checks::find(&world.store().reads(), &Reader::system(), id).await.unwrap().order_id.unwrap();
        let grid = world.parts_at(order, Level::Grid).await;
        assert_eq!(grid[0].state(), PartState::Answered, "the grid has nothing left to do");
        let steward = world.steward();
        let waiting = rows(&world, &steward, id).await.into_iter().find(|r| r.state() == RowState::Waiting).unwrap();
        assert!(rows(&world, &coordinator, id).await.iter().all(|r| r.row_id != waiting.row_id), "no longer theirs");
        let version = checks::find(&world.store().reads(), &steward, id).await.unwrap().version;
        let open = world.with(&steward, async |tx| checks::close(tx, id, version).await).await;
        assert!(open.unwrap_err().is("check-open-rows"));
        let to = world.grids[6];
        world.with(&steward, async |tx| checks::place(tx, waiting.row_id, waiting.version, to).await).await.unwrap();
        sent(&world, id).await;
        let there = rows(&world, &world.coordinator(6), id).await;
        assert_eq!((there.len(), there[0].state()), (1, RowState::FirstVisit), "{}", world.engine());
    }
}

#[tokio::test]
async fn a_task_that_a_visit_of_the_home_settled_is_taken_up_as_the_rows_result() {
    for world in worlds().await {
        let resident = register(&world, 1, 0).await;
        let id = imported(&world, &[("已离未注销", 1, &door(0, 0)), ("未登记", 2, &door(0, 3))]).await;
        sent(&world, id).await;
        let coordinator = world.coordinator(0);
        let open = Filter { state: Some("open"), ..Filter::default() };
        let (list, _) = tasks::list(&world.store().reads(), &coordinator, &open, &Paging::default()).await.unwrap();
        let on_record = list.iter().find(|t| t.subject_id == resident.0).expect("the register's own record");
        assert_eq!(on_record.task_kind(), Some(TaskKind::DataCheck));
        let (task, version) = (on_record.task_id, on_record.version);
        world.with(&coordinator, async |tx| tasks::close(tx, task, version, Outcome::Cancelled).await).await.unwrap();
        assert_eq!(checks::take_up(&world.app).await.unwrap(), 1);
        assert_eq!(checks::take_up(&world.app).await.unwrap(), 0, "once");
        let all = rows(&world, &coordinator, id).await;
        let settled = all.iter().find(|r| r.is_final()).unwrap();
        assert_eq!(settled.result.as_deref(), Some("cancelled"));
        let closed = world.with(&coordinator, async |tx| checks::open_row(tx, settled.row_id).await).await;
        assert!(closed.unwrap_err().is("basis-missing"), "what is settled entitles to nothing");
    }
}

#[tokio::test]
async fn the_desk_check_shows_what_the_register_has_and_of_other_grids_the_grid_alone() {
    for world in worlds().await {
        register(&world, 1, 0).await;
        register(&world, 2, 6).await;
        let id = imported(&world, &[("地址不符", 1, &door(0, 5)), ("地址不符", 2, &door(0, 6))]).await;
        sent(&world, id).await;
        let (coordinator, officer) = (world.coordinator(0), world.officer(0));
        for row in rows(&world, &coordinator, id).await {
            world
                .with(&coordinator, async |tx| {
                    checks::visited(&world.app, tx, row.row_id, row.version, Found::Nobody).await
                })
                .await
                .unwrap();
        }
        let all = rows(&world, &officer, id).await;
        let q = world.store().reads();
        let own = checks::registered(&q, &officer, &all[0]).await.unwrap();
        assert!(own[0].resident_id.is_some() && own[0].address_text.is_some());
        let other = checks::registered(&q, &officer, &all[1]).await.unwrap();
        assert_eq!((other[0].resident_id, other[0].name_masked.as_deref()), (None, None));
        assert_eq!(other[0].grid_name.as_deref(), Some("第7微网格"), "{}", world.engine());
    }
}
