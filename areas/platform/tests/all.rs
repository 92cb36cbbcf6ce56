//! Integration tests of the ground floor, in one binary.

#[path = "all/store.rs"]
mod store;
#[path = "all/web.rs"]
mod web;
#[path = "all/import.rs"]
mod import;
#[path = "all/sheet.rs"]
mod sheet;
