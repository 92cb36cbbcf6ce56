//! A day in truth: people move in, out and within, are born and die, change work and mobile.

use crate::act::{Event, EventKind};
use crate::calendar::{Day, date_of, day_of};
use crate::model::{Home, PremisesKind, Tenancy};
use crate::people::{Settling, Stock, works};
use crate::town::Town;

const YEAR_DAYS: f64 = 365.0;
/// How often a draw that has to meet a condition is repeated before it is given up for the day.
const TRIES: u32 = 60;
/// Of those who change work, who finds the next in the town; and how often, by comparison, somebody who
/// works elsewhere takes up work in the town.
const NEXT_WORK_IN_TOWN: f64 = 0.7;
const TAKES_UP_WORK: f64 = 0.12;
/// The share of newcomers of working age who work in the town.
const NEWCOMER_WORKS_IN_TOWN: f64 = 0.3;

impl Town {
    pub(crate) fn live_today(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.move_households(&mut events);
        self.births_and_deaths(&mut events);
        self.return_some(&mut events);
        self.take_in_newcomers(&mut events);
        self.change_work(&mut events);
        self.change_mobiles(&mut events);
        events
    }

    fn note(&self, events: &mut Vec<Event>, person: u32, kind: EventKind) {
        events.push(Event { date: date_of(self.today), person, kind });
    }

    /// How many of the town's people a yearly rate meets today.
    fn expected(&mut self, yearly: f64) -> u32 {
        self.life.count(f64::from(self.truth.population()) * yearly / YEAR_DAYS)
    }

    fn anybody_here(&mut self) -> Option<u32> {
        let ever = self.truth.ever();
        (0..TRIES).map(|_| self.life.below(ever)).find(|person| self.truth.person(*person).is_some())
    }

    fn yearly_moves(&self, person: u32) -> f64 {
        let facts = self.truth.anybody(person);
        let home = &self.homes[facts.home as usize];
        let churn = &self.config.churn;
        match (home.kind, home.tenancy) {
            (PremisesKind::Flat | PremisesKind::House, Tenancy::OwnerOccupied) => churn.owner_moves_yearly,
            (PremisesKind::House, Tenancy::PartLet) if facts.local => churn.owner_moves_yearly,
            (PremisesKind::Flat | PremisesKind::House, _) => churn.tenant_moves_yearly,
            _ => churn.short_stay_moves_yearly,
        }
    }

    /// Draws people at the highest rate, and lets each draw stand for its household with the share that
    /// gives every household its own rate, however many people it has.
    fn move_households(&mut self, events: &mut Vec<Event>) {
        let churn = &self.config.churn;
        let highest = churn.owner_moves_yearly.max(churn.tenant_moves_yearly).max(churn.short_stay_moves_yearly);
        for _ in 0..self.expected(highest) {
            let Some(person) = self.anybody_here() else { return };
            let household = self.truth.household_of(person);
            if !self.life.chance(self.yearly_moves(person) / highest / household.len() as f64) {
                continue;
            }
            let within = self.life.chance(self.config.churn.moves_within_share);
            let next = if within { self.home_for(household.len()) } else { None };
            self.move_household(&household, next, events);
        }
    }

    fn move_household(&mut self, household: &[u32], next: Option<u32>, events: &mut Vec<Event>) {
        let Some(from) = household.first().map(|person| self.truth.anybody(*person).home) else { return };
        for person in household {
            match next {
                Some(to) => {
                    self.truth.move_to(*person, to);
                    self.truth.facts_mut(*person).since = date_of(self.today);
                    self.note(events, *person, EventKind::MovedWithin { from, to });
                }
                None => {
                    self.truth.leave(*person);
                    self.note(events, *person, EventKind::MovedOut { from });
                }
            }
        }
        self.declare_departure(household, from);
        if let Some(to) = next {
            self.declare_arrival(household, to);
        }
    }

    /// A home with room for a household that moves within the town; dormitories take newcomers alone.
    fn home_for(&mut self, people: usize) -> Option<u32> {
        self.open_home(people).filter(|home| self.homes[*home as usize].kind != PremisesKind::Dormitory)
    }

    /// A home with so many free places, where strangers may live together or nobody lives yet.
    fn open_home(&mut self, people: usize) -> Option<u32> {
        let homes = self.homes.len() as u32;
        (0..TRIES).map(|_| self.life.below(homes)).find(|home| {
            let occupied = self.truth.at_home(*home).len();
            let Home { kind, tenancy, places, .. } = &self.homes[*home as usize];
            let shared =
                matches!(kind, PremisesKind::SharedLet | PremisesKind::Dormitory) || *tenancy == Tenancy::PartLet;
            occupied + people <= usize::from(*places) && (occupied == 0 || shared)
        })
    }

