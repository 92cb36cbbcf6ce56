//! `work.toml`: tasks, purposes, levels, daily work (R20, R21, R23, R24, R28, R32, R37).

use serde::Deserialize;

use crate::rules::deadlines::DeadlineId;
use crate::{Ruled, Subject};

choice! {
    /// The kinds of task that the program knows.
    TaskId {
        /// Visit of the full verification (R16).
        VerificationVisit = "verification-visit",
        /// Visit by premises label (R18).
        PremisesVisit = "premises-visit",
        /// Care visit that a resident asked for or agreed to (R18).
        CareVisit = "care-visit",
        /// Follow-up of a roster comparison (R15).
        RosterFollowUp = "roster-follow-up",
        /// Reminder of a roster (R14).
        RosterReminder = "roster-reminder",
        /// First visit of a data check (R19).
        DataCheckVisit = "data-check-visit",
        /// Desk check (R19).
        DataCheckDesk = "data-check-desk",
        /// Second visit of a data check (R19).
        DataCheckSecondVisit = "data-check-second-visit",
        /// Order (R20).
        Order = "order",
        /// Check of a volunteer's notice (R21).
        NoticeCheck = "notice-check",
        /// Scene (R22).
        Scene = "scene",
        /// Declaration to examine (R12).
        Declaration = "declaration",
        /// Request for correction or deletion (R12).
        CorrectionRequest = "correction-request",
        /// Transfer (R11).
        Transfer = "transfer",
        /// Survey visit (R25).
        SurveyVisit = "survey-visit",
        /// Back-check (R29).
        BackCheck = "back-check",
        /// Inspection (R32).
        Inspection = "inspection",
        /// Rectification of a listed committee (R27).
        Rectification = "rectification",
        /// Visit to an employer (R9).
        EmployerVisit = "employer-visit",
        /// Notice of duty to serve (R13).
        DutyNotice = "duty-notice",
        /// Campaign (R24).
        Campaign = "campaign",
        /// Suggestion or objection (R33).
        Suggestion = "suggestion",
    }
}

choice! {
    /// Why a person's unmasked data may be read (boundary 7). Inquiry into crime is none.
    PurposeId {
        /// Verification at the door.
        VisitAtTheDoor = "visit-at-the-door",
        /// Care visit agreed to.
        Care = "care",
        /// Follow-up of a roster comparison.
        RosterFollowUp = "roster-follow-up",
        /// Data check.
        DataCheck = "data-check",
        /// A resident's declaration or request.
        ResidentRequest = "resident-request",
        /// Transfer.
        Transfer = "transfer",
        /// Inspection or back-check.
        QualityCheck = "quality-check",
        /// Working on an order.
        Order = "order",
    }
}

item! {
    /// A kind of task.
    Task(TaskId) {
        /// What it is about.
        subject: Subject,
        /// The deadline it has, if any.
        deadline: Option<DeadlineId>,
    }
}

item! {
    /// A purpose of reading (查阅用途), bound to kinds of task that are open on the record.
    Purpose(PurposeId) {
        /// Tasks of which one must be open.
        tasks: Vec<TaskId>,
    }
}

item! {
    /// One of the four levels (四级).
    Level(String) {
        /// From 1, the highest, downwards.
        order: u32,
    }
}

item! {
    /// A kind of campaign (宣传).
    Campaign(String) {
        /// What it is about.
        subject: Subject,
    }
}

item! {
    /// An item of the inspectors' checklist (督查清单, R32).
    CheckItem(String) {
        /// What it is about.
        subject: Subject,
        /// Whether a fault in it counts the records that it affects.
        #[serde(default)]
        counts_records: bool,
        /// Whether a fault in it goes up at once.
        #[serde(default)]
        serious: bool,
    }
}

/// Rules for supervision (R32).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervision {
    /// Fewest officers of an inspection group.
    pub min_officers: Ruled<u32>,
    /// Fewest coordinators of an inspection group.
    pub min_coordinators: Ruled<u32>,
    /// Ways of checking.
    pub modes: Ruled<Vec<String>>,
    /// Months between two bulletins.
    pub bulletin_every_months: Ruled<u32>,
    /// The repetition at which a finding escalates.
    pub repeats_that_escalate: Ruled<u32>,
}

/// Rules for the coordinators' daily report (R23).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyReport {
    /// Where it is posted.
    pub channels: Ruled<Vec<String>>,
    /// Whether it holds personal data; always false.
    pub personal_data: Ruled<bool>,
}

/// Rules for volunteers' stipends (R21).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stipend {
    /// People who handle one: who applies and who approves; at least 2.
    pub approvers: Ruled<u32>,
    /// Most for one confirmed notice, in yuan.
    pub max_yuan_per_notice: Ruled<u32>,
}

/// Rules for the yearly evaluation (R28).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Months between two evaluations.
    pub every_months: Ruled<u32>,
    /// The smallest count that is published as a number.
    pub smallest_count_shown: Ruled<u32>,
}

/// Tasks, purposes, levels, daily work.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Supervision.
    pub supervision: Supervision,
    /// Daily report.
    pub daily_report: DailyReport,
    /// Stipends.
    pub stipend: Stipend,
    /// Yearly evaluation.
    pub evaluation: Evaluation,
    /// The four levels.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
    /// Kinds of task.
    #[serde(rename = "task")]
    pub tasks: Vec<Task>,
    /// Purposes of reading.
    #[serde(rename = "purpose")]
    pub purposes: Vec<Purpose>,
    /// Kinds of campaign.
    #[serde(rename = "campaign")]
    pub campaigns: Vec<Campaign>,
    /// What inspections look at. A pack written before has none, and notes no findings.
    #[serde(rename = "checklist", default)]
    pub checklist: Vec<CheckItem>,
}
