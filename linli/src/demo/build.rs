//! Building: the order in which a sub-district that has lived is written down.

use std::{fs, time::Instant};

use jiff::Span;
use linli_platform::{
    AppError,
    app::App,
    clock::{Clock, Day, Month, Rng},
    config::Config,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::Store,
    texts::T,
};
use linli_register::{AddressId, EmployerId, HomeId};
use townsim::Town;

use super::{
    Options,
    accounts::{self, Workers},
    clients, declarations, guard, history, lives, orders, overdue, papers, people, phones, plans, premises, readings,
    rosters, scores,
    stages::Stages,
    supervised,
    surveys::{self, Seen},
    tasks, together, volunteers,
};
use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    start,
};

/// The town and what of it stands in the store already; indexes are the town's.
pub(super) struct World {
    pub app: App,
    pub town: Town,
    /// The first simulated day; what stood before counts as imported on it.
    pub from: Day,
    /// The day of the building, which is not simulated any more.
    pub today: Day,
    pub grids: Vec<GridId>,
    pub addresses: Vec<AddressId>,
    pub employers: Vec<EmployerId>,
    pub homes: Vec<HomeId>,
}

impl World {
    /// The store.
    pub fn store(&self) -> &Store {
        &self.app.store
    }
    /// The grid of a home, by the town's indexes.
    pub fn grid_of_home(&self, home: u32) -> GridId {
        let home = &self.town.homes()[home as usize];
        self.grids[self.town.grid_of_home(home) as usize]
    }
    /// Somebody who writes: what one person entered stands in that person's name.
    pub fn reader(&self, account: AccountId, role: linli_platform::access::Role, name: &str) -> Reader {
        Reader { account, name: name.into(), roles: vec![role], scope: Scope::Division, ..Reader::system() }
    }
}

/// What is shown of a finished demonstration.
pub(super) struct Shown {
    /// Role and name of each sign-in.
    pub sign_ins: Vec<(String, String)>,
    /// A resident to try the own page with.
    pub resident: Option<declarations::Sample>,
    /// A token to try the interface with.
    pub token: Option<String>,
}

/// Builds the demonstration.
pub(super) async fn build(options: &Options, config: &Config, t: &T, begun: Instant) -> Outcome<Shown> {
    let mut stages = Stages::new(begun);
    stages.begin(t.a("cli-demo-stage-town", "months", options.months));
    let today = Clock::system().today();
    let from = Day(today.0.saturating_sub(Span::new().months(options.months)));
    let settings = townsim::Config::new(options.residents, options.seed, from.0);
    let (town, seen) = tokio::task::spawn_blocking(move || live(settings, today)).await.map_err(AppError::internal)?;

    stages.begin(t.s("cli-demo-stage-schema"));
    let clock = Clock::fixed(from.start().plus_hours(8));
    let store = start::connect(config, clock.clone(), Rng::system()).await?;
    // A building that is broken off begins anew, so nothing has to reach the disk before its end.
    store.fill_without_waiting().await?;
    store.migrate(&migrations()).await?;
    if config.database_url.is_none() {
        make_room(&store).await?;
    }
    let app = start::assemble(config, store, true)?.app;
    let mut world = World {
        grids: Vec::new(),
        addresses: town.addresses().iter().map(|_| app.store.new_id()).collect(),
        employers: town.employers().iter().map(|_| app.store.new_id()).collect(),
        homes: town.homes().iter().map(|_| app.store.new_id()).collect(),
        app,
        town,
        from,
        today,
    };
    stages.begin(t.s("cli-demo-stage-territory"));
    premises::territory(&mut world).await?;
    stages.begin(t.s("cli-demo-stage-accounts"));
    let workers = accounts::hire(&world).await?;
    accounts::fill_bodies(&world, &workers).await?;
    stages.begin(t.s("cli-demo-stage-premises"));
    premises::write(&world, &workers).await?;
    // What follows carries its own instants and may reach up to this moment.
    clock.set(Clock::system().now());
    let chosen = fill(&world, &workers, t, &mut stages).await?;
    stages.begin(t.s("cli-demo-stage-surveys"));
    surveys::write(&world, &workers, &seen).await?;
    stages.begin(t.s("cli-demo-stage-scores"));
    let months: Vec<Month> = seen.iter().map(|s| s.month).collect();
    scores::write(&world, &workers, &months).await?;
    stages.begin(t.s("cli-demo-stage-tasks"));
    tasks::open(&world, &workers).await?;
    stages.begin(t.s("cli-demo-stage-together"));
    together::meet(&world, &workers).await?;
    together::work(&world, &workers).await?;
    supervised::write(&world, &workers).await?;
    papers::issue(&world, &workers, &months).await?;
    stages.begin(t.s("cli-demo-stage-declarations"));
    let resident = declarations::ask(&world, &workers, chosen).await?;
    guard::write(&world, &workers).await?;
    let token = clients::admit(&world, &workers).await?;
    stages.begin(t.s("cli-demo-stage-rosters"));
    rosters::send(&world, &workers, &options.dir.join("samples")).await?;
    stages.begin(t.s("cli-demo-stage-orders"));
    orders::write(&world, &workers).await?;
    plans::write(&world, &workers).await?;
    phones::write(&world, &workers).await?;
    stages.begin(t.s("cli-demo-stage-volunteers"));
    volunteers::write(&world, &workers).await?;
    stages.begin(t.s("cli-demo-stage-truth"));
    write_truth(&world, &options.dir.join("truth.json"))?;
    world.store().wait_for_disk().await?;
    stages.end();
    Ok(Shown { sign_ins: workers.sign_ins, resident, token })
}

