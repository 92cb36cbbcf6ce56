//! Territory and premises: committees, grids, addresses, employers, homes.

use std::collections::HashMap;

use linli_platform::{AppError, clock::Day, reader::Reader};
use linli_register::{
    addresses::{self, NewAddress},
    codes::{HomeKind, Label, Occupancy, Source, Tenancy},
    employers::{self, NewEmployer},
    homes::{self, NewHome},
};
use linli_territory::Datum;
use townsim::{ADDRESS_PREFIX, ActKind, Outcome as Visited, Post, PremisesKind};

use super::{accounts::Workers, build::World};
use crate::failure::Outcome;

/// Employers of so many send rosters (R14).
const ROSTER_STAFF: u32 = 50;

/// Committees from the policy pack, grids from the town's map.
pub(super) async fn territory(world: &mut World) -> Outcome {
    let app = &world.app;
    let tx = app.store.begin(&Reader::system()).await?;
    linli_territory::setup_from_pack(&tx, &app.pack).await?;
    tx.commit().await?;
    let map = townsim::to_geojson(&world.town);
    linli_territory::import_geojson(app, &Reader::system(), &map, Datum::Wgs84, world.from).await?;
    let grids = linli_territory::all_grids(&app.store.reads()).await?;
    let by_code: HashMap<&str, _> = grids.iter().map(|g| (g.code.as_str(), g.grid_id)).collect();
    let of_town = world.town.grids().iter().map(|g| by_code.get(g.code.as_str()).copied());
    let missing = || AppError::internal("a grid of the map did not arrive");
    world.grids = of_town.collect::<Option<Vec<_>>>().ok_or_else(missing)?;
    Ok(())
}

/// Addresses, employers and homes, entered by the office as one table each.
pub(super) async fn write(world: &World, workers: &Workers) -> Outcome {
    let office = &workers.office;
    let reader = world.reader(office.account, office.role, &office.name);
    let tx = world.store().begin(&reader).await?;
    addresses::insert_many(&tx, new_addresses(world)).await?;
    employers::insert_many(&tx, new_employers(world)).await?;
    homes::insert_many(&tx, new_homes(world)).await?;
    tx.commit().await?;
    Ok(())
}

fn new_addresses(world: &World) -> Vec<NewAddress> {
    let town = &world.town;
    town.addresses()
        .iter()
        .map(|a| NewAddress {
            address_id: Some(world.addresses[a.id as usize]),
            text: format!("{ADDRESS_PREFIX}{}", a.text),
            committee_code: town.grids()[a.grid as usize].committee_code.into(),
            grid_id: Some(world.grids[a.grid as usize]),
            lon: Some(a.lon),
            lat: Some(a.lat),
            source: Source::Import,
        })
        .collect()
}

fn new_employers(world: &World) -> Vec<NewEmployer> {
    let liaisons = world.town.staff().iter().filter(|s| s.post == Post::HrLiaison);
    let liaisons: HashMap<u32, _> = liaisons.filter_map(|s| s.employer.map(|e| (e, s))).collect();
    world
        .town
        .employers()
        .iter()
        .map(|e| NewEmployer {
            seen_at: None,
            employer_id: Some(world.employers[e.id as usize]),
            org_code: e.org_code.to_string(),
            name: e.name.to_string(),
            business: e.business.into(),
            site: String::new(),
            address_id: Some(world.addresses[e.address as usize]),
            staff_declared: i64::from(e.staff_count),
            roster_duty: e.staff_count >= ROSTER_STAFF,
            liaison: liaisons.get(&e.id).map(|s| s.name.as_str().to_owned()),
            liaison_phone: liaisons.get(&e.id).map(|s| s.mobile.as_str().to_owned()),
            source: Source::Import,
        })
        .collect()
}

fn new_homes(world: &World) -> Vec<NewHome> {
    let verified = last_verified(world);
    let town = &world.town;
    town.homes()
        .iter()
        .map(|h| {
            let label = town.register().label(h.id);
            NewHome {
                home_id: Some(world.homes[h.id as usize]),
                tenancy: tenancy(h.tenancy),
                occupancy: match label {
                    Some(townsim::Label::Vacant) => Occupancy::Vacant,
                    _ => Occupancy::Occupied,
                },
                places: Some(i64::from(h.places)),
                owner: h.owner_name.as_ref().map(|n| n.as_str().to_owned()),
                landlord: h.landlord.as_ref().map(|l| l.name.as_str().to_owned()),
                landlord_phone: h.landlord.as_ref().map(|l| l.mobile.as_str().to_owned()),
                employer_id: h.employer.map(|e| world.employers[e as usize]),
                label: label.map(label_code),
                last_verified_day: verified[h.id as usize],
                ..NewHome::at(world.addresses[h.address as usize], home_kind(h.kind))
            }
        })
        .collect()
}

/// The last day on which everybody at each home was checked.
pub(super) fn last_verified(world: &World) -> Vec<Option<Day>> {
    let town = &world.town;
    let mut days: Vec<Option<Day>> = vec![None; town.homes().len()];
    for resident in town.register_at_start().residents() {
        let day = &mut days[resident.facts.home as usize];
        *day = (*day).max(resident.verified_on.map(Day));
    }
    for act in town.acts() {
        if let ActKind::HomeVerified { home, outcome: Visited::Verified | Visited::Vacant } = act.kind {
            let at = linli_platform::clock::At(act.seen_at_s.saturating_mul(1_000_000));
            let day = &mut days[home as usize];
            *day = (*day).max(Some(at.day()));
        }
    }
    days
}

/// The homes of a grid that were verified longest ago and not this month.
pub(super) fn longest_unverified(world: &World, verified: &[Option<Day>], grid: u32, most: usize) -> Vec<u32> {
    let this_month = world.today.month().first_day();
    let lived_in = |home: &u32| world.town.homes()[*home as usize].kind != PremisesKind::Workplace;
    let mut homes: Vec<u32> = world
        .town
        .homes_of_grid(grid)
        .filter(lived_in)
        .filter(|home| verified[*home as usize].is_none_or(|day| day < this_month))
        .collect();
    homes.sort_by_key(|home| verified[*home as usize]);
    homes.truncate(most);
    homes
}

fn home_kind(kind: PremisesKind) -> HomeKind {
    match kind {
        PremisesKind::Flat => HomeKind::Flat,
        PremisesKind::House => HomeKind::House,
        PremisesKind::SharedLet => HomeKind::SharedLet,
        PremisesKind::Dormitory => HomeKind::Dormitory,
        PremisesKind::Shop => HomeKind::Shop,
        PremisesKind::Basement => HomeKind::Basement,
        PremisesKind::FieldHut => HomeKind::FieldHut,
        PremisesKind::SiteHut => HomeKind::SiteHut,
        PremisesKind::Workplace => HomeKind::Workplace,
    }
}

fn tenancy(tenancy: townsim::Tenancy) -> Tenancy {
    match tenancy {
        townsim::Tenancy::OwnerOccupied => Tenancy::OwnerOccupied,
        townsim::Tenancy::PartLet => Tenancy::PartLet,
        townsim::Tenancy::Let => Tenancy::Let,
        townsim::Tenancy::Employer => Tenancy::Employer,
    }
}

/// A label as the register writes it.
pub(super) fn label_code(label: townsim::Label) -> Label {
    match label {
        townsim::Label::Crowded => Label::Crowded,
        townsim::Label::Informal => Label::Informal,
        townsim::Label::Vacant => Label::Vacant,
    }
}
