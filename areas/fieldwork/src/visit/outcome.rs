//! How a visit ended, as a code of the visit and never a mark on anybody.

/// How a visit ended. Fluent text: `visit-outcome-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VisitOutcome {
    /// Everybody was checked (已全员核对).
    Verified,
    /// Nobody was at home (无人在家).
    NobodyHome,
    /// Not let in; the officer joins the next visit (未能入户，下次民警同往, R16).
    Refused,
    /// Locked and evidently not in use (上锁).
    Locked,
    /// The house is gone (已拆除).
    Demolished,
}

impl VisitOutcome {
    /// Every one.
    pub const ALL: [VisitOutcome; 5] = [
        VisitOutcome::Verified,
        VisitOutcome::NobodyHome,
        VisitOutcome::Refused,
        VisitOutcome::Locked,
        VisitOutcome::Demolished,
    ];
    /// Those of a door that nobody opened, in the order of the form.
    pub const ABSENT: [VisitOutcome; 4] =
        [VisitOutcome::NobodyHome, VisitOutcome::Refused, VisitOutcome::Locked, VisitOutcome::Demolished];

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            VisitOutcome::Verified => "verified",
            VisitOutcome::NobodyHome => "nobody-home",
            VisitOutcome::Refused => "refused",
            VisitOutcome::Locked => "locked",
            VisitOutcome::Demolished => "demolished",
        }
    }
    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.code() == code)
    }
    /// Whether the household counts as verified.
    pub fn verifies(self) -> bool {
        self == VisitOutcome::Verified
    }
    /// Whether the premises count as visited, so that the label's gap starts anew (R18).
    pub fn visits(self) -> bool {
        matches!(self, VisitOutcome::Verified | VisitOutcome::Demolished)
    }
}
