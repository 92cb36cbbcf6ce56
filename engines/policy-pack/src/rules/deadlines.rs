//! `deadlines.toml`: deadlines and retention.

use serde::Deserialize;

choice! {
    /// How a deadline counts.
    Unit {
        /// By the clock.
        Hours = "hours",
        /// Calendar days.
        Days = "days",
        /// Official working days.
        Workdays = "workdays",
        /// Calendar months.
        Months = "months",
    }
}

choice! {
    /// The deadlines that the program knows; a pack gives each.
    DeadlineId {
        /// From collection to register (R10).
        Entry = "entry",
        /// An employer's report of a change (R9).
        EmployerReport = "employer-report",
        /// Answer to a suggestion or objection (R33).
        SuggestionAnswer = "suggestion-answer",
        /// Daily changes of a roster (R14).
        RosterChange = "roster-change",
        /// Monthly full roster (R14).
        RosterFull = "roster-full",
        /// The officer's confirmation of a comparison (R15).
        RosterConfirmation = "roster-confirmation",
        /// Follow-up of a comparison (R15).
        RosterFollowUp = "roster-follow-up",
        /// Acceptance of a transfer (R11).
        TransferAcceptance = "transfer-acceptance",
        /// Answer to a declaration (R12).
        DeclarationAnswer = "declaration-answer",
        /// Answer to a request for correction or deletion (R12).
        CorrectionAnswer = "correction-answer",
        /// First visit of a data check (R19).
        DataCheckFirstVisit = "data-check-first-visit",
        /// Desk check (R19).
        DataCheckDesk = "data-check-desk",
        /// Second visit of a data check (R19).
        DataCheckSecondVisit = "data-check-second-visit",
        /// Receipt of an order (R20).
        OrderReceipt = "order-receipt",
        /// Closing of an order (R20).
        OrderClosing = "order-closing",
        /// Check of a volunteer's notice (R21).
        NoticeCheck = "notice-check",
        /// Decision on a stipend (R21).
        StipendDecision = "stipend-decision",
        /// Closing of a scene (R22).
        SceneClosing = "scene-closing",
        /// Plan after a listing (R27).
        RectificationPlan = "rectification-plan",
        /// Correction of a finding (R32).
        SupervisionCorrection = "supervision-correction",
        /// Window to object to a score (R35).
        ScoreObjection = "score-objection",
        /// Monthly bulletin (R35).
        Bulletin = "bulletin",
    }
}

choice! {
    /// What has a retention time; a pack gives each.
    RetentionId {
        /// Registration and history of somebody who has left.
        FormerResident = "former-resident",
        /// Visits: who was at which door, and how it ended (boundary 11).
        Visit = "visit",
        /// Photos of premises.
        VisitPhoto = "visit-photo",
        /// Record of readings.
        AccessRecord = "access-record",
        /// Security log.
        SecurityLog = "security-log",
        /// Impact assessment.
        ImpactAssessment = "impact-assessment",
        /// Declarations.
        Declaration = "declaration",
        /// Roster as sent.
        RosterFile = "roster-file",
        /// Compared roster rows.
        RosterRow = "roster-row",
        /// Rows of a data check (boundary 9).
        DataCheckRow = "data-check-row",
        /// Volunteers' notices.
        VolunteerNotice = "volunteer-notice",
        /// Accounts of stipends.
        StipendAccount = "stipend-account",
        /// Survey answers.
        SurveyAnswer = "survey-answer",
        /// Meeting records.
        MeetingRecord = "meeting-record",
        /// Shift plans, and what each said was worked.
        ShiftPlan = "shift-plan",
        /// Findings of supervision.
        Finding = "finding",
        /// Photos on findings.
        FindingPhoto = "finding-photo",
        /// Papers of the assessment.
        AssessmentPaper = "assessment-paper",
        /// Number and date of referrals.
        Referral = "referral",
        /// Consent to care visits.
        CareConsent = "care-consent",
        /// Notices to colleagues, with who read them.
        Notice = "notice",
        /// The grid's channel: announcements with who read them, posts, what went to the group.
        Announcement = "announcement",
        /// Scenes that were closed.
        Scene = "scene",
        /// Campaigns.
        Campaign = "campaign",
    }
}

item! {
    /// A deadline (时限).
    Deadline(DeadlineId) {
        /// How many units.
        amount: u32,
        /// Which unit.
        unit: Unit,
    }
}

item! {
    /// A retention time (保存期限).
    Retention(RetentionId) {
        /// Months after the event; 0 deletes at the event.
        keep_months: u32,
        /// The least that a law asks for, in months.
        at_least_months: u32,
        /// The event that the months count from.
        after: String,
    }
}

/// Deadlines and retention times.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// Every [`DeadlineId`] once.
    #[serde(rename = "deadline")]
    pub deadlines: Vec<Deadline>,
    /// Every [`RetentionId`] once.
    #[serde(rename = "retention")]
    pub retentions: Vec<Retention>,
}
