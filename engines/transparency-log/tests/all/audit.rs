//! Whatever is done to a published log, the auditor finds it.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use transparency_log::{
    Checkpoint, Cosigner, Entries, Expected, Finding, Frontier, NoteSigner, Tile, audit_files, entries_path,
    entry_bundle, leaf_hash,
};

use crate::Files;

const ORIGIN: &str = "log.example/linli";

fn signer() -> NoteSigner {
    NoteSigner::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn witness() -> Cosigner {
    Cosigner::from_seed("witness.example/w1", &[8; 32]).unwrap()
}

fn entry(n: u64, forked_at: u64) -> Vec<u8> {
    // Entries of many lengths, among them none.
    let mut entry = n.to_be_bytes()[8 - (n % 9) as usize..].to_vec();
    entry.resize(entry.len() + (n % 40) as usize, if n == forked_at { 0xff } else { 0x2e });
    if n == forked_at { [&b"forked"[..], &entry].concat() } else { entry }
}

/// The checkpoint of a log, signed by the log and, where it is to be, by the witness.
fn checkpoint(frontier: &Frontier, log: &NoteSigner, witnessed: bool) -> String {
    let mut note = Checkpoint::new(ORIGIN, frontier.size(), frontier.root()).sign(log).unwrap();
    if witnessed {
        note.cosign(&witness(), 1_795_000_000);
    }
    note.to_string()
}

/// A log published at each of the sizes; earlier partial files stay. `forked_at` is the leaf that differs from what
/// every other log of these tests has.
fn published(sizes: &[u64], forked_at: u64, log: &NoteSigner, witnessed: bool) -> Files {
    let mut files = Files::default();
    let mut frontier = Frontier::new();
    files.0.insert("log.vkey".into(), format!("{}\n", log.verifier()).into_bytes());
    for size in sizes {
        let entries: Vec<_> = (frontier.size()..*size).map(|n| entry(n, forked_at)).collect();
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        for write in frontier.append(&leaves).unwrap() {
            files.0.insert(write.tile().path(), write.bytes.clone());
            if write.level == 0 {
                let first = write.index * 256;
                let all: Vec<_> = (first..first + u64::from(write.width)).map(|n| entry(n, forked_at)).collect();
                files.0.insert(entries_path(write.index, write.width), entry_bundle(&all).unwrap());
            }
        }
        files.0.insert("checkpoint".into(), checkpoint(&frontier, log, witnessed).into_bytes());
    }
    files
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.0[path].clone()).unwrap()
}

/// What an auditor holds the log against: its key, a witness, and the checkpoint of its first publication.
fn expected(sizes: &[u64]) -> Expected {
    Expected {
        keys: vec![signer().verifier().to_string()],
        witnesses: vec![witness().verifier().to_string()],
        kept: vec![text(&published(&sizes[..1], u64::MAX, &signer(), true), "checkpoint")],
        entries: Entries::All,
        ..Expected::default()
    }
}

#[test]
fn an_untouched_log_of_any_size_passes() {
    for size in [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 66_000] {
        let files = published(&[size], u64::MAX, &signer(), true);
        let seen = audit_files(&files, &expected(&[size])).unwrap();
        assert_eq!((seen.origin.as_str(), seen.size, seen.own_key), (ORIGIN, size, false), "{size}");
        assert_eq!((seen.files, seen.unknown_signatures), (files.0.len() as u64, 0));
    }
}

#[test]
fn a_log_published_in_steps_passes_against_every_checkpoint_that_was_kept() {
    let sizes = [0, 1, 17, 255, 256, 400, 512, 700];
    let files = published(&sizes, u64::MAX, &signer(), true);
    let kept = (1..=sizes.len()).map(|n| text(&published(&sizes[..n], u64::MAX, &signer(), false), "checkpoint"));
    let expected = Expected { kept: kept.collect(), ..expected(&sizes) };
    assert_eq!(audit_files(&files, &expected).unwrap().size, 700);
}

#[test]
fn a_checkpoint_kept_from_before_the_logs_key_was_exchanged_needs_the_former_key_and_proves_the_growth_by_it() {
    let former = NoteSigner::from_seed(ORIGIN, &[77; 32]).unwrap();
    let kept = text(&published(&[17], u64::MAX, &former, false), "checkpoint");
    let files = published(&[17, 300], u64::MAX, &signer(), true);
    let without = Expected { kept: vec![kept.clone()], ..expected(&[17, 300]) };
    assert!(matches!(audit_files(&files, &without), Err(Finding::NotSigned { .. })));
    let with = Expected { former: vec![former.verifier().to_string()], ..without };
    assert_eq!(audit_files(&files, &with).unwrap().size, 300);
    // A former key speaks for what was, not for what is.
    let old = published(&[17, 300], u64::MAX, &former, true);
    assert!(audit_files(&old, &Expected { kept: vec![kept], ..with }).is_err());
}

