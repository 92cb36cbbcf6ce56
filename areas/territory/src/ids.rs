//! Identifiers of the territory.

linli_platform::typed_id! {
    /// A committee as the subject of events; everywhere else it is named by its code.
    CommitteeId,
    /// A set of boundaries (微网格边界方案).
    SetId,
}
