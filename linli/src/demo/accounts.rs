//! Who works in the demonstration, and who signs in.

use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    clock::Day,
    ids::AccountId,
    reader::Reader,
};
use linli_team::{NewStaff, Post};
use townsim::Staff;

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
    /// The account of a grid's leader.
    pub fn leader_of(&self, world: &World, grid: u32) -> Option<AccountId> {
        let leads = |s: &&townsim::Staff| s.post == townsim::Post::GridLeader && s.grids.contains(&grid);
        let staff = world.town.staff().iter().find(leads)?;
        self.staff.get(staff.id as usize)?.as_ref().map(|w| w.account)
    }
    /// Who entered something, by the town's index: the office's clerk where the post cannot write to the register.
    pub fn writer(&self, staff: u32) -> &Worker {
        match self.staff.get(staff as usize).and_then(Option::as_ref) {
            Some(worker) if worker.role.allows(linli_platform::access::Action::RegisterWrite) => worker,
            _ => &self.office,
        }
    }
    /// The names of everybody with a role.
    fn named(&self, role: Role) -> Vec<String> {
        self.staff.iter().flatten().filter(|w| w.role == role).map(|w| w.name.clone()).collect()
    }
    /// The first with a role.
    pub fn first(&self, role: Role) -> Option<&Worker> {
        self.staff.iter().flatten().find(|w| w.role == role)
    }
}

/// Bodies that the town has no staff for.
const EXTRA: [(Post, &str); 2] = [(Post::TaskForce, "专班 值班"), (Post::OperationCentre, "城运中心 值班")];

/// Makes everybody a member of staff, and an account for whoever signs in. The grid with the most homes among those
/// with a roster employer is the one whose team is shown.
pub(super) async fn hire(world: &World) -> Outcome<Workers> {
    let members = members(world);
    let hash = accounts::hash_password(world.store().rng(), PASSWORD.into()).await?;
    let new = members.iter().map(|m| NewAccount {
        sign_in_name: m.sign_in_name.clone(),
        display_name: m.staff.name.clone(),
        password_hash: hash.clone(),
        // Appointing gives them.
        roles: Vec::new(),
        must_change: false,
    });
    let tx = world.store().begin(&Reader::system()).await?;
    let ids = accounts::create_many(&tx, new.collect()).await?;
    let staff = members.iter().zip(&ids).map(|(m, id)| NewStaff { account: Some(*id), ..m.staff.clone() });
    linli_team::bulk(&tx, staff.collect()).await?;
    tx.commit().await?;
    let mut workers: Vec<Option<Worker>> = vec![None; world.town.staff().len()];
    let mut sign_ins = Vec::new();
    for (member, account) in members.into_iter().zip(ids) {
        let role = member.staff.post.role();
        if member.sign_in_name == role.code() {
            sign_ins.push((role.code().to_owned(), member.sign_in_name));
        }
        if let Some(place) = member.of_town {
            workers[place as usize] = Some(Worker { account, role, name: member.staff.name });
        }
    }
    sign_ins.sort_by_key(|(role, _)| Role::from_code(role));
    let office = workers.iter().flatten().find(|w| w.role == Role::PopulationOffice).cloned();
    let office = office.ok_or_else(|| linli_platform::AppError::internal("the town has an office"))?;
    Ok(Workers { staff: workers, office, sign_ins })
}

/// Seats whose holders are not of the town's staff.
const SEATS: [(&str, &str); 3] = [
    ("political-legal-secretary", "陆景明"),
    ("sub-district-leader-in-charge", "顾怀远"),
    ("deputy-party-secretary-political-legal", "沈知行"),
];

