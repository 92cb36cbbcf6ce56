//! Who tells the register what: landlords, employers, the people themselves, and how it is entered.

use crate::act::{Act, ActKind, Field, Source};
use crate::calendar::{DAY_S, instant, local_date};
use crate::dice::Dice;
use crate::model::{Facts, Resident, Tenancy};
use crate::private::Private;
use crate::town::Town;

/// How long after an event somebody declares it, in days.
const DECLARED_WITHIN_DAYS: u32 = 4;
/// The longest that an entry takes that keeps the 24 hours of R10, and that one takes that does not.
const IN_TIME_S: u32 = 11 * 3_600;
const LATE_S: u32 = 72 * 3_600;

/// When something was seen and entered, by whom, and how they knew.
#[derive(Clone, Copy)]
pub(crate) struct Sighting {
    pub(crate) seen_at_s: i64,
    pub(crate) entered_at_s: i64,
    pub(crate) by_staff: u32,
    pub(crate) source: Source,
}

impl Town {
    pub(crate) fn declare_arrival(&mut self, people: &[u32], home: u32) {
        let churn = self.config.churn.clone();
        let (source, share) = match self.homes[home as usize].tenancy {
            Tenancy::Let | Tenancy::PartLet => (Source::Landlord, churn.landlord_declares_arrival),
            Tenancy::Employer => (Source::Employer, churn.employer_declares),
            Tenancy::OwnerOccupied => (Source::SelfDeclared, churn.self_declares_arrival),
        };
        let declared = if self.actors.chance(share) {
            source
        } else if self.actors.chance(churn.self_declares_arrival) {
            Source::SelfDeclared
        } else {
            return;
        };
        let sighting = self.declaration(home, declared);
        for person in people {
            self.report_presence(*person, sighting);
        }
    }

    pub(crate) fn declare_departure(&mut self, people: &[u32], home: u32) {
        let churn = &self.config.churn;
        let (source, share) = match self.homes[home as usize].tenancy {
            Tenancy::Let | Tenancy::PartLet => (Source::Landlord, churn.landlord_declares_departure),
            Tenancy::Employer => (Source::Employer, churn.employer_declares),
            Tenancy::OwnerOccupied => (Source::SelfDeclared, churn.self_declares_departure),
        };
        if self.actors.chance(share) {
            let sighting = self.declaration(home, source);
            for person in people {
                self.enter(sighting, ActKind::Cancelled { resident: *person, home });
            }
        }
    }

    pub(crate) fn declare_work(&mut self, person: u32) {
        if self.actors.chance(self.config.churn.employer_declares) {
            let Facts { home, employer, .. } = *self.truth.anybody(person);
            let sighting = self.declaration(home, Source::Employer);
            let field = Field::Employer(employer);
            self.enter(sighting, ActKind::Changed { resident: person, field });
        }
    }

    /// A declaration within days, at daytime, entered at the station or in the grid.
    fn declaration(&mut self, home: u32, source: Source) -> Sighting {
        let days = self.actors.below(DECLARED_WITHIN_DAYS);
        let seen_at_s = instant(self.in_days(days), 8 * 3_600 + i64::from(self.actors.below(36_000)));
        let grid = self.addresses[self.homes[home as usize].address as usize].grid as usize;
        let by_staff = match self.actors.weighted(&[40, 38, 22]) {
            0 => self.team.clerk,
            1 => self.coordinator(grid),
            _ => self.team.grid_workers[grid],
        };
        let entered_at_s = self.entry_time(seen_at_s);
        Sighting { seen_at_s, entered_at_s, by_staff, source }
    }

    pub(crate) fn coordinator(&mut self, grid: usize) -> u32 {
        let own = self.team.coordinators[grid].clone();
        own.start + self.actors.below(own.len() as u32)
    }

    pub(crate) fn entry_time(&mut self, seen_at_s: i64) -> i64 {
        let delay = if self.actors.chance(self.config.churn.late_entry) {
            DAY_S + i64::from(self.actors.below(LATE_S))
        } else {
            60 + i64::from(self.actors.below(IN_TIME_S))
        };
        seen_at_s + delay
    }

    /// Somebody is known to live where in truth they do: registered, or moved there, or nothing to do.
    pub(crate) fn report_presence(&mut self, person: u32, sighting: Sighting) {
        let facts = self.truth.anybody(person).clone();
        let kind = match self.register.resident(person) {
            Some(record) if record.facts.home == facts.home => return,
            Some(_) => ActKind::MovedWithin {
                resident: person,
                home: facts.home,
                household: facts.household,
                since: facts.since,
            },
            None => {
                let mut dice = self.actors.clone();
                let facts = self.with_slips(facts, &mut dice);
                self.actors = dice;
                let seen = (sighting.source == Source::Visit).then(|| local_date(sighting.seen_at_s));
                ActKind::Registered { resident: Box::new(Resident { id: person, facts, verified_on: seen }) }
            }
        };
        self.enter(sighting, kind);
    }

    /// Facts as somebody enters them who makes a mistake now and then.
    pub(crate) fn with_slips(&self, mut facts: Facts, dice: &mut Dice) -> Facts {
        let churn = &self.config.churn;
        if facts.mobile.is_some() && dice.chance(churn.slip_mobile) {
            facts.mobile = Some(Private::from(format!("154{:08}", dice.below(100_000_000))));
        }
        if dice.chance(churn.slip_name) {
            facts.name = Private::from(self.people.names.slipped(facts.name.as_str(), dice));
        }
        if dice.chance(churn.slip_home) {
            let grid = self.addresses[self.homes[facts.home as usize].address as usize].grid;
            let neighbour = facts.home + 1;
            if self.homes_of_grid[grid as usize].contains(&neighbour) {
                facts.home = neighbour;
            }
        }
        facts
    }

    pub(crate) fn enter(&mut self, sighting: Sighting, kind: ActKind) {
        let Sighting { seen_at_s, entered_at_s, by_staff, source } = sighting;
        self.sequence += 1;
        let act = Act { seen_at_s, entered_at_s, by_staff, source, kind };
        self.pending.insert((entered_at_s, self.sequence), act);
    }
}
