//! Identifiers of the team.

linli_platform::typed_id! {
    /// A member of staff (人员).
    StaffId,
    /// An appointment or stand-in (任职、代理).
    AppointmentId,
    /// A confidentiality agreement (保密承诺书).
    AgreementId,
    /// A member of a body (组织成员).
    MemberId,
}
