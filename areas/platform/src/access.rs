//! Who may do what.
//!
//! An *actor* (an account with dated roles) asks for an *action*; the *role* allows it or not, and the
//! *scope* (which grids, or a dated assignment) says on which records. A request walks through it like this:
//! the session names the account; [`Reader`](crate::reader::Reader) carries its roles and its scope of today;
//! a role is in force only while the account's confidentiality agreement is (R3), which is decided there and
//! nowhere else; the route declares its [`Action`], and the router lets nobody pass whose roles lack it (403), and
//! narrows the scope to where the roles that allow it are held; the store filters by scope in SQL, so that what is outside does not exist (404); opening a sealed value needs, on top,
//! a [`Purpose`](crate::reader::Purpose) bound to an open task on that very record, and leaves an access record.
//!
//! The matrix below is the whole of it, and a snapshot test shows every change to a reviewer.

/// A closed list of which each value is stored under a stable code: `ALL`, `code`, `from_code`, and `Display` as the code.
/// With the prefix of its texts behind the name (`Source, "source" { … }`) also `PREFIX` and `choices` for a form.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($list:tt)+ }) => {
        $crate::codes! { $(#[$doc])* $name { $($list)+ } }
        impl $name {
            /// The prefix of its texts: `<prefix>-<code>`.
            pub const PREFIX: &'static str = $prefix;
            /// Code and text key of each, for a choice on a form.
            pub fn choices() -> Vec<(&'static str, String)> {
                Self::ALL.iter().map(|v| (v.code(), format!("{}-{}", $prefix, v.code()))).collect()
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable code, as stored.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.code()) }
        }
    };
}
pub(crate) use codes;

codes! {
    /// A role (角色). Fluent text: `role-<code>`.
    Role {
        /// Sub-district leader in charge, task force (街道分管领导、专班).
        TaskForce = "task-force",
        /// Police station (派出所).
        Station = "station",
        /// Population office (人口办).
        PopulationOffice = "population-office",
        /// Urban-operation centre (城运中心).
        OperationCentre = "operation-centre",
        /// Data steward (数据核查专管员).
        DataSteward = "data-steward",
        /// Police-team leader (社区警务队长).
        TeamLeader = "team-leader",
        /// Committee secretary (村居书记).
        CommitteeSecretary = "committee-secretary",
        /// Grid leader (微网格长).
        GridLeader = "grid-leader",
        /// Community officer (社区民警).
        Officer = "officer",
        /// Coordinator (社区综合协管员).
        Coordinator = "coordinator",
        /// Full-time grid worker (专职网格员).
        GridWorker = "grid-worker",
        /// Other N member: volunteer, guard, agent (N 成员).
        Volunteer = "volunteer",
        /// Employer's HR liaison (单位人事联络员).
        HrLiaison = "hr-liaison",
        /// Surveyor with a dated assignment (测查员).
        Surveyor = "surveyor",
        /// Assessor (考核组).
        Assessor = "assessor",
        /// System administrator (系统管理员).
        SystemAdmin = "system-admin",
        /// Security officer (安全管理员).
        SecurityOfficer = "security-officer",
        /// Auditor (审计管理员).
        Auditor = "auditor",
    }
}

