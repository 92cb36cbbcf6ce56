//! policy-pack

/// The typed rules of a sub-district.
pub struct Pack {}
