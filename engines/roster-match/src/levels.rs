//! How far each field of a pair agrees: the levels that the model weighs.

use std::cmp::Ordering;

use cn_address::{Address, Level, Reason as AddressReason, compare};
use serde::{Deserialize, Serialize};

use crate::{
    names,
    number::{self, RowNumber},
};

/// Agreement of the document number (证件号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum NumberLevel {
    /// Equal.
    Exact,
    /// One character replaced, left out or added.
    OneOff,
    /// Two neighbours exchanged.
    Transposed,
    /// A spreadsheet destroyed the end; what is left agrees.
    Damaged,
    /// Not valid, and two characters apart.
    Near,
    /// Unlike, but the date of birth agrees, and the row's number is not valid.
    SameBirth,
    /// Unlike, and the row's number is not valid.
    Unlike,
    /// Two valid numbers of two people.
    OtherPerson,
    /// One side has none.
    Missing,
}

/// Agreement of the name (姓名).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum NameLevel {
    /// Equal, traditional and simplified forms taken as one.
    Exact,
    /// The same sound.
    Homophone,
    /// One character apart.
    OneCharacter,
    /// Another name.
    Different,
    /// One side has none.
    Missing,
}

/// Agreement of the telephone number (手机号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum PhoneLevel {
    /// Equal.
    Exact,
    /// One digit wrong or two exchanged.
    OneOff,
    /// Another number.
    Different,
    /// One side has none.
    Missing,
}

/// Agreement of the address (地址).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum AddressLevel {
    /// The same door, or the same as far as the row tells.
    SameDoor,
    /// Another room of the same building.
    SameBuilding,
    /// Another house of the same road or village.
    SameRoadOrVillage,
    /// Somewhere else.
    Different,
    /// One side has none, or they cannot be compared.
    Missing,
}

/// Agreement of the employer (单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum EmployerLevel {
    /// Registered at the roster's employer.
    Same,
    /// Registered at another.
    Different,
    /// The register knows no employer.
    Missing,
}

/// The levels of one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
pub struct Pattern {
    /// Document number.
    pub number: NumberLevel,
    /// Name.
    pub name: NameLevel,
    /// Telephone.
    pub phone: PhoneLevel,
    /// Address.
    pub address: AddressLevel,
    /// Employer.
    pub employer: EmployerLevel,
}

/// The level, and for one wrong character its place (1 is the first).
pub(crate) fn number_level(row: &RowNumber, registered: u64) -> (NumberLevel, Option<u8>) {
    let level = match row {
        _ if registered == 0 => NumberLevel::Missing,
        RowNumber::Missing => NumberLevel::Missing,
        RowNumber::Valid(packed) | RowNumber::Other(packed) if *packed == registered => NumberLevel::Exact,
        RowNumber::Valid(_) | RowNumber::Other(_) => NumberLevel::OtherPerson,
        RowNumber::Damaged(kept) => match number::unpack(registered) {
            Some(digits) if digits.starts_with(kept.as_bytes()) && kept.len() >= 3 => {
                // Three digits are the province; only with the birth does a prefix say who it is.
                if kept.len() >= 14 { NumberLevel::Damaged } else { NumberLevel::Missing }
            }
            _ => NumberLevel::Unlike,
        },
        RowNumber::Broken(text) => return broken_level(text, registered),
    };
    (level, None)
}

fn broken_level(text: &str, registered: u64) -> (NumberLevel, Option<u8>) {
    let Some(digits) = number::unpack(registered) else { return (NumberLevel::Unlike, None) };
    let written = text.as_bytes();
    let first = digits.iter().zip(written).position(|(a, b)| a != b).unwrap_or(digits.len().min(written.len()));
    let (rest, other) = (&digits[first..], &written[first..]);
    let place = Some(first as u8 + 1);
    if rest.get(1..) == other.get(1..) || Some(rest) == other.get(1..) || rest.get(1..) == Some(other) {
        return (NumberLevel::OneOff, place);
    }
    if rest.len() == other.len()
        && rest.len() >= 2
        && rest[0] == other[1]
        && rest[1] == other[0]
        && rest[2..] == other[2..]
    {
        return (NumberLevel::Transposed, place);
    }
    if strsim::osa_distance(text, std::str::from_utf8(&digits).unwrap_or_default()) <= 2 {
        return (NumberLevel::Near, None);
    }
    let same_birth = written.get(6..14) == digits.get(6..14);
    (if same_birth { NumberLevel::SameBirth } else { NumberLevel::Unlike }, None)
}

