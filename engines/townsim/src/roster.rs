//! Rosters (花名册) as employers send them: right in the main, and damaged in the ways that occur (R14).

use crate::calendar::{Day, date_of, day_of};
use crate::dice::{Dice, Stream};
use crate::employers::OUTSIDE_SHARE;
use crate::model::{ADDRESS_PREFIX, DocKind, Facts};
use crate::names::Names;
use crate::people::{People, Settling, Stock};
use crate::team::ROSTER_STAFF;
use crate::town::Town;
use jiff::civil::Date;
use std::fmt;

/// A full list of an employer's staff, as a table of text. Its `Debug` shows no cell.
#[derive(Clone, PartialEq)]
pub struct Roster {
    /// The employer, by index.
    pub employer: u32,
    /// The day that it tells of.
    pub as_of: Date,
    /// The column headings.
    pub header: Vec<&'static str>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
    /// What is true of each row.
    pub truth: Vec<RosterRowTruth>,
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster")
            .field("employer", &self.employer)
            .field("as_of", &self.as_of)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

/// What is true of a roster's row.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterRowTruth {
    /// The person; none for somebody who never lived in the town.
    pub person: Option<u32>,
    /// What is wrong with the row.
    pub damage: Vec<Damage>,
}

/// What can be wrong with a roster's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// An apostrophe stands before the document number.
    Apostrophe,
    /// The document number is in full-width characters.
    FullWidth,
    /// A spreadsheet has turned the document number into something like `1.00102E+17`.
    Spreadsheet,
    /// One digit of the document number is wrong.
    WrongDigit,
    /// There is a space in the name.
    SpacedName,
    /// One character of the name is wrong.
    WrongName,
    /// The address is of another home.
    OtherAddress,
    /// The address is written short.
    ShortAddress,
    /// The row stands twice.
    Duplicate,
    /// The person has left the town.
    Leaver,
}

const HEADERS: [[&str; 7]; 3] = [
    ["序号", "姓名", "身份证号", "手机号", "现住址", "入职日期", "备注"],
    ["编号", "员工姓名", "证件号码", "联系电话", "居住地址", "进厂时间", "备注"],
    ["No.", "姓 名", "身份证号码", "电话", "住址", "入职时间", "说明"],
];
const REMARKS: [&str; 5] = ["", "", "夜班", "试用期", "组长"];
const OUTSIDE: [&str; 4] = ["松江区泗泾镇", "嘉定区安亭镇", "闵行区华漕镇", "昆山市花桥镇"];

/// What can be wrong with a document number, a name and an address, with its share in a thousand.
const NUMBER_DAMAGE: [(Damage, u32); 4] =
    [(Damage::Apostrophe, 20), (Damage::FullWidth, 6), (Damage::Spreadsheet, 8), (Damage::WrongDigit, 8)];
const NAME_DAMAGE: [(Damage, u32); 2] = [(Damage::SpacedName, 15), (Damage::WrongName, 8)];
const ADDRESS_DAMAGE: [(Damage, u32); 2] = [(Damage::OtherAddress, 40), (Damage::ShortAddress, 250)];
const DUPLICATE: f64 = 0.006;
/// The share of those who worked there and have left the town whom the roster still has.
const LEAVERS_KEPT: f64 = 0.15;

struct Clerk<'a> {
    town: &'a Town,
    dice: Dice,
    names: Names,
    roster: Roster,
}

impl Town {
    /// The employers that send rosters: those that had 50 or more staff at the start.
    pub fn roster_employers(&self) -> impl Iterator<Item = u32> {
        self.employers.iter().filter(|e| e.staff_count >= ROSTER_STAFF).map(|e| e.id)
    }

    /// The roster that an employer would send today; the same whenever it is asked for on one day. Empty
    /// for an unknown employer.
    pub fn roster(&self, employer: u32) -> Roster {
        let header = HEADERS[employer as usize % HEADERS.len()].to_vec();
        let as_of = self.today();
        let roster = Roster { employer, as_of, header, rows: Vec::new(), truth: Vec::new() };
        let number = u64::from(employer) << 20 | u64::from(self.today.unsigned_abs());
        let dice = Dice::numbered(self.config.seed, Stream::Rosters, number);
        let mut clerk = Clerk { town: self, dice, names: Names::new(), roster };
        for person in 0..self.truth.ever() {
            if self.truth.anybody(person).employer == Some(employer) {
                clerk.write_known(person);
            }
        }
        clerk.write_outsiders();
        clerk.roster
    }
}

