//! The month's plan: made, changed, spread anew, followed.

use std::collections::HashSet;

use linli_fieldwork::{
    PlanId, StopId,
    plan::{
        absence, change, make, mine,
        off_duty::{self, OffDuty, Reached},
        store::{self, PlanRow, StopRow},
    },
    today,
    visit::{Choice, VisitOutcome},
};
use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    clock::{At, Day},
    ids::AccountId,
    reader::{Reader, Scope},
    store::Query as _,
    testing, vals,
};
use linli_register::HomeId;
use linli_team::{AppointmentId, NewStaff, Post, StaffId};

use super::world::{World, worlds};

/// The first of a month, a Tuesday, eight in the morning.
fn first() -> At {
    "2026-12-01".parse::<Day>().unwrap().start().plus_hours(8)
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A colleague of the first grid, with an account and an agreement.
struct Colleague {
    staff: StaffId,
    account: AccountId,
    appointment: AppointmentId,
}

struct Team {
    world: World,
    leader: Reader,
    xie: Colleague,
    wang: Colleague,
}

async fn hire(world: &World, n: usize, post: Post) -> Colleague {
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    let account = NewAccount {
        sign_in_name: format!("plan{n}"),
        display_name: format!("组员{n}"),
        password_hash: "-".into(),
        roles: Vec::new(),
        must_change: false,
    };
    let account = accounts::create(&tx, account).await.unwrap();
    let today = world.store().now().day();
    let new = NewStaff {
        name: format!("组员{n}"),
        mobile: None,
        post,
        areas: vec![world.grids[0].to_string()],
        grid: None,
        account: Some(account),
        from_day: today,
        until_day: None,
        agreement_day: Some(today),
        trained_day: None,
    };
    let staff = linli_team::bulk(&tx, vec![new]).await.unwrap()[0];
    let held = linli_team::store::appointments::of_staff(&tx, staff).await.unwrap();
    tx.commit().await.unwrap();
    Colleague { staff, account, appointment: held[0].appointment_id }
}

/// Two coordinators and twenty more homes in the first grid, on the first of a month.
async fn teams() -> Vec<Team> {
    let mut all = Vec::new();
    for world in worlds().await {
        world.test.clock.set(first());
        world.territory().await;
        world.more_homes(20).await;
        let (xie, wang) = (hire(&world, 1, Post::Coordinator).await, hire(&world, 2, Post::Coordinator).await);
        let leader = testing::in_grids(world.store(), Role::GridLeader, &[world.grids[0]]);
        all.push(Team { world, leader, xie, wang });
    }
    all
}

impl Team {
    fn reader(&self, who: &Colleague) -> Reader {
        let reader = testing::in_grids(self.world.store(), Role::Coordinator, &[self.world.grids[0]]);
        Reader { account: who.account, ..reader }
    }
    async fn make(&self) -> PlanId {
        let tx = self.world.store().begin(&self.leader).await.unwrap();
        let month = first().day().month();
        let (id, _) = make::make(&self.world.app, &tx, self.world.grids[0], month).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
    async fn plan(&self, id: PlanId) -> PlanRow {
        store::find(&self.world.store().reads(), &self.leader, id).await.unwrap()
    }
    async fn stops(&self, id: PlanId) -> Vec<StopRow> {
        store::stops(&self.world.store().reads(), id).await.unwrap()
    }
    async fn told(&self, key: &str) -> i64 {
        let reads = self.world.store().reads();
        let sql = "SELECT COUNT(*) FROM notice WHERE division_code = $1 AND text_key = $2";
        reads.number(sql, vals![reads.division(), key]).await.unwrap()
    }
    async fn homes_of(&self, who: &Colleague) -> Vec<HomeId> {
        let day = today(&self.world.app, &self.reader(who)).await.unwrap();
        day.stops.iter().map(|s| s.home.home_id).collect()
    }
}

fn of(stops: &[StopRow], who: &Colleague) -> usize {
    stops.iter().filter(|s| s.account_id == who.account).count()
}

#[tokio::test]
async fn a_plan_gives_every_home_a_working_day_and_each_colleague_the_same() {
    for team in teams().await {
        let id = team.make().await;
        let stops = team.stops(id).await;
        let month: Vec<_> = stops.iter().filter(|s| s.why == "month").map(|s| s.home_id).collect();
        let mut once = month.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((month.len(), once.len()), (21, 21), "{}", team.world.test.engine);
        // The crowded home comes up at least each ten days.
        let rounds: Vec<Day> = stops.iter().filter(|s| s.home_id == team.world.homes[1]).map(|s| s.day).collect();
        assert!(rounds.len() >= 3 && rounds.windows(2).all(|d| d[1].days_since(d[0]) <= 10), "{rounds:?}");
        assert!(stops.iter().all(|s| s.day.0.weekday().to_monday_zero_offset() < 5 && s.day >= day("2026-12-01")));
        assert!(of(&stops, &team.xie).abs_diff(of(&stops, &team.wang)) <= 2);
        assert!(stops.iter().all(|s| s.grid_id == team.world.grids[0]), "the other grid has its own plan");
    }
}

#[tokio::test]
async fn only_one_plan_is_made_for_a_month_and_none_for_other_grids_or_far_months() {
    for team in teams().await {
        team.make().await;
        let tx = team.world.store().begin(&team.leader).await.unwrap();
        let month = first().day().month();
        for (grid, month, code) in [
            (team.world.grids[0], month, "plan-exists"),
            (team.world.grids[0], month.next().next(), "plan-month"),
            (team.world.grids[0], month.previous(), "plan-month"),
            (team.world.grids[1], month, "not-found"),
        ] {
            let refused = make::make(&team.world.app, &tx, grid, month).await.unwrap_err();
            assert!(refused.is(code), "{refused:?} for {month}");
        }
    }
}

#[tokio::test]
async fn a_grid_without_anybody_has_no_plan_until_somebody_is_appointed() {
    for world in worlds().await {
        world.test.clock.set(first());
        world.territory().await;
        let leader = testing::in_grids(world.store(), Role::GridLeader, &[world.grids[1]]);
        let tx = world.store().begin(&leader).await.unwrap();
        let refused = make::make(&world.app, &tx, world.grids[1], first().day().month()).await.unwrap_err();
        assert!(refused.is("plan-nobody"), "{refused:?}");
    }
}

#[tokio::test]
async fn todays_list_follows_the_plan_in_its_order_and_shows_nobody_elses_homes() {
    for team in teams().await {
        let id = team.make().await;
        let stops = team.stops(id).await;
        let planned: Vec<_> = stops
            .iter()
            .filter(|s| s.day == first().day() && s.account_id == team.xie.account)
            .map(|s| s.home_id)
            .collect();
        assert!(!planned.is_empty());
        assert_eq!(team.homes_of(&team.xie).await, planned, "{}", team.world.test.engine);
        let theirs = team.homes_of(&team.wang).await;
        assert!(theirs.iter().all(|h| !planned.contains(h)));
    }
}

#[tokio::test]
async fn a_visit_settles_what_was_planned_and_an_agreed_day_moves_it() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        let reader = team.reader(&team.xie);
        world.record(&reader, world.visit(0, Choice::StillHere).await).await.unwrap();
        let done = team.stops(id).await.into_iter().find(|s| s.home_id == world.homes[0]).unwrap();
        assert_eq!(done.done_day, Some(first().day()), "{}", world.test.engine);
        let mut shut = world.visit(1, Choice::StillHere).await;
        (shut.outcome, shut.next_day) = (VisitOutcome::NobodyHome, Some(day("2026-12-04")));
        world.record(&reader, shut).await.unwrap();
        let moved = team.stops(id).await;
        let first = moved.iter().find(|s| s.home_id == world.homes[1]).unwrap();
        assert_eq!((first.day, first.done_day, first.by_hand), (day("2026-12-04"), None, true));
    }
}

