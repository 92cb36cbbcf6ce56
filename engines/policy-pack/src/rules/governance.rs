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

/// What holds personal data back, beside roles, scope and purpose (R37, R38).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// Minutes for which a password or code given again opens records and exports.
    pub step_up_minutes: Ruled<u32>,
    /// Minutes after which an opened record closes by itself.
    pub opened_minutes: Ruled<u32>,
    /// People whose records one account may open within an hour.
    pub people_an_hour: Ruled<u32>,
    /// Hours that an emergency access lasts at most.
    pub emergency_hours: Ruled<u32>,
    /// Days after which a proposal that nobody decided has lapsed.
    pub proposal_days: Ruled<u32>,
}

impl Default for AccessRules {
    /// What holds for a pack written before these rules were: the same as in the pack that comes with the program.
    fn default() -> Self {
        let rule = |value: u32, number: u8| Ruled {
            value,
            clause: "个人信息保护法 第五十一条".to_owned(),
            rule: RuleNumber::new(number).expect("the numbers below are rules"),
            office_may_change: true,
        };
        AccessRules {
            step_up_minutes: rule(15, 37),
            opened_minutes: rule(5, 37),
            people_an_hour: rule(60, 37),
            emergency_hours: rule(8, 38),
            proposal_days: rule(7, 38),
        }
    }
}

/// Bodies, measures and administrators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    /// Administrators.
    pub administrators: Administrators,
    /// What holds personal data back.
    #[serde(default)]
    pub access: AccessRules,
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
