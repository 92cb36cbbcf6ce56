//! The server's side of the phone page that works without network (离线走访): a phone takes the day's assignment, seals
//! what is entered to a key of this server ([`seal`]), keeps it in an outbox and sends it when there is a network.
//!
//! Each entry is applied once, by the very function that the online page uses, or refused with a reason that the person
//! can act on, or kept for a colleague's decision ([`conflict`]) where the register moved on meanwhile. Nothing that was
//! received is dropped. A restored database begins a new [`epoch`], and phones send again what it may have lost.

mod api;
pub mod apply;
pub mod assignment;
mod brought;
mod changed;
pub mod conflict;
pub mod decide;
pub mod devices;
pub mod entry;
pub mod epoch;
pub mod expire;
pub mod keys;
mod newcomers;
mod notes;
pub mod pages;
mod place;
pub mod reasons;
pub mod received;
pub mod rules;
pub mod seal;
mod verdict;

pub use notes::Note;
