//! A town that lives, and a register of it that visits keep right.
//!
//! The town's truth and its declarations come from `townsim`; its own visits are made to find nothing. What the
//! visits of a policy find, they find with the shares that `townsim` assumes.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};
use townsim::{Act, ActKind, Churn, Config, Field, PremisesKind, Register, Resident, Source, Tenancy, Town};
use visit_plan::{Hazard, PastCheck, Seen, likeliest_stale};

/// Working days of a month, over which its visits are spread.
const DAYS_A_MONTH: f64 = 21.75;
/// Days for which a home is left alone after nobody opened.
const REST_DAYS: i32 = 2;
/// Days after which the month's verification presses.
const MONTH_DAYS: i32 = 30;
/// Place-days by which a type's hazard is drawn towards that of all.
const PRIOR_DAYS: f64 = 1_000.0;

/// Who decides where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The home that was longest not gone to comes next.
    InTurn,
    /// The home where a visit is worth most comes next.
    ByHazard,
    /// Homes not seen for a month first (R16), then by hazard.
    MonthlyThenHazard,
}

/// How many visits there are.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Visits for each home in a month.
    pub a_home_and_month: f64,
}

/// The register held against the truth at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Visits made, doors that stayed shut included.
    pub visits: u32,
    living: u32,
    registered: u32,
    records: u32,
    accurate: u32,
}

impl End {
    /// Of the people, those registered where they live.
    pub fn registration_rate(&self) -> f64 {
        f64::from(self.registered) / f64::from(self.living)
    }
    /// Of the records, those right in everything.
    pub fn accuracy_rate(&self) -> f64 {
        f64::from(self.accurate) / f64::from(self.records)
    }
    /// People missing and records wrong.
    pub fn wrong(&self) -> u32 {
        self.living - self.registered + self.records - self.accurate
    }
}

/// Type of premises: what stands there, whose it is, whether the register has anybody there.
type Kind = (PremisesKind, Tenancy, bool);

struct Simulation {
    town: Town,
    register: Register,
    churn: Churn,
    policy: Policy,
    /// Day of the last visit that saw everyone, and of the last that was tried, counted from the start.
    seen: Vec<i32>,
    tried: Vec<i32>,
    past: Vec<PastCheck<Kind>>,
    hazard: Hazard<Kind>,
    visits: u32,
    today: i32,
}

/// Lives so many months and visits by a policy.
pub fn run(residents: u32, months: u32, seed: u64, effort: Effort, policy: Policy) -> End {
    let start = date(2026, 1, 1);
    let usual = Config::new(residents, seed, start);
    let register = Town::new(usual.clone()).register_at_start().clone();
    let blind = Churn {
        visit_finds_person: 0.0,
        visit_finds_departure: 0.0,
        visit_finds_wrong_fact: 0.0,
        careless_visit: 1.0,
        ..usual.churn.clone()
    };
    // The same seed lives the same truth, whatever visits find.
    let town = Town::new(Config { churn: blind, ..usual.clone() });
    let homes = town.homes().len();
    let ago = |home: usize| -((share(&[7, home as u64]) * f64::from(MONTH_DAYS)) as i32) - 1;
    let seen: Vec<i32> = (0..homes).map(ago).collect();
    let hazard = Hazard::estimate(&[], PRIOR_DAYS);
    let (tried, past) = (seen.clone(), Vec::new());
    let churn = usual.churn;
    let mut simulation = Simulation { town, register, churn, policy, seen, tried, past, hazard, visits: 0, today: 0 };
    let until = start.saturating_add(jiff::Span::new().months(months));
    while simulation.town.today() < until {
        simulation.day(effort);
    }
    simulation.end()
}

