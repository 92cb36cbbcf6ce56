//! A city: many towns, made one after the other, so that no more than one has to be held at a time.

use crate::config::{Churn, Config, District};
use crate::model::ADDRESS_PREFIX;
use crate::rules::VisitRules;
use jiff::civil::Date;

/// Syllables of invented names; no district or sub-district is called so.
const FIRST: [&str; 8] = ["云", "禾", "澄", "锦", "桐", "岚", "栎", "沁"];
const SECOND: [&str; 8] = ["浦", "汇", "岭", "湾", "陂", "洲", "埭", "圩"];
/// Sub-districts in a district.
const IN_A_DISTRICT: u32 = 20;

/// A city of many sub-districts (街道), each a [`Town`](crate::Town) of its own.
///
/// Nobody moves from one to another. Document numbers and organisation codes are unique in the whole city, and so are
/// mobiles as long as no town has handed out more than its share of 50 million.
///
/// ```
/// use jiff::civil::date;
/// use townsim::{City, Town};
///
/// let city = City::new(25_000_000, 1, date(2026, 1, 1));
/// assert_eq!(city.districts(), 250);
/// // Each town is made from its own configuration, and let go of before the next.
/// let first = city.config(0);
/// assert_eq!((first.residents, first.district.of), (100_000, 250));
/// assert_ne!(city.config(1).seed, first.seed);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    residents: u32,
    seed: u64,
    start: Date,
    /// How its towns live.
    pub churn: Churn,
    /// When their homes are visited.
    pub visits: VisitRules,
}

impl City {
    /// Residents of a sub-district, about.
    pub const RESIDENTS_A_DISTRICT: u32 = 100_000;
    /// The most residents that a city takes.
    pub const MAX_RESIDENTS: u32 = Self::RESIDENTS_A_DISTRICT * District::MOST;

    /// A city of so many residents, [`Config::MIN_RESIDENTS`] to [`City::MAX_RESIDENTS`]; values outside are moved to
    /// the nearer end. Up to [`City::RESIDENTS_A_DISTRICT`] it is one town, the same as [`Config::new`] makes.
    pub fn new(residents: u32, seed: u64, start: Date) -> Self {
        let residents = residents.clamp(Config::MIN_RESIDENTS, Self::MAX_RESIDENTS);
        Self { residents, seed, start, churn: Churn::default(), visits: VisitRules::default() }
    }

    /// How many sub-districts it has.
    pub fn districts(&self) -> u32 {
        self.residents.div_ceil(Self::RESIDENTS_A_DISTRICT)
    }

    /// What one of its towns is made from; `number` counts from 0.
    pub fn config(&self, number: u32) -> Config {
        let district = District { number, of: self.districts() };
        // A step of the golden ratio between seeds keeps the streams of neighbours apart.
        let seed = self.seed.wrapping_add(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Config {
            residents: district.end(self.residents) - district.begin(self.residents),
            seed,
            start: self.start,
            churn: self.churn.clone(),
            visits: self.visits.clone(),
            district,
        }
    }
}

impl District {
    /// What stands before the addresses of the town: for a town of its own [`ADDRESS_PREFIX`], in a city invented
    /// names.
    pub fn address_prefix(self) -> String {
        if self.of == 1 {
            return ADDRESS_PREFIX.to_owned();
        }
        let name = |n: u32| format!("{}{}", FIRST[n as usize % 8], SECOND[n as usize / 8 % 8]);
        let (district, place) = (self.number / IN_A_DISTRICT, self.number % IN_A_DISTRICT);
        format!("上海市{}区{}街道", name(district), name(63 - place))
    }

    /// The division code, nine digits: of a town of its own 310118003, in a city 310199 and a number, which is no
    /// division of Shanghai.
    pub fn division_code(self) -> String {
        if self.of == 1 { "310118003".to_owned() } else { format!("310199{:03}", self.number + 1) }
    }

    /// A number that is unique in the city, of a thing with this number in the town.
    pub fn unique(self, id: u32) -> u64 {
        u64::from(self.number) * 10_000_000 + u64::from(id)
    }
}
