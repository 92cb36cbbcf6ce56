//! Numbers that belong to nobody.
//!
//! - Resident numbers: area codes 100101 to 109999, of which 108000 on are for people outside the town.
//!   No province has the code 10.
//! - Residence permits of Hong Kong, Macau and Taiwan residents: the right area code, sequence 000, which
//!   is not handed out (and being even makes all their holders women).
//! - Travel permits: H99…, M99… and 99…, serial numbers that no issue has come near.
//! - Passports: `ZZ99` and five digits.
//! - Mobiles: segment 154, which no operator has.
//! - Organisation codes: division codes 100101 to 109999 again.

use crate::calendar::{Day, date_of};
use crate::config::District;
use crate::dice::Dice;
use crate::model::{DocKind, Sex};
use crate::private::Private;
use std::collections::HashSet;

const ORG_CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Hands out numbers, none of them twice.
#[derive(Clone)]
pub(crate) struct Numbers {
    areas: (u32, u32),
    taken: HashSet<Box<str>>,
    mobiles: u32,
    organisations: u32,
    passports: u32,
    district: District,
}

impl Numbers {
    /// Numbers for the people of a town: of each kind the share of its district.
    pub(crate) fn new(district: District) -> Self {
        Self {
            areas: (100_101 + district.begin(7_899), 100_100 + district.end(7_899)),
            taken: HashSet::new(),
            mobiles: district.begin(50_000_000),
            organisations: district.begin(100_000_000),
            passports: district.begin(100_000),
            district,
        }
    }

    /// Numbers for people outside the town, so that none of them has a resident's; `block` keeps the
    /// mobiles of one group of outsiders apart from those of another.
    pub(crate) fn apart(block: u32) -> Self {
        let town = Self::new(District::default());
        Self { areas: (108_000, 109_999), mobiles: 50_000_000 + block % 1_000 * 40_000, ..town }
    }

    pub(crate) fn mobile(&mut self) -> Private {
        // Multiplying by a number prime to 10⁸ visits every number once, in no visible order.
        self.mobiles += 1;
        let number = u64::from(self.mobiles) * 48_271_639 % 100_000_000;
        Private::from(format!("154{number:08}"))
    }

    /// A resident number that nobody has, in this town either.
    pub(crate) fn resident(&mut self, birth: Day, sex: Sex, dice: &mut Dice) -> Private {
        loop {
            let area = (self.areas.0 + dice.below(self.areas.1 - self.areas.0 + 1)).to_string();
            let sequence = 1 + 2 * dice.below(499) + u32::from(sex == Sex::Female);
            if sequence.is_multiple_of(100) {
                continue; // with the check digit 0 it would look like a number rounded by a spreadsheet
            }
            let number = gb11643(&area, birth, sequence as u16);
            if self.taken.insert(number.clone().into_boxed_str()) {
                return Private::from(number);
            }
        }
    }

    /// A document of somebody from Hong Kong, Macau or Taiwan.
    pub(crate) fn hmt(&mut self, birth: Day, sex: Sex, dice: &mut Dice) -> (DocKind, Private) {
        let region = dice.below(3) as usize;
        let permit = gb11643(["810000", "820000", "830000"][region], birth, 0);
        // All permits of one birthday have one number but for the region: each birthday is one district's.
        let District { number, of } = self.district;
        let ours = birth.rem_euclid(of as Day) == number as Day;
        if ours && sex == Sex::Female && !permit.ends_with("000") && self.taken.insert(permit.clone().into_boxed_str())
        {
            return (DocKind::HmtResidencePermit, Private::from(permit));
        }
        self.passports += 1;
        let number = format!("{}99{:06}", ["H", "M", ""][region], self.passports % 1_000_000);
        (DocKind::HmtTravelPermit, Private::from(number))
    }

    pub(crate) fn passport(&mut self) -> Private {
        self.passports += 1;
        Private::from(format!("ZZ99{:05}", self.passports % 100_000))
    }

    /// A unified social credit code: `91` for a company, `92` for a shop of one owner.
    pub(crate) fn organisation(&mut self, company: bool, dice: &mut Dice) -> Box<str> {
        self.organisations += 1;
        let body = format!("{:08}", u64::from(self.organisations) * 7_654_321 % 100_000_000);
        loop {
            let area = 100_101 + dice.below(9_899);
            let mut code = format!("9{}{area}{body}", if company { 1 } else { 2 });
            code.push(gb11714_check(&body));
            code.push(gb32100_check(&code));
            // An end of 000 looks like a number rounded by a spreadsheet; another division has another check character.
            if !code.ends_with("000") {
                return code.into_boxed_str();
            }
        }
    }
}

fn gb11643(area: &str, birth: Day, sequence: u16) -> String {
    let birth = date_of(birth);
    let birth = (birth.year(), birth.month() as u8, birth.day() as u8);
    cn_identity::make::resident_number(area, birth, sequence).as_str().to_owned()
}

fn gb11714_check(body: &str) -> char {
    let sum: u32 = body.bytes().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(b, w)| u32::from(b - b'0') * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    }
}

fn gb32100_check(code: &str) -> char {
    let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let value = |byte| ORG_CHARACTERS.iter().position(|c| *c == byte).unwrap_or(0);
    let sum: usize = code.bytes().zip(weights).map(|(byte, weight)| value(byte) * weight).sum();
    char::from(ORG_CHARACTERS[(31 - sum % 31) % 31])
}
