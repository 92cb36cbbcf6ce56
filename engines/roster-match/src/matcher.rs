//! One run of a roster against a register.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
};

use cn_address::Address;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::{
    decide::{self, Scored},
    levels::{self, AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel},
    model::Model,
    names,
    number::{self, RowNumber},
    pool::{Found, Pool},
    reason::{Finding, Reason},
    register::Register,
};

/// One row of a roster (名册行), borrowed from the caller.
#[derive(Clone, Copy)]
pub struct RosterRow<'a> {
    /// The caller's id of the row.
    pub row: u64,
    /// Employer id of the roster.
    pub employer: u32,
    /// Name as written.
    pub name: &'a str,
    /// Document number as written.
    pub id_no: &'a str,
    /// Telephone as written.
    pub phone: &'a str,
    /// Address as written; empty when not given.
    pub address: &'a str,
}

impl fmt::Debug for RosterRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RosterRow({}, masked)", self.row)
    }
}

/// What the machine decides, from the least to the most certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// Not registered (未登记).
    None,
    /// Uncertain: a person decides (待核).
    Review,
    /// The same person (相符).
    Match,
}

/// The claimed address against the registered main address, for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The same address (一致).
    Same,
    /// Registered at another address (不一致).
    Diff,
    /// No address to compare, or no match.
    NotGiven,
}

/// The result of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// The caller's id of the row.
    pub row: u64,
    /// The registered person; of a review the likeliest one.
    pub pid: Option<u64>,
    /// What was decided.
    pub decision: Decision,
    /// Same or different address.
    pub class: Class,
    /// How probable it is that both are the same person, from 0 to 1.
    pub probability: f64,
    /// Why, with weights.
    pub reasons: Vec<Finding>,
}

/// A row with its fields in comparable form.
pub(crate) struct Prepared<'r> {
    pub name: Box<str>,
    pub sound: u32,
    pub number: RowNumber,
    pub birth: u32,
    pub phone: u64,
    pub employer: u32,
    written: &'r str,
    /// Parsed only when it is compared: most rows repeat the registered text.
    address: OnceCell<Address>,
    house: OnceCell<House>,
    written_plainly: bool,
}

/// The claimed house, for finding people by it.
struct House {
    /// Hash of place, lane and number; 0 when the row tells none.
    key: u64,
    /// The room, or failing that the number: most addresses are turned away for not containing it.
    digits: Box<str>,
}

impl Prepared<'_> {
    fn address(&self, parser: &cn_address::Parser) -> &Address {
        self.address.get_or_init(|| parser.parse(self.written))
    }

    /// True when the registered address is the claimed house. `key` tells the key of an address's text.
    pub(crate) fn lives_at(&self, parser: &cn_address::Parser, registered: &str, key: impl FnOnce() -> u64) -> bool {
        use cn_address::Element::{Building, Number, Room};
        let house = self.house.get_or_init(|| {
            let address = self.address(parser);
            let digits = address.get(Room).or(address.get(Number)).or(address.get(Building)).unwrap_or_default();
            House { key: building(address), digits: digits.into() }
        });
        house.key != 0 && registered.contains(&*house.digits) && key() == house.key
    }
}

/// Compares rosters with one register by one model.
#[derive(Debug, Clone)]
pub struct Matcher<'a> {
    register: &'a Register,
    model: Model,
    prior_bits: f64,
}

impl<'a> Matcher<'a> {
    /// A matcher for a register.
    #[must_use]
    pub fn new(register: &'a Register, model: &Model) -> Self {
        let prior = model.registered_share.max(1e-6) / register.len().max(1) as f64;
        Self { register, model: model.clone(), prior_bits: prior.log2() }
    }

