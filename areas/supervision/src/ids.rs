//! Identifiers of the area.

linli_platform::typed_id! {
    /// An inspection (督查).
    InspectionId,
    /// What an inspection found (督查发现).
    FindingId,
    /// A photo on a finding (督查照片).
    PhotoId,
    /// A suggestion or objection of a colleague (意见建议).
    SuggestionId,
    /// A measure after a finding of neglect (处理措施).
    MeasureId,
}
