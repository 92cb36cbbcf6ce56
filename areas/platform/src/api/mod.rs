//! What other systems see (接口): JSON under `/api/v1`, described by the OpenAPI document that is served beside it.
//!
//! A *client* (接入方) is another system: 一网通办, an employer's personnel system, the district's dashboard. Two people
//! admit it ([`clients`]); it proves itself by a token ([`clients::authenticate`]), may do what its [`ApiScope`]s name and
//! sees the areas it was admitted for, in SQL, as everybody else does. It never reads anything of a person: what it
//! brings is sealed at once, and all that it is told is the state of what it brought.
//!
//! An area exports [`ApiRoute`]s from its `api.rs`; each handler is described where it stands, by `#[utoipa::path]`, so
//! that what is served and what is documented cannot part. [`guard`] admits a request, [`Body`] and [`Params`] read it
//! with a pointer to what is wrong, [`Once`] does a change once however often it is sent, [`answer`] answers with an
//! entity tag, [`Listed`] and [`Cursor`] go through long lists by key, and [`problem`] says what went wrong.

mod answer;
mod body;
pub mod clients;
mod document;
pub(crate) mod guard;
mod limit;
mod once;
mod own;
mod paging;
pub(crate) mod problem;
mod proposal;
mod route;
mod scope;
mod tables;

pub use answer::{answer, instant};
pub use body::{Body, Params};
pub use clients::ApiClient;
pub use document::{OperationLine, document, operations};
pub(crate) use once::KEYED;
pub use once::{IdempotencyKey, KEPT_HOURS, Once};
pub(crate) use once::{forget, kept_since};
pub use own::routes;
pub use paging::{Cursor, LIMIT_DEFAULT, LIMIT_MAX, Listed, limit};
pub use proposal::{ADMIT, ClientAdmission};
pub use route::{ApiRoute, Described};
pub use scope::ApiScope;
pub(crate) use tables::{indexes, tables};

crate::typed_id! {
    /// Another system that uses the interface (接入方).
    ClientId,
}
