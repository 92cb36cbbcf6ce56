//! Integration tests of the ground floor, in one binary.

#[path = "all/store.rs"]
mod store;
