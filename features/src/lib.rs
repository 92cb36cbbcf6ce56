//! Nothing: see Cargo.toml. Building one member alone uses the same features of outside crates as building all.
