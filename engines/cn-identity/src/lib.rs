#![doc = include_str!("../README.md")]

mod area;
mod check;
mod clean;
mod document;
mod error;
pub mod make;
pub mod mask;
mod mobile;
pub mod name;
mod resident;
mod suggest;

pub use area::AreaKnowledge;
pub use document::foreign::ForeignPermanentNumber;
pub use document::hmt::HmtPermitNumber;
pub use document::organisation::{OrgCode, OrgKind};
pub use document::passport::PassportNumber;
pub use document::travel::{TravelPermitKind, TravelPermitNumber};
pub use document::{DocumentKind, Identified, NormalisedDocument, check_document, identify};
pub use error::{MobileError, NameError, NumberError};
pub use mobile::Mobile;
pub use resident::{ResidentNumber, Sex};
pub use suggest::suggestions;