#[test]
fn without_a_key_from_elsewhere_the_folders_own_key_counts_and_the_auditor_says_so() {
    let mut files = published(&[5], u64::MAX, &signer(), true);
    let seen = audit_files(&files, &Expected::default()).unwrap();
    assert_eq!((seen.own_key, seen.unknown_signatures), (true, 1));
    files.0.remove("log.vkey");
    assert!(matches!(audit_files(&files, &Expected::default()), Err(Finding::NoKey)));
}

#[test]
fn a_log_without_entries_passes_only_where_none_are_asked_for() {
    let whole = published(&[300], u64::MAX, &signer(), true);
    let either = Expected { entries: Entries::AllOrNone, ..expected(&[300]) };
    assert!(audit_files(&whole, &either).unwrap().entries);
    let mut files = whole.clone();
    files.0.remove("tile/entries/001.p/44");
    let found = audit_files(&files, &either).unwrap_err();
    assert_eq!(found.to_string(), "tile/entries/001.p/44 is missing");
    files.0.remove("tile/entries/000");
    assert!(!audit_files(&files, &either).unwrap().entries);
    let found = audit_files(&files, &expected(&[300])).unwrap_err();
    assert_eq!(found.to_string(), "tile/entries/000 is missing");
}

/// What may be done to a published log.
#[derive(Clone, Debug)]
enum Change {
    FlipBit,
    Overwrite(Vec<u8>),
    Truncate,
    Extend(Vec<u8>),
    Insert(Vec<u8>),
    Remove,
    Swap,
    Copy,
    AddFile,
    RollBackCheckpoint,
    RollBack,
    Fork,
    OtherKey,
    LoseSignature,
}

fn change() -> impl Strategy<Value = Change> {
    let bytes = || prop::collection::vec(any::<u8>(), 1..40);
    prop_oneof![
        4 => Just(Change::FlipBit),
        2 => bytes().prop_map(Change::Overwrite),
        2 => Just(Change::Truncate),
        2 => bytes().prop_map(Change::Extend),
        2 => bytes().prop_map(Change::Insert),
        2 => Just(Change::Remove),
        2 => Just(Change::Swap),
        2 => Just(Change::Copy),
        2 => Just(Change::AddFile),
        1 => Just(Change::RollBackCheckpoint),
        2 => Just(Change::RollBack),
        3 => Just(Change::Fork),
        1 => Just(Change::OtherKey),
        1 => Just(Change::LoseSignature),
    ]
}

/// A path that a log could have, and this one has not.
fn new_path(files: &Files, number: usize) -> String {
    let width = 1 + (number / 7 % 256) as u16;
    let tile = Tile { level: (number % 4) as u8, index: (number / 1_792 % 5) as u64, width };
    let entries = entries_path(tile.index, width);
    let path = [tile.path(), entries, format!("tile/{number}"), "notes.txt".into()][number / 8_960 % 4].clone();
    if files.0.contains_key(&path) { format!("{path}.bak") } else { path }
}

fn changed(sizes: &[u64], files: &Files, change: &Change, nth: usize, at: usize) -> Files {
    let mut after = files.clone();
    let paths: Vec<_> = files.0.keys().cloned().collect();
    let (path, other) = (&paths[nth % paths.len()], &paths[at % paths.len()]);
    let bytes = after.0.get_mut(path).unwrap();
    let place = at % bytes.len();
    match change {
        Change::FlipBit => bytes[place] ^= 1 << (nth / 7 % 8),
        Change::Overwrite(new) => bytes.iter_mut().skip(place).zip(new).for_each(|(old, new)| *old = *new),
        Change::Truncate => bytes.truncate(place),
        Change::Extend(new) => bytes.extend_from_slice(new),
        Change::Insert(new) => drop(bytes.splice(place..place, new.iter().copied())),
        Change::Remove => drop(after.0.remove(path)),
        Change::Swap => {
            after.0.insert(path.clone(), files.0[other].clone());
            after.0.insert(other.clone(), files.0[path].clone());
        }
        Change::Copy => drop(after.0.insert(path.clone(), files.0[other].clone())),
        Change::AddFile => drop(after.0.insert(new_path(files, at), files.0[path].clone())),
        // The checkpoints and the log are signed and witnessed as they were in their time.
        Change::RollBackCheckpoint => {
            let earlier = published(&sizes[..1 + nth % (sizes.len() - 1)], u64::MAX, &signer(), true);
            after.0.insert("checkpoint".into(), earlier.0["checkpoint"].clone());
        }
        Change::RollBack => after = published(&[at as u64 % sizes[0]], u64::MAX, &signer(), true),
        // A fork before the checkpoint kept may even be witnessed; a later one is not.
        Change::Fork => {
            let last = sizes[sizes.len() - 1];
            let forked_at = at as u64 % last;
            let sizes = [sizes[0].max(last - nth as u64 % 3)];
            let forked_at = forked_at.min(sizes[0] - 1);
            after = published(&sizes, forked_at, &signer(), forked_at < expected_kept(files));
        }
        Change::OtherKey => {
            let other = NoteSigner::from_seed(ORIGIN, &[9; 32]).unwrap();
            after = published(sizes, u64::MAX, &other, true);
        }
        Change::LoseSignature => {
            let mut lines: Vec<_> = text(files, "checkpoint").lines().map(|line| format!("{line}\n")).collect();
            lines.remove(4 + nth % (lines.len() - 4));
            after.0.insert("checkpoint".into(), lines.concat().into_bytes());
        }
    }
    after
}

