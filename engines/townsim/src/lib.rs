//! A synthetic sub-district that lives, for demonstrations, tests and planning.
//!
//! A [`Town`] is made from a [`Config`]: how many residents, a seed, a first day, and the yearly rates of
//! [`Churn`]. It has the 35 committees of 香花桥街道 with their official names and codes, and nothing else
//! that is real: the map, the roads, the people and the employers are invented. Day by day people move,
//! change work, leave and come back; landlords, employers and the people themselves declare some of it;
//! coordinators visit homes and find some of the rest. What is true ([`Town::truth`]) is kept apart from
//! what is registered ([`Town::register`]), so that any rate a program estimates can be held against
//! [`Town::true_rates`].
//!
//! ```
//! use jiff::civil::date;
//! use townsim::{Config, Town};
//!
//! let mut town = Town::new(Config::new(1_000, 2026, date(2026, 1, 1)));
//! let events = town.live(1);
//! assert!(!events.is_empty() && !town.acts().is_empty());
//! let rate = town.true_rates_of_town().registration_rate().unwrap();
//! assert!(rate > 0.9 && rate < 1.0);
//! ```
//!
//! # Numbers belong to nobody
//! | what | form | why nobody has it |
//! |---|---|---|
//! | resident numbers | area codes 100101 to 109999 | no province has the code 10 |
//! | residence permits of Hong Kong, Macau and Taiwan residents | sequence 000 | sequences begin with 001 |
//! | their travel permits | H99…, M99…, 99… | serial numbers that no issue has come near |
//! | passports | ZZ99 and five digits | invented series |
//! | mobiles | 154 and eight digits | no operator has the segment |
//! | organisation codes | division codes 100101 to 109999 | as above |

mod act;
mod actors;
mod calendar;
mod city;
mod config;
mod dice;
mod employers;
mod found;
mod geojson;
mod life;
mod map;
mod model;
mod names;
mod numbers;
mod people;
mod places;
mod private;
mod rates;
mod register;
mod roster;
mod rules;
mod tables;
mod team;
mod town;
mod truth;
mod visits;

pub use act::{Act, ActKind, Event, EventKind, Field, Outcome, Source};
pub use city::City;
pub use config::{Churn, Config, District};
pub use geojson::to_geojson;
pub use model::{
    ADDRESS_PREFIX, Address, Committee, DocKind, Employer, Facts, Grid, Group, Home, Label, Landlord, Post,
    PremisesKind, Resident, Ring, Sex, Staff, Tenancy,
};
pub use private::Private;
pub use rates::TrueRates;
pub use register::Register;
pub use roster::{Damage, Roster, RosterRowTruth};
pub use rules::{OutOfRange, VisitOrder, VisitRules};
pub use tables::{Cells, Table, table};
pub use town::{DayReport, Observation, Town};
pub use truth::Truth;

/// The examples of the README run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
