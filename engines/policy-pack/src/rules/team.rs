//! `team.toml`: roles, members and duties (R3, R4, R5, R37).

use serde::Deserialize;

use crate::{Ruled, Subject};

choice! {
    /// The four roles of the 3+N team.
    RoleId {
        /// Grid leader (微网格长).
        GridLeader = "grid-leader",
        /// Community officer (社区民警).
        CommunityOfficer = "community-officer",
        /// Coordinator (社区综合协管员).
        Coordinator = "coordinator",
        /// Member of the N (N 类成员).
        NMember = "n-member",
    }
}

choice! {
    /// In which rhythm a duty falls due.
    Period {
        /// Each day.
        Day = "day",
        /// Each week.
        Week = "week",
        /// Each month.
        Month = "month",
        /// Each year.
        Year = "year",
        /// When something happens.
        Event = "event",
    }
}

choice! {
    /// The data that a duty's state, or a ledger, is derived from.
    Source {
        /// Posts held.
        Appointments = "appointments",
        /// Agreements and training.
        Confidentiality = "confidentiality",
        /// The coordinators' daily reports.
        DailyReports = "daily-reports",
        /// Data checks.
        DataChecks = "data-checks",
        /// Self-declarations.
        Declarations = "declarations",
        /// Notices of duty to landlords, agents, employers.
        DutyNotices = "duty-notices",
        /// Monthly instruction by the officer.
        Guidance = "guidance",
        /// Listings for rectification.
        Listings = "listings",
        /// Meetings.
        Meetings = "meetings",
        /// Items of work of N members.
        MemberWork = "member-work",
        /// Volunteers' notices.
        Notices = "notices",
        /// Orders.
        Orders = "orders",
        /// Labels of premises.
        PremisesLabels = "premises-labels",
        /// Rounds by label.
        PremisesRounds = "premises-rounds",
        /// Campaigns.
        Publicity = "publicity",
        /// New, changed and cancelled registrations.
        Registrations = "registrations",
        /// Rosters.
        Rosters = "rosters",
        /// Scenes.
        Scenes = "scenes",
        /// Shifts.
        Shifts = "shifts",
        /// Notice signs.
        Signs = "signs",
        /// Standard addresses.
        StandardAddresses = "standard-addresses",
        /// The monthly full verification.
        Verification = "verification",
        /// All visits.
        Visits = "visits",
    }
}

item! {
    /// A role of the team.
    Role(RoleId) {
        /// Fewest in a micro-grid.
        min_per_grid: u32,
        /// Most in a micro-grid; `None` without a limit.
        max_per_grid: Option<u32>,
        /// Whether the role writes to the register.
        writes_register: bool,
        /// Who manages its holders (R33).
        managed_by: String,
    }
}

item! {
    /// A kind of N member.
    MemberKind(String) {
        /// Whether it writes to the register; others report.
        writes_register: bool,
    }
}

item! {
    /// A duty of a role (职责).
    Duty(String) {
        /// Whose duty.
        role: RoleId,
        /// What it is about.
        subject: Subject,
        /// The data that tells done, due and overdue.
        source: Source,
        /// When it falls due.
        period: Period,
    }
}

/// The team's rules.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Fewest N members of a committee.
    pub n_members_per_committee: Ruled<u32>,
    /// Duties that each role has.
    pub duties_per_role: Ruled<u32>,
    /// A signed confidentiality agreement comes before access.
    pub agreement_before_access: Ruled<bool>,
    /// Leaving ends access at once.
    pub leaving_ends_access_at_once: Ruled<bool>,
    /// Members see each other's name, post and duties.
    pub members_see_each_other: Ruled<bool>,
    /// Months between two trainings in confidentiality.
    pub confidentiality_training_every_months: Ruled<u32>,
    /// Months between two instructions of an N member by the officer.
    pub instruction_every_months: Ruled<u32>,
    /// The four roles.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    /// Kinds of N member.
    #[serde(rename = "member_kind")]
    pub member_kinds: Vec<MemberKind>,
    /// Duties of all roles.
    #[serde(rename = "duty")]
    pub duties: Vec<Duty>,
}
