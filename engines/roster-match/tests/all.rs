//! The rules of `roster-match`, as tables, properties and a seeded town.
#![allow(clippy::unwrap_used)]

mod all {
    mod accuracy;
    mod link;
    mod model;
    mod properties;
    mod rules;
    mod tables;
    #[path = "../../benches/town/mod.rs"]
    mod town;
}
