//! The rules of `roster-match`, as tables, properties and a seeded town.
#![allow(clippy::unwrap_used)]

mod all {
    mod accuracy;
    mod model;
    mod properties;
    mod rules;
    #[path = "../../benches/town/mod.rs"]
    mod town;
}
