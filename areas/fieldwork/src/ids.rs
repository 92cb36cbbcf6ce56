//! Identifiers of the area.

linli_platform::typed_id! {
    /// A visit to a home (走访).
    VisitId,
    /// What somebody entered, named where it was entered, so that sending it twice changes nothing (采集条目).
    EntryId,
}
