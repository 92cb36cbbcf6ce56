//! The town as a whole.

use crate::act::{Act, Event};
use crate::calendar::{Day, date_of, day_of, instant};
use crate::config::Config;
use crate::dice::{Dice, Stream};
use crate::found::{Founded, found};
use crate::map::Map;
use crate::model::{Address, Committee, Employer, Facts, Grid, Home, Label, Resident, Ring, Staff};
use crate::people::People;
use crate::register::Register;
use crate::team::{Team, hire};
use crate::truth::{Truth, label_for};
use crate::visits::Planner;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;

/// Days that the town lives before the start, so that the register has aged as any register has.
const BURN_IN_DAYS: Day = 120;
/// The share of people whom the register has when the burn-in begins.
const FIRST_REGISTERED: f64 = 0.97;

/// A synthetic sub-district that lives.
///
/// Equal [`Config`]s give equal towns on every machine, day by day.
///
/// ```
/// use jiff::civil::date;
/// use townsim::{Config, Town};
///
/// let mut town = Town::new(Config::new(1_000, 7, date(2026, 1, 1)));
/// town.live(1);
/// let mut register = town.register_at_start().clone();
/// for act in town.acts() {
///     register.apply(act);
/// }
/// assert_eq!(&register, town.register());
/// ```
pub struct Town {
    pub(crate) config: Config,
    pub(crate) committees: Vec<Committee>,
    pub(crate) grids: Vec<Grid>,
    outline: Ring,
    pub(crate) addresses: Vec<Address>,
    pub(crate) homes: Vec<Home>,
    pub(crate) employers: Vec<Employer>,
    pub(crate) homes_of_grid: Vec<Range<u32>>,
    pub(crate) team: Team,
    pub(crate) truth: Truth,
    pub(crate) people: People,
    pub(crate) register_at_start: Register,
    pub(crate) register: Register,
    pub(crate) acts: Vec<Act>,
    /// What was seen and is still to be entered, by time of entry and a running number.
    pub(crate) pending: BTreeMap<(i64, u64), Act>,
    pub(crate) sequence: u64,
    pub(crate) today: Day,
    pub(crate) life: Dice,
    pub(crate) actors: Dice,
    pub(crate) visits: Dice,
    /// How much of what its visits could find each grid finds, 0 to 1.
    pub(crate) diligence: Vec<f64>,
    /// When each home is due to be visited, and how often it has been tried since.
    pub(crate) due: Vec<Day>,
    pub(crate) tries: Vec<u8>,
    /// Where each grid's round goes on, where homes are visited in turn.
    pub(crate) turn: Vec<u32>,
}

/// What one day brought.
#[derive(Clone, Debug, PartialEq)]
pub struct DayReport {
    /// The day.
    pub date: Date,
    /// What happened in truth.
    pub events: Vec<Event>,
    /// What was entered that day, as a range of [`Town::acts`].
    pub acts: Range<usize>,
}

/// What a surveyor who is let in would find at a home today. Its `Debug` is masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The home, by index.
    pub home: u32,
    /// The day.
    pub on: Date,
    /// Everyone who lives there, with what is true of them.
    pub people: Vec<(u32, Facts)>,
    /// The label that the premises should have.
    pub label: Option<Label>,
}

impl Town {
    /// Founds a town and lets it age until the evening before the start.
    pub fn new(config: Config) -> Self {
        let config = config.within_ranges();
        let today = day_of(config.start) - BURN_IN_DAYS;
        let map = Map::new(config.seed);
        let mut founded = found(&map, &config, today);
        let team = hire(&map, &mut founded, config.seed, today);
        let mut town = Self::assemble(config, map, founded, team, today);
        town.fill_first_register();
        for _ in 0..BURN_IN_DAYS {
            town.step_day();
        }
        town.acts = Vec::new();
        town.register_at_start = town.register.clone();
        town
    }

    fn assemble(config: Config, map: Map, founded: Founded, team: Team, today: Day) -> Self {
        let Founded { addresses, homes, employers, truth, people, homes_of_grid } = founded;
        let mut visits = Dice::new(config.seed, Stream::Visits);
        let of_committee: Vec<f64> =
            map.committees.iter().map(|_| 1.0 - config.churn.diligence_spread * visits.unit()).collect();
        let labels = homes.iter().map(|h| label_for(h.kind, truth.at_home(h.id).len())).collect();
        let register = Register::new(labels);
        Self {
            due: homes.iter().map(|_| today + visits.below(28) as Day).collect(),
            diligence: map.grids.iter().map(|grid| of_committee[grid.committee as usize]).collect(),
            tries: vec![0; homes.len()],
            turn: vec![0; map.grids.len()],
            life: Dice::new(config.seed, Stream::Life),
            actors: Dice::new(config.seed, Stream::Actors),
            visits,
            committees: map.committees,
            grids: map.grids,
            outline: map.outline,
            addresses,
            homes,
            employers,
            homes_of_grid,
            team,
            truth,
            people,
            register_at_start: register.clone(),
            register,
            acts: Vec::new(),
            pending: BTreeMap::new(),
            sequence: 0,
            today,
            config,
        }
    }

