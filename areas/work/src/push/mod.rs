//! Notices on people's devices (提醒推送, RFC 8030, 8291, 8292): whoever asked for it on the own account's page is told that
//! there is something new, of which kind, and where. What is told names nobody, no home and no number.
//!
//! A notice waits ([`queue`]) until it was looked up for whom it is meant; of each kind a device has one message at most,
//! tried again with growing gaps ([`send`]).

mod kinds;
pub mod queue;
pub mod send;

pub use kinds::PushKind;
pub use send::run_forever;
