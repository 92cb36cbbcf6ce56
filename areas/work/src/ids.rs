//! Identifiers of the area.

linli_platform::typed_id! {
    /// A task (任务).
    TaskId,
    /// A notice to a person or a role (提醒).
    NoticeId,
    /// A post in a grid's channel (微网格工作群消息).
    PostId,
    /// The robot of a WeCom group (企业微信群机器人).
    RobotId,
    /// A message on its way to a group (外发消息).
    OutwardId,
    /// An announcement in a grid's channel (通知).
    AnnouncementId,
}
