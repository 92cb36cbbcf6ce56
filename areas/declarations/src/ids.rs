//! Identifiers of the area.

linli_platform::typed_id! {
    /// What a resident asked for: a declaration, a correction, a deletion (申报、申请).
    DeclarationId,
    /// One asking for a one-time code (取码).
    AttemptId,
    /// One visit of a resident to the own page (本人登录).
    OwnSessionId,
    /// A declaration that another system brought (其他系统报来的申报).
    InboundId,
    /// One visit at an entrance beside the own page: of a newcomer, a landlord or agent, somebody appointed.
    DoorVisitId,
    /// Somebody appointed by a resident (委托代办人).
    RepresentativeId,
    /// Somebody who answers for homes (出租人、中介联络员).
    LiaisonId,
    /// A home that somebody answers for.
    LettingId,
    /// A notice of duty (告知书).
    DutyNoticeId,
    /// A referral to the authority in charge (移送).
    ReferralId,
}
