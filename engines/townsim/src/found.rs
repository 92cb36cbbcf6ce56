//! Founds the town: premises, homes, employers and the first inhabitants.

use crate::calendar::Day;
use crate::config::Config;
use crate::dice::{Dice, Stream};
use crate::employers::{self, Company};
use crate::map::Map;
use crate::model::{Address, Employer, Group, Home, Landlord, PremisesKind, Tenancy};
use crate::people::{People, Settling, Stock};
use crate::places::Places;
use crate::private::Private;
use crate::truth::Truth;
use std::ops::Range;

/// What stands in the town and who lives there on the first day.
pub(crate) struct Founded {
    pub(crate) addresses: Vec<Address>,
    pub(crate) homes: Vec<Home>,
    pub(crate) employers: Vec<Employer>,
    pub(crate) truth: Truth,
    pub(crate) people: People,
    /// The homes of each grid.
    pub(crate) homes_of_grid: Vec<Range<u32>>,
}

/// How many of a hundred residents live in committees of each group.
const GROUP_SHARES: [u32; 4] = [34, 24, 26, 16];

struct Founder<'a> {
    map: &'a Map,
    today: Day,
    dice: Dice,
    /// How many people are still to be settled.
    left: usize,
    founded: Founded,
    companies: Vec<Company>,
}

pub(crate) fn found(map: &Map, config: &Config, today: Day) -> Founded {
    let Config { residents, seed, district, .. } = *config;
    let mut dice = Dice::new(seed, Stream::Places);
    let quotas = quotas(map, residents, &mut dice);
    let mut employing = Dice::new(seed, Stream::Employers);
    let companies = employers::companies(map, residents, &mut employing);
    let founded = Founded {
        addresses: Vec::new(),
        homes: Vec::new(),
        employers: Vec::new(),
        truth: Truth::new(),
        people: People::new(seed, district),
        homes_of_grid: Vec::new(),
    };
    let mut founder = Founder { map, today, dice, left: residents as usize, founded, companies };
    let (mut settled, mut due) = (0, 0);
    for (grid, quota) in quotas.iter().enumerate() {
        due += quota;
        let first = founder.founded.homes.len() as u32;
        founder.settle_grid(grid, due.saturating_sub(settled));
        settled = residents - founder.left as u32;
        founder.founded.homes_of_grid.push(first..founder.founded.homes.len() as u32);
    }
    employers::employ(&mut founder.founded, today, &mut employing);
    founder.founded
}

/// How many people each grid is to have; their sum is `residents`.
fn quotas(map: &Map, residents: u32, dice: &mut Dice) -> Vec<u32> {
    let in_group = |group| map.committees.iter().filter(|c| c.group == group).count() as f64;
    let sizes = [Group::A, Group::B, Group::C, Group::D].map(in_group);
    let committee: Vec<f64> = map
        .committees
        .iter()
        .map(|c| f64::from(GROUP_SHARES[c.group as usize]) / sizes[c.group as usize] * (0.7 + 0.6 * dice.unit()))
        .collect();
    let grids_in = |index: u32| map.grids.iter().filter(|g| g.committee == index).count() as f64;
    let weights: Vec<f64> = map
        .grids
        .iter()
        .map(|g| committee[g.committee as usize] / grids_in(g.committee) * (0.7 + 0.6 * dice.unit()))
        .collect();
    let total: f64 = weights.iter().sum();
    let (mut sum, mut given) = (0.0, 0);
    let quota = |weight: &f64| {
        sum += weight;
        let until = (sum / total * f64::from(residents)).round() as u32;
        let quota = until - given;
        given = until;
        quota
    };
    weights.iter().map(quota).collect()
}

