//! Who reads, how far, and what for.

use std::sync::Arc;

use sea_orm::Value;

use crate::{
    access::{Action, Role, codes},
    api::ApiScope,
    clock::At,
    emergency::Emergency,
    ids::{AccountId, GridId, SYSTEM_ACCOUNT},
    proof::Proof,
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
        /// The change is reported to the official register (报送登记信息系统).
        OfficialRegister = "official-register",
        /// A notice of duty waits for its receipt, and whoever it is for is to be reached (送达告知书, R13).
        DutyNotice = "duty-notice",
        /// What an inspection found is shown, looked at again, put right (督查整改复查, R32): photos of papers and signs.
        Inspection = "inspection",
        /// Somebody reads the own record on the own page (本人查看、下载登记, R12).
        OwnRecord = "own-record",
        /// Rescue and disaster, on an emergency access that a second person approved (应急抢险).
        Emergency = "emergency",
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

/// A role and where it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The grids that it opens.
    pub scope: Scope,
}

/// Somebody who is signed in (or the system itself): every store function that shows records takes one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The account.
    pub account: AccountId,
    /// The account's display name: a member of staff, shown to colleagues (R3).
    pub name: String,
    /// Today's roles that are in force.
    pub roles: Vec<Role>,
    /// Today's roles that are not: the confidentiality agreement is missing (R3).
    pub pending: Vec<Role>,
    /// Where each role is held; empty where it was not looked up, as for the system.
    pub grants: Vec<Grant>,
    /// What the request does. It decides which of several roles acts.
    pub action: Option<Action>,
    /// Today's grids, from dated roles and appointments.
    pub scope: Scope,
    /// The employers an HR liaison answers for.
    pub employers: Vec<uuid::Uuid>,
    /// The committees a role is held for, by code.
    pub committees: Vec<String>,
    /// The resident whose own page this is (本人): without account, roles or scope, and entitled to one record alone.
    pub resident: Option<uuid::Uuid>,
    /// Whether the one at the screen has lately shown to be who is signed in.
    pub proof: Proof,
    /// People whose records may be opened within an hour; no limit for the system and the command line.
    pub people_an_hour: Option<i64>,
    /// Emergency accesses that hold now, each to one grid beside the scope.
    pub emergencies: Vec<Emergency>,
    /// What another system was admitted to whose request this is. It holds no role and opens nothing.
    pub client: Option<Arc<[ApiScope]>>,
}

/// The role recorded beside what a resident does and reads on the own page.
const RESIDENT: &str = "resident";
/// The role recorded beside what another system sends.
const CLIENT: &str = "client";
/// The role recorded beside what somebody appointed by a resident does and reads there.
const REPRESENTATIVE: &str = "representative";

