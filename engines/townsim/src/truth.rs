//! The truth: who really lives where.

use crate::model::{Facts, Label, PremisesKind};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Here,
    Away,
    Dead,
}

/// Who really lives where. No register knows it; rates are held against it.
#[derive(Clone)]
pub struct Truth {
    people: Vec<Facts>,
    presence: Vec<Presence>,
    by_home: Vec<Vec<u32>>,
    away: Vec<u32>,
    population: u32,
}

impl Truth {
    pub(crate) fn new() -> Self {
        Self { people: Vec::new(), presence: Vec::new(), by_home: Vec::new(), away: Vec::new(), population: 0 }
    }

    pub(crate) fn add_home(&mut self) {
        self.by_home.push(Vec::new());
    }

    /// How many people live in the town.
    pub fn population(&self) -> u32 {
        self.population
    }

    /// Everyone who lives in the town, by person.
    pub fn inhabitants(&self) -> impl Iterator<Item = (u32, &Facts)> {
        let here = |(id, presence): (usize, &Presence)| (*presence == Presence::Here).then_some(id);
        self.presence.iter().enumerate().filter_map(here).map(|id| (id as u32, &self.people[id]))
    }

    /// What is true of somebody who lives in the town.
    pub fn person(&self, person: u32) -> Option<&Facts> {
        let here = self.presence.get(person as usize) == Some(&Presence::Here);
        here.then(|| &self.people[person as usize])
    }

    /// Who lives at a home, by person.
    pub fn at_home(&self, home: u32) -> &[u32] {
        self.by_home.get(home as usize).map_or(&[], Vec::as_slice)
    }

    /// What is or was last true of anybody who ever lived here.
    pub(crate) fn anybody(&self, person: u32) -> &Facts {
        &self.people[person as usize]
    }

    /// How many people ever lived here.
    pub(crate) fn ever(&self) -> u32 {
        self.people.len() as u32
    }

    pub(crate) fn away(&self) -> &[u32] {
        &self.away
    }

    pub(crate) fn facts_mut(&mut self, person: u32) -> &mut Facts {
        &mut self.people[person as usize]
    }

    pub(crate) fn household_of(&self, person: u32) -> Vec<u32> {
        let Facts { home, household, .. } = self.people[person as usize];
        let same = |other: &u32| self.people[*other as usize].household == household;
        self.at_home(home).iter().copied().filter(same).collect()
    }

    pub(crate) fn arrive(&mut self, facts: Facts) -> u32 {
        let person = self.people.len() as u32;
        self.settle(person, facts.home);
        self.people.push(facts);
        self.presence.push(Presence::Here);
        self.population += 1;
        person
    }

    pub(crate) fn move_to(&mut self, person: u32, home: u32) {
        self.unsettle(person);
        self.people[person as usize].home = home;
        self.settle(person, home);
    }

    pub(crate) fn leave(&mut self, person: u32) {
        self.unsettle(person);
        self.presence[person as usize] = Presence::Away;
        self.away.push(person);
        self.population -= 1;
    }

    pub(crate) fn die(&mut self, person: u32) {
        self.unsettle(person);
        self.presence[person as usize] = Presence::Dead;
        self.population -= 1;
    }

    /// The person at a place of the list of those away comes back.
    pub(crate) fn come_back(&mut self, place: usize, home: u32) -> u32 {
        let person = self.away.swap_remove(place);
        self.presence[person as usize] = Presence::Here;
        self.people[person as usize].home = home;
        self.settle(person, home);
        self.population += 1;
        person
    }

    fn settle(&mut self, person: u32, home: u32) {
        self.by_home[home as usize].push(person);
    }

    fn unsettle(&mut self, person: u32) {
        let home = self.people[person as usize].home;
        self.by_home[home as usize].retain(|other| *other != person);
    }
}

/// The label that premises should have (R18): vacant where nobody lives, crowded for shared lets,
/// dormitories and from ten people on, informal for what was not built as a home.
pub(crate) fn label_for(kind: PremisesKind, people: usize) -> Option<Label> {
    match kind {
        _ if people == 0 => Some(Label::Vacant),
        PremisesKind::SharedLet | PremisesKind::Dormitory => Some(Label::Crowded),
        _ if people >= 10 => Some(Label::Crowded),
        PremisesKind::Flat | PremisesKind::House => None,
        _ => Some(Label::Informal),
    }
}
