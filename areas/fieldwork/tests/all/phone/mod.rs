//! The phone page's server side, as phones meet it.

mod conflicts;
mod handed;
mod hostile;
mod pages;
mod premises;
mod restored;
mod revoked;
mod rig;
mod schedules;
mod together;
