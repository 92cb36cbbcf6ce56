//! Identifiers of the area.

linli_platform::typed_id! {
    /// An order (指令).
    OrderId,
    /// A part of an order: what one police team, one committee's team or one micro-grid has to do (分办件).
    PartId,
    /// A list for a data check (核查清单).
    CheckId,
    /// A row of such a list (核查条目).
    RowId,
}
