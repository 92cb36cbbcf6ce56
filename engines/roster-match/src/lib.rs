//! Compares a roster (名册) with a register (登记册), person by person (R14, R15).
//!
//! Each pair of a row and a registered person is judged field by field after Fellegi and Sunter: how likely is
//! this agreement among true pairs, how likely among strangers. The weights add up to a probability, and each
//! one is kept as a [`Reason`] with a sentence for the person who decides.
//!
//! Numbers are looked up by hash. A number with a typing error is repaired by its check character and looked
//! up again, so no neighbour index of the register is needed. Rows that found nobody are indexed themselves,
//! and the register streams past them once.
//!
//! ```
//! use roster_match::{Decision, Matcher, Model, Options, Register, RegisterPerson, RosterRow};
//!
//! let people = [RegisterPerson { pid: 7, name: "张小满", doc_no: "100101199003072316", phone: "13900000001", addr: 0, employer: 1 }];
//! let register = Register::build(people, ["某路501弄12号301室"], Options::default());
//! let row = RosterRow { row: 1, employer: 1, name: "張小滿", id_no: "", phone: "13900000001", address: "某路501弄12-301" };
//! let result = &Matcher::new(&register, &Model::default()).compare(&[row])[0];
//! assert_eq!(result.pid, Some(7));
//! assert_ne!(result.decision, Decision::None);
//! ```

mod decide;
mod filter;
mod learn;
mod levels;
pub mod link;
mod matcher;
mod missing;
mod model;
mod names;
mod number;
mod pairs;
mod pool;
mod reason;
mod register;
mod rows;
mod sketch;
pub mod tables;

pub use levels::{AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel};
pub use matcher::{Class, Decision, Matcher, RosterRow, RowResult};
pub use model::{Chance, Model, ModelError, Thresholds};
pub use reason::{Finding, Lang, Reason};
pub use register::{Options, Register, RegisterBuilder, RegisterPerson};

/// The examples of the README run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
