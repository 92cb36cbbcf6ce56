//! An order's way down the four levels and back, and what climbs.

use linli_orders::{
    Decision, Feedback, Level, OrderId, OrderKind, OrderState, PartState, Raise, climb,
    orders::{self, NewOrder},
    parts::{self, Part},
    steps,
};
use linli_platform::{access::Role, reader::Reader, testing};
use linli_work::{
    notices,
    tasks::{self, Filter},
};

use super::world::{TEAMS, World, committee, worlds};

fn new(text: &str) -> NewOrder {
    NewOrder { kind: OrderKind::Verification, text: text.into() }
}

/// An order issued to the first police team.
async fn issued(world: &World) -> OrderId {
    let office = world.office();
    let id = world.with(&office, async |tx| orders::draft(tx, &new("本周内复核出租房。")).await).await.unwrap();
    let to = [TEAMS[0].to_owned()];
    world.with(&office, async |tx| orders::issue(&world.app, tx, id, 1, &to).await).await.unwrap();
    id
}

async fn one(world: &World, id: OrderId, level: Level) -> Part {
    world.parts_at(id, level).await.remove(0)
}

async fn receive(world: &World, reader: &Reader, part: &Part) {
    world.with(reader, async |tx| steps::receive(tx, part.part_id, part.version).await).await.unwrap();
}

async fn distribute(world: &World, reader: &Reader, part: &Part, to: &[String]) {
    let version = world.part(part.part_id).await.version;
    world.with(reader, async |tx| steps::distribute(&world.app, tx, part.part_id, version, to).await).await.unwrap();
}

/// The order stands in the grids 0 and 1, each with its task.
async fn down(world: &World) -> OrderId {
    let id = issued(world).await;
    let part = one(world, id, Level::PoliceTeam).await;
    receive(world, &world.leader(0), &part).await;
    distribute(world, &world.leader(0), &part, &[committee(0)]).await;
    let part = one(world, id, Level::Team).await;
    receive(world, &world.officer(0), &part).await;
    let grids = [world.grids[0].to_string(), world.grids[1].to_string()];
    distribute(world, &world.officer(0), &part, &grids).await;
    id
}

async fn answer(world: &World, reader: &Reader, part: &Part) -> linli_platform::Result<()> {
    let now = world.part(part.part_id).await;
    world
        .with(reader, async |tx| steps::answer(tx, part.part_id, now.version, Feedback::Done, "已走访完毕。").await)
        .await
}

async fn close(world: &World, reader: &Reader, part: &Part) -> linli_platform::Result<()> {
    let now = world.part(part.part_id).await;
    world.with(reader, async |tx| steps::close(tx, part.part_id, now.version).await).await
}