/// Fills the seats of the bodies (R40).
pub(super) async fn fill_bodies(world: &World, workers: &Workers) -> Outcome {
    let pack = &world.app.pack;
    let name_of = |role| workers.first(role).map(|w| w.name.clone()).unwrap_or_default();
    let tx = world.store().begin(&Reader::system()).await?;
    for body in &pack.governance.bodies {
        for post in body.heads.iter().chain(&body.deputies).chain(&body.members) {
            let seat = SEATS.iter().find(|(p, _)| p == post).map(|(_, name)| (*name).to_owned());
            let names = match post.as_str() {
                "committee-secretary" => workers.named(Role::CommitteeSecretary),
                p if p.starts_with("station") => vec![name_of(Role::Station)],
                p if p.starts_with("population-office") => vec![name_of(Role::PopulationOffice)],
                _ => seat.into_iter().collect(),
            };
            for name in names {
                linli_team::add_body_member(&tx, pack, &body.id, post, &name, world.from, None).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Somebody about to be hired.
struct Member {
    sign_in_name: String,
    staff: NewStaff,
    /// The town's index; none for those beside the town.
    of_town: Option<u32>,
}

fn members(world: &World) -> Vec<Member> {
    let shown = shown_grid(world);
    let mut named: Vec<Role> = Vec::new();
    let mut all = Vec::new();
    for one in world.town.staff() {
        let Some(post) = post_of(one) else { continue };
        let role = post.role();
        let plain = !named.contains(&role) && is_shown(world, one, role, shown);
        if plain {
            named.push(role);
        }
        let sign_in_name = if plain { role.code().to_owned() } else { format!("{}-{}", role.code(), one.id) };
        let staff = new_staff(world, one, post);
        all.push(Member { sign_in_name, staff, of_town: Some(one.id) });
    }
    for (post, name) in EXTRA {
        let staff = member(world, name.into(), None, post, Vec::new(), world.from);
        all.push(Member { sign_in_name: post.role().code().into(), staff, of_town: None });
    }
    all
}

fn new_staff(world: &World, staff: &Staff, post: Post) -> NewStaff {
    let mobile = Some(staff.mobile.as_str().to_owned());
    let name = staff.name.as_str().to_owned();
    let areas = areas_of(world, staff, post.role());
    let grid = staff.grids.first().map(|g| world.grids[*g as usize]);
    NewStaff { grid, ..member(world, name, mobile, post, areas, Day(staff.since).min(world.from)) }
}

fn member(
    world: &World,
    name: String,
    mobile: Option<String>,
    post: Post,
    areas: Vec<String>,
    from_day: Day,
) -> NewStaff {
    NewStaff {
        name,
        mobile,
        post,
        areas,
        grid: None,
        account: None,
        from_day,
        until_day: None,
        agreement_day: Some(from_day),
        trained_day: Some(world.from.plus_days(-20)),
    }
}

/// The post as the team knows it; an inspector has none yet.
fn post_of(staff: &Staff) -> Option<Post> {
    use townsim::Post as Town;
    Some(match staff.post {
        Town::GridLeader => Post::GridLeader,
        Town::CommunityOfficer => Post::Officer,
        Town::Coordinator => Post::Coordinator,
        Town::GridWorker => Post::GridWorker,
        Town::SocialWorker => Post::SocialWorker,
        Town::PropertyGuard => Post::PropertyGuard,
        Town::HousingAgent => Post::EstateAgent,
        Town::Volunteer => Post::Volunteer,
        Town::HrLiaison => Post::HrLiaison,
        Town::CommitteeSecretary => Post::CommitteeSecretary,
        Town::PoliceTeamLeader => Post::TeamLeader,
        Town::OfficeHead => Post::PopulationOffice,
        Town::OfficeSteward | Town::StationSteward => Post::DataSteward,
        Town::StationLeader => Post::Station,
        Town::Surveyor => Post::Surveyor,
        Town::Assessor => Post::Assessor,
        Town::Administrator => Post::SystemAdmin,
        Town::SecurityOfficer => Post::SecurityOfficer,
        Town::Auditor => Post::Auditor,
        Town::Inspector => return None,
    })
}

/// Committee, grid, employer or division as the role holds it.
fn areas_of(world: &World, staff: &Staff, role: Role) -> Vec<String> {
    let committee_of = |grid: &u32| world.town.grids()[*grid as usize].committee_code.to_owned();
    match role {
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
    }
}

/// The grid whose team is shown: with an employer that sends rosters, and then with the most homes.
pub(super) fn shown_grid(world: &World) -> u32 {
    let town = &world.town;
    let with_roster: Vec<u32> =
        town.roster_employers().map(|e| town.addresses()[town.employers()[e as usize].address as usize].grid).collect();
    let homes = |grid: u32| town.homes_of_grid(grid).len();
    with_roster.iter().copied().max_by_key(|g| (homes(*g), std::cmp::Reverse(*g))).unwrap_or(0)
}

/// Whether somebody is of the shown grid, for roles that have one; they sign in with the role's plain name.
fn is_shown(world: &World, staff: &Staff, role: Role, shown: u32) -> bool {
    match role {
        Role::CommitteeSecretary => staff.committee == Some(world.town.grids()[shown as usize].committee),
        Role::GridLeader
        | Role::Officer
        | Role::Coordinator
        | Role::GridWorker
        | Role::Volunteer
        | Role::TeamLeader
        | Role::HrLiaison => staff.grids.contains(&shown),
        _ => true,
    }
}
