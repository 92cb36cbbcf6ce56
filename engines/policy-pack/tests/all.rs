//! The rules of policy packs, and the pack that ships.
#![allow(clippy::unwrap_used)]

#[path = "all/broken.rs"]
mod broken;
#[path = "all/embedded.rs"]
mod embedded;
#[path = "all/headings.rs"]
mod headings;
#[path = "all/properties.rs"]
mod properties;