/// A number in 0..1 that depends on its key alone, so that two policies meet the same luck at the same door.
fn share(key: &[u64]) -> f64 {
    let mix = |state: u64, part: &u64| {
        let mut x = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    };
    (key.iter().fold(1, mix) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Simulation {
    fn day(&mut self, effort: Effort) {
        let date = self.town.today();
        let report = self.town.step_day();
        for act in self.town.acts()[report.acts].iter().filter(|act| act.source != Source::Visit) {
            self.register.apply(act);
        }
        if self.today % 7 == 0 {
            self.hazard = Hazard::estimate(&self.past, PRIOR_DAYS);
        }
        if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            for grid in 0..self.town.grids().len() as u32 {
                let homes: Vec<u32> = self.town.homes_of_grid(grid).collect();
                let mean = homes.len() as f64 * effort.a_home_and_month / DAYS_A_MONTH;
                let luck = share(&[1, self.today as u64, u64::from(grid)]);
                let count = mean as usize + usize::from(luck < mean.fract());
                for home in self.choose(&homes, count, date) {
                    self.visit(home);
                }
            }
        }
        self.today += 1;
    }

    fn kind(&self, home: u32) -> Kind {
        let of = &self.town.homes()[home as usize];
        (of.kind, of.tenancy, self.register.at_home(home).is_empty())
    }

    fn size(&self, home: u32) -> u32 {
        self.register.at_home(home).len().max(1) as u32
    }

    fn choose(&self, homes: &[u32], count: usize, date: Date) -> Vec<u32> {
        let mut list = homes.to_vec();
        if self.policy == Policy::InTurn {
            list.sort_by_key(|home| self.tried[*home as usize]);
            list.truncate(count);
            return list;
        }
        list.retain(|home| self.today - self.tried[*home as usize] > REST_DAYS);
        let presses = |home: &u32| {
            let unseen = self.today - self.seen[*home as usize];
            self.policy == Policy::MonthlyThenHazard && unseen >= MONTH_DAYS
        };
        let (mut first, open): (Vec<u32>, Vec<u32>) = list.into_iter().partition(presses);
        first.sort_by_key(|home| self.seen[*home as usize]);
        let premises: Vec<Seen<u32, Kind>> = open.iter().map(|home| self.as_seen(*home, date)).collect();
        let worth = likeliest_stale(&premises, &self.hazard, date);
        first.extend(worth.into_iter().map(|place| place.id));
        first.truncate(count);
        first
    }

    fn as_seen(&self, home: u32, date: Date) -> Seen<u32, Kind> {
        let ago = jiff::Span::new().days(self.today - self.seen[home as usize]);
        let last_seen = Some(date.saturating_sub(ago));
        Seen { id: home, kind: self.kind(home), size: self.size(home), last_seen, location: None }
    }

    /// What happens by chance at this door today.
    fn chance(&self, home: u32, what: u64, person: u32, probability: f64) -> bool {
        share(&[2, self.today as u64, u64::from(home), what, u64::from(person)]) < probability
    }

    fn visit(&mut self, home: u32) {
        self.visits += 1;
        self.tried[home as usize] = self.today;
        let churn = self.churn.clone();
        let is_empty = self.town.truth().at_home(home).is_empty();
        // Townsim has an empty home recognised six times in ten.
        let shut = if is_empty { 0.4 } else { churn.nobody_home + churn.refusal };
        if self.chance(home, 0, 0, shut) {
            return;
        }
        let (kind, size) = (self.kind(home), self.size(home));
        let careless = !is_empty && self.chance(home, 1, 0, churn.careless_visit);
        let acts = if careless { Vec::new() } else { self.findings(home, &churn) };
        let changes = acts.len() as u32;
        for kind in acts {
            self.register.apply(&Act { seen_at_s: 0, entered_at_s: 0, by_staff: 0, source: Source::Visit, kind });
        }
        let gap_days = (self.today - self.seen[home as usize]) as u16;
        self.past.push(PastCheck { kind, gap_days, size, changes });
        self.seen[home as usize] = self.today;
    }

    /// What the visit finds of what is wrong: departures, facts, people.
    fn findings(&self, home: u32, churn: &Churn) -> Vec<ActKind> {
        let truth = self.town.truth();
        let mut acts = Vec::new();
        for person in self.register.at_home(home) {
            let Some(facts) = truth.person(*person).filter(|facts| facts.home == home) else {
                if self.chance(home, 2, *person, churn.visit_finds_departure) {
                    acts.push(ActKind::Cancelled { resident: *person, home });
                }
                continue;
            };
            let Some(record) = self.register.resident(*person) else { continue };
            let held = &record.facts;
            let wrong = [
                (held.name != facts.name).then(|| Field::Name(facts.name.clone())),
                (held.mobile != facts.mobile).then(|| Field::Mobile(facts.mobile.clone())),
                (held.employer != facts.employer).then_some(Field::Employer(facts.employer)),
            ];
            for (what, field) in (3..).zip(wrong.into_iter().flatten()) {
                if self.chance(home, what, *person, churn.visit_finds_wrong_fact) {
                    acts.push(ActKind::Changed { resident: *person, field });
                }
            }
        }
        for person in truth.at_home(home) {
            let record = self.register.resident(*person);
            let is_there = record.is_some_and(|it| it.facts.home == home);
            if is_there || !self.chance(home, 9, *person, churn.visit_finds_person) {
                continue;
            }
            let Some(facts) = truth.person(*person).cloned() else { continue };
            acts.push(match record {
                Some(_) => {
                    let (household, since) = (facts.household, facts.since);
                    ActKind::MovedWithin { resident: *person, home, household, since }
                }
                None => ActKind::Registered { resident: Box::new(Resident { id: *person, facts, verified_on: None }) },
            });
        }
        acts
    }

    fn end(&self) -> End {
        let mut end = End { visits: self.visits, ..End::default() };
        let truth: BTreeMap<u32, _> = self.town.truth().inhabitants().collect();
        for (person, facts) in &truth {
            end.living += 1;
            end.registered += u32::from(self.register.resident(*person).is_some_and(|it| it.facts.home == facts.home));
        }
        for record in self.register.residents() {
            let held = &record.facts;
            let right = truth.get(&record.id).is_some_and(|facts| {
                held.home == facts.home
                    && held.name == facts.name
                    && held.doc_no == facts.doc_no
                    && held.mobile == facts.mobile
                    && held.employer == facts.employer
            });
            end.records += 1;
            end.accurate += u32::from(right);
        }
        end
    }
}
