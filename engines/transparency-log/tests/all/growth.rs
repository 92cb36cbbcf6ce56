//! Appending: in any portions, with the same result; going on from what was stored.

use proptest::prelude::*;
use transparency_log::{Frontier, FrontierError, LogError, MemoryTiles, edge_tiles};

use crate::{leaves, log};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 5))]

    #[test]
    fn any_portions_give_the_same_tiles_and_root(portions in prop::collection::vec(0_usize..700, 0..8)) {
        let total: usize = portions.iter().sum();
        let all = leaves(total as u64);
        let (mut rest, mut frontier, mut tiles) = (all.as_slice(), Frontier::new(), MemoryTiles::default());
        for portion in portions {
            let (now, later) = rest.split_at(portion);
            let writes = frontier.append(now).unwrap();
            prop_assert!(writes.iter().all(|write| write.bytes.len() == write.tile().len_bytes()));
            tiles.apply(writes);
            rest = later;
            prop_assert_eq!(&Frontier::from_bytes(&frontier.to_bytes()).unwrap(), &frontier);
            prop_assert_eq!(&Frontier::from_tiles(frontier.size(), &tiles).unwrap(), &frontier);
        }
        let (at_once, tiles_at_once) = log(total as u64);
        prop_assert_eq!(frontier, at_once);
        prop_assert_eq!(tiles, tiles_at_once);
    }

    #[test]
    fn a_damaged_frontier_is_refused(size in 0_u64..2000, place in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = log(size).0.to_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert!(Frontier::from_bytes(&bytes).is_err());
        bytes[place] ^= 1_u8 << bit;
        prop_assert!(Frontier::from_bytes(&bytes[..place]).is_err());
    }
}

#[test]
fn the_tiles_of_seventy_thousand_leaves_are_those_of_the_specification() {
    let (_, tiles) = log(70_000);
    let count = |level, len_bytes| tiles.iter().filter(|(l, _, bytes)| *l == level && bytes.len() == len_bytes).count();
    assert_eq!(count(0, 8192), 273);
    assert_eq!((count(0, 112 * 32), count(1, 8192), count(1, 17 * 32), count(2, 32)), (1, 1, 1, 1));
    assert_eq!(tiles.len(), 277);
    let paths: Vec<_> = edge_tiles(70_000).iter().map(|tile| tile.path()).collect();
    assert_eq!(paths, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn a_full_first_tile_leaves_a_partial_tile_of_one_above_it() {
    let (_, tiles) = log(256);
    let shape: Vec<_> = tiles.iter().map(|(level, index, bytes)| (level, index, bytes.len())).collect();
    assert_eq!(shape, [(0, 0, 8192), (1, 0, 32)]);
}

#[test]
fn one_hundred_and_fifty_thousand_leaves_write_each_tile_once() {
    let mut frontier = Frontier::new();
    frontier.append(&leaves(100)).unwrap();
    let writes = frontier.append(&leaves(150_000)).unwrap();
    let mut places: Vec<_> = writes.iter().map(|write| (write.level, write.index)).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), writes.len());
    assert_eq!(frontier.size(), 150_100);
}

#[test]
fn an_append_writes_only_what_changed() {
    let (mut frontier, _) = log(70_000);
    let paths: Vec<_> = frontier.append(&leaves(1)).unwrap().iter().map(|w| w.tile().path()).collect();
    assert_eq!(paths, ["tile/0/273.p/113"]);
    assert!(frontier.append(&[]).unwrap().is_empty());
}

#[test]
fn a_frontier_of_missing_tiles_or_foreign_bytes_is_refused() {
    let error = Frontier::from_tiles(300, &MemoryTiles::default()).unwrap_err();
    assert!(matches!(error, LogError::MissingTile(_)));
    assert_eq!(Frontier::from_bytes(b"tlf"), Err(FrontierError::Format));
    assert_eq!(Frontier::from_bytes(&[0; 40]), Err(FrontierError::Format));
}
