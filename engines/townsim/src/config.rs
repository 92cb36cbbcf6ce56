//! What a town is made from: its size, its seed, its first day, and how it lives.

use crate::rules::VisitRules;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// What a town is made from. Equal values give equal towns, on every machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Config {
    /// People who live in the town at the start, about; 500 to 1,500,000, values outside are moved to
    /// the nearer end.
    pub residents: u32,
    /// The seed of all randomness.
    pub seed: u64,
    /// The first day that is lived; the register at the start is as of the evening before. 2000-01-01 to
    /// 2099-12-31, values outside are moved to the nearer end.
    pub start: Date,
    /// How the town lives.
    pub churn: Churn,
    /// When homes are visited.
    pub visits: VisitRules,
    /// Which of a city's sub-districts it is.
    pub district: District,
}

/// Which of a city's sub-districts a town is. It decides which numbers its people have, so that no two towns of one
/// city give the same document number or mobile to two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct District {
    /// Counted from 0; below `of`.
    pub number: u32,
    /// How many there are, 1 to 400.
    pub of: u32,
}

impl District {
    /// The most sub-districts that numbers are shared out to.
    pub const MOST: u32 = 400;

    /// The share of `all` that is this district's: its beginning.
    pub(crate) fn begin(self, all: u32) -> u32 {
        (u64::from(all) * u64::from(self.number) / u64::from(self.of)) as u32
    }

    /// Where the next district's share begins.
    pub(crate) fn end(self, all: u32) -> u32 {
        Self { number: self.number + 1, ..self }.begin(all)
    }
}

/// A town of its own.
impl Default for District {
    fn default() -> Self {
        Self { number: 0, of: 1 }
    }
}

impl Config {
    /// The fewest residents with which 35 committees have somebody in each grid.
    pub const MIN_RESIDENTS: u32 = 500;
    /// The most residents that one sub-district takes; a city is many towns.
    pub const MAX_RESIDENTS: u32 = 1_500_000;

    /// A town with the usual way of living.
    pub fn new(residents: u32, seed: u64, start: Date) -> Self {
        let (churn, visits) = (Churn::default(), VisitRules::default());
        Self { residents, seed, start, churn, visits, district: District::default() }
    }

    /// The same within its ranges. The dates keep births where GB 11643 can write them.
    pub(crate) fn within_ranges(mut self) -> Self {
        self.residents = self.residents.clamp(Self::MIN_RESIDENTS, Self::MAX_RESIDENTS);
        self.start = self.start.clamp(date(2000, 1, 1), date(2099, 12, 31));
        self.district.of = self.district.of.clamp(1, District::MOST);
        self.district.number = self.district.number.min(self.district.of - 1);
        self
    }
}

/// How the town and its register live: the assumptions of the simulation.
///
/// Every `_yearly` is the expected number of events a year of one household (or person, where it says
/// so); every other field is a probability from 0 to 1. None is measured: they are set so that the rates
/// lie where offices report them, and are here to be varied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Churn {
    /// A household of owners moves.
    pub owner_moves_yearly: f64,
    /// A household in a let flat or house moves.
    pub tenant_moves_yearly: f64,
    /// Somebody in a shared let, dormitory, shop, basement or hut moves.
    pub short_stay_moves_yearly: f64,
    /// Of the households that move, the share that stays in the town.
    pub moves_within_share: f64,
    /// A person who has left comes back.
    pub return_yearly: f64,
    /// An employed person changes the employer.
    pub job_change_yearly: f64,
    /// A person changes the mobile number.
    pub mobile_change_yearly: f64,
    /// Births, a year and person.
    pub birth_yearly: f64,
    /// Deaths, a year and person.
    pub death_yearly: f64,
    /// A landlord declares who moved in.
    pub landlord_declares_arrival: f64,
    /// A landlord declares who moved out. The rest are forgotten until somebody visits.
    pub landlord_declares_departure: f64,
    /// An employer declares who took up or left work, and who moved into or out of its dormitory.
    pub employer_declares: f64,
    /// A household declares its own arrival.
    pub self_declares_arrival: f64,
    /// A household declares its own departure.
    pub self_declares_departure: f64,
    /// Nobody opens the door.
    pub nobody_home: f64,
    /// The visit is refused; the officer joins the next one.
    pub refusal: f64,
    /// A visit is noted as done without everyone having been checked.
    pub careless_visit: f64,
    /// A visit finds a person who lives there and is not registered there.
    pub visit_finds_person: f64,
    /// A visit finds that a registered person no longer lives there.
    pub visit_finds_departure: f64,
    /// A visit finds a wrong name, mobile or employer.
    pub visit_finds_wrong_fact: f64,
    /// How far committees differ: each finds what its visits could find with a factor of its own, between
    /// one less this and one.
    pub diligence_spread: f64,
    /// An entry is made more than 24 hours after it was seen (R10).
    pub late_entry: f64,
    /// A new entry has a wrong mobile.
    pub slip_mobile: f64,
    /// A new entry has a wrong character in the name.
    pub slip_name: f64,
    /// A new entry stands at a neighbouring home.
    pub slip_home: f64,
}

impl Default for Churn {
    fn default() -> Self {
        Self {
            owner_moves_yearly: 0.04,
            tenant_moves_yearly: 0.45,
            short_stay_moves_yearly: 1.1,
            moves_within_share: 0.35,
            return_yearly: 0.25,
            job_change_yearly: 0.30,
            mobile_change_yearly: 0.06,
            birth_yearly: 0.007,
            death_yearly: 0.006,
            landlord_declares_arrival: 0.35,
            landlord_declares_departure: 0.2,
            employer_declares: 0.45,
            self_declares_arrival: 0.15,
            self_declares_departure: 0.05,
            nobody_home: 0.24,
            refusal: 0.02,
            careless_visit: 0.2,
            visit_finds_person: 0.62,
            visit_finds_departure: 0.68,
            visit_finds_wrong_fact: 0.55,
            diligence_spread: 0.5,
            late_entry: 0.03,
            slip_mobile: 0.008,
            slip_name: 0.003,
            slip_home: 0.006,
        }
    }
}
