//! Identifiers of the area.

linli_platform::typed_id! {
    /// A meeting (例会).
    MeetingId,
    /// What a meeting decided to have done (会议议定事项).
    DecisionId,
}
