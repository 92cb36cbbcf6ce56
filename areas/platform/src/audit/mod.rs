//! What the auditor asks about, beside the records themselves.

pub mod patterns;
pub mod summary;
