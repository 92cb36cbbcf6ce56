//! The register: what is held to be true.

use crate::act::{Act, ActKind, Field, Outcome, Source};
use crate::calendar::local_date;
use crate::model::{Label, Resident};
use std::collections::BTreeMap;

/// The register of the town: each person's one current record, and the labels of premises.
///
/// A person has one place in it, so that two main residences cannot be held.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    records: BTreeMap<u32, Resident>,
    by_home: Vec<Vec<u32>>,
    labels: Vec<Option<Label>>,
}

impl Register {
    pub(crate) fn new(labels: Vec<Option<Label>>) -> Self {
        Self { records: BTreeMap::new(), by_home: vec![Vec::new(); labels.len()], labels }
    }

    /// Every current record, by person.
    pub fn residents(&self) -> impl Iterator<Item = &Resident> {
        self.records.values()
    }

    /// How many current records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The current record of a person.
    pub fn resident(&self, person: u32) -> Option<&Resident> {
        self.records.get(&person)
    }

    /// Who is registered at a home, by person.
    pub fn at_home(&self, home: u32) -> &[u32] {
        self.by_home.get(home as usize).map_or(&[], Vec::as_slice)
    }

    /// The label of a home.
    pub fn label(&self, home: u32) -> Option<Label> {
        self.labels.get(home as usize).copied().flatten()
    }

    /// Does an act. Returns whether it changed anything or, for a visit, was made at a known home; an
    /// act that is overtaken by another one, such as the registration of somebody registered meanwhile,
    /// does nothing.
    pub fn apply(&mut self, act: &Act) -> bool {
        match &act.kind {
            ActKind::HomeVerified { home, outcome } => self.verify(*home, *outcome, act.seen_at_s),
            ActKind::Registered { resident } => self.register((**resident).clone()),
            ActKind::Changed { resident, field } => self.change(*resident, field),
            ActKind::MovedWithin { resident, home, household, since } => {
                let Some(record) = self.resident(*resident) else { return false };
                if record.facts.home == *home || *home as usize >= self.by_home.len() {
                    return false;
                }
                let mut record = record.clone();
                record.facts.home = *home;
                record.facts.household = *household;
                record.facts.since = *since;
                record.verified_on = (act.source == Source::Visit).then(|| local_date(act.seen_at_s));
                self.cancel(*resident);
                self.register(record)
            }
            ActKind::Cancelled { resident, home } => {
                self.resident(*resident).is_some_and(|r| r.facts.home == *home) && self.cancel(*resident)
            }
            ActKind::Labelled { home, label } => match self.labels.get_mut(*home as usize) {
                Some(current) if current != label => {
                    *current = *label;
                    true
                }
                _ => false,
            },
        }
    }

    fn verify(&mut self, home: u32, outcome: Outcome, seen_at_s: i64) -> bool {
        let Some(people) = self.by_home.get(home as usize) else { return false };
        if outcome == Outcome::Verified {
            let seen_on = Some(local_date(seen_at_s));
            for person in people {
                if let Some(record) = self.records.get_mut(person) {
                    record.verified_on = record.verified_on.max(seen_on);
                }
            }
        }
        true
    }

    pub(crate) fn register(&mut self, resident: Resident) -> bool {
        let (id, home) = (resident.id, resident.facts.home);
        if self.resident(id).is_some() || home as usize >= self.by_home.len() {
            return false;
        }
        self.records.insert(id, resident);
        let people = &mut self.by_home[home as usize];
        let place = people.partition_point(|other| *other < id);
        people.insert(place, id);
        true
    }

    fn change(&mut self, person: u32, field: &Field) -> bool {
        let Some(record) = self.records.get_mut(&person) else { return false };
        let facts = &mut record.facts;
        match field {
            Field::Name(name) => replace(&mut facts.name, name),
            Field::Mobile(mobile) => replace(&mut facts.mobile, mobile),
            Field::Employer(employer) => replace(&mut facts.employer, employer),
        }
    }

    fn cancel(&mut self, person: u32) -> bool {
        let Some(record) = self.records.remove(&person) else { return false };
        self.by_home[record.facts.home as usize].retain(|other| *other != person);
        true
    }
}

fn replace<T: Clone + PartialEq>(current: &mut T, new: &T) -> bool {
    let differs = current != new;
    if differs {
        *current = new.clone();
    }
    differs
}
