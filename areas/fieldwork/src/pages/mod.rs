//! The area's pages: those at the door under `/field`, the desk's at `/fieldwork`. The day with a network is at
//! `/field/online`; the one without is [`crate::phone`].

pub(crate) mod desk;
pub(crate) mod door;
pub(crate) mod drawing;
mod form;
pub(crate) mod map;
mod newcomer;
pub(crate) mod person;
pub(crate) mod photos;
pub(crate) mod plan;
pub(crate) mod plan_day;
pub(crate) mod plans;
pub(crate) mod share;
pub(crate) mod stale;
pub(crate) mod take_photo;
pub(crate) mod today;

pub(crate) use form::CHANGES;
