//! The closed list of kinds of task, each with what it is about, what it entitles to, whose it is and by when.
//!
//! What a kind is about is compiled in and is never a person (boundary 8): premises, a piece of work, an organisation.

use linli_platform::{access::Role, reader::Purpose};
use policy_pack::{DeadlineId, Subject};

linli_platform::codes! {
    /// A kind of task. Fluent text: `task-<code>`.
    TaskKind {
        /// A roster names another address than the register (花名册地址不符, R15).
        RosterAddressDiffers = "roster-address-differs",
        /// A roster names somebody whom the register does not have (花名册人员未登记, R15).
        RosterUnregistered = "roster-unregistered",
        /// Registered at an employer and gone from its roster (已不在花名册, R15).
        RosterLeftEmployer = "roster-left-employer",
        /// A home to be verified in full (兜底核查, R16).
        HomeVerification = "home-verification",
        /// A survey found the registration of a home wrong (达标测查差错, R25).
        SurveyError = "survey-error",
        /// First visit of a data check (数据核查, R19).
        DataCheck = "data-check",
        /// A hand-over between grids to be accepted (跨网格移交, R11).
        Transfer = "transfer",
        /// A correction or deletion was asked for (更正、删除申请, R12).
        Correction = "correction",
        /// A resident's declaration to be decided (居民自主申报, R12).
        Declaration = "declaration",
        /// Premises that a new boundary puts into another grid (边界调整, R2).
        BoundaryChange = "boundary-change",
    }
}

linli_platform::codes! {
    /// How a task ended. Fluent text: `task-outcome-<code>`.
    Outcome {
        /// Somebody was registered (已登记).
        Registered = "registered",
        /// The record was changed (已变更).
        Changed = "changed",
        /// The registration was moved to another home (已变更住址).
        Moved = "moved",
        /// The registration was cancelled (已注销).
        Cancelled = "cancelled",
        /// The register was right (核对无误).
        Confirmed = "confirmed",
        /// Nobody of the kind lives or works there (未在此居住或工作).
        NotThere = "not-there",
        /// Handed over to another grid or sub-district (已移交).
        HandedOver = "handed-over",
        /// Refused with a reason (不予办理).
        Refused = "refused",
        /// Overtaken by something newer, nothing left to be done (已失效); the task counts as dropped.
        Overtaken = "overtaken",
    }
}

impl Outcome {
    /// The state that a task is in afterwards.
    pub fn state(self) -> &'static str {
        if self == Outcome::Overtaken { "dropped" } else { "done" }
    }
}

/// By when a kind of task is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueBy {
    /// A deadline of the policy pack, counted from when the task is opened.
    Pack(DeadlineId),
    /// The last day of the month in which it is opened: a household is verified once a month (R16).
    MonthEnd,
}

impl TaskKind {
    /// What it is about (boundary 8).
    pub fn subject(self) -> Subject {
        use TaskKind::*;
        match self {
            RosterUnregistered | HomeVerification | SurveyError | BoundaryChange => Subject::Premises,
            RosterAddressDiffers | RosterLeftEmployer | DataCheck | Transfer | Correction | Declaration => {
                Subject::Work
            }
        }
    }
    /// The records that such a task can lie on. `resident-record` is the registration, as a piece of work.
    pub fn lies_on(self) -> &'static [&'static str] {
        use TaskKind::*;
        match self {
            RosterAddressDiffers => &["resident-record", "home", "address"],
            RosterUnregistered => &["home", "address", "employer"],
            HomeVerification => &["home"],
            SurveyError => &["home", "resident-record"],
            DataCheck => &["resident-record", "home", "address"],
            RosterLeftEmployer | Transfer | Correction => &["resident-record"],
            Declaration => &["resident-record", "declaration"],
            BoundaryChange => &["home", "address"],
        }
    }
    /// What its basis entitles to (boundary 7).
    pub fn purpose(self) -> Purpose {
        use TaskKind::*;
        match self {
            RosterAddressDiffers | RosterUnregistered | RosterLeftEmployer => Purpose::RosterReview,
            HomeVerification | SurveyError => Purpose::FieldVerification,
            DataCheck => Purpose::DataCheck,
            Transfer | BoundaryChange => Purpose::Transfer,
            Correction => Purpose::CorrectionRequest,
            Declaration => Purpose::DeclarationReview,
        }
    }
    /// The role in the grid that it goes to.
    pub fn role(self) -> Role {
        match self {
            TaskKind::BoundaryChange => Role::GridLeader,
            _ => Role::Coordinator,
        }
    }
    /// By when it is to be done, unless whoever opens it says otherwise.
    pub fn due_by(self) -> DueBy {
        use TaskKind::*;
        match self {
            RosterAddressDiffers | RosterUnregistered | RosterLeftEmployer => DueBy::Pack(DeadlineId::RosterFollowUp),
            HomeVerification => DueBy::MonthEnd,
            // Errors found are put right at once: the time that a collected fact has to be in the register.
            SurveyError => DueBy::Pack(DeadlineId::Entry),
            DataCheck => DueBy::Pack(DeadlineId::DataCheckFirstVisit),
            Transfer => DueBy::Pack(DeadlineId::TransferAcceptance),
            Correction => DueBy::Pack(DeadlineId::CorrectionAnswer),
            Declaration => DueBy::Pack(DeadlineId::DeclarationAnswer),
            BoundaryChange => DueBy::Pack(DeadlineId::OrderClosing),
        }
    }
    /// The outcomes it can be closed with, in the order of the form.
    pub fn outcomes(self) -> &'static [Outcome] {
        use Outcome::*;
        match self {
            TaskKind::RosterAddressDiffers => &[Moved, Confirmed, NotThere, Changed, HandedOver, Overtaken],
            TaskKind::RosterUnregistered => &[Registered, NotThere, HandedOver, Overtaken],
            TaskKind::RosterLeftEmployer => &[Changed, Confirmed, Cancelled, Overtaken],
            TaskKind::HomeVerification => &[Confirmed, Changed, Registered, Cancelled, Overtaken],
            TaskKind::SurveyError => &[Registered, Changed, Moved, Cancelled, Confirmed, Overtaken],
            TaskKind::DataCheck => &[Confirmed, Registered, Changed, Moved, Cancelled, NotThere, HandedOver, Overtaken],
            TaskKind::Transfer => &[HandedOver, Moved, NotThere, Overtaken],
            TaskKind::Correction => &[Changed, Cancelled, Refused, Overtaken],
            TaskKind::Declaration => &[Registered, Changed, Moved, Cancelled, HandedOver, Refused, Overtaken],
            TaskKind::BoundaryChange => &[HandedOver, Confirmed, Overtaken],
        }
    }
    /// Whether it ends only with the case that it comes from: whoever asked is owed an answer with it (R12).
    pub fn ends_with_its_case(self) -> bool {
        matches!(self, TaskKind::Correction | TaskKind::Declaration)
    }
    /// Whether what is noted of it goes with it (boundary 9: rows of a data check go when the check is closed).
    pub fn note_goes(self) -> bool {
        self == TaskKind::DataCheck
    }
}
