//! Who works in the demonstration, and who signs in.

use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    ids::AccountId,
    reader::Reader,
};
use townsim::{Post, Staff};

use super::{PASSWORD, build::World};
use crate::failure::Outcome;

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct Worker {
    pub account: AccountId,
    pub role: Role,
    pub name: String,
}

/// Everybody with an account.
pub(super) struct Workers {
    /// By the town's index of staff; inspectors sign in as assessors and have none of their own.
    pub staff: Vec<Option<Worker>>,
    /// Who enters what was there before the program, and what is filed at the counter.
    pub office: Worker,
    /// Role and sign-in name, one of each role.
    pub sign_ins: Vec<(String, String)>,
}

impl Workers {
    /// Who entered something, by the town's index: the office's clerk where the post cannot write to the register.
    pub fn writer(&self, staff: u32) -> &Worker {
        match self.staff.get(staff as usize).and_then(Option::as_ref) {
            Some(worker) if worker.role.allows(linli_platform::access::Action::RegisterWrite) => worker,
            _ => &self.office,
        }
    }
}

/// Bodies that the town has no staff for.
const EXTRA: [(Role, &str); 2] = [(Role::TaskForce, "专班 值班"), (Role::OperationCentre, "城运中心 值班")];

/// Makes an account for everybody who signs in. The grid with the most homes among those with a roster employer is
/// the one whose team is shown.
pub(super) async fn hire(world: &World) -> Outcome<Workers> {
    let shown = shown_grid(world);
    let hash = accounts::hash_password(world.store().rng(), PASSWORD.into()).await?;
    let mut sign_ins: Vec<(String, String)> = Vec::new();
    let mut new = Vec::new();
    let mut roles = Vec::new();
    let account = |sign_in_name: String, display_name: String, roles: Vec<(Role, String)>| NewAccount {
        sign_in_name,
        display_name,
        password_hash: hash.clone(),
        roles,
        must_change: false,
    };
    for staff in world.town.staff() {
        let Some(role) = role_of(staff) else {
            roles.push(None);
            continue;
        };
        let name = sign_in_name(world, staff, role, shown, &sign_ins);
        if name == role.code() {
            sign_ins.push((role.code().into(), name.clone()));
        }
        roles.push(Some((role, new.len())));
        new.push(account(name, staff.name.as_str().into(), areas_of(world, staff, role)));
    }
    for (role, name) in EXTRA {
        sign_ins.push((role.code().into(), role.code().into()));
        new.push(account(role.code().into(), name.into(), vec![(role, world.store().division().into())]));
    }
    sign_ins.sort_by_key(|(role, _)| Role::from_code(role));
    let names: Vec<String> = new.iter().map(|n| n.display_name.clone()).collect();
    let tx = world.store().begin(&Reader::system()).await?;
    let ids = accounts::create_many(&tx, new).await?;
    tx.commit().await?;
    let worker = |(role, n): (Role, usize)| Worker { account: ids[n], role, name: names[n].clone() };
    let staff: Vec<Option<Worker>> = roles.into_iter().map(|r| r.map(worker)).collect();
    let office = staff.iter().flatten().find(|w| w.role == Role::PopulationOffice).cloned();
    let office = office.ok_or_else(|| linli_platform::AppError::internal("the town has an office"))?;
    Ok(Workers { staff, office, sign_ins })
}

/// The role in which a post signs in; whoever has none reports to those who have.
fn role_of(staff: &Staff) -> Option<Role> {
    Some(match staff.post {
        Post::GridLeader => Role::GridLeader,
        Post::CommunityOfficer => Role::Officer,
        Post::Coordinator => Role::Coordinator,
        Post::GridWorker => Role::GridWorker,
        Post::SocialWorker | Post::PropertyGuard | Post::HousingAgent | Post::Volunteer => Role::Volunteer,
        Post::HrLiaison => Role::HrLiaison,
        Post::CommitteeSecretary => Role::CommitteeSecretary,
        Post::PoliceTeamLeader => Role::TeamLeader,
        Post::OfficeHead => Role::PopulationOffice,
        Post::OfficeSteward | Post::StationSteward => Role::DataSteward,
        Post::StationLeader => Role::Station,
        Post::Surveyor => Role::Surveyor,
        Post::Assessor => Role::Assessor,
        Post::Administrator => Role::SystemAdmin,
        Post::SecurityOfficer => Role::SecurityOfficer,
        Post::Auditor => Role::Auditor,
        Post::Inspector => return None,
    })
}

/// Committee, grid, employer or division as the role holds it.
fn areas_of(world: &World, staff: &Staff, role: Role) -> Vec<(Role, String)> {
    let committee_of = |grid: &u32| world.town.grids()[*grid as usize].committee_code.to_owned();
    let areas: Vec<String> = match role {
        Role::CommitteeSecretary => {
            staff.committee.iter().map(|c| world.town.committees()[*c as usize].code.to_owned()).collect()
        }
        Role::TeamLeader => {
            let mut codes: Vec<String> = staff.grids.iter().map(committee_of).collect();
            codes.sort();
            codes.dedup();
            codes
        }
        Role::HrLiaison => staff.employer.iter().map(|e| world.employers[*e as usize].to_string()).collect(),
        Role::GridLeader | Role::Officer | Role::Coordinator | Role::GridWorker | Role::Volunteer => {
            staff.grids.iter().map(|g| world.grids[*g as usize].to_string()).collect()
        }
        _ => vec![world.store().division().to_owned()],
    };
    areas.into_iter().map(|area| (role, area)).collect()
}

/// The grid whose team is shown: with an employer that sends rosters, and then with the most homes.
pub(super) fn shown_grid(world: &World) -> u32 {
    let town = &world.town;
    let with_roster: Vec<u32> =
        town.roster_employers().map(|e| town.addresses()[town.employers()[e as usize].address as usize].grid).collect();
    let homes = |grid: u32| town.homes_of_grid(grid).len();
    with_roster.iter().copied().max_by_key(|g| (homes(*g), std::cmp::Reverse(*g))).unwrap_or(0)
}

/// The first of each role in the shown grid (or anywhere, for roles without a grid) has the role's plain name.
fn sign_in_name(world: &World, staff: &Staff, role: Role, shown: u32, taken: &[(String, String)]) -> String {
    let committee = world.town.grids()[shown as usize].committee;
    let here = match role {
        Role::CommitteeSecretary => staff.committee == Some(committee),
        Role::GridLeader
        | Role::Officer
        | Role::Coordinator
        | Role::GridWorker
        | Role::Volunteer
        | Role::TeamLeader
        | Role::HrLiaison => staff.grids.contains(&shown),
        _ => true,
    };
    let first = !taken.iter().any(|(r, _)| r == role.code());
    if here && first { role.code().to_owned() } else { format!("{}-{}", role.code(), staff.id) }
}