#[tokio::test]
async fn what_is_left_of_somebody_who_falls_ill_is_spread_and_what_was_done_stays() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        world.record(&team.reader(&team.wang), world.visit(0, Choice::StillHere).await).await.unwrap();
        let done: Vec<StopRow> = team.stops(id).await.into_iter().filter(|s| !s.is_open()).collect();
        // The next morning: one is away until the end of the next week.
        world.test.clock.set(first().plus_hours(24));
        let tx = world.store().begin(&team.leader).await.unwrap();
        let version = team.plan(id).await.version;
        let (from, until) = (day("2026-12-02"), day("2026-12-11"));
        absence::note(&world.app, &tx, id, version, team.wang.account, from, until).await.unwrap();
        tx.commit().await.unwrap();
        let stops = team.stops(id).await;
        let away = |s: &&StopRow| s.account_id == team.wang.account && s.is_open() && s.day <= until;
        assert_eq!(stops.iter().filter(away).count(), 0, "{}", world.test.engine);
        assert!(stops.iter().any(|s| s.account_id == team.wang.account && s.day > until), "back afterwards");
        let still: Vec<_> = stops.iter().filter(|s| !s.is_open()).map(|s| (s.stop_id, s.day)).collect();
        assert_eq!(still, done.iter().map(|s| (s.stop_id, s.day)).collect::<Vec<_>>());
        let homes: HashSet<_> = stops.iter().map(|s| s.home_id).collect();
        assert_eq!(homes.len(), 22, "no home is lost");
    }
}