impl Founder<'_> {
    fn settle_grid(&mut self, grid: usize, quota: u32) {
        let committee = &self.map.committees[self.map.grids[grid].committee as usize];
        let first = self.map.grids.iter().position(|g| g.committee == self.map.grids[grid].committee);
        let place = (grid - first.unwrap_or(grid)) as u32;
        let number = self.map.grids[grid].committee;
        let group = committee.group;
        let mut places = Places::new(number, committee.short_name, group, place, &mut self.dice);
        let floor = self.left.saturating_sub(quota as usize);
        self.settle_companies(grid, quota, &mut places);
        self.open_shops(grid, quota, group, &mut places);
        let mut point = self.point(grid);
        loop {
            self.settle_home(grid, group, &mut places, &mut point);
            if self.left <= floor {
                break;
            }
        }
    }

    fn point(&mut self, grid: usize) -> [f64; 2] {
        self.map.point_in(self.map.blocks[grid], &mut self.dice)
    }

    fn settle_companies(&mut self, grid: usize, quota: u32, places: &mut Places) {
        let here = self.companies.extract_if(.., |c| c.grid == grid).collect::<Vec<_>>();
        for company in here {
            let (number, point) = (places.number(), self.point(grid));
            let address = self.add_address(grid, places.plant(number), point, PremisesKind::Workplace);
            let employer = self.found_employer(&company, address);
            let mut lodged = 0;
            let mut room = 0;
            while company.dormitory && lodged < company.staff * 2 / 5 && lodged < quota * 3 / 5 {
                let text = places.dormitory(number, room);
                let home = self.add_home(grid, text, point, PremisesKind::Dormitory, Tenancy::Employer);
                self.founded.homes[home as usize].employer = Some(employer);
                let beds = 2 + self.dice.below(u32::from(self.founded.homes[home as usize].places) - 2);
                for _ in 0..beds {
                    lodged += self.settle(home, Stock::Single, 700, 0.02, Some(employer));
                }
                room += 1;
            }
        }
    }

    fn found_employer(&mut self, company: &Company, address: u32) -> u32 {
        let id = self.founded.employers.len() as u32;
        let org_code = self.founded.people.numbers.organisation(company.staff >= 20, &mut self.dice);
        self.founded.employers.push(Employer {
            id,
            org_code,
            name: company.name.clone().into_boxed_str(),
            business: company.business,
            address,
            staff_count: company.staff,
        });
        id
    }

    /// Shop fronts, each with a small employer; in some of them people live.
    fn open_shops(&mut self, grid: usize, quota: u32, group: Group, places: &mut Places) {
        let people_a_shop = [45.0, 28.0, 70.0, 55.0][group as usize];
        for _ in 0..self.dice.count(f64::from(quota) / people_a_shop) {
            let (text, point) = (places.shop(), self.point(grid));
            let lived_in = self.dice.chance(0.3);
            let company = employers::small(grid, self.founded.employers.len(), &mut self.dice);
            if lived_in {
                let home = self.add_home(grid, text, point, PremisesKind::Shop, Tenancy::Let);
                let address = self.founded.homes[home as usize].address;
                let employer = self.found_employer(&company, address);
                self.settle(home, Stock::Tenants, 1_200, 0.02, Some(employer));
            } else {
                let address = self.add_address(grid, text, point, PremisesKind::Shop);
                self.found_employer(&company, address);
            }
        }
    }

    fn settle_home(&mut self, grid: usize, group: Group, places: &mut Places, point: &mut [f64; 2]) {
        let hut_share = [0.004, 0.012, 0.03, 0.012][group as usize];
        if self.dice.chance(hut_share) {
            let here = self.point(grid);
            let (kind, text) = match (group, self.dice.chance(0.6)) {
                (Group::C, true) => (PremisesKind::FieldHut, places.field_hut()),
                (Group::A, _) | (Group::B | Group::D, true) => (PremisesKind::Basement, places.basement()),
                _ => {
                    let number = places.number();
                    (PremisesKind::SiteHut, places.site_hut(number))
                }
            };
            let home = self.add_home(grid, text, here, kind, Tenancy::Let);
            self.settle(home, Stock::Tenants, 500, 0.01, None);
        } else if group == Group::C {
            let here = self.point(grid);
            self.settle_house(grid, places.house(), here);
        } else {
            let (text, new_building) = places.flat();
            if new_building {
                *point = self.point(grid);
            }
            self.settle_flat(grid, group, text, *point);
        }
    }

    fn settle_flat(&mut self, grid: usize, group: Group, text: String, point: [f64; 2]) {
        let weights: [u32; 4] = match group {
            Group::A => [58, 26, 7, 9],
            Group::B => [44, 32, 13, 11],
            _ => [58, 22, 11, 9],
        };
        let local = if group == Group::D { 0.9 } else { 0.62 };
        match self.dice.weighted(&weights) {
            0 => {
                let home = self.add_home(grid, text, point, PremisesKind::Flat, Tenancy::OwnerOccupied);
                self.settle(home, Stock::Owners, 7_000, local, None);
            }
            1 => {
                let home = self.add_home(grid, text, point, PremisesKind::Flat, Tenancy::Let);
                self.settle(home, Stock::Tenants, 1_300, 0.08, None);
            }
            2 => self.settle_shared(grid, text, point),
            _ => {
                let tenancy = if self.dice.chance(0.5) { Tenancy::Let } else { Tenancy::OwnerOccupied };
                self.add_home(grid, text, point, PremisesKind::Flat, tenancy);
            }
        }
    }

    fn settle_house(&mut self, grid: usize, text: String, point: [f64; 2]) {
        match self.dice.weighted(&[40, 38, 10, 12]) {
            0 => {
                let home = self.add_home(grid, text, point, PremisesKind::House, Tenancy::OwnerOccupied);
                self.settle(home, Stock::Owners, 9_000, 0.97, None);
            }
            1 => {
                let home = self.add_home(grid, text, point, PremisesKind::House, Tenancy::PartLet);
                self.settle(home, Stock::Owners, 9_000, 0.97, None);
                for _ in 0..1 + self.dice.below(3) {
                    self.settle(home, Stock::Tenants, 1_000, 0.02, None);
                }
            }
            2 => self.settle_shared(grid, text, point),
            _ => {
                self.add_home(grid, text, point, PremisesKind::House, Tenancy::OwnerOccupied);
            }
        }
    }

    fn settle_shared(&mut self, grid: usize, text: String, point: [f64; 2]) {
        let home = self.add_home(grid, text, point, PremisesKind::SharedLet, Tenancy::Let);
        for _ in 0..2 + self.dice.below(3) {
            let stock = if self.dice.chance(0.7) { Stock::Single } else { Stock::Tenants };
            self.settle(home, stock, 500, 0.03, None);
        }
    }

    fn add_address(&mut self, grid: usize, text: String, point: [f64; 2], kind: PremisesKind) -> u32 {
        let id = self.founded.addresses.len() as u32;
        let [lon, lat] = point;
        let text = text.into_boxed_str();
        self.founded.addresses.push(Address { id, text, grid: grid as u32, lon, lat, premises_kind: kind });
        id
    }

    fn add_home(&mut self, grid: usize, text: String, point: [f64; 2], kind: PremisesKind, tenancy: Tenancy) -> u32 {
        let address = self.add_address(grid, text, point, kind);
        let id = self.founded.homes.len() as u32;
        let people = &mut self.founded.people;
        let owner = (tenancy != Tenancy::Employer).then(|| people.names.anybody(&mut self.dice));
        let lets = matches!(tenancy, Tenancy::Let | Tenancy::PartLet);
        let landlord = owner
            .as_ref()
            .filter(|_| lets)
            .map(|name| Landlord { name: Private::from(name.clone()), mobile: people.numbers.mobile() });
        let places = match kind {
            PremisesKind::Flat => 6,
            PremisesKind::House if tenancy == Tenancy::PartLet => 14,
            PremisesKind::House => 7,
            PremisesKind::SharedLet => 12,
            PremisesKind::Dormitory => [4, 6, 8, 12][self.dice.below(4) as usize],
            _ => 4,
        };
        let owner_name = owner.map(Private::from);
        self.founded.homes.push(Home { id, address, kind, tenancy, places, owner_name, landlord, employer: None });
        self.founded.truth.add_home();
        id
    }

    /// Settles a household of at most as many people as are left and the home takes; returns how many.
    fn settle(
        &mut self,
        home: u32,
        stock: Stock,
        longest_stay_days: u32,
        local_share: f64,
        employer: Option<u32>,
    ) -> u32 {
        let places = usize::from(self.founded.homes[home as usize].places);
        let room = places.saturating_sub(self.founded.truth.at_home(home).len()).min(self.left);
        if room == 0 {
            return 0;
        }
        let settling = Settling { home, today: self.today, longest_stay_days, local_share, employer };
        let people = self.founded.people.household(stock, settling, room);
        let count = people.len();
        for facts in people {
            // The owner of a home bears the name on its deed.
            if stock == Stock::Owners && self.founded.truth.at_home(home).is_empty() {
                self.founded.homes[home as usize].owner_name = Some(facts.name.clone());
                if let Some(landlord) = &mut self.founded.homes[home as usize].landlord {
                    landlord.name = facts.name.clone();
                }
            }
            self.founded.truth.arrive(facts);
        }
        self.left -= count;
        count as u32
    }
}
