//! The area's pages.

pub(crate) mod channel;
pub(crate) mod notices;
pub(crate) mod tasks;
