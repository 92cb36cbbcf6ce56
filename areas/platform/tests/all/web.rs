//! The web floor as a browser meets it: signing in, staying in, being let through or not, and what is on every page.

#[path = "web/accounts.rs"]
mod accounts;
#[path = "web/api.rs"]
mod api;
#[path = "web/components.rs"]
mod components;
#[path = "web/frame.rs"]
mod frame;
#[path = "web/matrix.rs"]
mod matrix;
#[path = "web/push.rs"]
mod push;
#[path = "web/sign_in.rs"]
mod sign_in;
#[path = "web/strength.rs"]
mod strength;
