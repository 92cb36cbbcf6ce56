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
