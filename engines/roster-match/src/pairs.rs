//! The compared pairs of a run: each row with each of its candidates.

use std::cell::RefCell;

use cn_address::Address;

use crate::{
    decide,
    levels::{self, AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel},
    model::Model,
    number::RowNumber,
    pool::{Found, Pool, keep},
    register::Register,
    rows::{Claimed, Prepared, Rows},
};

/// Beside the register stand so many people of the world at large, so that a small register does not make every
/// name look common.
const WORLD: f64 = 1_000.0;
/// So many rows are looked at together.
pub(crate) const AT_ONCE: usize = 128;

/// One row beside one registered person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub person: u32,
    pub pattern: Pattern,
    /// Where the number differs, from 1; 0 when that says nothing.
    pub position: u8,
    /// In bits: how rare this name, this door and this employer are among all people; 0 where the model's own
    /// figure stands.
    pub rarity: [f32; 3],
}

/// All pairs of a run, row by row.
pub(crate) struct Pairs {
    pairs: Vec<Pair>,
    ends: Vec<u32>,
}

impl Pairs {
    pub(crate) fn of(register: &Register, rows: &Rows<'_>, model: &Model) -> Self {
        let comparer = Comparer { register, rows, general: General::of(model), parsed: RefCell::default() };
        let found = comparer.candidates();
        let mut pairs = Self { pairs: Vec::with_capacity(found.len() * 5 / 4), ends: Vec::with_capacity(found.len()) };
        for (rows, found) in rows.rows.chunks(AT_ONCE).zip(found.chunks(AT_ONCE)) {
            register.warm_people(found.iter().flatten().copied());
            for (row, found) in rows.iter().zip(found) {
                let claimed = Claimed::new(row.written);
                pairs.pairs.extend(found.iter().map(|&person| comparer.pair(row, &claimed, person)));
                pairs.ends.push(pairs.pairs.len() as u32);
            }
        }
        pairs
    }

    /// The pairs of a row.
    pub(crate) fn row(&self, row: usize) -> &[Pair] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.pairs[start..self.ends[row] as usize]
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.ends.len()
    }
}

/// What the model says of people anywhere.
struct General {
    exact: f64,
    homophone: f64,
    door: f64,
    employer: f64,
}

impl General {
    fn of(model: &Model) -> Self {
        fn other<L: PartialEq>(chances: &[crate::Chance<L>], level: L) -> f64 {
            chances.iter().find(|one| one.level == level).map_or(1e-4, |one| one.other)
        }
        Self {
            exact: other(&model.name, NameLevel::Exact),
            homophone: other(&model.name, NameLevel::Homophone),
            door: other(&model.address, AddressLevel::SameDoor),
            employer: other(&model.employer, EmployerLevel::Same),
        }
    }
}

struct Comparer<'a, 'r> {
    register: &'a Register,
    rows: &'a Rows<'r>,
    general: General,
    /// The claimed and the registered address as they were parsed last.
    parsed: RefCell<(Address, Address)>,
}

impl Comparer<'_, '_> {
    /// The people worth comparing with each row.
    fn candidates(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::with_capacity(self.rows.rows.len());
        for rows in self.rows.rows.chunks(AT_ONCE) {
            self.register.warm_numbers(rows.iter().filter_map(|row| match row.number {
                RowNumber::Valid(number) | RowNumber::Other(number) => Some(number),
                _ => None,
            }));
            found.extend(rows.iter().map(|row| self.by_number(row)));
        }
        let open: Vec<u32> = (0..found.len() as u32)
            .filter(|&n| !self.settled(&self.rows.rows[n as usize], &found[n as usize]))
            .collect();
        if !open.is_empty() {
            Pool::new(self.rows, &open).stream(self.register, &mut found);
        }
        found
    }

    fn by_number(&self, row: &Prepared<'_>) -> Found {
        let mut found = Found::new();
        let mut add = |number: u64| {
            self.register.with_number(number).take(16).for_each(|person| keep(&mut found, person as u32));
        };
        match &row.number {
            RowNumber::Valid(number) | RowNumber::Other(number) => add(*number),
            RowNumber::Broken(text) => {
                let known = |number: &u64| self.register.may_have_number(*number);
                crate::number::repairs(text).into_iter().filter(known).for_each(add);
            }
            RowNumber::Damaged(_) | RowNumber::Missing => {}
        }
        found
    }

    /// The number, or a repair of it, was found and the name agrees: nobody else need be looked for.
    fn settled(&self, row: &Prepared<'_>, found: &Found) -> bool {
        found.iter().any(|&person| row.sound == self.register.sound(person as usize) && !self.rows.name(row).is_empty())
    }

