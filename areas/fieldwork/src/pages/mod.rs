//! The area's pages: the phone's under `/field`, the desk's at `/fieldwork`.

pub(crate) mod desk;
pub(crate) mod door;
mod form;
pub(crate) mod map;
mod newcomer;
pub(crate) mod person;
pub(crate) mod today;
