//! The closed list of kinds of task, each with what it is about, what it entitles to, whose it is and by when.
//!
//! What a kind is about is compiled in and is never a person (boundary 8): premises, a piece of work, an organisation.

use linli_platform::{
    access::{Action, Role},
    reader::Purpose,
};
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
        /// The officer's desk check after a first visit that settled nothing (数据核查研判, R19).
        DataCheckDesk = "data-check-desk",
        /// Second visit of a data check (数据核查二次上门, R19).
        DataCheckSecondVisit = "data-check-second-visit",
        /// What a grid has to do for an order (指令, R20).
        Order = "order",
        /// A hand-over between grids to be accepted (跨网格移交, R11).
        Transfer = "transfer",
        /// A correction or deletion was asked for (更正、删除申请, R12).
        Correction = "correction",
        /// A resident's declaration to be decided (居民自主申报, R12).
        Declaration = "declaration",
        /// Premises that a new boundary puts into another grid (边界调整, R2).
        BoundaryChange = "boundary-change",
        /// What a meeting decided to have done (会议议定事项, R30).
        MeetingDecision = "meeting-decision",
        /// What a volunteer told of premises, to be checked at the door (志愿者线索, R21).
        VolunteerNotice = "volunteer-notice",
        /// A clue about premises, to be brought to whoever can solve it (场景线索, R22).
        Scene = "scene",
        /// A fault that an inspection found (督查问题整改, R32).
        FindingCorrection = "finding-correction",
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
        /// Nothing was settled, and the next step follows (未能核实).
        NotSettled = "not-settled",
        /// Refused with a reason (不予办理).
        Refused = "refused",
        /// What was decided has been done (已落实).
        CarriedOut = "carried-out",
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
            RosterUnregistered | HomeVerification | SurveyError | BoundaryChange | VolunteerNotice | Scene => {
                Subject::Premises
            }
            RosterAddressDiffers | RosterLeftEmployer | DataCheck | DataCheckDesk | DataCheckSecondVisit | Order
            | Transfer | Correction | Declaration | MeetingDecision | FindingCorrection => Subject::Work,
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
            DataCheck | DataCheckDesk | DataCheckSecondVisit => &["resident-record", "home", "address", "check-row"],
            Order => &["order-part"],
            RosterLeftEmployer | Transfer | Correction => &["resident-record"],
            Declaration => &["resident-record", "declaration"],
            BoundaryChange => &["home", "address"],
            MeetingDecision => &["meeting-decision"],
            VolunteerNotice => &["home", "volunteer-notice"],
            Scene => &["scene"],
            FindingCorrection => &["finding"],
        }
    }
    /// What its basis entitles to (boundary 7); none for a task that opens no record.
    pub fn purpose(self) -> Option<Purpose> {
        use TaskKind::*;
        Some(match self {
            RosterAddressDiffers | RosterUnregistered | RosterLeftEmployer => Purpose::RosterReview,
            // An order's part and a scene hold nothing that opens.
            HomeVerification | SurveyError | Order | VolunteerNotice | Scene => Purpose::FieldVerification,
            DataCheck | DataCheckDesk | DataCheckSecondVisit => Purpose::DataCheck,
            Transfer | BoundaryChange => Purpose::Transfer,
            Correction => Purpose::CorrectionRequest,
            Declaration => Purpose::DeclarationReview,
            MeetingDecision | FindingCorrection => return None,
        })
    }
    /// The role in the grid that it goes to.
    pub fn role(self) -> Role {
        match self {
            TaskKind::BoundaryChange | TaskKind::MeetingDecision | TaskKind::FindingCorrection => Role::GridLeader,
            TaskKind::DataCheckDesk => Role::Officer,
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
            DataCheckDesk => DueBy::Pack(DeadlineId::DataCheckDesk),
            DataCheckSecondVisit => DueBy::Pack(DeadlineId::DataCheckSecondVisit),
            Transfer => DueBy::Pack(DeadlineId::TransferAcceptance),
            Correction => DueBy::Pack(DeadlineId::CorrectionAnswer),
            Declaration => DueBy::Pack(DeadlineId::DeclarationAnswer),
            FindingCorrection => DueBy::Pack(DeadlineId::SupervisionCorrection),
            BoundaryChange | Order | MeetingDecision => DueBy::Pack(DeadlineId::OrderClosing),
            VolunteerNotice => DueBy::Pack(DeadlineId::NoticeCheck),
            Scene => DueBy::Pack(DeadlineId::SceneClosing),
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
            TaskKind::DataCheck | TaskKind::DataCheckSecondVisit => {
                &[Confirmed, Registered, Changed, Moved, Cancelled, NotThere, HandedOver, NotSettled, Overtaken]
            }
            TaskKind::DataCheckDesk => &[Confirmed, Changed, Cancelled, NotThere, HandedOver, NotSettled, Overtaken],
            TaskKind::Order => &[Confirmed, NotSettled, Overtaken],
            TaskKind::Transfer => &[HandedOver, Moved, NotThere, Overtaken],
            TaskKind::Correction => &[Changed, Cancelled, Refused, Overtaken],
            TaskKind::Declaration => &[Registered, Changed, Moved, Cancelled, HandedOver, Refused, Overtaken],
            TaskKind::BoundaryChange => &[HandedOver, Confirmed, Overtaken],
            TaskKind::MeetingDecision => &[CarriedOut, HandedOver, Overtaken],
            TaskKind::VolunteerNotice => &[Registered, Changed, Cancelled, Confirmed, HandedOver, NotThere, Overtaken],
            TaskKind::Scene => &[Confirmed, HandedOver, NotThere, Overtaken],
            TaskKind::FindingCorrection => &[CarriedOut, Overtaken],
        }
    }
    /// The page of the case that it ends with, for kinds whose form says more than an outcome: a resident is owed an
    /// answer (R12), an order its feedback (R20), a data check what was found (R19), a volunteer the result (R21). The origin's kind, the path that its
    /// id follows, and what whoever decides there may do.
    pub fn case(self) -> Option<(&'static str, &'static str, Action)> {
        match self {
            TaskKind::Correction | TaskKind::Declaration => {
                Some(("declaration", "/declarations", Action::DeclarationDecide))
            }
            TaskKind::FindingCorrection => Some(("finding", "/findings", Action::InspectionRead)),
            TaskKind::Order => Some(("order-part", "/order-parts", Action::OrderRead)),
            TaskKind::DataCheck | TaskKind::DataCheckDesk | TaskKind::DataCheckSecondVisit => {
                Some(("check-row", "/check-rows", Action::DataCheckRead))
            }
            TaskKind::VolunteerNotice => Some(("volunteer-notice", "/volunteer-notices", Action::FieldWork)),
            TaskKind::Scene => Some(("scene", "/scenes", Action::TaskRead)),
            _ => None,
        }
    }
    /// Whether what is noted of it goes with it (boundary 9: rows of a data check go when the check is closed).
    pub fn note_goes(self) -> bool {
        matches!(self, TaskKind::DataCheck | TaskKind::DataCheckDesk | TaskKind::DataCheckSecondVisit)
    }
}
