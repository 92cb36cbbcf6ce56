//! The rules of `cn-address`, as tables and properties.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../benches/common/ways.rs"]
#[allow(dead_code)]
mod ways;

mod all {
    mod comparing;
    mod hard;
    mod parsing;
    mod properties;
    mod resolving;
    mod ways;
}