    fn births_and_deaths(&mut self, events: &mut Vec<Event>) {
        for _ in 0..self.expected(self.config.churn.birth_yearly) {
            let Some(parent) = self.somebody_aged(22, 42) else { continue };
            let child = self.people.newborn(self.truth.anybody(parent), self.today);
            let home = child.home;
            let child = self.truth.arrive(child);
            self.note(events, child, EventKind::Born { home });
            self.declare_arrival(&[child], home);
        }
        for _ in 0..self.expected(self.config.churn.death_yearly) {
            let Some(person) = self.somebody_aged(62, 120) else { continue };
            let home = self.truth.anybody(person).home;
            self.truth.die(person);
            self.note(events, person, EventKind::Died { home });
            self.declare_departure(&[person], home);
        }
    }

    fn somebody_aged(&mut self, youngest: i32, oldest: i32) -> Option<u32> {
        (0..TRIES).find_map(|_| {
            let person = self.anybody_here()?;
            let years = (self.today - day_of(self.truth.anybody(person).birth)) / 365;
            (youngest..=oldest).contains(&years).then_some(person)
        })
    }

    fn return_some(&mut self, events: &mut Vec<Event>) {
        let away = self.truth.away().len() as f64;
        for _ in 0..self.life.count(away * self.config.churn.return_yearly / YEAR_DAYS) {
            let Some(home) = self.home_for(1) else { continue };
            let place = self.life.below(self.truth.away().len() as u32) as usize;
            let person = self.truth.come_back(place, home);
            let household = self.people.new_household();
            let facts = self.truth.facts_mut(person);
            facts.household = household;
            facts.since = date_of(self.today);
            self.note(events, person, EventKind::Returned { home });
            self.declare_arrival(&[person], home);
        }
    }

    /// Newcomers keep the town as large as it was founded.
    fn take_in_newcomers(&mut self, events: &mut Vec<Event>) {
        let missing = self.config.residents.saturating_sub(self.truth.population());
        for _ in 0..TRIES + 4 * missing {
            if self.truth.population() >= self.config.residents {
                return;
            }
            let Some(home) = self.open_home(1) else { continue };
            let household = self.newcomers(home);
            for person in &household {
                self.note(events, *person, EventKind::MovedIn { home });
            }
            self.declare_arrival(&household, home);
        }
    }

    fn newcomers(&mut self, home: u32) -> Vec<u32> {
        let Home { kind, tenancy, places, employer, .. } = self.homes[home as usize];
        let room = usize::from(places) - self.truth.at_home(home).len();
        let stock = match (kind, tenancy) {
            (PremisesKind::Dormitory, _) => Stock::Single,
            (PremisesKind::SharedLet, _) if self.life.chance(0.7) => Stock::Single,
            (_, Tenancy::OwnerOccupied) => Stock::Owners,
            _ => Stock::Tenants,
        };
        let local_share = if stock == Stock::Owners { 0.6 } else { 0.05 };
        let today = self.today;
        let settling = Settling { home, today, longest_stay_days: 0, local_share, employer };
        let mut household = Vec::new();
        for mut facts in self.people.household(stock, settling, room) {
            if employer.is_none() && works(&facts, today) && self.life.chance(NEWCOMER_WORKS_IN_TOWN) {
                facts.employer = self.some_employer();
            }
            household.push(self.truth.arrive(facts));
        }
        household
    }

    /// An employer, drawn by how many people of the town work there.
    fn some_employer(&mut self) -> Option<u32> {
        (0..TRIES).find_map(|_| self.anybody_here().and_then(|person| self.truth.anybody(person).employer))
    }

    fn change_work(&mut self, events: &mut Vec<Event>) {
        for _ in 0..self.expected(self.config.churn.job_change_yearly) {
            let Some(person) = self.anybody_here() else { return };
            let facts = self.truth.anybody(person);
            let lodges = self.homes[facts.home as usize].employer.is_some();
            if lodges || !works(facts, self.today) {
                continue;
            }
            let before = facts.employer;
            let stays = if before.is_some() { NEXT_WORK_IN_TOWN } else { TAKES_UP_WORK };
            let employer = if self.life.chance(stays) { self.some_employer() } else { None };
            if employer != before {
                self.truth.facts_mut(person).employer = employer;
                self.note(events, person, EventKind::ChangedEmployer { employer });
                self.declare_work(person);
            }
        }
    }

    fn change_mobiles(&mut self, events: &mut Vec<Event>) {
        for _ in 0..self.expected(self.config.churn.mobile_change_yearly) {
            let Some(person) = self.anybody_here() else { return };
            if self.truth.anybody(person).mobile.is_some() {
                let mobile = Some(self.people.numbers.mobile());
                self.truth.facts_mut(person).mobile = mobile;
                self.note(events, person, EventKind::ChangedMobile);
            }
        }
    }

    /// The day so many days from now.
    pub(crate) fn in_days(&self, days: u32) -> Day {
        self.today + days as Day
    }
}
