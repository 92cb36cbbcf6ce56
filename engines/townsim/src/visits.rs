//! A day of visits: which homes, who opened, what was found (R16, R18).
//!
//! Visits are made on Mondays to Fridays and, half as many, on Saturdays; public holidays are not kept.

use crate::act::{ActKind, Field, Outcome, Source};
use crate::actors::Sighting;
use crate::calendar::{Day, instant, weekday};
use crate::rules::VisitOrder;
use crate::town::Town;
use crate::truth::label_for;
use jiff::civil::Weekday;

/// The share of visits that full-time grid workers and officers make; coordinators make the rest.
const GRID_WORKER_SHARE: f64 = 0.28;
/// How often a vacant home is recognised as such when nobody opens.
const VACANCY_SEEN: f64 = 0.6;
/// How often those found at the door know where in the town somebody has moved.
const KNOWN_WHERE_TO: f64 = 0.3;

/// Who chooses the homes that are visited in a grid, out of the town as it is registered: the grid, and how many can be.
pub(crate) type Planner<'a> = &'a mut dyn FnMut(&Town, u32, usize) -> Vec<u32>;

impl Town {
    pub(crate) fn visit_today(&mut self, mut planner: Option<Planner<'_>>) {
        let share = match weekday(self.today) {
            Weekday::Sunday => return,
            Weekday::Saturday => 2,
            _ => 1,
        };
        for grid in 0..self.homes_of_grid.len() {
            let homes = self.homes_of_grid[grid].clone();
            let most = ((homes.end - homes.start) / self.config.visits.homes_a_visit / share + 1) as usize;
            let mut chosen = match (&mut planner, self.config.visits.order) {
                (Some(planner), _) => planner(self, grid as u32, most),
                (None, VisitOrder::LongestDue) => self.longest_due(grid),
                (None, VisitOrder::InTurn) => self.next_in_turn(grid, most),
            };
            chosen.retain(|home| homes.contains(home));
            for home in chosen.into_iter().take(most) {
                self.visit(grid, home);
            }
        }
    }

    fn longest_due(&self, grid: usize) -> Vec<u32> {
        let homes = self.homes_of_grid[grid].clone();
        let mut due: Vec<u32> = homes.filter(|home| self.due[*home as usize] <= self.today).collect();
        due.sort_by_key(|home| self.due[*home as usize]);
        due
    }

    fn next_in_turn(&mut self, grid: usize, most: usize) -> Vec<u32> {
        let homes = self.homes_of_grid[grid].clone();
        let count = homes.end - homes.start;
        let first = self.turn[grid];
        self.turn[grid] = (first + most as u32).checked_rem(count).unwrap_or(0);
        (first..first + (most as u32).min(count)).map(|n| homes.start + n % count).collect()
    }

    fn visit(&mut self, grid: usize, home: u32) {
        let outcome = self.outcome(home);
        let sighting = self.sighting(grid);
        self.enter(sighting, ActKind::HomeVerified { home, outcome });
        let careless = outcome == Outcome::Verified && self.visits.chance(self.config.churn.careless_visit);
        if matches!(outcome, Outcome::Verified | Outcome::Vacant) && !careless {
            let diligence = self.diligence[grid];
            self.check_records(home, diligence, sighting);
            self.check_people(home, diligence, sighting);
            self.check_label(home, sighting);
        }
        self.plan_next(home, outcome);
    }

    fn outcome(&mut self, home: u32) -> Outcome {
        let churn = &self.config.churn;
        if self.truth.at_home(home).is_empty() {
            let seen = self.visits.chance(VACANCY_SEEN);
            return if seen { Outcome::Vacant } else { Outcome::NobodyHome };
        }
        if self.visits.chance(churn.nobody_home) {
            Outcome::NobodyHome
        } else if self.visits.chance(churn.refusal) {
            Outcome::Refused
        } else {
            Outcome::Verified
        }
    }

    fn sighting(&mut self, grid: usize) -> Sighting {
        let by_staff = if self.visits.chance(GRID_WORKER_SHARE) {
            self.team.grid_workers[grid]
        } else if self.visits.chance(0.03) {
            self.team.officers[grid]
        } else {
            self.coordinator(grid)
        };
        let seen_at_s = instant(self.today, 30_600 + i64::from(self.visits.below(41_400)));
        let entered_at_s = self.entry_time(seen_at_s);
        Sighting { seen_at_s, entered_at_s, by_staff, source: Source::Visit }
    }

    /// Holds each record of the home against who is there.
    fn check_records(&mut self, home: u32, diligence: f64, sighting: Sighting) {
        for person in self.register.at_home(home).to_vec() {
            match self.truth.person(person).map(|facts| facts.home) {
                Some(lives_at) if lives_at == home => self.check_facts(person, diligence, sighting),
                lives_at => {
                    if !self.visits.chance(diligence * self.config.churn.visit_finds_departure) {
                        continue;
                    }
                    if lives_at.is_some() && self.visits.chance(KNOWN_WHERE_TO) {
                        self.report_presence(person, sighting);
                    } else {
                        self.enter(sighting, ActKind::Cancelled { resident: person, home });
                    }
                }
            }
        }
    }

    fn check_facts(&mut self, person: u32, diligence: f64, sighting: Sighting) {
        let Some(record) = self.register.resident(person) else { return };
        let (held, true_) = (&record.facts, self.truth.anybody(person));
        let mut wrong = Vec::new();
        if held.name != true_.name {
            wrong.push(Field::Name(true_.name.clone()));
        }
        if held.mobile != true_.mobile {
            wrong.push(Field::Mobile(true_.mobile.clone()));
        }
        if held.employer != true_.employer {
            wrong.push(Field::Employer(true_.employer));
        }
        for field in wrong {
            if self.visits.chance(diligence * self.config.churn.visit_finds_wrong_fact) {
                self.enter(sighting, ActKind::Changed { resident: person, field });
            }
        }
    }

    /// Looks for people whom the register does not have there.
    fn check_people(&mut self, home: u32, diligence: f64, sighting: Sighting) {
        for person in self.truth.at_home(home).to_vec() {
            let registered = self.register.resident(person).is_some_and(|r| r.facts.home == home);
            if !registered && self.visits.chance(diligence * self.config.churn.visit_finds_person) {
                self.report_presence(person, sighting);
            }
        }
    }

    fn check_label(&mut self, home: u32, sighting: Sighting) {
        let label = label_for(self.homes[home as usize].kind, self.truth.at_home(home).len());
        if self.register.label(home) != label {
            self.enter(sighting, ActKind::Labelled { home, label });
        }
    }

    /// A home that was not opened is tried again within days; otherwise the label says when.
    fn plan_next(&mut self, home: u32, outcome: Outcome) {
        let tries = &mut self.tries[home as usize];
        let rules = &self.config.visits;
        let open = matches!(outcome, Outcome::NobodyHome | Outcome::Refused) && *tries + 1 < rules.tries;
        *tries = if open { *tries + 1 } else { 0 };
        let days = if open {
            2 + self.visits.below(3)
        } else {
            rules.next_visit_days(self.register.label(home), &mut self.visits)
        };
        self.due[home as usize] = self.today + days as Day;
    }
}