/// Leaves by the checkpoint of a log as it was published.
fn last_size(files: &Files) -> u64 {
    text(files, "checkpoint").lines().nth(1).unwrap().parse().unwrap()
}

/// Leaves by the checkpoint that the auditors of these tests keep: that of the first publication.
fn expected_kept(files: &Files) -> u64 {
    SIZES.iter().find(|sizes| sizes.last() == Some(&last_size(files))).unwrap()[0]
}

/// A log may delete a partial file once a wider one is there, and its key is known from elsewhere.
fn only_lost_what_a_log_may_lose(files: &Files, after: &Files) -> bool {
    let size = last_size(files);
    let needed = |path: &String| {
        let tile = Tile::parse_path(&path.replace("tile/entries/", "tile/0/"));
        path == "checkpoint" || tile.is_ok_and(|tile| Tile::of_tree(tile.level, tile.index, size) == Some(tile))
    };
    files.0.iter().all(|(path, bytes)| after.0.get(path).map_or(!needed(path), |now| now == bytes))
        && after.0.keys().all(|path| files.0.contains_key(path))
}

const SIZES: [&[u64]; 6] = [&[1, 2], &[2, 3, 4], &[200, 255, 256], &[100, 257], &[256, 300, 513], &[17, 400, 512, 700]];

/// 10,000 of them, or as many as `LINLI_LOG_CHANGES` says.
#[test]
fn ten_thousand_random_mutations_truncations_forks_and_rollbacks_are_all_found() {
    let cases = std::env::var("LINLI_LOG_CHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let logs = SIZES.map(|sizes| (published(sizes, u64::MAX, &signer(), true), expected(sizes)));
    for (files, expected) in &logs {
        audit_files(files, expected).unwrap();
    }
    // What changes nothing, or only what a log may lose, is drawn again and not counted.
    let config = Config {
        cases,
        max_global_rejects: u32::MAX,
        rng_seed: RngSeed::Fixed(9162),
        failure_persistence: None,
        ..Config::default()
    };
    let case = (any::<usize>(), any::<usize>(), any::<usize>(), change());
    let outcome = TestRunner::new(config).run(&case, |(which, nth, at, change)| {
        let (files, expected) = &logs[which % logs.len()];
        let after = changed(SIZES[which % logs.len()], files, &change, nth, at);
        prop_assume!(after != *files && !only_lost_what_a_log_may_lose(files, &after));
        prop_assert!(audit_files(&after, expected).is_err(), "{change:?} was not found");
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn a_finding_says_what_is_wrong_and_where() {
    let sizes = [200, 300, 513];
    let good = published(&sizes, u64::MAX, &signer(), true);
    let with = |change: &dyn Fn(&mut Files)| {
        let mut files = good.clone();
        change(&mut files);
        audit_files(&files, &expected(&sizes)).unwrap_err().to_string()
    };
    let flip = |path: &'static str, at: usize| move |files: &mut Files| files.0.get_mut(path).unwrap()[at] ^= 1;
    let smaller = |files: &mut Files| {
        let checkpoint = text(files, "checkpoint").replacen("513", "512", 1);
        files.0.insert("checkpoint".into(), checkpoint.into_bytes());
    };
    for (found, said) in [
        (with(&flip("tile/0/001", 5 * 32)), "entry 5 of tile/entries/001 is not the one that was logged"),
        (with(&flip("tile/1/000.p/2", 32)), "hash 1 of tile/1/000.p/2 differs from what lies below it"),
        (with(&flip("tile/0/000.p/200", 0)), "tile/0/000.p/200 does not belong to the log of this checkpoint"),
        (with(&smaller), "checkpoint is not signed by log.example/linli"),
        (with(&|f| drop(f.0.remove("tile/0/002.p/1"))), "tile/0/002.p/1 is missing"),
        (with(&|f| f.0.get_mut("tile/0/000").unwrap().truncate(31)), "tile/0/000 is 31 bytes long instead of 8192"),
        (
            with(&|f| drop(f.0.insert("tile/0/003".into(), vec![]))),
            "tile/0/003 does not belong to the log of this checkpoint",
        ),
    ] {
        assert_eq!(found, said);
    }
    let forked = published(&[513], 3, &signer(), true);
    let found = audit_files(&forked, &expected(&sizes)).unwrap_err();
    assert!(matches!(found, Finding::Forked { kept: 200 }), "{found}");
    let found = audit_files(&published(&[199], u64::MAX, &signer(), true), &expected(&sizes)).unwrap_err();
    assert!(matches!(found, Finding::RolledBack { kept: 200, now: 199 }), "{found}");
    let unwitnessed = audit_files(&published(&[513], 400, &signer(), false), &expected(&sizes)).unwrap_err();
    assert_eq!(unwitnessed.to_string(), "checkpoint is not signed by witness.example/w1");
}