impl Clerk<'_> {
    fn write_known(&mut self, person: u32) {
        let mut damage = Vec::new();
        if self.town.truth.person(person).is_none() {
            if !self.dice.chance(LEAVERS_KEPT) {
                return;
            }
            damage.push(Damage::Leaver);
        }
        let facts = self.town.truth.anybody(person);
        let address = self.address(facts.home, &mut damage);
        self.write(facts, address, Some(person), damage);
    }

    fn write_outsiders(&mut self) {
        let Some(employer) = self.town.employers.get(self.roster.employer as usize) else { return };
        // The same outsiders every day: their stream does not depend on the date.
        let number = u64::from(employer.id) << 20;
        let dice = Dice::numbered(self.town.config.seed, Stream::Rosters, number);
        let mut people = People::outside(dice, employer.id);
        for _ in 0..(f64::from(employer.staff_count) * OUTSIDE_SHARE) as u32 {
            let today = day_of(self.town.config.start);
            let settling = Settling { home: 0, today, longest_stay_days: 900, local_share: 0.3, employer: None };
            let place = OUTSIDE[people.some_number(OUTSIDE.len() as u32) as usize];
            let address =
                format!("{place}白鹭路{}弄{}号401室", 10 + people.some_number(90), 1 + people.some_number(30));
            for facts in people.household(Stock::Single, settling, 1) {
                self.write(&facts, address.clone(), None, Vec::new());
            }
        }
    }

    fn write(&mut self, facts: &Facts, address: String, person: Option<u32>, mut damage: Vec<Damage>) {
        let name = self.name(facts, &mut damage);
        let number = self.number(facts, &mut damage);
        let row = vec![
            (self.roster.rows.len() + 1).to_string(),
            name,
            number,
            facts.mobile.as_ref().map_or(String::new(), |m| m.as_str().to_owned()),
            address,
            date_of(self.town.today - self.dice.below(1_200) as Day).to_string(),
            (*self.dice.pick(&REMARKS)).to_owned(),
        ];
        if self.dice.chance(DUPLICATE) {
            let damage = [damage.clone(), vec![Damage::Duplicate]].concat();
            self.roster.rows.push(row.clone());
            self.roster.truth.push(RosterRowTruth { person, damage });
        }
        self.roster.rows.push(row);
        self.roster.truth.push(RosterRowTruth { person, damage });
    }

    /// At most one of the kinds of damage.
    fn damaged(&mut self, kinds: &[(Damage, u32)]) -> Option<Damage> {
        let mut left = self.dice.below(1_000);
        for (kind, share) in kinds {
            if left < *share {
                return Some(*kind);
            }
            left -= share;
        }
        None
    }

    fn name(&mut self, facts: &Facts, damage: &mut Vec<Damage>) -> String {
        let name = facts.name.as_str();
        let kind = self.damaged(&NAME_DAMAGE);
        damage.extend(kind);
        match kind {
            Some(Damage::SpacedName) => {
                let first = name.chars().next().map_or(0, char::len_utf8);
                format!("{} {}", &name[..first], &name[first..])
            }
            Some(_) => self.names.slipped(name, &mut self.dice),
            None => name.to_owned(),
        }
    }

    fn number(&mut self, facts: &Facts, damage: &mut Vec<Damage>) -> String {
        let number = facts.doc_no.as_str();
        let digits = number.bytes().all(|b| b.is_ascii_digit());
        let kind = self.damaged(&NUMBER_DAMAGE).filter(|kind| match kind {
            // A spreadsheet rounds what it takes for a number, which one with a check character X is not.
            Damage::Spreadsheet => digits && number.len() == 18,
            Damage::WrongDigit => facts.doc_kind == DocKind::ResidentId,
            _ => true,
        });
        damage.extend(kind);
        match kind {
            Some(Damage::Apostrophe) => format!("'{number}"),
            Some(Damage::FullWidth) => number.chars().map(full_width).collect(),
            Some(Damage::Spreadsheet) => format!("{}.{}E+17", &number[..1], &number[1..6]),
            Some(Damage::WrongDigit) => {
                let place = 14 + self.dice.below(3) as usize;
                let wrong = (number.as_bytes()[place] - b'0' + 1 + self.dice.below(9) as u8) % 10;
                format!("{}{wrong}{}", &number[..place], &number[place + 1..])
            }
            _ => number.to_owned(),
        }
    }

    fn address(&mut self, home: u32, damage: &mut Vec<Damage>) -> String {
        let kind = self.damaged(&ADDRESS_DAMAGE);
        damage.extend(kind);
        let other = self.dice.below(self.town.homes.len() as u32);
        let home = if kind == Some(Damage::OtherAddress) { other } else { home };
        let text = &self.town.addresses[self.town.homes[home as usize].address as usize].text;
        if kind == Some(Damage::ShortAddress) {
            // 501弄3号101室 → 501弄3号101, and now and then the sub-district doubled before it.
            let short = text.trim_end_matches('室').replace("号楼", "号");
            let doubled = self.dice.chance(0.1);
            return if doubled { format!("香花桥街道香花桥街道{short}") } else { short };
        }
        format!("{ADDRESS_PREFIX}{text}")
    }
}

fn full_width(character: char) -> char {
    char::from_u32(u32::from(character) + 0xFEE0).filter(|_| character.is_ascii_graphic()).unwrap_or(character)
}
