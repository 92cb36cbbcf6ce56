//! Identifiers of the register.

linli_platform::typed_id! {
    /// A standard address (标准地址).
    AddressId,
    /// A home at an address (实有房屋).
    HomeId,
    /// An employer (实有单位).
    EmployerId,
    /// A resident (实有人口).
    ResidentId,
    /// One period of living at one home (居住登记).
    ResidenceId,
    /// A person served at the counter (窗口办件).
    CounterCaseId,
    /// A hand-over between grids (移交).
    TransferId,
}
