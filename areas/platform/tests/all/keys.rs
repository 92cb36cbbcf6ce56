//! The key folder: both profiles, the root key in a file or given, keys that another process made, and exchanging each.

use std::{collections::BTreeMap, os::unix::fs::PermissionsExt, path::Path};

use linli_platform::{
    clock::{Clock, Rng},
    event::{NewEvent, SubjectRef},
    key_rotation::{self, NewRoot},
    keys::{GivenRoot, KeyError, KeyRing, KeySettings, Profile},
    log,
    reader::Reader,
    store::migrations,
    testing::{self, BEGIN},
};
use transparency_log::{Checkpoint, KeyKind, VerifierKey};
use uuid::Uuid;

fn settings(dir: &Path) -> KeySettings {
    KeySettings::folder(dir)
}

fn under(dir: &Path, given: &GivenRoot) -> KeySettings {
    KeySettings { given: Some(given.clone()), ..settings(dir) }
}

fn ring(settings: &KeySettings) -> Result<KeyRing, KeyError> {
    KeyRing::open(settings, &Rng::system(), &Clock::fixed(BEGIN))
}

#[test]
fn a_root_key_is_exchanged_and_an_exchange_that_was_broken_off_opens_under_the_old_one() {
    for profile in Profile::ALL {
        let dir = tempfile::tempdir().unwrap();
        let (rng, settings) = (Rng::system(), settings(dir.path()).of_profile(profile));
        let rotate = || key_rotation::rotate_root(&settings, &NewRoot::File, &rng).unwrap();
        KeyRing::create(&settings, &rng).unwrap();
        let index = ring(&settings).unwrap().blind_index("doc", "1");
        let file = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
        let before: BTreeMap<&str, Vec<u8>> = ["root.key", "blind.key", "log.key"].map(|n| (n, file(n))).into();
        assert_eq!(rotate(), 3, "blind, log, this month's");
        for (name, bytes) in &before {
            assert_ne!(&file(name), bytes, "{name}");
        }
        assert_eq!(ring(&settings).unwrap().blind_index("doc", "1"), index, "what they wrap is the same");

        // Broken off before the new root was written: one file is new, its former form beside it.
        let old_root = file("root.key");
        std::fs::copy(dir.path().join("blind.key"), dir.path().join("blind.key.old")).unwrap();
        rotate();
        let newer = file("blind.key");
        rotate();
        assert_ne!(file("root.key"), old_root);
        std::fs::rename(dir.path().join("blind.key"), dir.path().join("blind.key.old")).unwrap();
        std::fs::write(dir.path().join("blind.key"), newer).unwrap();
        std::fs::set_permissions(dir.path().join("blind.key"), PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(ring(&settings).unwrap().blind_index("doc", "1"), index);
    }
}

#[test]
fn the_environment_gives_the_root_key_and_the_folder_has_none() {
    for (text, other) in [("a7", "a8"), ("sm:a7", "sm:a8")] {
        let root = |text: &str| match text.strip_prefix("sm:") {
            Some(pair) => GivenRoot::parse(&format!("sm:{}", pair.repeat(32))).unwrap(),
            None => GivenRoot::parse(&text.repeat(32)).unwrap(),
        };
        let dir = tempfile::tempdir().unwrap();
        let (rng, settings) = (Rng::system(), settings(dir.path()));
        KeyRing::create(&settings, &rng).unwrap();
        let index = ring(&settings).unwrap().blind_index("doc", "1");
        let given = root(text);
        key_rotation::rotate_root(&settings, &NewRoot::Given(given.clone()), &rng).unwrap();
        assert!(!dir.path().join("root.key").exists());
        assert!(matches!(ring(&settings), Err(KeyError::NoRoot(_))));
        assert_eq!(ring(&under(dir.path(), &given)).unwrap().blind_index("doc", "1"), index);
        assert!(ring(&under(dir.path(), &root(other))).is_err(), "another key opens nothing");
        assert_eq!(format!("{given:?}"), "GivenRoot(***)");
    }
    assert!(GivenRoot::parse("a7a7").is_err() && GivenRoot::parse(&"x7".repeat(32)).is_err());
}

#[test]
fn a_process_that_was_given_the_former_root_key_makes_no_file_that_nobody_could_open() {
    let dir = tempfile::tempdir().unwrap();
    let rng = Rng::system();
    let (former, new) = (GivenRoot::parse(&"a1".repeat(32)).unwrap(), GivenRoot::parse(&"a2".repeat(32)).unwrap());
    let server = ring(&under(dir.path(), &former)).unwrap();
    key_rotation::rotate_root(&under(dir.path(), &former), &NewRoot::Given(new.clone()), &rng).unwrap();
    let month = BEGIN.day().month().next();
    assert!(matches!(server.refresh(&rng, month), Err(KeyError::RootExchanged)));
    assert!(matches!(server.begin_epoch(&rng, month), Err(KeyError::RootExchanged)));
    ring(&under(dir.path(), &new)).unwrap();
    // A root key in the folder is read anew, so that the server goes on.
    let dir = tempfile::tempdir().unwrap();
    KeyRing::create(&settings(dir.path()), &rng).unwrap();
    let server = ring(&settings(dir.path())).unwrap();
    key_rotation::rotate_root(&settings(dir.path()), &NewRoot::File, &rng).unwrap();
    server.refresh(&rng, month).unwrap();
    assert_eq!(server.current_epoch(), month.to_string());
}

#[test]
fn a_running_server_reads_an_epoch_that_another_process_began() {
    let dir = tempfile::tempdir().unwrap();
    let (rng, settings) = (Rng::system(), settings(dir.path()));
    KeyRing::create(&settings, &rng).unwrap();
    let (server, other) = (ring(&settings).unwrap(), ring(&settings).unwrap());
    let month = BEGIN.day().month();
    let epoch = other.begin_epoch(&rng, month).unwrap();
    assert!(!server.has_epoch(&epoch) && server.current_epoch() == "2026-11");
    server.refresh(&rng, month).unwrap();
    assert_eq!(server.current_epoch(), epoch);
    server.refresh(&rng, month.next()).unwrap();
    assert_eq!(server.current_epoch(), "2026-12", "a new month begins a new epoch");
}

#[test]
fn new_keys_are_of_the_profile_that_the_settings_name_and_those_that_are_there_keep_theirs() {
    let dir = tempfile::tempdir().unwrap();
    let rng = Rng::system();
    KeyRing::create(&settings(dir.path()), &rng).unwrap();
    let before = ring(&settings(dir.path())).unwrap();
    assert!(before.held().iter().all(|key| key.profile == Profile::Aes));
    let moved = ring(&settings(dir.path()).of_profile(Profile::Sm)).unwrap();
    assert_eq!(moved.blind_index("doc", "1"), before.blind_index("doc", "1"));
    let epoch = moved.begin_epoch(&rng, BEGIN.day().month()).unwrap();
    let of = |name: &str| moved.held().into_iter().find(|key| key.name == name).unwrap().profile;
    assert_eq!((of(&epoch), of("2026-11"), of("blind")), (Profile::Sm, Profile::Aes, Profile::Aes));
}

async fn something_happens(t: &testing::TestStore) {
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    tx.event(NewEvent::new("test.made", SubjectRef::new("test", tx.new_id::<Uuid>(), None))).await.unwrap();
    tx.commit().await.unwrap();
    // The lease of whoever sequenced before ends.
    t.clock.set(t.store.now().plus_s(60));
    log::sequence(&t.store, "one").await.unwrap();
}

async fn newest(t: &testing::TestStore) -> String {
    log::newest(&t.store.reads()).await.unwrap().unwrap().note
}

fn signed(note: &str, key: &VerifierKey) -> bool {
    Checkpoint::parse_and_verify(note, key).is_ok()
}

#[tokio::test]
async fn the_logs_key_is_exchanged_both_keys_sign_and_every_checkpoint_ever_kept_can_still_be_checked() {
    for t in testing::stores_of_each_profile(migrations).await {
        let kind = if t.store.keys().profile() == Profile::Sm { KeyKind::Sm2 } else { KeyKind::Ed25519 };
        something_happens(&t).await;
        let (first, former) = (newest(&t).await, log::verifier(&t.store).unwrap());
        assert_eq!((former.kind(), signed(&first, &former)), (kind, true), "{}", t.engine);

        t.clock.set(t.store.now().plus_s(60));
        let new = key_rotation::rotate_log(&t.store).await.unwrap();
        let new = VerifierKey::parse(&new).unwrap();
        let change = newest(&t).await;
        assert_ne!(former, new);
        assert!(signed(&change, &former) && signed(&change, &new), "{}: the change is in the log, by both", t.engine);
        assert!(log::verify(&t.store, Some(&first)).await.unwrap().is_ok());

        assert_eq!(key_rotation::end_log(&t.store).await.unwrap(), [former.to_string()]);
        something_happens(&t).await;
        let last = newest(&t).await;
        assert!(signed(&last, &new) && !signed(&last, &former), "{}", t.engine);
        assert_eq!(log::verifiers(&t.store).unwrap(), [former, new]);
        for kept in [&first, &change] {
            assert!(log::verify(&t.store, Some(kept)).await.unwrap().is_ok(), "{}", t.engine);
        }
        assert!(key_rotation::end_log(&t.store).await.unwrap_err().is("keys-no-exchange"));
    }
}

#[test]
fn the_public_half_of_a_log_key_stays_in_the_folder_when_its_secret_is_destroyed() {
    let dir = tempfile::tempdir().unwrap();
    let (rng, settings) = (Rng::system(), settings(dir.path()));
    KeyRing::create(&settings, &rng).unwrap();
    ring(&settings).unwrap();
    let names = || -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .filter(|n| n.starts_with("log"))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["log.key"]);
    let t = tokio::runtime::Runtime::new().unwrap();
    t.block_on(async {
        let url = linli_platform::store::DatabaseUrl::sqlite(&dir.path().join("linli.db"));
        let (clock, keys) = (Clock::fixed(BEGIN), std::sync::Arc::new(ring(&settings).unwrap()));
        let store = linli_platform::store::Store::connect(&url, testing::DIVISION, keys, clock, rng.clone());
        let store = store.await.unwrap();
        store.migrate(&migrations()).await.unwrap();
        let former = log::verifier(&store).unwrap();
        key_rotation::rotate_log(&store).await.unwrap();
        key_rotation::end_log(&store).await.unwrap();
        assert_eq!(names(), ["log-01.pub", "log-02.key"]);
        let again = ring(&settings).unwrap();
        assert!(again.held().iter().any(|key| key.level == "log" && key.name == "2" && key.current));
        assert_eq!(log::verifiers(&store).unwrap().first(), Some(&former));
    });
}
