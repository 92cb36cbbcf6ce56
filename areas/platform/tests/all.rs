//! Integration tests of the ground floor, in one binary.
#![allow(clippy::unwrap_used)]

#[path = "all/import.rs"]
mod import;
#[path = "all/jobs.rs"]
mod jobs;
#[path = "all/keeping.rs"]
mod keeping;
#[path = "all/keys.rs"]
mod keys;
#[path = "all/reference.rs"]
mod reference;
#[path = "all/retention.rs"]
mod retention;
#[path = "all/sheet.rs"]
mod sheet;
#[path = "all/store.rs"]
mod store;
#[path = "all/token.rs"]
mod token;
#[path = "all/web.rs"]
mod web;
