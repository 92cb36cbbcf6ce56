//! All integration tests of the engine.
#![allow(clippy::unwrap_used)]

mod all {
    pub mod balances;
    pub mod days;
    pub mod dues;
    pub mod hazards;
    pub mod periods;
    pub mod routes;
    pub mod town;
}