#[tokio::test]
async fn an_order_goes_down_four_levels_and_comes_back_closed_level_by_level() {
    for world in worlds().await {
        let id = down(&world).await;
        let grids = world.parts_at(id, Level::Grid).await;
        assert_eq!(grids.len(), 2);
        let (team, police) = (one(&world, id, Level::Team).await, one(&world, id, Level::PoliceTeam).await);
        assert!(answer(&world, &world.officer(0), &team).await.unwrap_err().is("order-open-parts"));
        assert!(answer(&world, &world.leader(0), &police).await.unwrap_err().is("order-open-parts"));
        for (n, part) in grids.iter().enumerate() {
            let coordinator = world.coordinator(n);
            let open = Filter { state: Some("open"), ..Filter::default() };
            let paging = linli_platform::web::Paging::default();
            let reads = world.store().reads();
            let (list, _) = tasks::list(&reads, &coordinator, &open, &paging).await.unwrap();
            assert_eq!(list.len(), 1, "a grid has its task");
            assert_eq!(list[0].case_page().unwrap(), part.href());
            receive(&world, &coordinator, part).await;
            answer(&world, &coordinator, part).await.unwrap();
            let (left, _) = tasks::list(&reads, &coordinator, &open, &paging).await.unwrap();
            assert!(left.is_empty(), "the feedback ends the task");
        }
        assert!(answer(&world, &world.officer(0), &team).await.unwrap_err().is("order-open-parts"), "answered is open");
        for (part, code) in grids.iter().zip(["forbidden", "not-found"]) {
            let refused = close(&world, &world.coordinator(0), part).await;
            assert!(refused.unwrap_err().is(code), "nobody closes the own work, or sees another grid's");
        }
        for part in world.parts_at(id, Level::Grid).await.iter() {
            close(&world, &world.officer(0), part).await.unwrap();
        }
        answer(&world, &world.officer(0), &team).await.unwrap();
        let too_early = world.with(&world.office(), async |tx| orders::close(tx, id, 2).await).await;
        assert!(too_early.unwrap_err().is("order-open-parts"));
        close(&world, &world.leader(0), &team).await.unwrap();
        answer(&world, &world.leader(0), &police).await.unwrap();
        close(&world, &world.office(), &police).await.unwrap();
        world.with(&world.office(), async |tx| orders::close(tx, id, 2).await).await.unwrap();
        let order = world.order(id).await;
        assert_eq!(order.state(), Some(OrderState::Closed), "{}", world.engine());
        assert!(parts::find(&world.store().reads(), &world.leader(1), police.part_id).await.is_err(), "not theirs");
    }
}

#[tokio::test]
async fn a_level_acts_on_its_own_parts_and_on_nobody_elses() {
    for world in worlds().await {
        let id = issued(&world).await;
        let part = one(&world, id, Level::PoliceTeam).await;
        for (reader, code) in [
            (world.officer(0), "not-found"),
            (world.leader(1), "not-found"),
            (world.coordinator(0), "not-found"),
            (world.office(), "forbidden"),
        ] {
            let refused = world.with(&reader, async |tx| steps::receive(tx, part.part_id, 1).await).await;
            assert!(refused.unwrap_err().is(code), "{:?} is told {code}", reader.roles);
        }
        receive(&world, &world.leader(0), &part).await;
        let twice = world.with(&world.leader(0), async |tx| steps::receive(tx, part.part_id, 1).await).await;
        assert!(twice.unwrap_err().is("stale-version"), "a form sent twice has no second effect");
        let wrong = [committee(4)];
        let refused = world
            .with(&world.leader(0), async |tx| steps::distribute(&world.app, tx, part.part_id, 2, &wrong).await)
            .await;
        assert!(refused.unwrap_err().is("order-target"), "a committee of another police team");
    }
}

#[tokio::test]
async fn what_is_overdue_climbs_one_level_with_a_notice_and_only_once() {
    for world in worlds().await {
        let leader = testing::account(world.store(), "leader", &[(Role::TeamLeader, &committee(0))]).await;
        let id = down(&world).await;
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0, "nothing is overdue yet");
        world.later_hours(25);
        assert_eq!(climb::climb(&world.app).await.unwrap(), 2, "two grids have not receipted within a day");
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0, "once");
        let grid = one(&world, id, Level::Grid).await;
        assert_eq!(grid.held(), Level::Team);
        world.later_hours(24 * 10);
        climb::climb(&world.app).await.unwrap();
        let grid = one(&world, id, Level::Grid).await;
        assert_eq!(grid.held(), Level::PoliceTeam, "the feedback is late too");
        assert_eq!(one(&world, id, Level::PoliceTeam).await.held(), Level::SubDistrict);
        assert_eq!(climb::climb(&world.app).await.unwrap(), 0);
        let told = Reader { account: leader, ..world.leader(0) };
        let notices = notices::list(&world.store().reads(), &told, 50).await.unwrap();
        let climbed = notices.iter().filter(|n| n.text_key == "notice-order-climbed").count();
        assert_eq!(climbed, 3, "two grids' parts and the committee's reached the police team: {notices:?}");
        receive(&world, &world.leader(0), &grid).await;
        assert_eq!(world.part(grid.part_id).await.held(), Level::Grid, "somebody cares for it again");
    }
}

