use crate::town;
use townsim::{Group, Ring, to_geojson};

/// Twice the area of a ring, in square degrees; positive when counter-clockwise.
fn doubled_area(ring: &Ring) -> f64 {
    ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum()
}

fn contains(ring: &Ring, [x, y]: [f64; 2]) -> bool {
    let crosses = |w: &&[[f64; 2]]| {
        let ([ax, ay], [bx, by]) = (w[0], w[1]);
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

#[test]
fn the_35_committees_stand_in_their_groups() {
    let town = town();
    let in_group = |group| town.committees().iter().filter(|c| c.group == group).count();
    assert_eq!([Group::A, Group::B, Group::C, Group::D].map(in_group), [9, 4, 15, 7]);
    assert!(town.committees().iter().all(|c| c.code.starts_with("310118003") && c.code.len() == 12));
    assert!(town.committees().iter().all(|c| (1..=4).contains(&c.police_team)));
}

#[test]
fn every_ring_is_closed_and_runs_counter_clockwise() {
    let town = town();
    let rings = town.committees().iter().map(|c| &c.ring).chain(town.grids().iter().map(|g| &g.ring));
    for ring in rings.chain([town.outline()]) {
        assert_eq!(ring.first(), ring.last());
        assert!(doubled_area(ring) > 0.0);
    }
}

#[test]
fn committees_tile_the_sub_district_and_grids_tile_each_committee() {
    let town = town();
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let committees: f64 = town.committees().iter().map(|c| doubled_area(&c.ring)).sum();
    assert!(close(committees, doubled_area(town.outline())));
    for (index, committee) in town.committees().iter().enumerate() {
        let own: Vec<_> = town.grids().iter().filter(|g| g.committee as usize == index).collect();
        assert!((4..=8).contains(&own.len()));
        assert!(close(own.iter().map(|g| doubled_area(&g.ring)).sum(), doubled_area(&committee.ring)));
    }
    assert!((180..=220).contains(&town.grids().len()));
}

#[test]
fn a_point_of_the_sub_district_lies_in_exactly_one_grid_and_one_committee() {
    let town = town();
    for i in 0..2_500_u32 {
        let (u, v) = (f64::from(i % 50) / 50.0, f64::from(i / 50) / 50.0);
        let point = [121.025 + 0.11 * u + 1e-5, 31.135 + 0.085 * v + 1e-5];
        let inside = usize::from(contains(town.outline(), point));
        assert_eq!(town.grids().iter().filter(|g| contains(&g.ring, point)).count(), inside, "{point:?}");
        assert_eq!(town.committees().iter().filter(|c| contains(&c.ring, point)).count(), inside);
    }
}

#[test]
fn neighbours_share_identical_vertices() {
    // Every edge of a grid is an edge of one other grid, the other way round, or of the outline.
    let town = town();
    let bits = |p: &[f64; 2]| (p[0].to_bits(), p[1].to_bits());
    let edges: std::collections::BTreeSet<_> =
        town.grids().iter().flat_map(|g| g.ring.windows(2)).map(|w| (bits(&w[0]), bits(&w[1]))).collect();
    let outside: std::collections::BTreeSet<_> =
        town.outline().windows(2).map(|w| (bits(&w[0]), bits(&w[1]))).collect();
    for (from, to) in &edges {
        assert!(edges.contains(&(*to, *from)) != outside.contains(&(*from, *to)));
    }
}

#[test]
fn every_address_lies_in_its_grid_and_is_written_once() {
    let town = town();
    let mut texts = std::collections::BTreeSet::new();
    for address in town.addresses() {
        assert!(contains(&town.grids()[address.grid as usize].ring, [address.lon, address.lat]));
        assert!(texts.insert(&address.text), "{} stands twice", address.text);
    }
    for needed in ["弄", "支弄", "单元", "组", "队", "宿舍", "厂房", "商铺", "期", "-1号", "地下室"] {
        assert!(texts.iter().any(|t| t.contains(needed)), "no address with {needed}");
    }
}

#[test]
fn every_grid_has_homes_and_the_ranges_cover_all_homes() {
    let town = town();
    let mut next = 0;
    for grid in 0..town.grids().len() as u32 {
        let homes = town.homes_of_grid(grid);
        assert!(homes.start == next && !homes.is_empty());
        assert!(homes.clone().all(|home| town.grid_of_home(&town.homes()[home as usize]) == grid));
        next = homes.end;
    }
    assert_eq!(next as usize, town.homes().len());
}

#[test]
fn geojson_has_one_feature_a_grid_with_its_codes() {
    let town = town();
    let value: serde_json::Value = serde_json::from_str(&to_geojson(&town)).unwrap();
    let features = value["features"].as_array().unwrap();
    assert_eq!(features.len(), town.grids().len());
    for (feature, grid) in features.iter().zip(town.grids()) {
        assert_eq!(feature["properties"]["grid_code"], grid.code);
        assert_eq!(feature["properties"]["committee_code"], grid.committee_code);
        assert_eq!(feature["geometry"]["coordinates"][0].as_array().unwrap().len(), grid.ring.len());
    }
}
