//! Inspections, one of them of today with the shown officer and coordinator; suggestions; a measure that waits for a
//! statement; a committee listed for rectification.

use linli_platform::{access::Role, clock::Clock, ids::GridId, reader::Reader, store::Query as _};
use linli_supervision::{
    Candidate, FindingKind, InspectionId, Mode, Neglect, NewFinding, NewInspection, NewMeasure, NewSuggestion,
    SuggestionKind,
};
use linli_surveys::{listings, rectification};
use linli_team::Post;
use policy_pack::MeasureKind;

use super::{
    accounts::{Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// The inspection that is over was held so many hours ago: what is open of it is late.
const HELD_HOURS_AGO: i64 = 9 * 24;

fn office(world: &World, workers: &Workers, role: Role) -> Reader {
    let worker = workers.first(role).unwrap_or(&workers.office);
    world.reader(worker.account, role, &worker.name)
}

/// Somebody of a post who signs in and works in the shown grid, or does not.
fn of_post(world: &World, all: &[Candidate], post: Post, own: bool) -> Option<Candidate> {
    let shown = shown_grid(world) as usize;
    let committee = world.town.grids()[shown].committee;
    let grids: Vec<GridId> = world
        .town
        .grids()
        .iter()
        .zip(&world.grids)
        .filter(|(grid, _)| grid.committee == committee)
        .map(|(_, id)| *id)
        .collect();
    let is = |c: &&Candidate| {
        let here = if own { c.grids.contains(&world.grids[shown]) } else { c.grids.iter().any(|g| grids.contains(g)) };
        c.post == post && c.account_id.is_some() && here == own
    };
    all.iter().find(is).cloned()
}

/// Writes them.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let now = world.store().now();
    world.store().clock().set(now.plus_hours(-HELD_HOURS_AGO));
    let before = held(world, workers).await;
    let told = match workers.first(Role::GridWorker) {
        Some(from) => {
            let reader = world.reader(from.account, Role::GridWorker, &from.name);
            let words = "错时走访的时间建议改到周二、周四，住户在家的更多。";
            suggest(world, workers, &reader, words, Some("同意，下周起试行。")).await
        }
        None => Ok(()),
    };
    world.store().clock().set(Clock::system().now());
    before?;
    told?;
    let all = linli_supervision::candidates(&world.store().reads(), world.today).await?;
    let shown = of_post(world, &all, Post::Coordinator, true);
    if let Some((name, account)) = shown.and_then(|c| Some((c.name, c.account_id?))) {
        let reader = world.reader(account, Role::Coordinator, &name);
        suggest(world, workers, &reader, "房东上门登记常在中午，窗口能否中午留一人。", None).await?;
    }
    today(world, workers).await?;
    rectify(world, workers).await?;
    measure(world, workers).await
}

async fn plan(world: &World, workers: &Workers, group: &[Candidate], grids: Vec<GridId>) -> Outcome<InspectionId> {
    let tx = world.store().begin(&office(world, workers, Role::TaskForce)).await?;
    let (day, group) = (tx.now().day(), group.iter().map(|c| c.staff_id).collect());
    let id = linli_supervision::plan(&world.app, &tx, NewInspection { mode: Mode::Spot, day, grids, group }).await?;
    tx.commit().await?;
    Ok(id)
}

/// The shown grid was inspected: praise, a fault that was settled, one that was corrected, one that is late.
async fn held(world: &World, workers: &Workers) -> Outcome {
    let all = linli_supervision::candidates(&world.store().reads(), world.today).await?;
    let group: Vec<Candidate> =
        [Post::Officer, Post::Coordinator].into_iter().filter_map(|p| of_post(world, &all, p, false)).collect();
    let own = of_post(world, &all, Post::Coordinator, true);
    let (Some(first), Some(own)) = (group.first(), own) else { return Ok(()) };
    let (Some(account), Some(grid_account)) = (first.account_id, own.account_id) else { return Ok(()) };
    let grid = world.grids[shown_grid(world) as usize];
    let id = plan(world, workers, &group, vec![grid]).await?;
    let reader = world.reader(account, Role::Officer, &first.name);
    let tx = world.store().begin(&reader).await?;
    let mut faults = Vec::new();
    for (kind, item, records, words) in [
        (FindingKind::Praise, "meetings", 0, "例会记录完整，议定事项件件有回音。"),
        (FindingKind::Fault, "unregistered", 2, "三号楼两户新入住未登记。"),
        (FindingKind::Fault, "notice-sign", 0, "五号楼公示牌缺失。"),
        (FindingKind::Fault, "ledgers", 0, "走访台账缺一周。"),
    ] {
        let new = NewFinding { kind, grid, item: item.into(), records, words: words.into(), serious: false };
        let finding = linli_supervision::note_finding(&world.app, &tx, id, new).await?;
        if kind == FindingKind::Fault {
            faults.push(finding);
        }
    }
    let fine = ["meetings", "shifts", "employers"].map(str::to_owned);
    linli_supervision::look(&tx, &world.app.pack, id, grid, &fine).await?;
    linli_supervision::close(&world.app, &tx, id, 1, "总体较好，个别登记和公示牌要抓紧整改。").await?;
    tx.commit().await?;
    let tx = world.store().begin(&world.reader(grid_account, Role::Coordinator, &own.name)).await?;
    for (finding, words) in faults.iter().zip(["两户已上门登记。", "公示牌已补装。"]) {
        linli_supervision::correct(&tx, *finding, 1, words).await?;
    }
    tx.commit().await?;
    let tx = world.store().begin(&reader).await?;
    linli_supervision::settle(&tx, faults[0], 2).await?;
    tx.commit().await?;
    Ok(())
}

/// Today the shown officer and coordinator inspect elsewhere.
async fn today(world: &World, workers: &Workers) -> Outcome {
    let all = linli_supervision::candidates(&world.store().reads(), world.today).await?;
    let group: Vec<Candidate> =
        [Post::Officer, Post::Coordinator].into_iter().filter_map(|p| of_post(world, &all, p, true)).collect();
    let elsewhere = world.grids.iter().find(|g| group.iter().all(|c| !c.grids.contains(g)));
    if let (2, Some(grid)) = (group.len(), elsewhere) {
        plan(world, workers, &group, vec![*grid]).await?;
    }
    Ok(())
}

async fn suggest(world: &World, workers: &Workers, by: &Reader, words: &str, answer: Option<&str>) -> Outcome {
    let tx = world.store().begin(by).await?;
    let new = NewSuggestion { kind: SuggestionKind::Suggestion, words: words.into() };
    let id = linli_supervision::make(&world.app, &tx, new).await?;
    tx.commit().await?;
    if let Some(answer) = answer {
        let tx = world.store().begin(&office(world, workers, Role::TaskForce)).await?;
        linli_supervision::answer(&tx, id, 1, answer).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The shown committee is listed for a weak spot; its officer has filed a plan, and one of two steps is done.
async fn rectify(world: &World, workers: &Workers) -> Outcome {
    let reads = world.store().reads();
    let shown = world.grids[shown_grid(world) as usize];
    let grids = linli_territory::all_grids(&reads).await?;
    let Some(grid) = grids.into_iter().find(|g| g.grid_id == shown) else { return Ok(()) };
    let all = linli_supervision::candidates(&reads, world.today).await?;
    let officer = of_post(world, &all, Post::Officer, true);
    let Some((name, account)) = officer.and_then(|o| Some((o.name.clone(), o.account_id?))) else { return Ok(()) };
    let tx = world.store().begin(&office(world, workers, Role::PopulationOffice)).await?;
    let id = listings::list(&tx, &world.app.pack, &grid.committee_code, "weak-spot").await?;
    tx.commit().await?;
    let tx = world.store().begin(&world.reader(account, Role::Officer, &name)).await?;
    rectification::file(&tx, id, "沿街商铺住人多、换租快，登记跟不上。月底前把沿街商铺逐户核一遍。").await?;
    for (step, days) in [("沿街商铺东段逐户上门", 3), ("沿街商铺西段逐户上门", 10)] {
        rectification::add_step(&tx, id, step, world.today.plus_days(days)).await?;
    }
    rectification::complete(&tx, id, 1).await?;
    tx.commit().await?;
    Ok(())
}

/// The shown coordinator is to be heard.
async fn measure(world: &World, workers: &Workers) -> Outcome {
    let reads = world.store().reads();
    let all = linli_supervision::candidates(&reads, reads.store().clock().today()).await?;
    let Some(whom) = of_post(world, &all, Post::Coordinator, true) else { return Ok(()) };
    let tx = world.store().begin(&office(world, workers, Role::PopulationOffice)).await?;
    let new = NewMeasure {
        staff: whom.staff_id,
        kind: MeasureKind::BonusWithheld,
        neglect: Neglect::NotCorrected,
        finding: None,
        words: "走访台账的问题逾期没有整改。".into(),
    };
    linli_supervision::propose(&world.app, &tx, new).await?;
    tx.commit().await?;
    Ok(())
}
