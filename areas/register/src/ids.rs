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
    /// A hand-over between grids or to another jurisdiction (移交).
    TransferId,
    /// Two records that were made one (合并).
    MergeId,
    /// A record of which a second person was taken out (拆分).
    SplitId,
    /// A name that an address had (曾用地址).
    AddressNameId,
    /// A doubt about the address of a registration (住址存疑).
    DoubtId,
    /// A consent to care visits (关爱走访同意).
    ConsentId,
    /// A daily file for the official register (每日变更文件).
    DailyFileId,
}
