//! The ground floor: configuration, the store on SQLite and PostgreSQL, sealed personal values, who may do what,
//! events and the transparency log, accounts and sessions, jobs, imports, texts, and the frame of every page.

// Templates are shared by all crates and name this one.
extern crate self as linli_platform;

pub mod access;
pub mod accounts;
pub mod api;
pub mod app;
pub mod area;
pub mod audit;
pub mod backup;
pub mod basis;
pub mod clock;
mod code_list;
pub mod config;
pub mod deadline;
pub mod emergency;
pub mod erasures;
pub mod error;
pub mod event;
pub mod free_text;
pub mod ids;
pub mod import;
pub mod jobs;
pub mod key_rotation;
pub mod keys;
pub mod ledger;
pub mod log;
pub mod log_files;
pub mod log_proofs;
pub mod move_store;
pub mod notices;
pub mod paper;
pub mod picture;
pub mod policy;
pub mod proof;
pub mod proposals;
pub mod push;
pub mod reader;
pub mod record;
pub mod retention;
pub mod sealed;
pub mod second_factor;
pub mod sessions;
pub mod sheet;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod texts;
pub mod ways;
pub mod web;
pub mod wording;

pub use error::{AppError, Result};