#[tokio::test]
async fn what_a_team_cannot_settle_goes_to_the_task_force_which_settles_it_or_has_it_go_on() {
    for world in worlds().await {
        let id = issued(&world).await;
        let part = one(&world, id, Level::PoliceTeam).await;
        receive(&world, &world.leader(0), &part).await;
        let raise = async |version| {
            world
                .with(&world.leader(0), async |tx| steps::raise(tx, part.part_id, version, Raise::SeveralUnits).await)
                .await
        };
        let decide = async |version, decision| {
            world
                .with(&world.task_force(), async |tx| {
                    steps::decide(&world.app, tx, part.part_id, version, decision).await
                })
                .await
        };
        assert!(decide(2, Decision::Settled).await.unwrap_err().is("order-step"), "nobody asked it");
        raise(2).await.unwrap();
        assert!(raise(3).await.unwrap_err().is("order-step"), "it waits for the task force already");
        assert_eq!(world.part(part.part_id).await.held(), Level::TaskForce);
        decide(3, Decision::GoOn).await.unwrap();
        let now = world.part(part.part_id).await;
        assert_eq!((now.held(), now.raised.as_deref()), (Level::PoliceTeam, None));
        raise(4).await.unwrap();
        decide(5, Decision::Settled).await.unwrap();
        let now = world.part(part.part_id).await;
        assert_eq!((now.state(), now.feedback.as_deref()), (PartState::Answered, Some("settled")));
    }
}

#[tokio::test]
async fn a_part_that_belongs_elsewhere_goes_to_another_place_of_its_level_and_nothing_is_lost() {
    for world in worlds().await {
        let id = down(&world).await;
        let part = one(&world, id, Level::Grid).await;
        let to = world.grids[2].to_string();
        let new = world
            .with(&world.coordinator(0), async |tx| {
                steps::transfer(&world.app, tx, part.part_id, part.version, Some(&to)).await
            })
            .await
            .unwrap()
            .unwrap();
        let (old, new) = (world.part(part.part_id).await, world.part(new).await);
        assert_eq!((old.state(), new.state()), (PartState::Elsewhere, PartState::Waiting));
        assert_eq!((new.grid_id, new.parent_id), (Some(world.grids[2]), old.parent_id));
        let team = one(&world, id, Level::Team).await;
        assert!(answer(&world, &world.officer(0), &team).await.unwrap_err().is("order-open-parts"));
    }
}

#[tokio::test]
async fn an_order_or_a_note_that_carries_personal_data_is_stopped() {
    for world in worlds().await {
        let office = world.office();
        for (text, code) in [
            ("请联系 13900001111", "free-text-number"),
            ("核实99010119900307002X", "free-text-number"),
            ("请报送租客身份证号码", "order-text-asks"),
            ("到新府中路501弄1号101室查看", "order-text-door"),
            ("走访张小满女士", "order-text-named"),
            ("重点人员排查", "free-text-word"),
            (" ", "order-text-empty"),
        ] {
            let refused = world.with(&office, async |tx| orders::draft(tx, &new(text)).await).await;
            assert_eq!(refused.unwrap_err().code, code, "{text}");
        }
        assert_eq!(world.number_of("SELECT COUNT(*) FROM work_order WHERE division_code = $1").await, 0);
        let id = down(&world).await;
        let part = one(&world, id, Level::Grid).await;
        receive(&world, &world.coordinator(0), &part).await;
        let note = "机主 13900001111 已联系";
        let refused = world
            .with(&world.coordinator(0), async |tx| steps::answer(tx, part.part_id, 2, Feedback::Done, note).await)
            .await;
        assert_eq!(refused.unwrap_err().code, "free-text-number");
    }
}
