#![doc = include_str!("../README.md")]

mod area;
mod check;
mod clean;
mod document;
mod error;
mod explain;
pub mod make;
pub mod mask;
mod mobile;
pub mod name;
mod resident;
mod suggest;
mod warning;

pub use area::AreaKnowledge;
pub use document::foreign::ForeignPermanentNumber;
pub use document::hmt::HmtPermitNumber;
pub use document::identify::{Identified, identify};
pub use document::organisation::{OrgCode, OrgKind, OrganisationCode};
pub use document::passport::PassportNumber;
pub use document::travel::{TravelPermitKind, TravelPermitNumber};
pub use document::{DocumentKind, NormalisedDocument, check_document};
pub use error::{MobileError, NameError, NumberError};
pub use explain::{Detail, Explanation, explain};
pub use mobile::Mobile;
pub use resident::{ResidentNumber, Sex};
pub use suggest::{suggest, suggestions};
pub use warning::{Warning, warnings};
