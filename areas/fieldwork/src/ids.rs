//! Identifiers of the area.

linli_platform::typed_id! {
    /// A visit to a home (走访).
    VisitId,
    /// What somebody entered, named where it was entered, so that sending it twice changes nothing (采集条目).
    EntryId,
    /// A phone on which an account works without network (离线终端).
    DeviceId,
    /// An entry of a phone that somebody has to decide about (待核条目).
    ConflictId,
    /// A photo of premises (房屋外观照片).
    PhotoId,
    /// The plan of a grid's month (月度走访计划).
    PlanId,
    /// A visit of a plan (计划走访).
    StopId,
}
