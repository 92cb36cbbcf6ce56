//! The rules of cn-identity, one module for each kind of number.
#![allow(clippy::unwrap_used)]

#[path = "all/documents.rs"]
mod documents;
#[path = "all/masks.rs"]
mod masks;
#[path = "all/mobiles.rs"]
mod mobiles;
#[path = "all/names.rs"]
mod names;
#[path = "all/properties.rs"]
mod properties;
#[path = "all/residents.rs"]
mod residents;
#[path = "all/vectors.rs"]
mod vectors;
#[path = "all/words.rs"]
mod words;

use cn_identity::NumberError;
use serde_json::Value;

/// The numbers of a shared file, each with its verdict.
fn vectors(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

/// How the shared files call what is wrong.
fn rule(error: &NumberError) -> &'static str {
    match error {
        NumberError::Empty => "empty",
        NumberError::WrongLength { .. } => "length",
        NumberError::BadCharacter { .. } => "character",
        NumberError::BadDate => "date",
        NumberError::WrongCheck { .. } => "check",
        NumberError::WrongOrganisationCheck { .. } => "inner-check",
        NumberError::ExcelDamage { .. } => "excel",
        NumberError::OtherKind { .. } => "other-kind",
    }
}
