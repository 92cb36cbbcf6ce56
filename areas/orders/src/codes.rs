//! The closed lists of orders (指令, R20).

use linli_platform::access::Role;

linli_platform::codes! {
    /// What an order is about: work, premises, an organisation; never a person (boundary 8). Fluent text:
    /// `order-kind-<code>`.
    OrderKind {
        /// Premises to be looked at (核查场所).
        Premises = "premises",
        /// Homes to be verified again (复核住户).
        Verification = "verification",
        /// Rosters to be called for (催报花名册).
        Rosters = "rosters",
        /// Publicity (宣传).
        Publicity = "publicity",
        /// A hazard of premises (场所隐患).
        Hazard = "hazard",
        /// Addresses or boundaries (地址与边界).
        Addresses = "addresses",
        /// Any other work of the team (其他工作).
        Other = "other",
        /// A data check goes down (数据核查, R19); made by the program, never by hand.
        DataCheck = "data-check",
    }
}

impl OrderKind {
    /// The kinds that somebody writes by hand.
    pub fn by_hand() -> impl Iterator<Item = OrderKind> {
        OrderKind::ALL.iter().copied().filter(|k| *k != OrderKind::DataCheck)
    }
}

linli_platform::codes! {
    /// Where an order stands. Fluent text: `order-state-<code>`.
    OrderState {
        /// Being written (起草).
        Draft = "draft",
        /// With the levels below (已下发).
        Issued = "issued",
        /// Closed, every part before it (已办结).
        Closed = "closed",
    }
}

linli_platform::codes! {
    /// The levels (四级, R20; ids of the policy pack's `level`), and the task force, which settles what a team cannot.
    /// Fluent text: `order-level-<code>`.
    Level {
        /// Station, population office, urban-operation centre (派出所、人口办、城运中心).
        SubDistrict = "sub-district",
        /// Police team (社区警务队).
        PoliceTeam = "police-team",
        /// Officer, grid leader, coordinator of a committee's bundled team (社区民警、微网格长、协管员).
        Team = "team",
        /// Micro-grid (微网格).
        Grid = "grid",
        /// Task force (专班).
        TaskForce = "task-force",
    }
}

impl Level {
    /// The level below, to which a part can be distributed.
    pub fn below(self) -> Option<Level> {
        match self {
            Level::SubDistrict => Some(Level::PoliceTeam),
            Level::PoliceTeam => Some(Level::Team),
            Level::Team => Some(Level::Grid),
            Level::Grid | Level::TaskForce => None,
        }
    }
    /// The level above, to which an overdue part climbs; the task force keeps what it has.
    pub fn above(self) -> Level {
        match self {
            Level::Grid => Level::Team,
            Level::Team => Level::PoliceTeam,
            Level::PoliceTeam => Level::SubDistrict,
            Level::SubDistrict | Level::TaskForce => Level::TaskForce,
        }
    }
    /// The roles that act at the level; at the sub-district's, whoever may issue.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Level::SubDistrict => &[Role::Station, Role::PopulationOffice, Role::OperationCentre],
            Level::PoliceTeam => &[Role::TeamLeader],
            Level::Team => &[Role::Officer, Role::GridLeader, Role::Coordinator],
            Level::Grid => &[Role::Coordinator, Role::GridWorker, Role::GridLeader, Role::Officer],
            Level::TaskForce => &[Role::TaskForce],
        }
    }
}

linli_platform::codes! {
    /// Where a part stands. Fluent text: `part-state-<code>`.
    PartState {
        /// Sent down, not yet receipted (待签收).
        Waiting = "waiting",
        /// Receipted (已签收).
        Received = "received",
        /// Divided among the level below (已分派).
        Distributed = "distributed",
        /// Feedback given; waits for whoever sent it (已反馈).
        Answered = "answered",
        /// Handed to another place (已转出).
        Elsewhere = "elsewhere",
        /// Closed (已办结).
        Closed = "closed",
    }
}

impl PartState {
    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        !matches!(self, PartState::Elsewhere | PartState::Closed)
    }
}

linli_platform::codes! {
    /// Coded feedback (反馈). Fluent text: `order-feedback-<code>`.
    Feedback {
        /// Done (已完成).
        Done = "done",
        /// Done in part, the rest is said in the note (部分完成).
        Partly = "partly",
        /// Nothing was to be done (现场无需处置).
        Nothing = "nothing",
        /// It could not be done (无法完成).
        NotPossible = "not-possible",
        /// The task force settled it (专班已处置).
        Settled = "settled",
    }
}

impl Feedback {
    /// What a level can say of its own part.
    pub fn own() -> [Feedback; 4] {
        [Feedback::Done, Feedback::Partly, Feedback::Nothing, Feedback::NotPossible]
    }
}

linli_platform::codes! {
    /// Why the task force is asked (提请专班, R20). Fluent text: `order-raise-<code>`.
    Raise {
        /// It belongs to several units at once (涉及多个单位).
        SeveralUnits = "several-units",
        /// People or means are missing (人手、条件不足).
        Means = "means",
        /// A unit does not work along (有关单位不配合).
        NoCooperation = "no-cooperation",
        /// Who is in charge is disputed (职责不清).
        Unclear = "unclear",
    }
}

linli_platform::codes! {
    /// What the task force decides of a part that was raised. Fluent text: `order-decision-<code>`.
    Decision {
        /// The level goes on, with a new deadline (继续办理，重新计时).
        GoOn = "go-on",
        /// Settled by the task force (已处置，视为反馈).
        Settled = "settled",
    }
}

linli_platform::codes! {
    /// Why an order that another system brought was not taken (不予接收), a closed list. Fluent text: `order-not-taken-<code>`.
    NotTaken {
        /// It is not for the sub-district's teams (不属本街道职责).
        NotOurs = "not-ours",
        /// What is to be done is not clear (内容不清，请重新报送).
        Unclear = "unclear",
        /// The same is under way (同样事项已在办理).
        InHand = "in-hand",
        /// It is about a single person; such things do not go down as orders (涉及个人，不以指令办理).
        OnePerson = "one-person",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_are_those_of_the_policy_pack_in_its_order() {
        let pack = policy_pack::Pack::embedded();
        let mut level = Level::SubDistrict;
        for named in &pack.work.levels {
            assert_eq!(named.id.to_string(), level.code());
            level = level.below().unwrap_or(Level::TaskForce);
        }
        assert_eq!(level, Level::TaskForce, "the pack names all four");
    }

    #[test]
    fn what_climbs_ends_at_the_task_force() {
        let mut level = Level::Grid;
        for expected in [Level::Team, Level::PoliceTeam, Level::SubDistrict, Level::TaskForce, Level::TaskForce] {
            level = level.above();
            assert_eq!(level, expected);
        }
    }
}
