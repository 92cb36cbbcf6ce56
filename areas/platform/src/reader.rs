//! Who reads, how far, and what for.

use sea_orm::Value;

use crate::{
    access::{Action, Role, codes},
    ids::{AccountId, GridId, SYSTEM_ACCOUNT},
};

codes! {
    /// Why somebody opens a person's unmasked data: a closed list (R37, boundary 7). Inquiry into crime is none.
    /// Each is bound to an open task on that record. Fluent text: `purpose-<code>`.
    Purpose {
        /// Checking the registration at the door (上门核对居住登记).
        FieldVerification = "field-verification",
        /// Comparing an employer's roster (核对单位报送的花名册).
        RosterReview = "roster-review",
        /// Interview of the monthly survey (达标测查).
        SurveyInterview = "survey-interview",
        /// A list of discrepancies (数据核查).
        DataCheck = "data-check",
        /// A declaration is being decided (受理申报).
        DeclarationReview = "declaration-review",
        /// The person, or somebody appointed, stands at the counter (本人到场办理).
        CounterService = "counter-service",
        /// A correction or deletion was asked for (更正、删除申请).
        CorrectionRequest = "correction-request",
        /// Hand-over between grids (跨网格移交).
        Transfer = "transfer",
    }
}

/// Which grids a reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole sub-district.
    Division,
    /// These grids; an empty list is nothing at all.
    Grids(Vec<GridId>),
}

impl Scope {
    /// Whether a grid lies within.
    pub fn contains(&self, grid: Option<GridId>) -> bool {
        match (self, grid) {
            (Scope::Division, _) => true,
            (Scope::Grids(grids), Some(grid)) => grids.contains(&grid),
            (Scope::Grids(_), None) => false,
        }
    }
    /// The SQL condition that keeps a column within scope. Values are appended; `$n` numbers follow on from the
    /// values already there, so call it after the query's own values were pushed.
    pub fn sql(&self, column: &str, values: &mut Vec<Value>) -> String {
        match self {
            Scope::Division => "1 = 1".into(),
            Scope::Grids(grids) if grids.is_empty() => "1 = 0".into(),
            Scope::Grids(grids) => {
                let first = values.len() + 1;
                values.extend(grids.iter().map(|g| Value::from(*g)));
                let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
                format!("{column} IN ({})", marks.join(", "))
            }
        }
    }
}

/// Somebody who is signed in (or the system itself): every store function that shows records takes one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The account.
    pub account: AccountId,
    /// The account's display name: a member of staff, shown to colleagues (R3).
    pub name: String,
    /// Today's roles.
    pub roles: Vec<Role>,
    /// Today's grids, from dated roles and appointments.
    pub scope: Scope,
    /// The employers an HR liaison answers for.
    pub employers: Vec<uuid::Uuid>,
    /// The committees a role is held for, by code.
    pub committees: Vec<String>,
}

impl Reader {
    /// The system itself, for jobs and start-up. It can write, but never unmask.
    pub fn system() -> Self {
        Reader {
            account: SYSTEM_ACCOUNT,
            name: "system".into(),
            roles: Vec::new(),
            scope: Scope::Division,
            employers: Vec::new(),
            committees: Vec::new(),
        }
    }
    /// Whether this is the system itself.
    pub fn is_system(&self) -> bool {
        self.account == SYSTEM_ACCOUNT
    }
    /// Whether any of the roles allows the action.
    pub fn may(&self, action: Action) -> bool {
        self.roles.iter().any(|r| r.allows(action))
    }
    /// Whether the reader holds the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    /// The role written beside an action: the first that allows it.
    pub fn role_for(&self, action: Action) -> Option<Role> {
        self.roles.iter().copied().find(|r| r.allows(action))
    }
    /// The code of the role recorded beside a write; `system` for the system itself.
    pub fn role_code(&self) -> &'static str {
        self.roles.first().map_or("system", |r| r.code())
    }
}