    /// Compares each row; the results stand in the order of the rows.
    #[must_use]
    pub fn compare(&self, rows: &[RosterRow<'_>]) -> Vec<RowResult> {
        let prepared: Vec<Prepared<'_>> = rows.iter().map(|row| Self::prepare(row)).collect();
        let found = self.candidates(&prepared);
        rows.iter()
            .zip(&prepared)
            .zip(&found)
            .map(|((row, prepared), found)| self.result(row, prepared, found))
            .collect()
    }

    /// Registered at an employer of the roster and gone from its list (R15): employer and person. Who was
    /// found in review counts as present; of somebody registered twice the first entry is given.
    #[must_use]
    pub fn missing(&self, rows: &[RosterRow<'_>], results: &[RowResult]) -> Vec<(u32, u64)> {
        let register = self.register;
        let employers: FxHashSet<u32> = rows.iter().map(|row| row.employer).collect();
        let pids: FxHashSet<u64> =
            results.iter().filter(|result| result.decision != Decision::None).filter_map(|result| result.pid).collect();
        let mut numbers: FxHashSet<u64> = (0..register.len())
            .filter(|&person| pids.contains(&register.pids[person]) && register.numbers[person] != 0)
            .map(|person| register.numbers[person])
            .collect();
        (0..register.len())
            .filter(|&person| employers.contains(&register.employers[person]) && !pids.contains(&register.pids[person]))
            .filter(|&person| register.numbers[person] == 0 || numbers.insert(register.numbers[person]))
            .map(|person| (register.employers[person], register.pids[person]))
            .collect()
    }

    /// How many candidate pairs of these rows show each pattern: what [`Model::learn`] needs.
    #[must_use]
    pub fn patterns(&self, rows: &[RosterRow<'_>]) -> BTreeMap<Pattern, u64> {
        let prepared: Vec<Prepared<'_>> = rows.iter().map(|row| Self::prepare(row)).collect();
        let found = self.candidates(&prepared);
        let mut counts = BTreeMap::new();
        for (row, found) in prepared.iter().zip(&found) {
            for candidate in self.scored(row, found) {
                *counts.entry(candidate.pattern).or_default() += 1;
            }
        }
        counts
    }

    /// A model learnt from these rows without labels, starting from this matcher's.
    #[must_use]
    pub fn learn(&self, rows: &[RosterRow<'_>]) -> Model {
        self.model.learn(&self.patterns(rows), self.prior_bits)
    }

    fn prepare<'r>(row: &RosterRow<'r>) -> Prepared<'r> {
        let mut name = String::with_capacity(row.name.len());
        names::fold_into(row.name, &mut name);
        let number = number::of_row(row.id_no);
        let birth = match &number {
            RowNumber::Valid(packed) => number::birth(*packed),
            RowNumber::Damaged(text) | RowNumber::Broken(text) => {
                text.get(6..14).and_then(|date| date.parse().ok()).unwrap_or(0)
            }
            _ => 0,
        };
        Prepared {
            sound: names::sound(&name),
            written_plainly: name == row.name,
            name: name.into(),
            number,
            birth,
            phone: number::phone(row.phone),
            employer: row.employer,
            written: row.address,
            address: OnceCell::new(),
            house: OnceCell::new(),
        }
    }

    /// The people worth scoring for each row.
    fn candidates(&self, rows: &[Prepared<'_>]) -> Vec<Found> {
        let mut all: Vec<Found> = rows.iter().map(|row| self.by_number(row)).collect();
        let open: Vec<u32> =
            (0..rows.len() as u32).filter(|&n| !self.settled(&rows[n as usize], &all[n as usize])).collect();
        if open.is_empty() {
            return all;
        }
        let mut found: FxHashMap<u32, Found> =
            open.iter().map(|&n| (n, std::mem::take(&mut all[n as usize]))).collect();
        let mut doors: FxHashMap<u32, u64> = FxHashMap::default();
        let mut parsed = Address::default();
        Pool::new(rows, &open).stream(self.register, rows, &mut found, |addr| {
            *doors.entry(addr).or_insert_with(|| {
                self.register.parser.parse_into(self.register.address(addr), &mut parsed);
                building(&parsed)
            })
        });
        for (n, found) in found {
            all[n as usize] = found;
        }
        all
    }

    fn by_number(&self, row: &Prepared<'_>) -> Found {
        let mut found = Found::default();
        let mut add =
            |number: u64| found.people.extend(self.register.with_number(number).take(16).map(|person| person as u32));
        match &row.number {
            RowNumber::Valid(number) | RowNumber::Other(number) => add(*number),
            RowNumber::Broken(text) => number::repairs(text).into_iter().for_each(add),
            RowNumber::Damaged(_) | RowNumber::Missing => {}
        }
        found
    }

    /// The number, or a repair of it, was found and the name does not contradict it: nobody else need be looked for.
    fn settled(&self, row: &Prepared<'_>, found: &Found) -> bool {
        matches!(row.number, RowNumber::Valid(_) | RowNumber::Other(_) | RowNumber::Broken(_))
            && found.people.iter().any(|&person| {
                let person = person as usize;
                let level =
                    levels::name_level(&row.name, row.sound, self.register.name(person), self.register.sounds[person]);
                level != NameLevel::Different
            })
    }

    fn result(&self, row: &RosterRow<'_>, prepared: &Prepared<'_>, found: &Found) -> RowResult {
        let mut scored = self.scored(prepared, found);
        let outcome = decide::decide(&scored, &self.model);
        let best = (!scored.is_empty() && outcome.decision != Decision::None).then(|| scored.swap_remove(0));
        let pid = best.as_ref().map(|best| self.register.pids[best.person]);
        let mut reasons = best.map(|best| best.findings).unwrap_or_default();
        reasons.extend(outcome.rule.map(|reason| Finding { reason, weight_bits: 0.0 }));
        RowResult {
            row: row.row,
            pid,
            decision: outcome.decision,
            class: outcome.class,
            probability: outcome.probability,
            reasons,
        }
    }

    /// The candidates of a row, the best first; equals in the register's order.
    fn scored(&self, row: &Prepared<'_>, found: &Found) -> Vec<Scored> {
        let mut scored: Vec<Scored> =
            found.people.iter().map(|&person| self.score(row, person as usize, found)).collect();
        scored.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.person.cmp(&b.person)));
        scored
    }

    fn score(&self, row: &Prepared<'_>, person: usize, found: &Found) -> Scored {
        let register = self.register;
        let (number, position) = levels::number_level(&row.number, register.numbers[person]);
        let name = levels::name_level(&row.name, row.sound, register.name(person), register.sounds[person]);
        let address = self.address_level(row, person);
        let pattern = Pattern {
            number,
            name,
            phone: levels::phone_level(row.phone, register.phones[person]),
            address,
            employer: levels::employer_level(row.employer, register.employers[person]),
        };
        let mut weights = self.model.weights(&pattern);
        weights[1] += self.frequency_bits(name, found);
        let household = decide::shared_by_household(&pattern, &weights);
        let bits = self.prior_bits + weights.iter().sum::<f64>() - household;
        let reasons = reasons_of(&pattern, position, row.written_plainly);
        let mut findings: Vec<Finding> =
            reasons.into_iter().zip(weights).map(|(reason, weight_bits)| Finding { reason, weight_bits }).collect();
        if household > 0.0 {
            findings.push(Finding { reason: Reason::HouseholdOnly, weight_bits: -household });
        }
        Scored { person, number: register.numbers[person], pattern, bits, findings }
    }

    fn address_level(&self, row: &Prepared<'_>, person: usize) -> AddressLevel {
        let registered = self.register.address(self.register.addrs[person]);
        if row.written.is_empty() || registered.is_empty() {
            return AddressLevel::Missing;
        }
        if row.written == registered {
            return AddressLevel::SameDoor;
        }
        let parser = &self.register.parser;
        levels::address_level(row.address(parser), &parser.parse(registered))
    }

    /// What a rare name says more, and a common one less, than the average of the model.
    fn frequency_bits(&self, level: NameLevel, found: &Found) -> f64 {
        let count = match level {
            NameLevel::Exact => found.namesakes,
            NameLevel::Homophone => found.homophones,
            _ => 0,
        };
        let average = self.model.name.iter().find(|chance| chance.level == level).map_or(1e-4, |chance| chance.other);
        if count == 0 || average <= 0.0 {
            return 0.0;
        }
        let frequency = f64::from(count) / self.register.len().max(1) as f64;
        (average / frequency).log2().clamp(-8.0, 5.0)
    }
}

fn reasons_of(pattern: &Pattern, position: Option<u8>, written_plainly: bool) -> [Reason; 5] {
    let position = position.unwrap_or(0);
    [
        match pattern.number {
            NumberLevel::Exact => Reason::NumberEqual,
            NumberLevel::OneOff => Reason::NumberOneOff { position },
            NumberLevel::Transposed => Reason::NumberTransposed { position },
            NumberLevel::Damaged => Reason::NumberDamaged,
            NumberLevel::SameBirth => Reason::NumberSameBirth,
            NumberLevel::Unlike => Reason::NumberUnlike,
            NumberLevel::OtherPerson => Reason::NumberOfOther,
            NumberLevel::Missing => Reason::NumberMissing,
        },
        match pattern.name {
            NameLevel::Exact if written_plainly => Reason::NameEqual,
            NameLevel::Exact => Reason::NameVariant,
            NameLevel::Homophone => Reason::NameHomophone,
            NameLevel::OneCharacter => Reason::NameOneCharacter,
            NameLevel::Different => Reason::NameDiffers,
            NameLevel::Missing => Reason::NameMissing,
        },
        match pattern.phone {
            PhoneLevel::Exact => Reason::PhoneEqual,
            PhoneLevel::OneOff => Reason::PhoneOneOff,
            PhoneLevel::Different => Reason::PhoneDiffers,
            PhoneLevel::Missing => Reason::PhoneMissing,
        },
        match pattern.address {
            AddressLevel::SameDoor => Reason::AddressSameDoor,
            AddressLevel::SameBuilding => Reason::AddressSameBuilding,
            AddressLevel::SameRoadOrVillage => Reason::AddressSameRoad,
            AddressLevel::Different => Reason::AddressDiffers,
            AddressLevel::Missing => Reason::AddressMissing,
        },
        match pattern.employer {
            EmployerLevel::Same => Reason::EmployerSame,
            EmployerLevel::Different => Reason::EmployerDiffers,
            EmployerLevel::Missing => Reason::EmployerMissing,
        },
    ]
}

/// A hash of the house in an address; 0 when it tells none.
fn building(address: &Address) -> u64 {
    use cn_address::Element::{Building, Group, Hamlet, Lane, Number, Road, Site, Village};
    let place = address.get(Road).or(address.get(Site)).or(address.get(Village)).or(address.get(Hamlet));
    let house = address.get(Number).or(address.get(Building)).or(address.get(Group));
    let (Some(place), Some(house)) = (place, house) else { return 0 };
    let mut hasher = FxHasher::default();
    (place, address.get(Lane), house).hash(&mut hasher);
    hasher.finish().max(1)
}
