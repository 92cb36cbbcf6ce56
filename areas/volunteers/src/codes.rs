//! The closed lists of the area. What can be told is about premises; there is no text, no person and no suspicion in it
//! (boundary 3).

use linli_platform::codes;
use linli_work::Outcome;

codes! {
    /// What a volunteer can tell.
    NoticeKind, "volunteer-kind" {
        /// Somebody moved in (有人搬入).
        MovedIn = "moved-in",
        /// Somebody moved out (有人搬走).
        MovedOut = "moved-out",
        /// A safety hazard of premises (安全隐患).
        Hazard = "hazard",
        /// A resident wants help with declaring (居民需要协助申报).
        WantsHelp = "wants-help",
    }
}

codes! {
    /// A hazard of premises.
    Hazard, "volunteer-hazard" {
        /// A blocked fire exit (消防通道堵塞).
        FireExit = "fire-exit",
        /// Electric bicycles charged indoors (电动车违规充电).
        Charging = "charging",
        /// Gas (燃气隐患).
        Gas = "gas",
        /// Wiring (私拉电线).
        Wiring = "wiring",
        /// The building itself (房屋破损).
        Building = "building",
        /// Walls put into a flat (房屋隔断).
        Partitions = "partitions",
        /// A damaged house number or notice sign (门牌、公示牌缺损).
        Sign = "sign",
    }
}

codes! {
    /// When it was seen.
    SeenWhen, "volunteer-seen" {
        /// Today (今天).
        Today = "today",
        /// Yesterday (昨天).
        Yesterday = "yesterday",
        /// Within a week (一周内).
        Week = "week",
    }
}

codes! {
    /// Where a notice stands.
    NoticeState, "volunteer-state" {
        /// It waits for its check at the door (待核实).
        Open = "open",
        /// What it told was so (已确认).
        Confirmed = "confirmed",
        /// It was not (未确认).
        NotConfirmed = "not-confirmed",
    }
}

codes! {
    /// What a check at the door brought.
    NoticeResult, "volunteer-result" {
        /// Somebody was registered (已登记).
        Registered = "registered",
        /// A registration was changed (已变更).
        Changed = "changed",
        /// A registration was cancelled (已注销).
        Cancelled = "cancelled",
        /// The hazard is gone (隐患已消除).
        Removed = "removed",
        /// It is with whoever can solve it (已转有关单位).
        PassedOn = "passed-on",
        /// The resident was helped (已协助申报).
        Helped = "helped",
        /// The register had it already (此前已掌握).
        Known = "known",
        /// Nothing of the kind was found (未发现).
        Nothing = "nothing",
    }
}

codes! {
    /// Where a stipend stands.
    StipendState, "stipend-state" {
        /// It waits for its approvals (待审批).
        Applied = "applied",
        /// It waits to be paid (待发放).
        Approved = "approved",
        /// It was not granted (未通过).
        Refused = "refused",
        /// It is paid (已发放).
        Paid = "paid",
    }
}

codes! {
    /// Why a stipend is not granted.
    Refusal, "stipend-refusal" {
        /// The same was paid for another notice (重复申请).
        Twice = "twice",
        /// The amount does not fit (金额不符).
        Amount = "amount",
        /// The notice does not carry one (不符合发放条件).
        Unfit = "unfit",
    }
}

codes! {
    /// What an instruction was about (R5).
    Topic, "guidance-topic" {
        /// Moves in and out (来登去销).
        Registration = "registration",
        /// Hazards of premises (场所隐患).
        Hazards = "hazards",
        /// Helping residents to declare (协助申报).
        Declaring = "declaring",
        /// Rosters (花名册).
        Rosters = "rosters",
        /// Confidentiality (保密).
        Confidentiality = "confidentiality",
    }
}

impl NoticeKind {
    /// Whether it is about one home and not a building's common parts.
    pub fn needs_home(self) -> bool {
        self != NoticeKind::Hazard
    }
    /// What its check can bring, in the order of the form.
    pub fn results(self) -> &'static [NoticeResult] {
        use NoticeResult::*;
        match self {
            NoticeKind::MovedIn => &[Registered, Changed, Known, Nothing],
            NoticeKind::MovedOut => &[Cancelled, Changed, Known, Nothing],
            NoticeKind::Hazard => &[Removed, PassedOn, Known, Nothing],
            NoticeKind::WantsHelp => &[Helped, PassedOn, Nothing],
        }
    }
}

impl NoticeResult {
    /// Whether what was told was so and new; only then a stipend can be applied for.
    pub fn confirms(self) -> bool {
        !matches!(self, NoticeResult::Known | NoticeResult::Nothing)
    }
    /// The state that a notice is in afterwards.
    pub fn state(self) -> NoticeState {
        if self.confirms() { NoticeState::Confirmed } else { NoticeState::NotConfirmed }
    }
    /// How the task of checking it ends.
    pub fn outcome(self) -> Outcome {
        match self {
            NoticeResult::Registered => Outcome::Registered,
            NoticeResult::Changed => Outcome::Changed,
            NoticeResult::Cancelled => Outcome::Cancelled,
            NoticeResult::PassedOn => Outcome::HandedOver,
            NoticeResult::Removed | NoticeResult::Helped | NoticeResult::Known => Outcome::Confirmed,
            NoticeResult::Nothing => Outcome::NotThere,
        }
    }
}