    fn fill_first_register(&mut self) {
        let mut dice = Dice::new(self.config.seed, Stream::FirstRegister);
        for person in 0..self.truth.ever() {
            if dice.chance(FIRST_REGISTERED) {
                let facts = self.with_slips(self.truth.anybody(person).clone(), &mut dice);
                let verified_on = Some(date_of(self.today - 1 - dice.below(30) as Day));
                self.register.register(Resident { id: person, facts, verified_on });
            }
        }
    }

    /// Lives one day: what happens, who declares it, who visits, what is entered.
    pub fn step_day(&mut self) -> DayReport {
        self.step(None)
    }

    /// The same, with the homes that are visited chosen by somebody else: `planner` is asked for each grid, with how
    /// many homes can be visited there today, and may look at what the register knows. What it names beyond that, or
    /// in other grids, is not visited. It is not asked on Sundays.
    pub fn step_day_planned(&mut self, planner: &mut dyn FnMut(&Town, u32, usize) -> Vec<u32>) -> DayReport {
        self.step(Some(planner))
    }

    fn step(&mut self, planner: Option<Planner<'_>>) -> DayReport {
        let first_act = self.acts.len();
        let events = self.live_today();
        self.visit_today(planner);
        let midnight = instant(self.today + 1, 0);
        while let Some(entry) = self.pending.first_entry() {
            if entry.key().0 >= midnight {
                break;
            }
            let act = entry.remove();
            if self.register.apply(&act) {
                self.acts.push(act);
            }
        }
        let date = date_of(self.today);
        self.today += 1;
        DayReport { date, events, acts: first_act..self.acts.len() }
    }

    /// Lives so many calendar months from today on, and returns what happened in truth.
    pub fn live(&mut self, months: u32) -> Vec<Event> {
        let span = jiff::Span::new().try_months(months).unwrap_or_default();
        let until = day_of(self.today().saturating_add(span));
        let mut events = Vec::new();
        while self.today < until {
            events.append(&mut self.step_day().events);
        }
        events
    }

    /// What a surveyor who is let in would find at a home today; nobody at an unknown home.
    pub fn observe(&self, home: u32) -> Observation {
        let people = self.truth.at_home(home);
        let label = self.homes.get(home as usize).and_then(|h| label_for(h.kind, people.len()));
        let people = people.iter().map(|person| (*person, self.truth.anybody(*person).clone())).collect();
        Observation { home, on: self.today(), people, label }
    }

    /// What the town was made from, within its ranges.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The day that is lived next.
    pub fn today(&self) -> Date {
        date_of(self.today)
    }

    /// The 35 committees.
    pub fn committees(&self) -> &[Committee] {
        &self.committees
    }

    /// The micro-grids, committee by committee.
    pub fn grids(&self) -> &[Grid] {
        &self.grids
    }

    /// The boundary of the sub-district.
    pub fn outline(&self) -> &Ring {
        &self.outline
    }

    /// The standard addresses, grid by grid.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The homes, grid by grid.
    pub fn homes(&self) -> &[Home] {
        &self.homes
    }

    /// The homes of a grid, as a range of [`Town::homes`]; none for an unknown grid.
    pub fn homes_of_grid(&self, grid: u32) -> Range<u32> {
        self.homes_of_grid.get(grid as usize).cloned().unwrap_or_default()
    }

    /// The grid that a home lies in, by index.
    pub fn grid_of_home(&self, home: &Home) -> u32 {
        self.addresses[home.address as usize].grid
    }

    /// The employers.
    pub fn employers(&self) -> &[Employer] {
        &self.employers
    }

    /// Everybody who works for the register.
    pub fn staff(&self) -> &[Staff] {
        &self.team.staff
    }

    /// Who really lives where.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The register as it stood on the evening before the start.
    pub fn register_at_start(&self) -> &Register {
        &self.register_at_start
    }

    /// The register now. Applying [`Town::acts`] to the register at the start gives the same.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// What was entered since the start, in the order of entry.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }
}
