//! Identifiers of the area.

linli_platform::typed_id! {
    /// A week's plan of one committee's team (一周错时计划).
    PlanId,
    /// An offer to swap shifts (换班).
    SwapId,
}
