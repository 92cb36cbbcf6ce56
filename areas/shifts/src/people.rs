//! Who is in a plan: the officers, coordinators and full-time grid workers of a committee's grids.
//!
//! Somebody who works in the grids of several committees stands in one plan, that of the first committee by code, so
//! that nobody's hours are counted twice.

use std::collections::{BTreeMap, HashMap};

use linli_platform::{
    Result,
    clock::Day,
    ids::{AccountId, GridId},
    store::Query,
    vals,
};
use linli_team::{Post, StaffId, store::appointments};
use sea_orm::FromQueryResult;
use shift_plan::Role;

/// Somebody in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub staff_id: StaffId,
    /// The account.
    pub account_id: Option<AccountId>,
    /// Name of the colleague (R3).
    pub name: String,
    /// Post.
    pub post: Post,
    /// Grids worked in.
    pub grids: Vec<GridId>,
}

impl Member {
    /// The post as the engine knows it.
    pub fn role(&self) -> Role {
        match self.post {
            Post::Officer => Role::Officer,
            Post::Coordinator => Role::Coordinator,
            _ => Role::Other,
        }
    }
}

/// Everybody with shifts on a day, by committee.
#[derive(Debug, Clone, Default)]
pub struct Staffing {
    by_committee: BTreeMap<String, Vec<Member>>,
    /// Grids, with their committees.
    committee_of: HashMap<GridId, String>,
    /// Grids, with their names.
    names: HashMap<GridId, String>,
}

#[derive(FromQueryResult)]
struct AccountRow {
    staff_id: StaffId,
    account_id: Option<AccountId>,
}

impl Staffing {
    /// As the team is on a day.
    pub async fn on(q: &impl Query, day: Day) -> Result<Staffing> {
        let grids = linli_territory::all_grids(q).await?;
        let mut staffing = Staffing::default();
        for grid in grids {
            staffing.committee_of.insert(grid.grid_id, grid.committee_code);
            staffing.names.insert(grid.grid_id, grid.name);
        }
        let sql = "SELECT staff_id, account_id FROM staff WHERE division_code = $1 AND left_day IS NULL";
        let rows: Vec<AccountRow> = q.rows(sql, vals![q.division()]).await?;
        let accounts: HashMap<StaffId, AccountId> =
            rows.into_iter().filter_map(|r| Some((r.staff_id, r.account_id?))).collect();
        let mut members: BTreeMap<StaffId, Member> = BTreeMap::new();
        for held in appointments::on(q, day).await? {
            let (Some(post), Some(grid)) = (held.post(), held.grid_id) else { continue };
            if !matches!(post, Post::Officer | Post::Coordinator | Post::GridWorker) {
                continue;
            }
            let member = members.entry(held.staff_id).or_insert_with(|| Member {
                staff_id: held.staff_id,
                account_id: accounts.get(&held.staff_id).copied(),
                name: held.name.clone(),
                post,
                grids: Vec::new(),
            });
            member.post = member.post.min(post);
            if !member.grids.contains(&grid) {
                member.grids.push(grid);
            }
        }
        for member in members.into_values() {
            let committees = member.grids.iter().filter_map(|g| staffing.committee_of.get(g));
            if let Some(code) = committees.min().cloned() {
                staffing.by_committee.entry(code).or_default().push(member);
            }
        }
        for members in staffing.by_committee.values_mut() {
            members.sort_by(|a, b| (a.post, &a.name, a.staff_id).cmp(&(b.post, &b.name, b.staff_id)));
        }
        Ok(staffing)
    }
    /// The members of a committee's plan, by post and name.
    pub fn of(&self, committee: &str) -> &[Member] {
        self.by_committee.get(committee).map_or(&[], Vec::as_slice)
    }
    /// The committees whose teams have shifts.
    pub fn committees(&self) -> impl Iterator<Item = &str> {
        self.by_committee.keys().map(String::as_str)
    }
    /// The committee in whose plan an account stands, and its member.
    pub fn member_of(&self, account: AccountId) -> Option<(&str, &Member)> {
        self.by_committee
            .iter()
            .find_map(|(code, all)| Some((code.as_str(), all.iter().find(|m| m.account_id == Some(account))?)))
    }
    /// A grid's name.
    pub fn grid_name(&self, grid: GridId) -> &str {
        self.names.get(&grid).map_or("", String::as_str)
    }
    /// The first grid of a committee, to whose role-holders notices about its plan go.
    pub fn first_grid(&self, committee: &str) -> Option<GridId> {
        self.committee_of.iter().filter(|(_, code)| *code == committee).map(|(grid, _)| *grid).min()
    }
}
