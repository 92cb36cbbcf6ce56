//! Identifiers of the area.

linli_platform::typed_id! {
    /// A number that an assessor entered (录入数).
    EntryId,
    /// A committee's objection (异议).
    ObjectionId,
}
