//! The ground floor: configuration, the store on SQLite and PostgreSQL, sealed personal values, who may do what,
//! events and the transparency log, accounts and sessions, jobs, imports, texts, and the frame of every page.

pub mod access;
pub mod app;
pub mod area;
pub mod basis;
pub mod clock;
pub mod config;
pub mod error;
pub mod event;
pub mod ids;
pub mod import;
pub mod jobs;
pub mod keys;
pub mod log;
pub mod reader;
pub mod record;
pub mod sealed;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod texts;

pub use error::{AppError, Result};