impl Reader {
    /// The system itself, for jobs and start-up. It can write, but never unmask.
    pub fn system() -> Self {
        Reader {
            account: SYSTEM_ACCOUNT,
            name: "system".into(),
            roles: Vec::new(),
            pending: Vec::new(),
            grants: Vec::new(),
            action: None,
            scope: Scope::Division,
            employers: Vec::new(),
            committees: Vec::new(),
            resident: None,
            proof: Proof::NotAsked,
            people_an_hour: None,
            emergencies: Vec::new(),
            client: None,
        }
    }
    /// A resident on the own page (R12). No list shows anything to this reader; the one record that opens is the own.
    pub fn resident(id: uuid::Uuid) -> Self {
        Reader {
            account: AccountId(id),
            name: String::new(),
            scope: Scope::Grids(Vec::new()),
            resident: Some(id),
            ..Reader::system()
        }
    }
    /// Somebody whom a resident appointed (委托代办人), on that resident's own page: entitled to that one record, and told
    /// apart from the resident in everything that is recorded.
    pub fn representative(id: uuid::Uuid, resident: uuid::Uuid) -> Self {
        Reader { account: AccountId(id), ..Reader::resident(resident) }
    }
    /// Whether this is the system itself.
    pub fn is_system(&self) -> bool {
        self.account == SYSTEM_ACCOUNT
    }
    /// Whether a role in force allows the action; before the agreement, whether it is the one action open then.
    pub fn may(&self, action: Action) -> bool {
        let admitted = |scopes: &Arc<[ApiScope]>| scopes.iter().any(|s| s.action() == action);
        may(&self.roles, &self.pending, action) || self.client.as_ref().is_some_and(admitted)
    }
    /// Whether the reader holds the role, and it is in force.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    /// The same reader doing one thing: what is written bears the role that allows it, and the scope is where such
    /// roles are held. Somebody who leads a team in one committee and writes in one grid writes in that grid alone.
    #[must_use]
    pub fn doing(mut self, action: Action) -> Self {
        let gives = |g: &&Grant| g.role.allows(action);
        if self.grants.iter().any(|g| gives(&g)) && !matches!(action, Action::Public | Action::Own) {
            let mut grids = Vec::new();
            let mut division = false;
            for grant in self.grants.iter().filter(gives) {
                match &grant.scope {
                    Scope::Division => division = true,
                    Scope::Grids(some) => grids.extend(some.iter().copied()),
                }
            }
            if !division {
                grids.sort_unstable();
                grids.dedup();
                self.scope = Scope::Grids(grids);
            }
        }
        if matches!(action, Action::RegisterRead | Action::RegisterUnmask)
            && let Scope::Grids(grids) = &mut self.scope
        {
            // Reading alone, and opening only for the emergency's own purpose: see `Tx::basis_for`.
            self.emergencies.retain(|e| !grids.contains(&e.grid_id));
            grids.extend(self.emergencies.iter().map(|e| e.grid_id));
        }
        self.action = Some(action);
        self
    }
    /// The emergency access that covers a grid at an instant, if there is one.
    pub fn emergency_in(&self, grid: Option<GridId>, now: At) -> Option<&Emergency> {
        self.emergencies.iter().find(|e| Some(e.grid_id) == grid && e.until_at > now)
    }
    /// Whether a grid lies within the scope by the roles themselves, and not by an emergency access.
    pub fn works_in(&self, grid: Option<GridId>) -> bool {
        let lent = self.scope != Scope::Division && self.emergencies.iter().any(|e| Some(e.grid_id) == grid);
        self.scope.contains(grid) && !lent
    }
    /// The role that gives the right to do one of these things in a grid: one held for some grids before one held for
    /// the whole sub-district, and one that is held elsewhere only if there is none here.
    pub fn role_for(&self, actions: &[Action], grid: Option<GridId>) -> Option<Role> {
        let gives = |role: Role| actions.iter().any(|a| role.allows(*a));
        let here = |g: &&Grant| gives(g.role) && grid.is_some() && g.scope.contains(grid);
        let narrow = self.grants.iter().filter(here).find(|g| g.scope != Scope::Division);
        let held = narrow.or_else(|| self.grants.iter().find(here)).map(|g| g.role);
        held.or_else(|| self.roles.iter().chain(&self.pending).copied().find(|r| gives(*r)))
    }
    /// The code of the role recorded beside a write in a grid: the one that allows what the request does; `system` for
    /// the system itself.
    pub fn role_code(&self, grid: Option<GridId>) -> &'static str {
        if let Some(resident) = self.resident {
            return if self.account.0 == resident { RESIDENT } else { REPRESENTATIVE };
        }
        if self.client.is_some() {
            return CLIENT;
        }
        let action = self.action.unwrap_or(Action::Own);
        let role = self.role_for(&[action], grid).or_else(|| self.roles.first().copied());
        role.map_or("system", Role::code)
    }
    /// The code of the role recorded beside a reading: one that may open records.
    pub fn reading_role_code(&self, grid: Option<GridId>) -> &'static str {
        const OPENS: [Action; 2] = [Action::RegisterUnmask, Action::SurveyAnswer];
        // Whoever sees a finding opens its photos; nobody opens a record with that.
        let doing = self.action.filter(|a| OPENS.contains(a) || *a == Action::InspectionRead);
        let role = match doing {
            Some(action) => self.role_for(&[action], grid),
            None => self.role_for(&OPENS, grid),
        };
        role.map_or_else(|| self.role_code(grid), Role::code)
    }
}

