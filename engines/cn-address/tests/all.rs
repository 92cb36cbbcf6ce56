//! The rules of `cn-address`, as tables and properties.
#![allow(clippy::unwrap_used)]

mod all {
    mod comparing;
    mod parsing;
    mod properties;
    mod resolving;
}
