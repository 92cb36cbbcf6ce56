//! Identifiers of the area.

linli_platform::typed_id! {
    /// A task (任务).
    TaskId,
    /// A notice to a person or a role (提醒).
    NoticeId,
    /// A post in a grid's channel (微网格工作群消息).
    PostId,
}
