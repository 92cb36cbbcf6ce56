//! Identifiers of the area.

linli_platform::typed_id! {
    /// Premises that somebody looks after (看护房屋).
    PlaceId,
    /// What somebody tells of them (志愿者线索).
    VolunteerNoticeId,
    /// A stipend for a confirmed notice (奖励费).
    StipendId,
    /// An entry of the stipends' accounts (账目).
    EntryId,
    /// One instruction of a grid's N members (指导).
    GuidanceId,
}
