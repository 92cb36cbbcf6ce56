//! Typed identifiers. Every row is named by a UUIDv7 of a type of its own, made by the program and never by the
//! database, so that a phone or an import can name what it will write before it writes it.

use uuid::Uuid;

/// Defines identifier types around [`Uuid`] that can be bound to and read from the store.
#[macro_export]
macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
                 ::serde::Serialize, ::serde::Deserialize, ::sea_orm::DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { self.0.fmt(f) }
        }
        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
        impl From<::uuid::Uuid> for $name { fn from(id: ::uuid::Uuid) -> Self { Self(id) } }
        impl From<$name> for ::uuid::Uuid { fn from(id: $name) -> Self { id.0 } }
    )+};
}

typed_id! {
    /// An account that signs in (账号).
    AccountId,
    /// One change that happened (事件).
    EventId,
    /// One reading of unmasked data (查阅记录).
    AccessId,
    /// One comparison made by a machine without showing anything to a person (机器比对).
    RunId,
    /// The task or case that entitles somebody to read one record (查阅依据).
    BasisId,
    /// A leaf of the transparency log, before and after it has a place (日志叶).
    LeafId,
    /// A background job (后台任务).
    JobId,
    /// A micro-grid (微网格); it keeps its id when its boundary changes.
    GridId,
    /// A notice to the security officer (安全提醒).
    NoticeId,
    /// Something that needs a second person (双人审批).
    ProposalId,
    /// A session, as its owner sees it in a list (会话).
    SessionId,
    /// An import from upload to confirmation (导入).
    ImportId,
    /// A device that notices are pushed to (推送设备).
    PushId,
}

/// The nil identifier stands for "the system itself" as an actor.
pub const SYSTEM_ACCOUNT: AccountId = AccountId(Uuid::nil());
