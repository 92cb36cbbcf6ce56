//! A seeded register and a roster with known truth. Everybody is invented; numbers begin with 99, which was
//! never issued.
#![allow(dead_code, reason = "each of the test, the bench and the example uses a part")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod damage;
mod doors;
mod score;
mod words;

use damage::Wrong;
use doors::Door;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roster_match::{RegisterPerson, RosterRow};
#[allow(unused_imports, reason = "the example that writes files keeps no score")]
pub use score::Score;
use words::Words;

const NOBODY: u32 = u32::MAX;

/// An entry of the register.
#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub number: String,
    birth: (i16, u8, u8),
    pub phone: String,
    pub addr: usize,
    pub employer: u32,
    /// The first entry of the same human being.
    pub entity: usize,
}

pub struct Row {
    pub employer: u32,
    pub name: String,
    pub id_no: String,
    pub phone: String,
    pub address: String,
    /// The registered person (entity), when there is one.
    pub truth: Option<usize>,
    /// Whether the claimed address is the registered one; nothing when none is given.
    pub same: Option<bool>,
    /// Whose number the row bears, when it is that of another registered person.
    pub number_of: Option<usize>,
    /// What kind of row it is, for looking at mistakes.
    pub kind: &'static str,
}

pub struct Town {
    pub people: Vec<Person>,
    pub addresses: Vec<String>,
    pub rows: Vec<Row>,
    doors: Vec<Door>,
    words: Words,
}

impl Town {
    /// About `people` entries in the register, `rows` on the rosters, and how much noise there is (1.0 is ordinary).
    pub fn grow(seed: u64, people: usize, rows: usize, noise: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut town = Self {
            people: Vec::new(),
            addresses: Vec::new(),
            rows: Vec::new(),
            doors: Vec::new(),
            words: Words::new(),
        };
        let employers = (people / 60).max(3) as u32;
        while town.people.len() < people {
            town.household(&mut rng, employers);
        }
        town.list(&mut rng, rows, noise);
        town
    }

    fn household(&mut self, rng: &mut ChaCha8Rng, employers: u32) {
        let door = Door::new(rng);
        let addr = self.doors.len();
        self.addresses.push(door.standard());
        self.doors.push(door);
        let dormitory = rng.random_bool(0.002);
        let size = if dormitory { rng.random_range(20..120) } else { rng.random_range(1..6) };
        let surname = self.words.surname(rng);
        let shared = damage::new_phone(rng);
        let birth = birth(rng);
        let together = rng.random_range(0..employers);
        for n in 0..size {
            let family = !dormitory && rng.random_bool(0.6);
            let twin = family && n > 0 && rng.random_bool(0.02);
            let employer = if dormitory {
                together
            } else if rng.random_bool(0.7) {
                // Large employers are few.
                let share: f64 = rng.random_range(0.0..1.0);
                (share.powi(2) * f64::from(employers)) as u32
            } else {
                NOBODY
            };
            let own = if family { surname } else { self.words.surname(rng) };
            let born = if twin { birth } else { self::birth(rng) };
            let mut person = self.person(rng, own, born, addr, employer);
            if twin && let Some(last) = self.people.last().filter(|p| p.number.len() == 18) {
                person.birth = last.birth;
                person.number = neighbour(&last.number, last.birth, 2);
            }
            if family && rng.random_bool(0.15) {
                person.phone = shared.clone();
            }
            self.enter(rng, person);
        }
    }

    /// One entry, or for one in a hundred two of them.
    fn enter(&mut self, rng: &mut ChaCha8Rng, mut person: Person) {
        person.entity = self.people.len();
        self.people.push(person.clone());
        if rng.random_bool(0.01) {
            match rng.random_range(0..4) {
                0 => person.phone = damage::new_phone(rng),
                1 => person.addr = rng.random_range(0..self.doors.len()),
                2 => person.number = String::new(),
                _ => {}
            }
            self.people.push(person);
        }
    }

    fn person(&self, rng: &mut ChaCha8Rng, surname: char, birth: (i16, u8, u8), addr: usize, employer: u32) -> Person {
        let number = match rng.random_range(0..1000) {
            0..12 => String::new(),
            12..20 => format!("E{:08}", rng.random_range(10_000_000..99_999_999)),
            _ => {
                let area = area(rng);
                damage::resident(rng, &area, birth)
            }
        };
        let name = self.words.name(rng, surname);
        let phone = if rng.random_bool(0.94) { damage::new_phone(rng) } else { String::new() };
        Person { name, number, birth, phone, addr, employer, entity: 0 }
    }

    /// Rosters of employers drawn at random until there are enough rows.
    fn list(&mut self, rng: &mut ChaCha8Rng, rows: usize, noise: f64) {
        let mut staff: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
        for (n, person) in self.people.iter().enumerate().filter(|(n, p)| p.entity == *n && p.employer != NOBODY) {
            staff.entry(person.employer).or_default().push(n);
        }
        let mut employers: Vec<u32> = staff.keys().copied().collect();
        while self.rows.len() < rows && !employers.is_empty() {
            let employer = employers.swap_remove(rng.random_range(0..employers.len()));
            for &person in &staff[&employer] {
                if rng.random_bool(0.17) {
                    continue;
                }
                // Some have come from other employers.
                let truth = if rng.random_bool(0.92) {
                    person
                } else {
                    let other = rng.random_range(0..self.people.len());
                    if self.people[other].employer == employer { person } else { self.people[other].entity }
                };
                let row = self.registered(rng, truth, employer, noise);
                self.rows.push(row);
                if rng.random_bool(0.15 / 0.85) {
                    let row = self.stranger(rng, person, employer, noise);
                    self.rows.push(row);
                }
            }
        }
        self.rows.truncate(rows);
    }