codes! {
    /// What a route does, as the matrix knows it.
    Action {
        /// Anybody, signed in or not.
        Public = "public",
        /// Any signed-in account: own page, own password, sign-out.
        Own = "own",
        /// See the dashboard.
        Overview = "overview",
        /// See committees, grids and the map.
        TerritoryRead = "territory-read",
        /// Change committees, aliases, boundaries.
        TerritoryWrite = "territory-write",
        /// See the team: names, posts, duties (R3).
        TeamRead = "team-read",
        /// Appoint, stand in, end, import staff.
        TeamWrite = "team-write",
        /// Enter staff and put confidentiality agreements on file (R3). The one action that a role gives before the
        /// own agreement is in force, and then for oneself alone.
        AgreementFile = "agreement-file",
        /// List and search the register, masked.
        RegisterRead = "register-read",
        /// Open one record unmasked, by purpose.
        RegisterUnmask = "register-unmask",
        /// Serve somebody who stands at the counter (窗口办理), whose presence is then the purpose (R9, R12, R37).
        CounterServe = "counter-serve",
        /// Register, change, cancel.
        RegisterWrite = "register-write",
        /// Decide declarations, corrections and deletions that residents asked for (R12).
        DeclarationDecide = "declaration-decide",
        /// Import tables.
        Import = "import",
        /// Export tables, masked and watermarked.
        Export = "export",
        /// See own and grid tasks.
        TaskRead = "task-read",
        /// Work on tasks, visit homes.
        FieldWork = "field-work",
        /// Upload an own employer's roster.
        RosterSend = "roster-send",
        /// See comparisons.
        RosterReview = "roster-review",
        /// Confirm a comparison and direct its work (R15: the officer).
        RosterConfirm = "roster-confirm",
        /// See orders and their parts (R20).
        OrderRead = "order-read",
        /// Draft, issue and close orders.
        OrderIssue = "order-issue",
        /// Receipt, distribute, answer and hand on parts of orders.
        OrderHandle = "order-handle",
        /// Decide what a team could not settle (专班).
        OrderSettle = "order-settle",
        /// See data checks, masked (R19).
        DataCheckRead = "data-check-read",
        /// Send data checks down, place their rows, take their results, close them.
        DataCheckRun = "data-check-run",
        /// The officer's desk check.
        DataCheckDesk = "data-check-desk",
        /// See survey figures.
        SurveyRead = "survey-read",
        /// Commit, draw, assign.
        SurveyRun = "survey-run",
        /// Record answers at the door of an assigned home.
        SurveyAnswer = "survey-answer",
        /// See scores and bulletins.
        AssessmentRead = "assessment-read",
        /// Compute, enter outside items, finalise.
        AssessmentRun = "assessment-run",
        /// Object to an item of the own committee.
        AssessmentObject = "assessment-object",
        /// Accounts: create, disable (system administrator).
        AccountAdmin = "account-admin",
        /// Roles of accounts: grant, end (security officer).
        RoleAdmin = "role-admin",
        /// Propose what needs a second person, or decide on what others propose.
        SecondPerson = "second-person",
        /// Erase one resident's record before its time, with a second person (PIPL 47).
        ResidentErase = "resident-erase",
        /// The privacy papers: record of processing and impact assessment (PIPL 55, 56).
        PrivacyPapers = "privacy-papers",
        /// Audit: events, access records, the log (auditor).
        Audit = "audit",
        /// Jobs and health (system administrator).
        SystemAdmin = "system-admin",
    }
}