#[tokio::test]
async fn days_without_work_by_the_shift_plan_have_no_visits_and_the_leader_is_told() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        let before = team.stops(id).await;
        let (monday, free) = (day("2026-12-07"), [day("2026-12-09"), day("2026-12-10")]);
        let here = before.iter().filter(|s| s.account_id == team.wang.account && free.contains(&s.day)).count();
        assert!(here > 0, "{}: something was planned", world.test.engine);
        let off = |days: &[Day]| OffDuty { account: team.wang.account, days: days.iter().copied().collect() };
        let take_over = async |all: &[OffDuty], monday: Day| {
            let tx = world.store().begin(&team.leader).await.unwrap();
            let reached = off_duty::take_over(&world.app, &tx, monday, all).await.unwrap();
            tx.housekeeping("nothing may have changed");
            tx.commit().await.unwrap();
            reached
        };
        assert_eq!(take_over(&[off(&free)], monday).await, Reached { spread: 1, nobody: 0 });
        let stops = team.stops(id).await;
        assert!(!stops.iter().any(|s| s.account_id == team.wang.account && free.contains(&s.day)));
        assert_eq!(stops.iter().map(|s| s.home_id).collect::<HashSet<_>>().len(), 22, "no home is lost");
        assert_eq!(take_over(&[off(&free)], monday).await, Reached::default(), "said again, it changes nothing");
        assert_eq!(take_over(&[off(&[])], monday).await, Reached::default(), "free no more, nothing is moved");
        assert_eq!(team.told("notice-visits-spread").await, 1);

        // The month's last days: nobody is there any more, so everything stays where it is and the leader is told.
        world.test.clock.set(day("2026-12-27").start().plus_hours(8));
        let tx = world.store().begin(&team.leader).await.unwrap();
        make::replan(&world.app, &tx, id, team.plan(id).await.version).await.unwrap();
        tx.commit().await.unwrap();
        let week: Vec<Day> = (28..=31).map(|n| day(&format!("2026-12-{n}"))).collect();
        let both = [off(&week), OffDuty { account: team.xie.account, ..off(&week) }];
        let there = team.stops(id).await;
        assert!(there.iter().any(|s| s.is_open() && week.contains(&s.day)), "something is planned for them");
        assert_eq!(take_over(&both, day("2026-12-28")).await, Reached { spread: 0, nobody: 1 });
        assert_eq!(team.stops(id).await.len(), there.len());
        assert_eq!(team.told("notice-visits-nobody").await, 1);
    }
}