/// The level of two names that sound differently.
pub(crate) fn name_level(row: &str, registered: &str) -> NameLevel {
    if row.is_empty() || registered.is_empty() {
        NameLevel::Missing
    } else if names::one_character_apart(row, registered) {
        NameLevel::OneCharacter
    } else {
        NameLevel::Different
    }
}

pub(crate) fn phone_level(row: u64, registered: u64) -> PhoneLevel {
    if row == 0 || registered == 0 {
        PhoneLevel::Missing
    } else if row == registered {
        PhoneLevel::Exact
    } else if number::phone_one_off(row, registered) {
        PhoneLevel::OneOff
    } else {
        PhoneLevel::Different
    }
}

/// The level of the address. What the row leaves out does not speak against it; what it contradicts does.
pub(crate) fn address_level(row: &Address, registered: &Address) -> AddressLevel {
    use AddressReason::{FloorDiffers, LaneMissing, NameMisspelt, NumberMissing, RoomMissing, UnitMissing};
    use cn_address::Element::Floor;
    let found = compare(row, registered);
    match (found.level, found.reason) {
        (Level::SameDoor, _) => AddressLevel::SameDoor,
        (_, FloorDiffers) if row.get(Floor).is_none() || registered.get(Floor).is_none() => AddressLevel::SameDoor,
        (Level::SameBuilding | Level::SameRoadOrVillage, _) if slip_in_a_number(row, registered) => {
            AddressLevel::SameDoor
        }
        (_, RoomMissing | UnitMissing | NumberMissing | LaneMissing | NameMisspelt) => AddressLevel::SameDoor,
        (Level::SameBuilding, _) => AddressLevel::SameBuilding,
        (Level::SameRoadOrVillage, _) => AddressLevel::SameRoadOrVillage,
        (Level::Different, _) => AddressLevel::Different,
        (Level::Unknown, _) if row.is_empty() || registered.is_empty() => AddressLevel::Missing,
        (Level::Unknown, _) => without_place(row, registered),
    }
}

/// A digit doubled, left out or exchanged with its neighbour in one number, while all others agree: people seldom move
/// to such a door of the same road or village. Another digit is another door (301, 302), and short numbers have too many
/// neighbours where nothing else agrees.
fn slip_in_a_number(row: &Address, registered: &Address) -> bool {
    use cn_address::Element::{Building, Group, Lane, Number, Room, SubLane, Unit};
    let (mut agree, mut slips, mut digits) = (0, 0, 0);
    for element in [Group, Lane, SubLane, Number, Building, Unit, Room] {
        match (row.get(element), registered.get(element)) {
            (None, None) => {}
            (Some(a), Some(b)) if a == b => agree += 1,
            (Some(a), Some(b)) if is_slip(a.as_bytes(), b.as_bytes()) => {
                (slips, digits) = (slips + 1, a.len().max(b.len()));
            }
            _ => return false,
        }
    }
    slips == 1 && agree + digits > 2
}

fn is_slip(a: &[u8], b: &[u8]) -> bool {
    let first = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[first..], &b[first..]);
    match a.len().cmp(&b.len()) {
        Ordering::Less => b.get(1..) == Some(a),
        Ordering::Greater => a.get(1..) == Some(b),
        Ordering::Equal => a.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..],
    }
}

/// An estate against a road: the house and the room must speak.
fn without_place(row: &Address, registered: &Address) -> AddressLevel {
    use cn_address::Element::{Building, Number, Room};
    let house = |address: &Address| address.get(Number).or(address.get(Building)).map(str::to_owned);
    match (house(row), house(registered)) {
        (Some(a), Some(b)) if a == b && row.get(Room) == registered.get(Room) => AddressLevel::SameDoor,
        (Some(_), Some(_)) => AddressLevel::Different,
        _ => AddressLevel::Missing,
    }
}

pub(crate) fn employer_level(row: u32, registered: u32) -> EmployerLevel {
    match registered {
        crate::register::NO_EMPLOYER => EmployerLevel::Missing,
        same if same == row => EmployerLevel::Same,
        _ => EmployerLevel::Different,
    }
}
