//! The closed lists of the survey. What is stored is the code; pages show `<list>-<code>` from the texts.

linli_platform::codes! {
    /// How far a round has come (测查进度). Texts: `survey-state-<code>`.
    State {
        /// The frame is fixed and its digest published; the parties commit (抽样框已定).
        Framed = "framed",
        /// Frame, plans and commitments are announced; the parties open (已公告).
        Committed = "committed",
        /// All have opened and the homes are drawn; they wait for surveyors (已抽样).
        Drawn = "drawn",
        /// Surveyors are on their way (测查中).
        Answering = "answering",
        /// Answers are closed and the figures are computed; they wait for a second person (已锁定，待复核).
        Locked = "locked",
        /// A second person has signed the figures: they are published and count (已复核).
        Countersigned = "countersigned",
        /// Given up before the draw, with who and when on record (已撤回).
        Withdrawn = "withdrawn",
    }
}

linli_platform::codes! {
    /// What became of locked results (复核结果). Texts: `survey-outcome-<code>`.
    Outcome {
        /// Signed by a second person (已复核).
        Countersigned = "countersigned",
        /// Sent back with a reason (已退回).
        SentBack = "sent-back",
    }
}

linli_platform::codes! {
    /// Which of two differing answers counts (认定). Texts: `survey-kept-<code>`.
    Kept {
        /// The first surveyor's (以第一次为准).
        First = "first",
        /// The second surveyor's (以第二次为准).
        Second = "second",
    }
}

linli_platform::codes! {
    /// Why one of two differing answers counts (认定理由). Texts: `survey-kept-why-<code>`.
    KeptWhy {
        /// The other surveyor noted something wrong (另一次记录有误).
        NotedWrong = "noted-wrong",
        /// The other surveyor did not ask about everybody (另一次没有问全).
        NotAllAsked = "not-all-asked",
        /// Somebody moved between the two visits (两次之间有人搬动).
        Moved = "moved",
        /// The register changed between the two visits (两次之间登记有变动).
        RegisterChanged = "register-changed",
        /// It cannot be told; the first counts as announced (无法判断).
        CannotTell = "cannot-tell",
    }
}

linli_platform::codes! {
    /// What the two interviews of a home are compared in (比对项目). Texts: `survey-problem-<code>`.
    Compare {
        /// People found living there (在住人数).
        Found = "found",
        /// Of those, not registered (在住未登记).
        Unregistered = "unregistered",
        /// Registered and gone (已离开未注销).
        Gone = "gone",
        /// Names wrong (姓名).
        Name = "name",
        /// Documents wrong (证件).
        Document = "document",
        /// Mobiles wrong (联系电话).
        Phone = "phone",
        /// Addresses wrong (居住地址).
        Address = "address",
        /// Employers wrong (工作单位).
        Employer = "employer",
    }
}

linli_platform::codes! {
    /// Kinds of premises that a committee's homes are drawn from (抽样层), by label and type of the premises and
    /// never by who lives there. Texts: `survey-stratum-<code>`.
    Stratum {
        /// Crowded or fast-changing: shared lets, dormitories (人员密集、流动频繁).
        Crowded = "crowded",
        /// Ordinary flats and houses (一般住宅).
        Dwelling = "dwelling",
        /// Informal dwellings: shops, basements, huts (非正规居住场所).
        Informal = "informal",
        /// Labelled vacant (空置).
        Vacant = "vacant",
    }
}

impl Stratum {
    /// The stratum of a home by its type and label. `None` for premises without homes, which are in no frame.
    /// A care label is about what residents asked for, so it decides nothing here.
    pub fn of(kind: &str, label: Option<&str>) -> Option<Stratum> {
        match (kind, label) {
            ("workplace", _) => None,
            (_, Some("crowded")) => Some(Stratum::Crowded),
            (_, Some("informal")) => Some(Stratum::Informal),
            (_, Some("vacant")) => Some(Stratum::Vacant),
            ("shared-let" | "dormitory", _) => Some(Stratum::Crowded),
            ("shop" | "basement" | "field-hut" | "site-hut", _) => Some(Stratum::Informal),
            _ => Some(Stratum::Dwelling),
        }
    }
}

linli_platform::codes! {
    /// Where a drawn home stands (户的测查状态). Texts: `survey-home-<code>`.
    HomeState {
        /// Drawn, without a surveyor (待分配).
        Drawn = "drawn",
        /// A surveyor is to go there (待测查).
        Assigned = "assigned",
        /// Nobody was met so far; it can still be surveyed until the round is locked (未遇到).
        NotMet = "not-met",
        /// Answered (已测查).
        Answered = "answered",
    }
}

linli_platform::codes! {
    /// Items of a registration that are checked at the door (核查项目). Texts: `survey-item-<code>`.
    Item {
        /// Name (姓名).
        Name = "name",
        /// Kind and number of the document (证件).
        Document = "document",
        /// Mobile (联系电话), where one is registered.
        Phone = "phone",
        /// Address down to the home (居住地址).
        Address = "address",
        /// Employer (工作单位), where one is registered.
        Employer = "employer",
    }
}

linli_platform::codes! {
    /// What a result is about (统计层级).
    Level {
        /// The sub-district (街道).
        Division = "division",
        /// Assessment group (考核分组).
        Group = "group",
        /// Committee (村居).
        Committee = "committee",
        /// Micro-grid (微网格).
        Grid = "grid",
    }
}

linli_platform::codes! {
    /// A measured rate (指标). Texts: `survey-rate-<code>`.
    RateKind {
        /// Of the people found, those registered (登记率).
        Registration = "registration",
        /// Of the items checked, those correct (准确率).
        Accuracy = "accuracy",
    }
}

linli_platform::codes! {
    /// What an interval says about the target. Texts: `survey-verdict-<code>`.
    Verdict {
        /// The whole interval lies at or above the target (达到).
        Above = "above",
        /// The whole interval lies below (低于).
        Below = "below",
        /// The sample is too small to tell (无法区分).
        Unclear = "unclear",
    }
}

impl From<survey_sample::Verdict> for Verdict {
    fn from(v: survey_sample::Verdict) -> Self {
        match v {
            survey_sample::Verdict::AboveTarget => Verdict::Above,
            survey_sample::Verdict::BelowTarget => Verdict::Below,
            survey_sample::Verdict::CannotTell => Verdict::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stratum_follows_label_and_type_of_the_premises_alone() {
        for (kind, label, want) in [
            ("flat", None, Some(Stratum::Dwelling)),
            ("house", Some("crowded"), Some(Stratum::Crowded)),
            ("dormitory", None, Some(Stratum::Crowded)),
            ("shared-let", Some("vacant"), Some(Stratum::Vacant)),
            ("basement", None, Some(Stratum::Informal)),
            ("flat", Some("informal"), Some(Stratum::Informal)),
            ("flat", Some("care"), Some(Stratum::Dwelling)),
            ("workplace", Some("crowded"), None),
        ] {
            assert_eq!(Stratum::of(kind, label), want, "{kind} {label:?}");
        }
    }
}