impl Role {
    /// Whether the role allows the action.
    pub fn allows(self, action: Action) -> bool {
        use Action::*;
        if matches!(action, Public | Own) {
            return true;
        }
        let list: &[Action] = match self {
            Role::TaskForce => &[
                Overview,
                TerritoryRead,
                TeamRead,
                TaskRead,
                RosterReview,
                OrderRead,
                OrderSettle,
                SurveyRead,
                AssessmentRead,
            ],
            Role::Station => &[
                Overview,
                TerritoryRead,
                TeamRead,
                TeamWrite,
                AgreementFile,
                RegisterRead,
                RegisterUnmask,
                CounterServe,
                TaskRead,
                RosterReview,
                OrderRead,
                OrderIssue,
                DataCheckRead,
                SurveyRead,
                AssessmentRead,
                Export,
                ResidentErase,
                SecondPerson,
            ],
            Role::PopulationOffice => &[
                Overview,
                TerritoryRead,
                TerritoryWrite,
                TeamRead,
                TeamWrite,
                AgreementFile,
                RegisterRead,
                RegisterUnmask,
                CounterServe,
                RegisterWrite,
                DeclarationDecide,
                Import,
                Export,
                TaskRead,
                RosterReview,
                OrderRead,
                OrderIssue,
                DataCheckRead,
                SurveyRead,
                SurveyRun,
                AssessmentRead,
                AssessmentRun,
                ResidentErase,
                PrivacyPapers,
                SecondPerson,
            ],
            Role::OperationCentre => {
                &[Overview, TerritoryRead, TerritoryWrite, TeamRead, TaskRead, OrderRead, OrderIssue, SurveyRead]
            }
            Role::DataSteward => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                RegisterUnmask,
                Import,
                TaskRead,
                RosterReview,
                OrderRead,
                DataCheckRead,
                DataCheckRun,
                SurveyRead,
                SecondPerson,
            ],
            Role::TeamLeader => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                TaskRead,
                RosterReview,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                SurveyRead,
                AssessmentRead,
            ],
            Role::CommitteeSecretary => {
                &[Overview, TerritoryRead, TeamRead, TaskRead, SurveyRead, AssessmentRead, AssessmentObject]
            }
            Role::GridLeader => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                RegisterUnmask,
                RegisterWrite,
                TaskRead,
                FieldWork,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                SurveyRead,
                AssessmentRead,
                SecondPerson,
            ],
            Role::Officer => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                RegisterUnmask,
                RegisterWrite,
                DeclarationDecide,
                TaskRead,
                FieldWork,
                RosterReview,
                RosterConfirm,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                DataCheckDesk,
                SurveyRead,
                AssessmentRead,
                SecondPerson,
            ],
            Role::Coordinator => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                RegisterUnmask,
                CounterServe,
                RegisterWrite,
                DeclarationDecide,
                TaskRead,
                FieldWork,
                RosterReview,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                SurveyRead,
                AssessmentRead,
                SecondPerson,
            ],
            Role::GridWorker => &[
                Overview,
                TerritoryRead,
                TeamRead,
                RegisterRead,
                RegisterUnmask,
                RegisterWrite,
                TaskRead,
                FieldWork,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                SecondPerson,
            ],
            Role::Volunteer => &[Overview, TeamRead],
            Role::HrLiaison => &[Overview, RosterSend],
            Role::Surveyor => &[Overview, SurveyRead, SurveyAnswer],
            Role::Assessor => &[Overview, TerritoryRead, SurveyRead, AssessmentRead, AssessmentRun],
            Role::SystemAdmin => &[Overview, AccountAdmin, SystemAdmin, SecondPerson],
            Role::SecurityOfficer => &[Overview, TeamRead, RoleAdmin, PrivacyPapers, SecondPerson],
            Role::Auditor => &[Overview, Audit],
        };
        list.contains(&action)
    }

    /// Whether the role allows the action to somebody whose confidentiality agreement is not in force (R3): putting
    /// the own one on file, and nothing else.
    pub fn allows_before_agreement(self, action: Action) -> bool {
        action == Action::AgreementFile && self.allows(action)
    }

    /// Whether the role is one of the three administrators, who must be three people (R38).
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityOfficer | Role::Auditor)
    }

    /// The area such a role is held for.
    pub fn area_kind(self) -> AreaKind {
        match self {
            Role::CommitteeSecretary | Role::TeamLeader => AreaKind::Committee,
            Role::GridLeader | Role::Officer | Role::Coordinator | Role::GridWorker | Role::Volunteer => AreaKind::Grid,
            Role::HrLiaison => AreaKind::Employer,
            Role::Surveyor => AreaKind::Assignment,
            _ => AreaKind::Division,
        }
    }
}

codes! {
    /// The kind of area a role is held for.
    AreaKind {
        /// The whole sub-district.
        Division = "division",
        /// One committee (a team leader holds several).
        Committee = "committee",
        /// One micro-grid.
        Grid = "grid",
        /// One employer.
        Employer = "employer",
        /// Only what is assigned, record by record.
        Assignment = "assignment",
    }
}