    fn pair(&self, row: &Prepared<'_>, claimed: &Claimed<'_>, person: u32) -> Pair {
        let (register, at) = (self.register, person as usize);
        let (number, position) = levels::number_level(&row.number, register.number(at));
        let pattern = Pattern {
            number,
            name: self.name_level(row, at),
            phone: levels::phone_level(row.phone, register.phone(at)),
            address: self.address_level(claimed, at),
            employer: levels::employer_level(row.employer, register.employer(at)),
        };
        Pair { person, pattern, position: position.unwrap_or(0), rarity: self.rarity(row, at, &pattern) }
    }

    fn name_level(&self, row: &Prepared<'_>, person: usize) -> NameLevel {
        let written = self.rows.name(row);
        if !written.is_empty() && row.sound == self.register.sound(person) {
            let exact = row.name_hash == self.register.name_hash(person);
            return if exact { NameLevel::Exact } else { NameLevel::Homophone };
        }
        levels::name_level(written, self.register.name(person))
    }

    fn address_level(&self, claimed: &Claimed<'_>, person: usize) -> AddressLevel {
        let registered = self.register.address(self.register.addr(person));
        if claimed.text.is_empty() || registered.is_empty() {
            return AddressLevel::Missing;
        }
        if claimed.text == registered {
            return AddressLevel::SameDoor;
        }
        match claimed.sketch().same_door(&crate::sketch::Sketch::of(registered)) {
            Some(true) => AddressLevel::SameDoor,
            Some(false) => AddressLevel::Different,
            None => {
                let parser = &self.register.parser;
                let (one, other) = &mut *self.parsed.borrow_mut();
                if !claimed.is_parsed.replace(true) {
                    parser.parse_into(claimed.text, one);
                }
                parser.parse_into(registered, other);
                levels::address_level(one, other)
            }
        }
    }

    fn rarity(&self, row: &Prepared<'_>, person: usize, pattern: &Pattern) -> [f32; 3] {
        let bits = |count: u32, general: f64| {
            let share = (f64::from(count.max(1)) + WORLD * general) / (self.register.len() as f64 + WORLD);
            -share.log2() as f32
        };
        let named = match pattern.name {
            NameLevel::Exact => bits(self.register.namesakes(row.name_hash), self.general.exact),
            NameLevel::Homophone => bits(self.register.homophones(row.sound), self.general.homophone),
            _ => 0.0,
        };
        let door = match pattern.address {
            AddressLevel::SameDoor => bits(self.register.living_at(self.register.addr(person)), self.general.door),
            _ => 0.0,
        };
        let employer = match pattern.employer {
            EmployerLevel::Same => bits(self.register.working_at(row.employer), self.general.employer),
            _ => 0.0,
        };
        [named, door, employer]
    }
}

/// A model's weights as tables, for looking them up in numbers.
pub(crate) struct Weights {
    number: [(f64, f64); 9],
    name: [(f64, f64); 5],
    phone: [(f64, f64); 4],
    address: [(f64, f64); 5],
    employer: [(f64, f64); 3],
    prior_bits: f64,
}

impl Weights {
    pub(crate) fn of(model: &Model, people: usize) -> Self {
        fn table<L: Copy, const N: usize>(chances: &[crate::Chance<L>], place: impl Fn(L) -> usize) -> [(f64, f64); N] {
            const LEAST: f64 = 1e-12;
            let mut table = [(0.0, 0.0); N];
            for one in chances {
                table[place(one.level)] = (one.same.max(LEAST).log2(), one.other.max(LEAST).log2());
            }
            table
        }
        Self {
            number: table(&model.number, |level: NumberLevel| level as usize),
            name: table(&model.name, |level: NameLevel| level as usize),
            phone: table(&model.phone, |level: PhoneLevel| level as usize),
            address: table(&model.address, |level: AddressLevel| level as usize),
            employer: table(&model.employer, |level: EmployerLevel| level as usize),
            prior_bits: (model.registered_share.max(1e-6) / people.max(1) as f64).log2(),
        }
    }

    /// The weights of a pair in bits: number, name, telephone, address, employer; and what a household takes off.
    pub(crate) fn fields(&self, pair: &Pair) -> ([f64; 5], f64) {
        let own = |(same, other): (f64, f64), rarity: f32| {
            if rarity == 0.0 { same - other } else { same + f64::from(rarity) }
        };
        let pattern = &pair.pattern;
        let fields = [
            own(self.number[pattern.number as usize], 0.0),
            own(self.name[pattern.name as usize], pair.rarity[0]),
            own(self.phone[pattern.phone as usize], 0.0),
            own(self.address[pattern.address as usize], pair.rarity[1]),
            own(self.employer[pattern.employer as usize], pair.rarity[2]),
        ];
        (fields, decide::shared_by_household(pattern, &fields))
    }

    /// All that speaks for a pair being one person, in bits.
    pub(crate) fn bits(&self, pair: &Pair) -> f64 {
        let (fields, household) = self.fields(pair);
        self.prior_bits + fields.iter().sum::<f64>() - household
    }
}
