//! The people who work for the register: the 3+N teams of the grids, committees, office and station.

use crate::calendar::{Day, date_of};
use crate::dice::{Dice, Stream};
use crate::found::Founded;
use crate::map::Map;
use crate::model::{Group, Post, Staff};
use crate::private::Private;
use std::ops::Range;

/// Micro-grids that share one community officer, at most.
const GRIDS_AN_OFFICER: usize = 5;
/// Homes that one coordinator looks after, at most.
const HOMES_A_COORDINATOR: u32 = 350;
/// Employers of so many send rosters and have a liaison (R14).
pub(crate) const ROSTER_STAFF: u32 = 50;

/// Posts of office and station, with how many people hold each.
const CENTRAL: [(Post, u32); 10] = [
    (Post::OfficeHead, 1),
    (Post::OfficeSteward, 2),
    (Post::StationLeader, 1),
    (Post::StationSteward, 2),
    (Post::Surveyor, 6),
    (Post::Inspector, 3),
    (Post::Assessor, 3),
    (Post::Administrator, 1),
    (Post::SecurityOfficer, 1),
    (Post::Auditor, 1),
];

/// Everybody who works, and who enters what is seen in each grid.
pub(crate) struct Team {
    pub(crate) staff: Vec<Staff>,
    /// The coordinators of each grid, as a range of `staff`.
    pub(crate) coordinators: Vec<Range<u32>>,
    /// The full-time grid worker of each grid.
    pub(crate) grid_workers: Vec<u32>,
    /// The community officer of each grid.
    pub(crate) officers: Vec<u32>,
    /// Who enters what is filed at the station.
    pub(crate) clerk: u32,
}

struct Hiring<'a> {
    founded: &'a mut Founded,
    dice: Dice,
    today: Day,
    team: Team,
}

pub(crate) fn hire(map: &Map, founded: &mut Founded, seed: u64, today: Day) -> Team {
    let grids = map.grids.len();
    let team = Team {
        staff: Vec::new(),
        coordinators: vec![0..0; grids],
        grid_workers: vec![0; grids],
        officers: vec![0; grids],
        clerk: 0,
    };
    let mut hiring = Hiring { founded, dice: Dice::new(seed, Stream::Staff), today, team };
    hiring.central(map);
    for (index, committee) in map.committees.iter().enumerate() {
        let index = index as u32;
        hiring.add(Post::CommitteeSecretary, Vec::new(), Some(index));
        let own: Vec<u32> = (0..grids as u32).filter(|g| map.grids[*g as usize].committee == index).collect();
        hiring.officers(&own, index);
        for grid in own {
            hiring.grid_team(grid, index, committee.group);
        }
    }
    hiring.liaisons(map);
    hiring.team
}

impl Hiring<'_> {
    fn add(&mut self, post: Post, grids: Vec<u32>, committee: Option<u32>) -> u32 {
        let id = self.team.staff.len() as u32;
        let people = &mut self.founded.people;
        let name = Private::from(people.names.anybody(&mut self.dice));
        let mobile = people.numbers.mobile();
        let since = date_of(self.today - 60 - self.dice.below(1_400) as Day);
        self.team.staff.push(Staff { id, name, mobile, post, grids, committee, employer: None, since });
        id
    }

    fn central(&mut self, map: &Map) {
        for (post, count) in CENTRAL {
            for _ in 0..count {
                let id = self.add(post, Vec::new(), None);
                if post == Post::StationSteward {
                    self.team.clerk = id;
                }
            }
        }
        for police_team in 1..=4 {
            let area = |g: &u32| map.committees[map.grids[*g as usize].committee as usize].police_team == police_team;
            let grids = (0..map.grids.len() as u32).filter(area).collect();
            self.add(Post::PoliceTeamLeader, grids, None);
        }
    }

    fn officers(&mut self, grids: &[u32], committee: u32) {
        for shared in grids.chunks(GRIDS_AN_OFFICER) {
            let officer = self.add(Post::CommunityOfficer, shared.to_vec(), Some(committee));
            for grid in shared {
                self.team.officers[*grid as usize] = officer;
            }
        }
    }

    fn grid_team(&mut self, grid: u32, committee: u32, group: Group) {
        let committee = Some(committee);
        self.add(Post::GridLeader, vec![grid], committee);
        let homes = self.founded.homes_of_grid[grid as usize].len() as u32;
        let first = self.team.staff.len() as u32;
        for _ in 0..homes.div_ceil(HOMES_A_COORDINATOR).max(1) {
            self.add(Post::Coordinator, vec![grid], committee);
        }
        self.team.coordinators[grid as usize] = first..self.team.staff.len() as u32;
        self.team.grid_workers[grid as usize] = self.add(Post::GridWorker, vec![grid], committee);
        if self.dice.chance(0.5) {
            self.add(Post::SocialWorker, vec![grid], committee);
        }
        if group != Group::C {
            self.add(Post::PropertyGuard, vec![grid], committee);
        }
        if self.dice.chance(0.3) {
            self.add(Post::HousingAgent, vec![grid], committee);
        }
        for _ in 0..1 + self.dice.below(3) {
            self.add(Post::Volunteer, vec![grid], committee);
        }
    }

    fn liaisons(&mut self, map: &Map) {
        for employer in 0..self.founded.employers.len() {
            let found = &self.founded.employers[employer];
            if found.staff_count < ROSTER_STAFF {
                continue;
            }
            let grid = self.founded.addresses[found.address as usize].grid;
            let committee = map.grids[grid as usize].committee;
            let liaison = self.add(Post::HrLiaison, vec![grid], Some(committee));
            self.team.staff[liaison as usize].employer = Some(employer as u32);
        }
    }
}