async fn fill(world: &World, workers: &Workers, t: &T, stages: &mut Stages) -> Outcome<Option<declarations::Chosen>> {
    let records = people::follow(world);
    stages.begin(t.s("cli-demo-stage-residents"));
    people::register(world, workers, &records).await?;
    stages.begin(t.s("cli-demo-stage-history"));
    history::write(world, workers, &records).await?;
    lives::write(world, workers, &records).await?;
    overdue::write(world, workers, &records).await?;
    readings::write(world, workers).await?;
    measure(world.store()).await?;
    Ok(declarations::choose(world, &records))
}

/// SQLite's page cache while building, and how many pages of new data wait before they are put in their places: one
/// large move is quicker than many small ones.
const ROOM: [&str; 2] = ["PRAGMA cache_size = -262144", "PRAGMA wal_autocheckpoint = 100000"];

async fn make_room(store: &Store) -> Outcome {
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("settings of this connection alone");
    for pragma in ROOM {
        tx.execute(pragma, Vec::new()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Lets the database learn how its tables are filled; without that it plans joins over large new tables badly.
async fn measure(store: &Store) -> Outcome {
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("statistics of the database's own");
    tx.execute("ANALYZE", Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}

/// Lives until yesterday, and notes what is true on the days of the monthly surveys that are over.
fn live(settings: townsim::Config, today: Day) -> (Town, Vec<Seen>) {
    let from = Day(settings.start);
    let mut town = Town::new(settings);
    let mut seen = Vec::new();
    while town.today() < today.0 {
        let day = Day(town.today());
        if surveys::is_survey_day(day, from) && day.month() < today.month() {
            seen.push(surveys::look(&town));
        }
        town.step_day();
    }
    (town, seen)
}

/// What is true, by committee: no part of the program reads it; rates that the program estimates can be held against
/// it.
fn write_truth(world: &World, file: &std::path::Path) -> Outcome {
    let town = &world.town;
    let committees: Vec<serde_json::Value> = (0u32..)
        .zip(town.committees())
        .map(|(n, committee)| {
            let rates = town.true_rates(n);
            serde_json::json!({
                "committee_code": committee.code,
                "committee": committee.short_name,
                "living": rates.living,
                "records": rates.records,
                "registration_rate": rates.registration_rate(),
                "accuracy_rate": rates.accuracy_rate(),
            })
        })
        .collect();
    let whole = town.true_rates_of_town();
    let truth = serde_json::json!({
        "as_of": town.today().to_string(),
        "living": whole.living,
        "records": whole.records,
        "registration_rate": whole.registration_rate(),
        "accuracy_rate": whole.accuracy_rate(),
        "committees": committees,
    });
    let text = serde_json::to_string_pretty(&truth).map_err(AppError::from)?;
    fs::write(file, text).map_err(Failure::file(file))
}
