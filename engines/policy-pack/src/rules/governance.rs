//! `governance.toml`: bodies (R40), measures (R33), administrators (R38, R39).

use serde::Deserialize;

use crate::rules::team::RoleId;
use crate::{RuleNumber, Ruled};

choice! {
    /// Measures after a finding of neglect (R33).
    MeasureKind {
        /// A talk (约谈).
        Talk = "talk",
        /// A notice to the sub-district leader in charge (通报分管领导).
        NoticeToLeaderInCharge = "notice-to-leader-in-charge",
        /// Reminder (提醒).
        Reminder = "reminder",
        /// Admonition (诫勉).
        Admonition = "admonition",
        /// Bonus withheld (扣发奖金).
        BonusWithheld = "bonus-withheld",
        /// Dismissal (辞退).
        Dismissal = "dismissal",
    }
}

item! {
    /// A post that bodies are made of (职务).
    Post(String) {}
}

item! {
    /// A body with dated members (组织机构).
    Body(String) {
        /// Posts that head it.
        heads: Vec<String>,
        /// Posts that deputise.
        deputies: Vec<String>,
        /// Posts of its other members.
        members: Vec<String>,
        /// Codes of what it does.
        tasks: Vec<String>,
    }
}

/// What may follow a finding of neglect by a holder of a role.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Whose.
    pub role: RoleId,
    /// Which measures.
    pub kinds: Vec<MeasureKind>,
    /// The person is heard first; always true.
    pub right_to_be_heard: bool,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md.
    pub rule: RuleNumber,
}

/// Administrators and their sessions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Administrators {
    /// Different people who are administrator, security officer and auditor; always 3.
    pub people: Ruled<u32>,
    /// Minutes without activity until a session ends.
    pub idle_sign_out_minutes: Ruled<u32>,
    /// Wrong passwords until an account is locked.
    pub failures_before_lock_out: Ruled<u32>,
    /// Minutes that the lock lasts.
    pub lock_out_minutes: Ruled<u32>,
    /// Hours between two published checkpoints of the log, at most.
    pub checkpoint_every_hours: Ruled<u32>,
}

/// Bodies, measures and administrators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    /// Administrators.
    pub administrators: Administrators,
    /// Bodies.
    #[serde(rename = "body")]
    pub bodies: Vec<Body>,
    /// Posts.
    #[serde(rename = "post")]
    pub posts: Vec<Post>,
    /// Measures.
    #[serde(rename = "measure")]
    pub measures: Vec<Measure>,
}