/// Whether somebody with these roles in force, and these that wait for the agreement, may do something.
pub(crate) fn may(roles: &[Role], pending: &[Role], action: Action) -> bool {
    roles.iter().any(|r| r.allows(action)) || pending.iter().any(|r| r.allows_before_agreement(action))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn grid(n: u128) -> GridId {
        GridId(Uuid::from_u128(n))
    }

    fn held(grants: &[(Role, Scope)]) -> Reader {
        let mut roles: Vec<Role> = grants.iter().map(|(r, _)| *r).collect();
        roles.sort();
        let scope = Scope::Grids(vec![grid(1), grid(2), grid(3)]);
        let grants = grants.iter().map(|(role, scope)| Grant { role: *role, scope: scope.clone() }).collect();
        Reader { roles, grants, scope, account: AccountId(Uuid::from_u128(9)), ..Reader::system() }
    }

    #[test]
    fn what_is_written_bears_the_role_that_allowed_it_in_that_grid() {
        use Role::*;
        let reader = held(&[
            (GridWorker, Scope::Grids(vec![grid(1)])),
            (Coordinator, Scope::Grids(vec![grid(2)])),
            (TeamLeader, Scope::Grids(vec![grid(1), grid(2), grid(3)])),
        ]);
        for (action, at, role) in [
            (Action::RegisterWrite, Some(grid(1)), "grid-worker"),
            (Action::RegisterWrite, Some(grid(2)), "coordinator"),
            (Action::RosterReview, Some(grid(2)), "coordinator"),
            (Action::RosterReview, Some(grid(3)), "team-leader"),
            (Action::AssessmentRead, None, "team-leader"),
        ] {
            assert_eq!(reader.clone().doing(action).role_code(at), role, "{action} in {at:?}");
        }
        assert_eq!(reader.doing(Action::RosterReview).reading_role_code(Some(grid(1))), "grid-worker");
    }

    #[test]
    fn a_role_held_for_a_grid_acts_there_before_one_held_for_the_whole_sub_district() {
        let reader =
            held(&[(Role::PopulationOffice, Scope::Division), (Role::Coordinator, Scope::Grids(vec![grid(1)]))])
                .doing(Action::RegisterWrite);
        assert_eq!(reader.role_code(Some(grid(1))), "coordinator");
        assert_eq!(reader.role_code(Some(grid(2))), "population-office");
    }

    #[test]
    fn the_scope_of_a_request_is_where_the_roles_are_held_that_allow_it() {
        let reader = held(&[
            (Role::TeamLeader, Scope::Grids(vec![grid(1), grid(2)])),
            (Role::Coordinator, Scope::Grids(vec![grid(3)])),
        ]);
        assert_eq!(reader.clone().doing(Action::RegisterWrite).scope, Scope::Grids(vec![grid(3)]));
        assert_eq!(
            reader.doing(Action::RegisterRead).scope,
            Scope::Grids(vec![grid(1), grid(2), grid(3)]),
            "both roles read"
        );
    }

    #[test]
    fn whoever_was_appointed_by_a_resident_is_told_apart_from_the_resident() {
        let (own, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        assert_eq!(Reader::resident(own).role_code(None), "resident");
        let appointed = Reader::representative(other, own);
        assert_eq!((appointed.role_code(None), appointed.resident), ("representative", Some(own)));
        assert!(!appointed.may(Action::RegisterRead) && appointed.scope == Scope::Grids(Vec::new()));
    }

    #[test]
    fn a_role_that_waits_for_the_agreement_grants_nothing_but_putting_it_on_file() {
        for role in Role::ALL.iter().filter(|r| !r.is_administrator()) {
            let reader = Reader { pending: vec![*role], ..held(&[]) };
            for action in Action::ALL {
                let open = *action == Action::AgreementFile && role.allows(*action);
                assert_eq!(reader.may(*action), open, "{role} {action}");
            }
        }
    }
}
