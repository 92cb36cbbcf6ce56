//! Identifiers of the area.

linli_platform::typed_id! {
    /// A roster as sent (花名册).
    RosterId,
}
