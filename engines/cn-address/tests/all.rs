//! The rules of `cn-address`, as tables and properties.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../benches/common/mod.rs"]
#[allow(dead_code)]
mod common;

mod all {
    mod comparing;
    mod hard;
    mod misspelt;
    mod parsing;
    mod properties;
    mod resolving;
    mod ways;
}
