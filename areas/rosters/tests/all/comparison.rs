//! The five classes, and what a confirmation does and does not do (R15).

use linli_platform::{reader::Reader, store::Query as _, vals, web::Paging};
use linli_register::residents;
use linli_rosters::{Class, Decided, Kind, RosterId, confirm, figures, results};
use linli_work::tasks;

use super::world::{ADDRESSES, World, mobile, number, worlds};

/// One roster with all five classes: the same, another address, not registered, uncertain, and one who is gone.
pub async fn five(world: &World) -> RosterId {
    world
        .register(&[("张小满", 1, 0, false), ("李建国", 2, 1, false), ("徐怡一", 3, 0, false), ("钱离开", 4, 2, true)])
        .await;
    let csv = format!(
        "姓名,证件号码,手机号,居住地址\n\
         张小满,{},{},{}\n李建国,{},{},{}\n王未登,{},{},{}\n赵不同,{},{},{}\n",
        number(1),
        mobile(1),
        ADDRESSES[0],
        number(2),
        mobile(2),
        ADDRESSES[2],
        number(500),
        mobile(500),
        ADDRESSES[2],
        number(3),
        mobile(501),
        ADDRESSES[0],
    );
    world.compared(Kind::Full, &csv).await
}

async fn classes(world: &World, reader: &Reader, id: RosterId) -> Vec<(i64, &'static str)> {
    let (rows, total) =
        results::list(&world.store().reads(), reader, id, None, &Paging { page: 1, per_page: 50, total: 0 })
            .await
            .unwrap();
    assert_eq!(usize::try_from(total).unwrap(), rows.len());
    rows.iter().map(|r| (r.row_no, r.class().unwrap().code())).collect()
}

#[tokio::test]
async fn one_roster_falls_into_the_five_classes_each_with_its_reasons() {
    for world in worlds().await {
        let id = five(&world).await;
        assert_eq!(
            classes(&world, &world.steward(), id).await,
            [
                (2, "same-address"),
                (3, "other-address"),
                (4, "not-registered"),
                (5, "uncertain"),
                (-1, "gone-from-roster")
            ],
            "{}",
            world.engine()
        );
        let row = results::find(&world.store().reads(), &world.steward(), id, 5).await.unwrap();
        let reasons: Vec<String> = row.reasons().into_iter().map(|r| r.code).collect();
        assert!(reasons.contains(&"number-under-other-name".to_owned()), "{reasons:?}");
        assert_eq!((row.name_masked.as_str(), row.road.as_str()), ("赵**", "新府中路"));
        assert!(row.doc_masked.contains("****") && !row.reasons.contains(&number(3)));
    }
}

#[tokio::test]
async fn nothing_in_the_register_changes_and_no_task_is_opened_before_the_confirmation() {
    for world in worlds().await {
        let before =
            world.number_of("SELECT CAST(SUM(version) AS BIGINT) FROM resident WHERE division_code = $1").await;
        let id = five(&world).await;
        let registered = world.number_of("SELECT COUNT(*) FROM resident WHERE division_code = $1").await;
        let after = world.number_of("SELECT CAST(SUM(version) AS BIGINT) FROM resident WHERE division_code = $1").await;
        assert_eq!((before, after, registered), (0, 4, 4), "four were registered, none was changed");
        assert_eq!(world.number_of("SELECT COUNT(*) FROM task WHERE division_code = $1").await, 0);
        assert_eq!(
            world.number_of("SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'resident.changed'").await,
            0
        );
        confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
        let changed =
            world.number_of("SELECT CAST(SUM(version) AS BIGINT) FROM resident WHERE division_code = $1").await;
        assert_eq!(changed, 5, "the employer of the one who is the same beyond doubt, and nothing else");
    }
}

