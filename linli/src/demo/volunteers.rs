//! Volunteers of the shown grid with what they told, a stipend in each state, the month's instruction, an announcement,
//! scenes and campaigns.

use linli_platform::{
    access::{Action, Role},
    reader::{Reader, Scope},
};
use linli_scenes::{
    codes::{Means, SceneResult},
    publicity::{self, Held, NewCampaign},
    scenes::{self, NewScene},
};
use linli_volunteers::{
    StipendId, VolunteerNoticeId,
    codes::{Hazard, NoticeKind, NoticeResult, SeenWhen, Topic},
    guidance, ledger,
    notices::{self, NewNotice},
    places::{self, Place},
    stipends,
};
use linli_work::{
    announcements::{self, Meeting, NewAnnouncement},
    outward::guard::Guard,
};

use super::{
    accounts::{Workers, shown_grid},
    build::World,
    orders::reader,
};
use crate::failure::Outcome;

/// Somebody of the shown grid, as they act there.
fn here(world: &World, workers: &Workers, role: Role, action: Action) -> Reader {
    let grid = world.grids[shown_grid(world) as usize];
    let scope = if role == Role::PopulationOffice { Scope::Division } else { Scope::Grids(vec![grid]) };
    Reader { scope, ..reader(world, workers, role) }.doing(action)
}

/// Writes it all.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    if let Some(place) = place(world, workers).await? {
        let confirmed = told(world, workers, &place).await?;
        paid(world, workers, &confirmed).await?;
    }
    instruct(world, workers).await?;
    announce(world, workers).await?;
    scenes(world, workers).await?;
    campaigns(world, workers).await
}

/// The volunteer looks after the doors of one lane or village of the shown grid.
async fn place(world: &World, workers: &Workers) -> Outcome<Option<Place>> {
    let shown = shown_grid(world);
    let doors = world.town.addresses().iter().filter(|a| a.grid == shown).map(|a| &*a.text);
    let mut prefixes: Vec<String> =
        doors.filter_map(|text| Some(text[..text.find('号')? + '号'.len_utf8()].into())).collect();
    prefixes.sort();
    prefixes.dedup();
    let lead = here(world, workers, Role::Coordinator, Action::VolunteerLead);
    let volunteer = here(world, workers, Role::Volunteer, Action::VolunteerReport);
    let tx = world.store().begin(&lead).await?;
    let mut given = 0;
    for prefix in &prefixes {
        // Doors of employers alone have no homes, and a small grid may have no volunteer.
        match places::assign(&tx, volunteer.account, world.grids[shown as usize], prefix).await {
            Ok(_) => given += 1,
            Err(e) if e.status == http::StatusCode::UNPROCESSABLE_ENTITY => {}
            Err(e) => return Err(e.into()),
        }
        if given == 3 {
            break;
        }
    }
    tx.commit().await?;
    Ok(places::own(&world.store().reads(), &volunteer).await?.into_iter().max_by_key(|p| p.homes))
}

/// Four are confirmed, one was known, two wait.
async fn told(world: &World, workers: &Workers, place: &Place) -> Outcome<Vec<VolunteerNoticeId>> {
    let volunteer = here(world, workers, Role::Volunteer, Action::VolunteerReport);
    let homes = places::homes(&world.store().reads(), place).await?;
    let home = |n: usize| homes.get(n % homes.len().max(1)).map(|h| h.home_id);
    let kinds = [
        (NoticeKind::MovedIn, home(0), None, Some(NoticeResult::Registered)),
        (NoticeKind::MovedOut, home(0), None, Some(NoticeResult::Cancelled)),
        (NoticeKind::Hazard, None, Some(Hazard::Charging), Some(NoticeResult::Removed)),
        (NoticeKind::WantsHelp, home(0), None, Some(NoticeResult::Helped)),
        (NoticeKind::MovedIn, home(1), None, Some(NoticeResult::Known)),
        (NoticeKind::Hazard, None, Some(Hazard::FireExit), None),
        (NoticeKind::MovedIn, home(2), None, None),
    ];
    let (mut confirmed, checker) = (Vec::new(), here(world, workers, Role::Coordinator, Action::FieldWork));
    for (kind, home, hazard, result) in kinds {
        let id = world.store().new_id();
        let new = NewNotice { id, kind, place: place.place_id, home, hazard, seen: SeenWhen::Today };
        let tx = world.store().begin(&volunteer).await?;
        notices::report(&world.app, &tx, &new).await?;
        tx.commit().await?;
        let Some(result) = result else { continue };
        let tx = world.store().begin(&checker).await?;
        notices::check(&tx, id, 1, result).await?;
        tx.commit().await?;
        confirmed.extend(result.confirms().then_some(id));
    }
    Ok(confirmed)
}

