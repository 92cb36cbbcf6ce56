//! The 3+N team as its members see it (R3): name, post, duty, and what is missing.

use std::collections::HashSet;

use linli_platform::{AppError, Result, access::AreaKind, clock::Day, ids::GridId, reader::Reader, store::Query};
use linli_territory::{Committee, Grid};

use crate::{
    ids::{AppointmentId, StaffId},
    post::Post,
    store::appointments::{self, Appointment},
};

/// Somebody in a team: nothing personal but the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub staff_id: StaffId,
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Post,
    /// Whether they stand in for somebody.
    pub stands_in: bool,
    /// Last day, if it is set.
    pub last_day: Option<Day>,
}

/// What a team lacks. Fluent text: `team-gap-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// No grid leader.
    NoLeader,
    /// No community officer.
    NoOfficer,
    /// No coordinator.
    NoCoordinator,
    /// A committee with fewer N members than the pack asks for.
    FewN,
}

impl Gap {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Gap::NoLeader => "no-leader",
            Gap::NoOfficer => "no-officer",
            Gap::NoCoordinator => "no-coordinator",
            Gap::FewN => "few-n",
        }
    }
}

/// The team of one grid.
#[derive(Debug, Clone)]
pub struct GridTeam {
    /// The grid.
    pub grid: Grid,
    /// Its members in the order of posts.
    pub members: Vec<Member>,
    /// What is missing of the three.
    pub gaps: Vec<Gap>,
}

/// The teams of one committee.
#[derive(Debug, Clone)]
pub struct CommitteeTeam {
    /// The committee.
    pub committee: Committee,
    /// Its secretary and police-team leader.
    pub above: Vec<Member>,
    /// Its grids.
    pub grids: Vec<GridTeam>,
    /// N members of all its grids, each person once.
    pub n_members: usize,
    /// Whether they are fewer than the pack asks for.
    pub gaps: Vec<Gap>,
}

impl CommitteeTeam {
    /// Whether anything is missing.
    pub fn has_gap(&self) -> bool {
        !self.gaps.is_empty() || self.grids.iter().any(|g| !g.gaps.is_empty())
    }
}

fn member(a: &Appointment) -> Option<Member> {
    Some(Member {
        staff_id: a.staff_id,
        appointment_id: a.appointment_id,
        name: a.name.clone(),
        post: a.post()?,
        stands_in: a.stands_in_for.is_some(),
        last_day: a.last_day(),
    })
}

fn members(held: &[Appointment], belongs: impl Fn(&Appointment) -> bool) -> Vec<Member> {
    let mut all: Vec<Member> = held.iter().filter(|a| belongs(a)).filter_map(member).collect();
    all.sort_by_key(|m| (m.post, m.stands_in));
    all
}

fn gaps_of_three(members: &[Member]) -> Vec<Gap> {
    let three =
        [(Post::GridLeader, Gap::NoLeader), (Post::Officer, Gap::NoOfficer), (Post::Coordinator, Gap::NoCoordinator)];
    three.into_iter().filter(|(post, _)| !members.iter().any(|m| m.post == *post)).map(|(_, gap)| gap).collect()
}

/// The teams of the reader's grids on a day; `fewest_n` is the pack's `n_members_per_committee`. A committee's N
/// members are counted over all of its grids, also those outside the reader's scope: a count of posts is nobody's data.
pub async fn teams(q: &impl Query, reader: &Reader, day: Day, fewest_n: usize) -> Result<Vec<CommitteeTeam>> {
    let held = appointments::on(q, day).await?;
    let all_grids = linli_territory::all_grids(q).await?;
    let seen: HashSet<GridId> = linli_territory::grids(q, reader).await?.into_iter().map(|g| g.grid_id).collect();
    let mut out = Vec::new();
    for committee in linli_territory::store::committees::all(q).await? {
        let own: Vec<&Grid> = all_grids.iter().filter(|g| g.committee_code == committee.committee_code).collect();
        let whole = reader.scope == linli_platform::reader::Scope::Division;
        if !whole && !own.iter().any(|g| seen.contains(&g.grid_id)) {
            continue;
        }
        let n: HashSet<StaffId> = held
            .iter()
            .filter(|a| a.post().is_some_and(Post::is_n) && own.iter().any(|g| Some(g.grid_id) == a.grid_id))
            .map(|a| a.staff_id)
            .collect();
        let grids = own.iter().filter(|g| seen.contains(&g.grid_id)).map(|g| {
            let members = members(&held, |a| a.grid_id == Some(g.grid_id));
            GridTeam { gaps: gaps_of_three(&members), grid: (*g).clone(), members }
        });
        let grids: Vec<GridTeam> = grids.collect();
        let above = members(&held, |a| a.area_kind == AreaKind::Committee.code() && a.area == committee.committee_code);
        let gaps = if n.len() < fewest_n { vec![Gap::FewN] } else { Vec::new() };
        out.push(CommitteeTeam { committee, above, grids, n_members: n.len(), gaps });
    }
    Ok(out)
}

/// One line of a notice sign (公示牌).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignLine {
    /// Post.
    pub post: Post,
    /// Who holds it, stand-ins included.
    pub names: Vec<String>,
}

/// What stands on the notice sign of a grid: its team by post, without anything personal but names.
///
/// # Errors
/// `not-found` for a grid outside the reader's scope.
pub async fn notice_sign(q: &impl Query, reader: &Reader, grid: GridId, day: Day) -> Result<Vec<SignLine>> {
    linli_territory::store::grids::find(q, grid).await?;
    if !reader.scope.contains(Some(grid)) {
        return Err(AppError::not_found());
    }
    let held = appointments::on(q, day).await?;
    let mut lines: Vec<SignLine> = Vec::new();
    for m in members(&held, |a| a.grid_id == Some(grid)) {
        match lines.last_mut().filter(|l| l.post == m.post) {
            Some(line) => line.names.push(m.name),
            None => lines.push(SignLine { post: m.post, names: vec![m.name] }),
        }
    }
    Ok(lines)
}