#[tokio::test]
async fn each_task_lies_in_the_grid_of_the_claimed_address() {
    for world in worlds().await {
        let id = five(&world).await;
        let done = confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
        assert_eq!((done.tasks, done.facts, done.again), (4, 1, false));
        let of = async |grid: usize| {
            let paging = Paging { page: 1, per_page: 50, total: 0 };
            let coordinator = world.coordinator(grid);
            let reads = world.store().reads();
            let (rows, _) = tasks::list(&reads, &coordinator, &tasks::Filter::default(), &paging).await.unwrap();
            let mut found: Vec<(String, String, bool)> =
                rows.into_iter().map(|t| (t.kind, t.note_masked, t.home_id.is_some())).collect();
            found.sort();
            found
        };
        let task = |kind: &str, note: &str| (kind.to_owned(), note.to_owned(), true);
        assert_eq!(of(0).await, [task("roster-address-differs", "赵** 新府中路")], "{}", world.engine());
        assert_eq!(
            of(1).await,
            [
                task("roster-address-differs", "李** 漕盈路"),
                task("roster-left-employer", "钱** 漕盈路"),
                task("roster-unregistered", "王** 漕盈路"),
            ]
        );
        let month = world.store().now().day().month();
        let figures = figures::month(&world.store().reads(), &Reader::system(), month).await.unwrap();
        assert_eq!(figures.iter().map(|f| f.rows).sum::<i64>(), 5);
        let own = figures::month(&world.store().reads(), &world.coordinator(1), month).await.unwrap();
        assert_eq!(own.iter().map(|f| f.rows).sum::<i64>(), 3);
    }
}