#[tokio::test]
async fn whoever_stands_in_has_the_homes_of_the_colleague_for_that_time() {
    for team in teams().await {
        team.make().await;
        let world = &team.world;
        let planned = team.homes_of(&team.xie).await;
        let third = hire(world, 3, Post::GridWorker).await;
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let (from, until) = (first().day(), day("2026-12-05"));
        linli_team::stand_in(&tx, team.xie.appointment, third.staff, from, until).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(team.homes_of(&third).await, planned, "{}", world.test.engine);
        assert!(team.homes_of(&team.xie).await.is_empty());
        assert!(team.homes_of(&team.wang).await.iter().all(|h| !planned.contains(h)));
    }
}

#[tokio::test]
async fn homes_are_moved_by_hand_and_a_new_spreading_leaves_them_there() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        let stops = team.stops(id).await;
        let chosen: Vec<StopId> =
            stops.iter().filter(|s| s.account_id == team.xie.account && s.why == "month").map(|s| s.stop_id).collect();
        let to = day("2026-12-18");
        let tx = world.store().begin(&team.leader).await.unwrap();
        let version = team.plan(id).await.version;
        let moved = change::move_to(&tx, id, version, &chosen[..3], to, team.wang.account).await.unwrap();
        assert_eq!(moved, 3);
        assert!(change::move_to(&tx, id, version, &chosen[..1], to, team.wang.account).await.is_err(), "stale");
        let spread = make::replan(&world.app, &tx, id, version + 1).await.unwrap();
        assert!(spread.kept >= 3);
        tx.commit().await.unwrap();
        let stops = team.stops(id).await;
        let there = stops.iter().filter(|s| s.day == to && s.account_id == team.wang.account && s.by_hand);
        let seqs: Vec<i64> = there.map(|s| s.seq).collect();
        assert_eq!(seqs.len(), 3, "{}", world.test.engine);
        let month: Vec<_> = stops.iter().filter(|s| s.why == "month").map(|s| s.home_id).collect();
        let once: HashSet<_> = month.iter().collect();
        assert_eq!(month.len(), once.len(), "a home that was moved is not planned twice");
    }
}

#[tokio::test]
async fn a_move_to_a_day_that_is_over_or_to_somebody_who_is_not_there_is_refused() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        let stops = team.stops(id).await;
        let one = [stops[0].stop_id];
        let tx = world.store().begin(&team.leader).await.unwrap();
        let stranger: AccountId = world.store().new_id();
        for (chosen, to, who, code) in [
            (&one[..], "2026-11-30", team.xie.account, "plan-day"),
            (&one[..], "2027-01-04", team.xie.account, "plan-day"),
            (&one[..], "2026-12-09", stranger, "plan-not-there"),
            (&[][..], "2026-12-09", team.xie.account, "plan-nothing-chosen"),
        ] {
            let refused = change::move_to(&tx, id, 1, chosen, day(to), who).await.unwrap_err();
            assert!(refused.is(code), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn a_plan_outside_the_scope_does_not_exist() {
    for team in teams().await {
        let id = team.make().await;
        let world = &team.world;
        let other = testing::in_grids(world.store(), Role::GridLeader, &[world.grids[1]]);
        let q = world.store().reads();
        assert!(store::find(&q, &other, id).await.unwrap_err().is("not-found"), "{}", world.test.engine);
        assert!(store::of_month(&q, &other, first().day().month()).await.unwrap().is_empty());
        let progress = store::progress(&q, &other, first().day().month(), first().day()).await.unwrap();
        assert!(progress.is_empty());
        assert_eq!(mine::of(&q, &other, first().day()).await.unwrap(), mine::Mine::default());
        let tx = world.store().begin(&other).await.unwrap();
        assert!(make::replan(&world.app, &tx, id, 1).await.unwrap_err().is("not-found"));
        let whole = testing::reader(world.store(), &[Role::GridLeader], Scope::Division);
        assert!(store::find(&q, &whole, id).await.is_ok());
    }
}

#[tokio::test]
async fn plans_go_with_the_visits_of_their_month() {
    for team in teams().await {
        team.make().await;
        let world = &team.world;
        world.test.clock.set(first().plus_hours(24 * 365 * 5));
        linli_fieldwork::expire::expire(&world.app).await.unwrap();
        assert_eq!((world.count("month_plan").await, world.count("month_stop").await), (0, 0), "{}", world.test.engine);
    }
}
