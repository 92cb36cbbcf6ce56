//! The life of a part, as rules without a store: which step leads where, and that nothing ends with open parts below.

use linli_platform::AppError;

use crate::codes::{Level, PartState};

/// A step in a part's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Receipt (签收).
    Receive,
    /// Distribution to the level below (分派).
    Distribute,
    /// Feedback (反馈).
    Answer,
    /// Sent back by whoever sent it down (退回).
    Return,
    /// Closing by whoever sent it down (办结).
    Close,
    /// Transfer elsewhere (转出).
    Transfer,
    /// To the task force (提请专班).
    Raise,
}

impl Step {
    /// Every one.
    pub const ALL: [Step; 7] =
        [Step::Receive, Step::Distribute, Step::Answer, Step::Return, Step::Close, Step::Transfer, Step::Raise];
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeFault {
    /// Not from where the part stands.
    #[error("the part does not stand where this can be done")]
    State,
    /// Not at this level.
    #[error("this is not done at the level")]
    Level,
    /// Something below is open: so many.
    #[error("{0} parts below are open")]
    OpenParts(i64),
}

impl From<LifeFault> for AppError {
    fn from(fault: LifeFault) -> Self {
        match fault {
            LifeFault::State => AppError::rule("order-step"),
            LifeFault::Level => AppError::rule("order-level"),
            LifeFault::OpenParts(n) => AppError::rule("order-open-parts").arg("n", n),
        }
    }
}

/// Where a part stands after a step. `open_below` counts the open parts below it, and the open rows of a data check.
///
/// # Errors
/// [`LifeFault`].
pub fn after(level: Level, state: PartState, open_below: i64, step: Step) -> Result<PartState, LifeFault> {
    use PartState::*;
    let next = match (step, state) {
        (Step::Receive, Waiting) => Received,
        (Step::Distribute, Received | Distributed) if level.below().is_some() => Distributed,
        (Step::Distribute, Received | Distributed) => return Err(LifeFault::Level),
        (Step::Answer, Received | Distributed) => Answered,
        (Step::Return, Answered) => Received,
        (Step::Close, Answered) => Closed,
        (Step::Transfer, Waiting | Received) => Elsewhere,
        (Step::Raise, Received | Distributed) => state,
        _ => return Err(LifeFault::State),
    };
    let ends = matches!(step, Step::Answer | Step::Close | Step::Transfer);
    if ends && open_below > 0 { Err(LifeFault::OpenParts(open_below)) } else { Ok(next) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_from_where_the_rule_says_and_from_nowhere_else() {
        use PartState::*;
        let allowed: &[(Step, &[PartState], Option<PartState>)] = &[
            (Step::Receive, &[Waiting], Some(Received)),
            (Step::Distribute, &[Received, Distributed], Some(Distributed)),
            (Step::Answer, &[Received, Distributed], Some(Answered)),
            (Step::Return, &[Answered], Some(Received)),
            (Step::Close, &[Answered], Some(Closed)),
            (Step::Transfer, &[Waiting, Received], Some(Elsewhere)),
            (Step::Raise, &[Received, Distributed], None),
        ];
        for (step, from, to) in allowed {
            for state in PartState::ALL {
                let expected = if from.contains(state) { Ok(to.unwrap_or(*state)) } else { Err(LifeFault::State) };
                assert_eq!(after(Level::Team, *state, 0, *step), expected, "{step:?} from {state}");
            }
        }
    }

    #[test]
    fn nothing_ends_with_open_parts_below_and_a_grid_distributes_to_nobody() {
        for (step, state) in [
            (Step::Answer, PartState::Distributed),
            (Step::Close, PartState::Answered),
            (Step::Transfer, PartState::Received),
        ] {
            assert_eq!(after(Level::PoliceTeam, state, 2, step), Err(LifeFault::OpenParts(2)));
        }
        assert_eq!(after(Level::Grid, PartState::Received, 0, Step::Distribute), Err(LifeFault::Level));
    }
}