#[tokio::test]
async fn a_claim_that_resolves_to_no_address_is_followed_up_in_the_employers_grid() {
    for world in worlds().await {
        let csv = format!("姓名,证件号码,居住地址\n王未登,{},外省某市某路9号\n", number(500));
        let id = world.compared(Kind::Full, &csv).await;
        confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
        let sql = "SELECT COUNT(*) FROM task WHERE division_code = $1 AND subject_kind = 'employer' AND grid_id = $2";
        let reads = world.store().reads();
        assert_eq!(reads.number(sql, vals![reads.division(), world.grids[0]]).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn confirming_twice_does_nothing_twice() {
    for world in worlds().await {
        let id = five(&world).await;
        let version = world.version(id).await;
        let first = confirm::confirm(&world.app, &world.officer(0), id, version).await.unwrap();
        let second = confirm::confirm(&world.app, &world.officer(0), id, version).await.unwrap();
        assert!(second.again && second.tasks == first.tasks);
        assert_eq!(world.number_of("SELECT COUNT(*) FROM task WHERE division_code = $1").await, first.tasks);
        let events = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'roster.confirmed'";
        assert_eq!(world.number_of(events).await, 1);
        let open = "SELECT COUNT(*) FROM basis b JOIN roster r ON r.division_code = b.division_code
                    AND r.roster_id = b.task_id WHERE b.division_code = $1 AND b.closed_at IS NULL";
        assert_eq!(world.number_of(open).await, 0, "what the review entitled to ends with it");
    }
}

#[tokio::test]
async fn what_the_officer_decides_about_an_uncertain_row_shapes_the_work() {
    for (decided, kind, opened) in [
        (Decided::Same, "", 3),
        (Decided::Other, "roster-unregistered", 4),
        (Decided::Ask, "roster-address-differs", 4),
    ] {
        for world in worlds().await {
            let id = five(&world).await;
            let tx = world.store().begin(&world.officer(0)).await.unwrap();
            results::decide(&tx, id, 5, decided).await.unwrap();
            let refused = results::decide(&tx, id, 2, decided).await.unwrap_err();
            assert_eq!(refused.code, "roster-not-uncertain");
            tx.commit().await.unwrap();
            let done = confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
            assert_eq!(done.tasks, opened, "{decided}");
            let row = results::find(&world.store().reads(), &world.steward(), id, 5).await.unwrap();
            assert_eq!(row.task_id.is_some(), decided != Decided::Same);
            if let Some(task) = row.task_id {
                let task = tasks::find(&world.store().reads(), &world.officer(0), task).await.unwrap();
                assert_eq!(task.kind, kind);
            }
        }
    }
}

#[tokio::test]
async fn a_roster_that_lists_somebody_twice_can_be_confirmed() {
    for world in worlds().await {
        let known = world.register(&[("张小满", 1, 0, false)]).await[0];
        let line = format!("张小满,{},{},{}\n", number(1), mobile(1), ADDRESSES[0]);
        let csv = format!("姓名,证件号码,手机号,居住地址\n{line}{line}{line}");
        let id = world.compared(Kind::Full, &csv).await;
        let same = Class::SameAddress.code();
        assert_eq!(
            classes(&world, &world.steward(), id).await,
            [(2, same), (3, same), (4, same)],
            "{}",
            world.engine()
        );
        let done = confirm::confirm(&world.app, &world.officer(0), id, world.version(id).await).await.unwrap();
        assert_eq!((done.tasks, done.facts), (0, 1), "the employer is noted once");
        let changes = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'resident.changed'";
        assert_eq!(world.number_of(changes).await, 1);
        let record = residents::find(&world.store().reads(), &Reader::system(), known).await.unwrap();
        assert_eq!(record.employer_id, Some(world.employer));
    }
}

/// A decision that is not committed yet holds a confirmation back; it then counts, whole.
#[tokio::test]
async fn a_decision_comes_before_or_after_a_confirmation_and_never_between() {
    for world in worlds().await {
        let id = five(&world).await;
        let (app, officer, version) = (world.app.clone(), world.officer(0), world.version(id).await);
        let tx = world.store().begin(&officer).await.unwrap();
        results::decide(&tx, id, 5, Decided::Other).await.unwrap();
        let confirming = tokio::spawn({
            let officer = officer.clone();
            async move { confirm::confirm(&app, &officer, id, version).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert!(!confirming.is_finished(), "{}: the confirmation waits for the decision", world.engine());
        tx.commit().await.unwrap();
        assert_eq!(confirming.await.unwrap().unwrap().tasks, 4);
        let row = results::find(&world.store().reads(), &world.steward(), id, 5).await.unwrap();
        let task = tasks::find(&world.store().reads(), &officer, row.task_id.unwrap()).await.unwrap();
        assert_eq!(task.kind, "roster-unregistered", "what was decided is what is carried out");

        let tx = world.store().begin(&officer).await.unwrap();
        let late = results::decide(&tx, id, 5, Decided::Same).await.unwrap_err();
        assert_eq!(late.code, "stale-version", "{}", world.engine());
    }
}

#[tokio::test]
async fn a_days_changes_tell_who_left_and_miss_nobody() {
    for world in worlds().await {
        world.register(&[("钱离开", 4, 2, true), ("孙还在", 5, 0, true)]).await;
        let csv = format!("姓名,证件号码,居住地址,变动\n钱离开,{},,离职\n", number(4));
        let id = world.compared(Kind::Daily, &csv).await;
        let found = classes(&world, &world.steward(), id).await;
        assert_eq!(found, [(2, Class::GoneFromRoster.code())], "{}", world.engine());
    }
}

#[tokio::test]
async fn both_sides_of_an_uncertain_row_open_on_record_while_it_is_in_review_and_no_longer() {
    for world in worlds().await {
        let id = five(&world).await;
        let officer = world.officer(0);
        let reads = world.store().reads();
        let roster = linli_rosters::find(&reads, &officer, id).await.unwrap();
        let row = results::find(&reads, &officer, id, 5).await.unwrap();
        let tx = world.store().begin(&officer).await.unwrap();
        let open = results::open(&tx, &roster, &row).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((open.name(), open.address()), ("赵不同", ADDRESSES[0]));
        assert_eq!(open.registered.unwrap().name.text(), "徐怡一");
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND purpose = 'roster-review'";
        assert_eq!(world.number_of(readings).await, 2);
        confirm::confirm(&world.app, &officer, id, world.version(id).await).await.unwrap();
        let tx = world.store().begin(&officer).await.unwrap();
        assert_eq!(results::open(&tx, &roster, &row).await.err().unwrap().code, "basis-missing");
    }
}
