//! The area's pages.

pub(crate) mod announcements;
pub(crate) mod channel;
pub(crate) mod notices;
pub(crate) mod robots;
pub(crate) mod tasks;
