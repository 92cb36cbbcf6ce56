//! Orders and data checks in different states: a draft, one that is overdue and has climbed, one that is back from the
//! shown grid; a list that waits for its steward, and one that is being visited.

use linli_orders::{
    CheckId, Feedback, Level, OrderId, OrderKind,
    checks::{self, Desk, Found, RowFilter, RowState},
    climb, levels,
    orders::{self, NewOrder},
    parts::{self, Part},
    steps,
};
use linli_platform::{
    access::Role,
    clock::Clock,
    import::{self, MappedRow},
    reader::Reader,
    store::{Query as _, Tx},
    vals,
    web::Paging,
};

use super::{
    accounts::{Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// Somebody of a role, of the shown grid where the role has grids.
pub(super) fn reader(world: &World, workers: &Workers, role: Role) -> Reader {
    let shown = shown_grid(world);
    let here = |n: usize| world.town.staff().get(n).is_some_and(|s| s.grids.is_empty() || s.grids.contains(&shown));
    let of_role = || workers.staff.iter().enumerate().filter_map(|(n, w)| Some((n, w.as_ref()?)));
    let found = of_role().find(|(n, w)| w.role == role && here(*n)).map(|(_, w)| w).or(workers.first(role));
    let worker = found.unwrap_or(&workers.office);
    world.reader(worker.account, role, &worker.name)
}

/// Gives the committees of each police-team leader a police team.
async fn police_teams(world: &World) -> Outcome {
    const NAMES: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let leaders = world.town.staff().iter().filter(|s| s.post == townsim::Post::PoliceTeamLeader);
    let tx = world.store().begin(&Reader::system()).await?;
    for (name, leader) in NAMES.iter().zip(leaders) {
        for grid in &leader.grids {
            let committee = world.town.grids()[*grid as usize].committee_code;
            let sql = "UPDATE committee SET police_area = $3 WHERE division_code = $1 AND committee_code = $2";
            tx.execute(sql, vals![tx.division(), committee, format!("第{name}警务队")]).await?;
        }
    }
    tx.housekeeping("the demonstration's police teams are as old as its committees");
    tx.commit().await?;
    Ok(())
}

/// Writes them.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    police_teams(world).await?;
    let office = reader(world, workers, Role::PopulationOffice);
    // What is overdue was issued two days ago.
    let now = world.store().now();
    world.store().clock().set(now.plus_hours(-48));
    let late = draft(world, &office, OrderKind::Rosters, "请各村居本周内催报未报的花名册。").await?;
    issue(world, &office, late).await?;
    world.store().clock().set(Clock::system().now());
    let text = "对群租房、集体宿舍开展一次集中走访，周五前反馈走访户数和整改情况。";
    let walked = draft(world, &office, OrderKind::Premises, text).await?;
    issue(world, &office, walked).await?;
    down_and_back(world, workers, walked).await?;
    draft(world, &office, OrderKind::Publicity, "利用周末在小区门口开展居住登记宣传。").await?;
    climb::climb(&world.app).await?;
    let visited = list(world, workers, 30).await?;
    visits(world, workers, visited).await?;
    list(world, workers, 6).await?;
    Ok(())
}

async fn draft(world: &World, office: &Reader, kind: OrderKind, text: &str) -> Outcome<OrderId> {
    let tx = world.store().begin(office).await?;
    let id = orders::draft(&tx, &NewOrder { kind, text: text.into() }).await?;
    tx.commit().await?;
    Ok(id)
}

async fn issue(world: &World, office: &Reader, id: OrderId) -> Outcome {
    let tx = world.store().begin(office).await?;
    let teams = levels::targets(&tx, Level::PoliceTeam, None).await?;
    let teams: Vec<String> = teams.into_iter().map(|t| t.area).collect();
    orders::issue(&world.app, &tx, id, 1, &teams).await?;
    tx.commit().await?;
    Ok(())
}

/// The open part of a level that the shown grid lies in.
async fn part(tx: &Tx, world: &World, order: OrderId, level: Level) -> linli_platform::Result<Option<Part>> {
    let shown = world.grids[shown_grid(world) as usize];
    for part in parts::of(tx, &Reader::system(), order, None).await? {
        if part.level() == level && levels::grids_of(tx, level, &part.area).await?.contains(&shown) {
            return Ok(Some(part));
        }
    }
    Ok(None)
}

/// Receipt, and distribution to the shown grid.
async fn pass_on(world: &World, reader: &Reader, order: OrderId, level: Level, to: &[String]) -> Outcome {
    let tx = world.store().begin(reader).await?;
    let Some(own) = part(&tx, world, order, level).await? else { return Ok(()) };
    steps::receive(&tx, own.part_id, own.version).await?;
    steps::distribute(&world.app, &tx, own.part_id, own.version + 1, to).await?;
    tx.commit().await?;
    Ok(())
}

async fn down_and_back(world: &World, workers: &Workers, order: OrderId) -> Outcome {
    let shown = shown_grid(world);
    let committee = world.town.grids()[shown as usize].committee_code.to_owned();
    let grid = world.grids[shown as usize].to_string();
    pass_on(world, &reader(world, workers, Role::TeamLeader), order, Level::PoliceTeam, &[committee]).await?;
    pass_on(world, &reader(world, workers, Role::Officer), order, Level::Team, &[grid]).await?;
    let tx = world.store().begin(&reader(world, workers, Role::Coordinator)).await?;
    if let Some(own) = part(&tx, world, order, Level::Grid).await? {
        steps::receive(&tx, own.part_id, own.version).await?;
        let note = "走访 12 户，已督促 2 户整改。";
        steps::answer(&tx, own.part_id, own.version + 1, Feedback::Done, note).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The words of a list, in turn.
const WORDS: [&str; 5] = ["未登记", "地址不符", "已离未注销", "姓名不符", "工作单位不符"];

/// Imports a list of invented people: area codes 990101, which was never issued. Two of three rows lie in the shown grid,
/// and every tenth names no address that is known.
async fn list(world: &World, workers: &Workers, rows: u16) -> Outcome<CheckId> {
    let shown = shown_grid(world);
    let addresses = world.town.addresses();
    let doors: Vec<&str> = addresses.iter().filter(|a| a.grid == shown).map(|a| &*a.text).collect();
    let mapped = (0..rows).map(|n| {
        let at = usize::from(n);
        let elsewhere = &*addresses[at * 97 % addresses.len()].text;
        let address = match (n % 10, n % 3) {
            (9, _) => "河边临时工棚",
            (_, 2) => elsewhere,
            _ => doors.get(at * 7 % doors.len().max(1)).copied().unwrap_or(elsewhere),
        };
        let number = cn_identity::make::resident_number("990101", (1985, 6, 15), 100 + n + rows);
        let name = ["夏立秋", "方谷雨", "白小满", "金寒露", "江立冬"][at % 5];
        let cells = [&*format!("{}", n + 1), WORDS[at % 5], name, number.as_str(), "", address].map(str::to_owned);
        MappedRow { row: u64::from(n) + 2, cells: cells.to_vec() }
    });
    let rows: Vec<MappedRow> = mapped.collect();
    let steward = reader(world, workers, Role::DataSteward);
    let tx = world.store().begin(&steward).await?;
    import::kind_of(&world.app, checks::KIND)?.apply(&world.app, &tx, &rows, None).await?;
    let (lists, _) = checks::list(&tx, &steward, &Paging::default()).await?;
    let newest = lists.iter().max_by_key(|c| (c.day, c.number)).map(|c| c.check_id);
    tx.commit().await?;
    Ok(newest.ok_or_else(linli_platform::AppError::not_found)?)
}

/// Sends a list down; in the shown grid half of its rows were visited.
async fn visits(world: &World, workers: &Workers, id: CheckId) -> Outcome {
    let steward = reader(world, workers, Role::DataSteward);
    let tx = world.store().begin(&steward).await?;
    checks::send(&world.app, &tx, id, 1).await?;
    let order = checks::find(&tx, &steward, id).await?.order_id;
    tx.commit().await?;
    let Some(order) = order else { return Ok(()) };
    pass_on(world, &reader(world, workers, Role::TeamLeader), order, Level::PoliceTeam, &[]).await?;
    pass_on(world, &reader(world, workers, Role::Officer), order, Level::Team, &[]).await?;
    let at_the_door = [Found::Registered, Found::Nobody, Found::Confirmed, Found::NotThere, Found::Refused];
    let coordinator = reader(world, workers, Role::Coordinator);
    let tx = world.store().begin(&coordinator).await?;
    let filter = RowFilter { check: Some(id), state: Some(RowState::FirstVisit) };
    let (rows, n) = checks::list_rows(&tx, &coordinator, filter, &Paging::default()).await?;
    let half = usize::try_from(n / 2).unwrap_or(0);
    for (row, found) in rows.iter().take(half).zip(at_the_door.iter().cycle()) {
        checks::visited(&world.app, &tx, row.row_id, row.version, *found).await?;
    }
    tx.commit().await?;
    let officer = reader(world, workers, Role::Officer);
    let tx = world.store().begin(&officer).await?;
    let filter = RowFilter { check: Some(id), state: Some(RowState::Desk) };
    let (rows, _) = checks::list_rows(&tx, &officer, filter, &Paging::default()).await?;
    for row in rows.iter().take(1) {
        checks::decide(&world.app, &tx, row.row_id, row.version, Desk::SecondVisit).await?;
    }
    tx.commit().await?;
    Ok(())
}
