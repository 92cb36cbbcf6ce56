//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod days;
    pub mod dues;
    pub mod routes;
}
