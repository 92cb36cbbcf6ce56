//! Who may be in an inspection's group (督查组, R32): colleagues with a post, at least one officer and one coordinator, and
//! nobody who works in a grid that is inspected.

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    clock::Day,
    ids::{AccountId, GridId},
    store::Query,
    vals,
};
use linli_team::{Appointment, Post, StaffId, store::appointments};
use policy_pack::Pack;
use sea_orm::FromQueryResult;

/// Somebody who can be in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub staff_id: StaffId,
    /// Name (R3).
    pub name: String,
    /// The first post.
    pub post: Post,
    /// The account; somebody without one cannot note findings.
    pub account_id: Option<AccountId>,
    /// The grids worked in.
    pub grids: Vec<GridId>,
    /// The committees that a post is held for.
    pub committees: Vec<String>,
}

/// Everybody with a post that inspects, on a day: officers, coordinators, grid leaders, secretaries, police-team leaders.
pub async fn candidates(q: &impl Query, day: Day) -> Result<Vec<Candidate>> {
    #[derive(FromQueryResult)]
    struct Row {
        staff_id: StaffId,
        account_id: Option<AccountId>,
    }
    let sql = "SELECT staff_id, account_id FROM staff WHERE division_code = $1 AND left_day IS NULL";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    let mut found: BTreeMap<StaffId, Candidate> = BTreeMap::new();
    for held in appointments::on(q, day).await? {
        let Some(post) = held.post().filter(|p| inspects(*p)) else { continue };
        let account_id = rows.iter().find(|r| r.staff_id == held.staff_id).and_then(|r| r.account_id);
        let one = found.entry(held.staff_id).or_insert_with(|| candidate(&held, post, account_id));
        one.post = one.post.min(post);
        match held.grid_id {
            Some(grid) => one.grids.push(grid),
            None => one.committees.push(held.area.clone()),
        }
    }
    let mut all: Vec<Candidate> = found.into_values().collect();
    all.sort_by(|a, b| (a.post, &a.name, a.staff_id).cmp(&(b.post, &b.name, b.staff_id)));
    Ok(all)
}

fn inspects(post: Post) -> bool {
    matches!(post, Post::Officer | Post::Coordinator | Post::GridLeader | Post::CommitteeSecretary | Post::TeamLeader)
}

fn candidate(held: &Appointment, post: Post, account_id: Option<AccountId>) -> Candidate {
    Candidate {
        staff_id: held.staff_id,
        name: held.name.clone(),
        post,
        account_id,
        grids: Vec::new(),
        committees: Vec::new(),
    }
}

/// Whether these may inspect those grids.
///
/// # Errors
/// `inspection-officers` and `inspection-coordinators` for too few of the post, with how many are asked for;
/// `inspection-own-grid` for somebody who works in one of the grids, with the name; `inspection-no-account` for a group
/// of which nobody signs in.
pub fn check(pack: &Pack, group: &[Candidate], grids: &[(GridId, String)]) -> Result<()> {
    let rules = &pack.work.supervision;
    let of = |post: Post| group.iter().filter(|c| c.post == post).count();
    for (post, least, rule) in [
        (Post::Officer, *rules.min_officers, "inspection-officers"),
        (Post::Coordinator, *rules.min_coordinators, "inspection-coordinators"),
    ] {
        if of(post) < usize::try_from(least).unwrap_or(usize::MAX) {
            return Err(AppError::rule(rule).arg("n", least));
        }
    }
    let own = |c: &&Candidate| {
        grids.iter().any(|(grid, committee)| c.grids.contains(grid) || c.committees.contains(committee))
    };
    if let Some(one) = group.iter().find(own) {
        return Err(AppError::rule("inspection-own-grid").arg("who", &one.name));
    }
    if group.iter().all(|c| c.account_id.is_none()) {
        return Err(AppError::rule("inspection-no-account"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn one(n: u128, post: Post, grid: Option<u128>, committee: Option<&str>) -> Candidate {
        Candidate {
            staff_id: StaffId(Uuid::from_u128(n)),
            name: format!("人员{n}"),
            post,
            account_id: Some(AccountId(Uuid::from_u128(n))),
            grids: grid.map(|g| GridId(Uuid::from_u128(g))).into_iter().collect(),
            committees: committee.map(str::to_owned).into_iter().collect(),
        }
    }

    #[test]
    fn a_group_has_an_officer_and_a_coordinator_and_nobody_of_the_inspected_grids() {
        let pack = Pack::embedded();
        let grids = [(GridId(Uuid::from_u128(1)), "c1".to_owned())];
        let (officer, coordinator) = (one(1, Post::Officer, Some(2), None), one(2, Post::Coordinator, Some(3), None));
        for (group, wanted) in [
            (vec![officer.clone(), coordinator.clone()], None),
            (vec![coordinator.clone()], Some("inspection-officers")),
            (vec![officer.clone()], Some("inspection-coordinators")),
            (vec![officer.clone(), one(3, Post::Coordinator, Some(1), None)], Some("inspection-own-grid")),
            (
                vec![officer.clone(), coordinator.clone(), one(4, Post::CommitteeSecretary, None, Some("c1"))],
                Some("inspection-own-grid"),
            ),
        ] {
            let told = check(&pack, &group, &grids).err().map(|e| e.code);
            assert_eq!(told, wanted, "{group:?}");
        }
        let silent: Vec<Candidate> =
            [officer, coordinator].into_iter().map(|c| Candidate { account_id: None, ..c }).collect();
        assert!(check(&pack, &silent, &grids).unwrap_err().is("inspection-no-account"));
    }
}