/// The first is paid, the second waits to be paid, the third for the office, the fourth for the grid.
async fn paid(world: &World, workers: &Workers, confirmed: &[VolunteerNoticeId]) -> Outcome {
    let office = here(world, workers, Role::PopulationOffice, Action::StipendPay);
    let tx = world.store().begin(&office).await?;
    ledger::allot(&tx, 2_000).await?;
    tx.commit().await?;
    let applicant = here(world, workers, Role::Coordinator, Action::VolunteerLead);
    let leader = here(world, workers, Role::GridLeader, Action::StipendApprove);
    for (n, notice) in confirmed.iter().enumerate() {
        let tx = world.store().begin(&applicant).await?;
        let id: StipendId = stipends::apply(&world.app, &tx, *notice, 30).await?;
        tx.commit().await?;
        if n < 3 {
            let tx = world.store().begin(&leader).await?;
            stipends::approve(&world.app, &tx, id, 1).await?;
            tx.commit().await?;
        }
        if n < 2 {
            let tx = world.store().begin(&office).await?;
            stipends::approve(&world.app, &tx, id, 2).await?;
            if n < 1 {
                stipends::pay(&tx, id, 3).await?;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Half of the shown grid's N members were instructed this month.
async fn instruct(world: &World, workers: &Workers) -> Outcome {
    let officer = here(world, workers, Role::Officer, Action::GuidanceGive);
    let (grid, today) = (world.grids[shown_grid(world) as usize], world.store().now().day());
    let tx = world.store().begin(&officer).await?;
    let members = guidance::month(&tx, &world.app, &officer, today.month()).await?;
    let members: Vec<_> = members.into_iter().find(|g| g.grid == grid).map(|g| g.members).unwrap_or_default();
    let half: Vec<_> = members.iter().take(members.len().div_ceil(2)).map(|m| m.staff).collect();
    if half.is_empty() {
        return Ok(());
    }
    guidance::record(&world.app, &tx, grid, today, Topic::Registration, &half).await?;
    tx.commit().await?;
    Ok(())
}

async fn announce(world: &World, workers: &Workers) -> Outcome {
    let leader = here(world, workers, Role::GridLeader, Action::Announce);
    let grid = world.grids[shown_grid(world) as usize];
    let meeting =
        Meeting {
            day: world.store().now().day().plus_days(3), time: "14:30".into(), place: "居委会会议室".into()
        };
    let guard = Guard::of(&world.app).await?;
    let all = [("本周集中走访出租房，请各位做好准备。", None), ("微网格周例会，请带上台账。", Some(meeting))];
    for (body, meeting) in all {
        let new = NewAnnouncement { grid, body: body.into(), meeting };
        let tx = world.store().begin(&leader).await?;
        // An invented resident may be called like two characters of it.
        let id = match announcements::announce(&tx, &guard, &new).await {
            Ok(id) => id,
            Err(e) if e.status == http::StatusCode::UNPROCESSABLE_ENTITY => continue,
            Err(e) => return Err(e.into()),
        };
        tx.commit().await?;
        let reader = here(world, workers, Role::Coordinator, Action::TeamRead);
        let tx = world.store().begin(&reader).await?;
        announcements::mark_read(&tx, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// One of every fourth kind of the pack: closed, passed on, open.
async fn scenes(world: &World, workers: &Workers) -> Outcome {
    let worker = here(world, workers, Role::Coordinator, Action::FieldWork);
    let shown = shown_grid(world);
    let (grid, addresses) = (world.grids[shown as usize], world.town.addresses());
    let doors: Vec<usize> = (0..addresses.len()).filter(|n| addresses[*n].grid == shown).collect();
    let kinds: Vec<String> = world.app.pack.scenes.iter().step_by(4).map(|s| s.id.clone()).collect();
    for (n, (code, door)) in kinds.into_iter().zip(doors.iter().step_by(3)).enumerate() {
        let tx = world.store().begin(&worker).await?;
        let address = world.addresses[*door];
        let id = scenes::open(&world.app, &tx, &NewScene { id: tx.new_id(), code, grid, address }).await?;
        match n {
            0 => scenes::close(&tx, id, 1, SceneResult::Removed).await?,
            1 => scenes::pass_on(&world.app, &tx, id, 1).await?,
            _ => {}
        }
        tx.commit().await?;
    }
    Ok(())
}

/// One was held, one is planned.
async fn campaigns(world: &World, workers: &Workers) -> Outcome {
    let leader = here(world, workers, Role::GridLeader, Action::Publicity);
    let (grid, today) = (world.grids[shown_grid(world) as usize], world.store().now().day());
    let kinds: Vec<String> = world.app.pack.work.campaigns.iter().map(|c| c.id.clone()).collect();
    let guard = Guard::of(&world.app).await?;
    for (n, kind) in kinds.into_iter().take(2).enumerate() {
        let day = if n == 0 { today } else { today.plus_days(7) };
        let tx = world.store().begin(&leader).await?;
        let new = NewCampaign { kind, grid, day, means: Means::Stand, place: "小区广场".into() };
        let id = publicity::plan(&world.app, &tx, &guard, &new).await?;
        if n == 0 {
            publicity::record(&tx, id, 1, Held { day, reached: 86, leaflets: 120 }).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