    fn registered(&self, rng: &mut ChaCha8Rng, truth: usize, employer: u32, noise: f64) -> Row {
        let person = &self.people[truth];
        let moved = rng.random_bool(0.14);
        let addr = if moved { rng.random_range(0..self.doors.len()) } else { person.addr };
        let mut row = self.row(rng, person, addr, noise);
        row.employer = employer;
        row.truth = Some(truth);
        row.same = (!row.address.is_empty()).then_some(addr == person.addr);
        row.kind = if row.number_of.is_some() { "number of another" } else { "registered" };
        row
    }

    /// Not registered; one in three a trap.
    fn stranger(&self, rng: &mut ChaCha8Rng, like: usize, employer: u32, noise: f64) -> Row {
        let like = &self.people[like];
        let surname = like.name.chars().next().unwrap();
        let own = self.words.surname(rng);
        let addr = rng.random_range(0..self.doors.len());
        let birth = birth(rng);
        let mut one = self.person(rng, own, birth, addr, employer);
        let mut kind = "stranger";
        match rng.random_range(0..15) {
            0 => {
                kind = "namesake of the same birthday";
                one.name = like.name.clone();
                let area =
                    if rng.random_bool(0.3) && like.number.len() == 18 { like.number[..6].into() } else { area(rng) };
                one.number = damage::resident(rng, &area, like.birth);
            }
            1 => {
                kind = "twin at the same address";
                one = self.person(rng, surname, like.birth, like.addr, employer);
                if like.number.len() == 18 {
                    one.number = neighbour(&like.number, like.birth, 7);
                }
            }
            2 => {
                kind = "sibling at the same address";
                one = self.person(rng, surname, birth, like.addr, employer);
                // Siblings share the first character of the given name too.
                let middle: Vec<char> = like.name.chars().collect();
                if middle.len() == 3 && rng.random_bool(0.5) {
                    let last = one.name.chars().last().unwrap();
                    one.name = middle[..2].iter().chain(&[last]).collect();
                }
                if rng.random_bool(0.3) {
                    one.phone = like.phone.clone();
                }
            }
            3 | 4 => {
                kind = "a relative's telephone";
                one.phone = like.phone.clone();
                if rng.random_bool(0.5) {
                    one.addr = like.addr;
                }
            }
            _ => {}
        }
        // Twins may by chance be called alike; then nobody could tell them apart.
        if kind != "namesake of the same birthday" && one.name == like.name {
            one.name.push('二');
        }
        let mut row = self.row(rng, &one, one.addr, noise);
        row.employer = employer;
        row.kind = kind;
        row
    }

    fn row(&self, rng: &mut ChaCha8Rng, person: &Person, addr: usize, noise: f64) -> Row {
        let (id_no, number_of) = match damage::number(rng, &person.number, noise) {
            Wrong::Text(text) => (text, None),
            Wrong::OfAnother => {
                let other = rng.random_range(0..self.people.len());
                (self.people[other].number.clone(), Some(self.people[other].entity))
            }
        };
        Row {
            employer: 0,
            name: self.words.written(rng, &person.name, noise),
            id_no,
            phone: damage::phone(rng, &person.phone, noise),
            address: if rng.random_bool(0.9) { self.doors[addr].written(rng, noise) } else { String::new() },
            truth: None,
            same: None,
            number_of,
            kind: "",
        }
    }

    pub fn register(&self) -> impl Iterator<Item = RegisterPerson<'_>> {
        self.people.iter().enumerate().map(|(n, person)| RegisterPerson {
            pid: n as u64,
            name: &person.name,
            doc_no: &person.number,
            phone: &person.phone,
            addr: person.addr as u32,
            employer: person.employer,
        })
    }

    pub fn roster(&self) -> Vec<RosterRow<'_>> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(n, row)| RosterRow {
            row: n as u64,
            employer: row.employer,
            name: &row.name,
            id_no: &row.id_no,
            phone: &row.phone,
            address: &row.address,
        })
        .collect()
    }
}

fn birth(rng: &mut impl Rng) -> (i16, u8, u8) {
    (rng.random_range(1950..2008), rng.random_range(1..13), rng.random_range(1..29))
}

/// One in four comes from here.
fn area(rng: &mut impl Rng) -> String {
    if rng.random_bool(0.25) { "990118".into() } else { format!("99{:04}", rng.random_range(100..2200)) }
}

/// A number that was given out soon after.
fn neighbour(number: &str, birth: (i16, u8, u8), by: u16) -> String {
    let seq: u16 = number[14..17].parse().unwrap();
    cn_identity::make::resident_number(&number[..6], birth, if seq > 980 { seq - by } else { seq + by })
        .as_str()
        .to_owned()
}
