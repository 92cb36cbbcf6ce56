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
//! The matrix below, with those of the team's working together (`together`) and of numbered documents (`papers`), is the whole of it, and a snapshot test shows
//! every change to a reviewer.

mod area_kind;
mod papers;
mod role;
mod together;

pub use area_kind::AreaKind;
pub use role::Role;

pub(crate) use crate::code_list::codes;

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
        /// See the meetings of the own grids, note oneself as present (R30).
        MeetingRead = "meeting-read",
        /// Convene, move and record meetings (R30: grid leader, police-team leader).
        MeetingConvene = "meeting-convene",
        /// See the shift plans of the own grids (R31).
        ShiftRead = "shift-read",
        /// Draft a week's shifts and file them (R31, R4: the community officer, with the grid leader).
        ShiftPlan = "shift-plan",
        /// Own shifts: offer and accept swaps, confirm what was worked (R31).
        ShiftWork = "shift-work",
        /// Take note of a plan that was filed (R31: the police-team leader).
        ShiftAcknowledge = "shift-acknowledge",
        /// See inspections of the own grids and the monthly bulletin (R32).
        InspectionRead = "inspection-read",
        /// Plan inspections and their groups.
        InspectionPlan = "inspection-plan",
        /// Note findings and look again, as one of the group.
        InspectionRecord = "inspection-record",
        /// Say what was put right in the own grid.
        FindingCorrect = "finding-correct",
        /// Bring a suggestion or objection forward (R33).
        SuggestionMake = "suggestion-make",
        /// Answer suggestions and objections (R33: the task force).
        SuggestionAnswer = "suggestion-answer",
        /// See measures that concern oneself, and be heard (R33).
        MeasureRead = "measure-read",
        /// Propose and decide measures for the posts that one manages.
        MeasureDecide = "measure-decide",
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
        /// Make, change and spread anew the month's plan of visits (R16, R18: the grid leader organises the rounds, the officer
        /// leads them).
        VisitPlan = "visit-plan",
        /// See the phones of one's field staff and revoke one that was lost.
        PhoneManage = "phone-manage",
        /// Upload an own employer's roster.
        RosterSend = "roster-send",
        /// See comparisons.
        RosterReview = "roster-review",
        /// Confirm a comparison and direct its work (R15: the officer).
        RosterConfirm = "roster-confirm",
        /// Name, replace and end the liaisons of an employer (R14: the office, and the officer who confirms their rosters).
        LiaisonName = "liaison-name",
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
        /// Tell of premises that one looks after (R21: N members who do not write to the register).
        VolunteerReport = "volunteer-report",
        /// Say who looks after which premises; apply for stipends (R21).
        VolunteerLead = "volunteer-lead",
        /// Record the month's instruction of N members (R5: the officer).
        GuidanceGive = "guidance-give",
        /// Approve or refuse stipends (R21).
        StipendApprove = "stipend-approve",
        /// Set money aside for stipends, pay them, take the accounts out (R21).
        StipendPay = "stipend-pay",
        /// Put announcements and meetings into the grid's channel (R23).
        Announce = "announce",
        /// Enter or take away the robot that carries the channel's messages outside (R23).
        ChannelRobot = "channel-robot",
        /// Plan and record campaigns (R24).
        Publicity = "publicity",
        /// See survey figures.
        SurveyRead = "survey-read",
        /// Commit, draw, assign.
        SurveyRun = "survey-run",
        /// Sign the locked results of a survey as the second person, or send them back.
        SurveyCountersign = "survey-countersign",
        /// Record answers at the door of an assigned home.
        SurveyAnswer = "survey-answer",
        /// List a committee with a weak spot for rectification, and delist one (R27).
        ListingDecide = "listing-decide",
        /// Plan and carry out the rectification of a listed committee; the plan is the officer's (R27).
        RectificationWork = "rectification-work",
        /// See scores and bulletins.
        AssessmentRead = "assessment-read",
        /// Compute, enter outside items, finalise.
        AssessmentRun = "assessment-run",
        /// Object to an item of the own committee.
        AssessmentObject = "assessment-object",
        /// See the register of numbered documents (文书登记簿, R36).
        PaperRead = "paper-read",
        /// Number and issue the documents of the own grids: meeting records, notice signs (R36).
        PaperIssue = "paper-issue",
        /// Change the sentences of documents, withdraw a numbered one (R36: the office).
        PaperKeep = "paper-keep",
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
                PhoneManage,
                RosterReview,
                OrderRead,
                OrderIssue,
                DataCheckRead,
                SurveyRead,
                SurveyCountersign,
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
                PhoneManage,
                RosterReview,
                LiaisonName,
                OrderRead,
                OrderIssue,
                DataCheckRead,
                StipendApprove,
                StipendPay,
                Publicity,
                SurveyRead,
                SurveyRun,
                SurveyCountersign,
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
                PhoneManage,
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
                VisitPlan,
                PhoneManage,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                VolunteerLead,
                StipendApprove,
                Announce,
                ChannelRobot,
                Publicity,
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
                VisitPlan,
                PhoneManage,
                RosterReview,
                RosterConfirm,
                LiaisonName,
                OrderRead,
                OrderHandle,
                DataCheckRead,
                DataCheckDesk,
                VolunteerLead,
                GuidanceGive,
                StipendApprove,
                Announce,
                Publicity,
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
                VolunteerLead,
                Announce,
                Publicity,
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
            Role::Volunteer => &[Overview, TeamRead, VolunteerReport],
            Role::HrLiaison => &[Overview, RosterSend],
            Role::Surveyor => &[Overview, SurveyRead, SurveyAnswer],
            Role::Assessor => &[Overview, TerritoryRead, SurveyRead, SurveyCountersign, AssessmentRead, AssessmentRun],
            Role::SystemAdmin => &[Overview, AccountAdmin, SystemAdmin, SecondPerson],
            Role::SecurityOfficer => &[Overview, TeamRead, RoleAdmin, PrivacyPapers, SecondPerson],
            Role::Auditor => &[Overview, Audit],
        };
        [list, together::allowed(self), papers::allowed(self)].iter().any(|l| l.contains(&action))
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
}
