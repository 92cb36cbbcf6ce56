//! Whatever is done to a log, the verifier finds it.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use transparency_log::{Checkpoint, Frontier, MemoryTiles, Tampering, leaf_hash, verify_growth, verify_log};

use crate::{checkpoint, leaf, leaves, log};

/// What an attacker or a failing disk may do to one tile.
#[derive(Clone, Copy, Debug)]
enum Damage {
    FlipBit(u16),
    Overwrite(u8),
    Truncate,
    Extend(u8),
    Remove,
    SwapHashes,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<u16>().prop_map(Damage::FlipBit),
        any::<u8>().prop_map(Damage::Overwrite),
        Just(Damage::Truncate),
        any::<u8>().prop_map(Damage::Extend),
        Just(Damage::Remove),
        Just(Damage::SwapHashes),
    ]
}

/// Damages one tile; `None` if that would have changed nothing.
fn damaged(tiles: &MemoryTiles, nth: usize, place: usize, damage: Damage) -> Option<MemoryTiles> {
    let (level, index, bytes) = tiles.iter().nth(nth % tiles.len())?;
    let before = bytes.to_vec();
    let mut after = before.clone();
    let at = place % after.len();
    match damage {
        Damage::FlipBit(bit) => after[at] ^= 1 << (bit % 8),
        Damage::Overwrite(value) => after[at] = value,
        Damage::Truncate => after.truncate(at),
        Damage::Extend(value) => after.resize(before.len() + 1 + at, value),
        Damage::Remove => after.clear(),
        Damage::SwapHashes => {
            let last = before.len() - 32;
            after.copy_within(last.., 0);
            after[last..].copy_from_slice(&before[..32]);
        }
    }
    let mut copy = tiles.clone();
    if matches!(damage, Damage::Remove) {
        copy.remove(level, index);
    } else {
        copy.insert(level, index, after.clone());
    }
    (after != before).then_some(copy)
}

#[test]
fn ten_thousand_random_damages_to_tiles_are_all_found() {
    let logs: Vec<_> = [1, 2, 255, 256, 257, 300, 513].map(|size| (log(size), leaves(size))).into();
    let config =
        Config { cases: 10_000, rng_seed: RngSeed::Fixed(6962), failure_persistence: None, ..Config::default() };
    let case = (any::<usize>(), any::<usize>(), any::<usize>(), damage());
    let outcome = TestRunner::new(config).run(&case, |(which, nth, place, damage)| {
        let ((frontier, tiles), leaves) = &logs[which % logs.len()];
        let changed = damaged(tiles, nth, place, damage);
        prop_assume!(changed.is_some());
        let found = verify_log(leaves.iter().copied(), &changed.unwrap(), &checkpoint(frontier));
        prop_assert!(found.is_err(), "{damage:?} was not found");
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn damage_is_found_on_every_level_and_said_where() {
    let (frontier, tiles) = log(66_000);
    let all = leaves(66_000);
    verify_log(all.iter().copied(), &tiles, &checkpoint(&frontier)).unwrap();
    for (level, index, position, expected) in [
        (0, 3, 5, "hash 5 of tile tile/0/003 (leaves 773 to 773) differs from the leaves"),
        (1, 0, 2, "hash 2 of tile tile/1/000 (leaves 512 to 767) differs from the leaves"),
        (2, 0, 0, "hash 0 of tile tile/2/000.p/1 (leaves 0 to 65535) differs from the leaves"),
    ] {
        let mut changed = tiles.clone();
        let mut bytes = changed.remove(level, index).unwrap();
        bytes[position * 32 + 31] ^= 0x80;
        changed.insert(level, index, bytes);
        let found = verify_log(all.iter().copied(), &changed, &checkpoint(&frontier)).unwrap_err();
        assert_eq!(found.to_string(), expected);
    }
}

#[test]
fn changed_lost_and_added_leaves_are_found() {
    let (frontier, tiles) = log(300);
    let check = |leaves: Vec<_>| verify_log(leaves, &tiles, &checkpoint(&frontier)).unwrap_err();
    let mut changed = leaves(300);
    changed[299] = leaf(0);
    assert!(matches!(check(changed), Tampering::HashDiffers { first_leaf: 299, .. }));
    assert!(matches!(check(leaves(299)), Tampering::LeafCount { expected: 300, found: 299 }));
    assert!(matches!(check(leaves(301)), Tampering::LeafCount { expected: 300, found: 301 }));
    let mut lost = leaves(300);
    lost.remove(17);
    assert!(matches!(check(lost), Tampering::HashDiffers { first_leaf: 17, .. }));
}

#[test]
fn a_log_rewritten_throughout_does_not_fit_the_signed_root() {
    let (frontier, _) = log(300);
    let mut forged = leaves(300);
    forged[7] = leaf_hash(b"somebody else looked");
    let tiles: MemoryTiles = Frontier::new().append(&forged).unwrap().into_iter().collect();
    let found = verify_log(forged, &tiles, &checkpoint(&frontier)).unwrap_err();
    assert!(matches!(found, Tampering::RootDiffers { size: 300 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn an_untouched_log_of_any_size_is_accepted(earlier in 0_u64..900, more in 0_u64..900) {
        let (old, _) = log(earlier);
        let (new, tiles) = log(earlier + more);
        let all = leaves(earlier + more);
        verify_log(all.iter().copied(), &tiles, &checkpoint(&new)).unwrap();
        verify_growth(all, &checkpoint(&old), &checkpoint(&new)).unwrap();
    }

    #[test]
    fn forks_and_rollbacks_are_found(earlier in 1_u64..600, more in 0_u64..600, place in any::<u64>()) {
        let signed = checkpoint(&log(earlier).0);
        let mut forked = leaves(earlier + more);
        forked[(place % earlier) as usize] = leaf(u64::MAX);
        let mut frontier = Frontier::new();
        frontier.append(&forked).unwrap();
        let found = verify_growth(forked, &signed, &checkpoint(&frontier)).unwrap_err();
        let is_fork = matches!(found, Tampering::Forked { size } if size == earlier);
        prop_assert!(is_fork);

        let shorter = checkpoint(&log(earlier - 1).0);
        let found = verify_growth(leaves(earlier - 1), &signed, &shorter).unwrap_err();
        let is_rollback = matches!(found, Tampering::RolledBack { .. });
        prop_assert!(is_rollback);
    }
}

#[test]
fn growth_is_refused_across_logs_and_against_a_false_later_root() {
    let (frontier, _) = log(10);
    let good = checkpoint(&frontier);
    let other = Checkpoint { origin: "other.example".into(), ..good.clone() };
    let found = verify_growth(leaves(10), &other, &good).unwrap_err();
    assert!(matches!(found, Tampering::OtherLog { .. }));
    let false_root = Checkpoint { size: 11, ..good.clone() };
    let found = verify_growth(leaves(11), &good, &false_root).unwrap_err();
    assert!(matches!(found, Tampering::RootDiffers { size: 11 }));
    let found = verify_growth(leaves(9), &good, &good).unwrap_err();
    assert!(matches!(found, Tampering::LeafCount { expected: 10, found: 9 }));
}
