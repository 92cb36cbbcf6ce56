//! Identifiers of the area.

linli_platform::typed_id! {
    /// A numbered document (文书).
    PaperId,
}
