//! The frame of every page: the router made of the areas' routes, who is signed in, forms, lists, errors, assets.
//!
//! A request goes through these, from the outside in: tracing without queries, compression, security headers, the
//! visit (session, language, one-time message; on the way out, errors become pages), the check against other sites'
//! forms, panics, the body limit, and at the route itself the guard that compares its action with the roles.

pub mod assets;
mod browser;
pub mod chart;
mod device;
mod failure;
mod form;
mod guard;
mod headers;
mod opened;
mod page;
mod pages;
mod paging;
mod qr;
mod render;
mod router;
mod url;
pub(crate) mod visit;

pub use browser::{Browser, signed_in, with_cookie};
pub use chart::{bar_width, bar_x};
pub use form::{Asked, FormErrors, given, optional, refused, required, same, version};
pub use headers::CONTENT_SECURITY_POLICY;
pub use opened::closes_by_itself;
pub use page::{Flash, NavEntry, NavSection, Page, PageUser};
pub use pages::area;
pub use paging::{PER_PAGE, PER_PAGE_MAX, Paging};
pub use qr::svg as qr_svg;
pub use render::{flash, flash_n, redirect, render, render_status};
pub use router::{BODY_MAX_BYTES, ServedRoute, own_areas, router, served_routes, with_own};
pub use url::{encode as encode_query, local as local_path};
