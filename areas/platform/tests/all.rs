//! Integration tests of the ground floor, in one binary.
#![allow(clippy::unwrap_used)]

#[path = "all/import.rs"]
mod import;
#[path = "all/sheet.rs"]
mod sheet;
#[path = "all/store.rs"]
mod store;
#[path = "all/web.rs"]
mod web;
