//! Backups, restores, moves and schemas.

use std::fs;

use linli::areas::migrations;
use linli_platform::{
    clock::Rng,
    move_store,
    reader::Reader,
    store::{DatabaseUrl, Query as _, Store},
    vals,
};
use sea_orm::ConnectionTrait as _;

use super::world::{Demo, run, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_serving_restores_to_the_same_digests_and_to_nothing_in_the_wrong_hands() {
    let demo = Demo::build().await;
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(at("key"), Rng::system().bytes::<32>()).unwrap();
    fs::write(at("other"), Rng::system().bytes::<32>()).unwrap();
    let dir = demo.path().display().to_string();
    let keys = demo.path().join("keys").display().to_string();
    let server = super::world::Server::start(demo.path());

    let made = run(&["backup", "--dir", &dir, "--to", &at("b"), "--key-file", &at("key")]);
    assert!(made.status.success(), "{}", said(&made));
    let again = run(&["backup", "--dir", &dir, "--to", &at("b"), "--key-file", &at("key")]);
    assert!(!again.status.success() && said(&again).contains("there already"), "{}", said(&again));
    let sealed = fs::read(at("b")).unwrap();
    assert!(!sealed.windows(6).any(|w| w == b"SQLite"), "the file shows nothing of the database");
    server.kill();

    let restore = |to: &str, key: &str| {
        run(&["restore", "--from", &at("b"), "--dir", to, "--keys", &keys, "--key-file", &at(key)])
    };
    let refused = restore(&at("wrong"), "other");
    assert!(!refused.status.success() && said(&refused).contains("does not open"), "{}", said(&refused));
    assert!(!restore(&dir, "key").status.success(), "a folder in use is never overwritten");
    let restored = restore(&at("new"), "key");
    assert!(restored.status.success() && said(&restored).contains("agree"), "{}", said(&restored));
    let verified = run(&["log", "verify", "--dir", &at("new")]);
    assert!(verified.status.success(), "{}", said(&verified));
    let found = run(&["find", "wx", "--as", "population-office", "--dir", &at("new")]);
    assert!(found.status.success(), "{}", said(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_postgresql_gives_the_same_digests_and_refuses_a_database_in_use() {
    let Ok(server) = std::env::var("LINLI_TEST_POSTGRES") else { return };
    let demo = Demo::build().await;
    let store = demo.store().await;
    let name = format!("linli_move_{}", Rng::system().uuid(store.now()).simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
    admin.execute_unprepared(&create).await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let dir = demo.path().display().to_string();

    let moved = run(&["move", "--dir", &dir, "--to", &url]);
    assert!(moved.status.success(), "{}", said(&moved));
    let target = DatabaseUrl(url.clone());
    let target = Store::connect(&target, store.division(), store.keys().clone(), store.clock().clone(), Rng::system());
    let target = target.await.unwrap();
    let steps = migrations();
    assert_eq!(move_store::digests(&target, &steps).await.unwrap(), move_store::digests(&store, &steps).await.unwrap());
    let again = run(&["move", "--dir", &dir, "--to", &url]);
    assert!(!again.status.success() && said(&again).contains("data in the target already"), "{}", said(&again));

    // From there a backup and back into another empty database.
    let settings = demo.path().join("linli.toml");
    fs::write(&settings, format!("database_url = \"{url}\"\n")).unwrap();
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(at("words"), "nine owls over the lake\n").unwrap();
    let made = run(&["backup", "--dir", &dir, "--to", &at("b"), "--passphrase-file", &at("words")]);
    assert!(made.status.success(), "{}", said(&made));
    let second = format!("{name}_again");
    admin.execute_unprepared(&create.replace(&name, &second)).await.unwrap();
    let second = format!("{}/{second}", server.rsplit_once('/').unwrap().0);
    let keys = demo.path().join("keys").display().to_string();
    let restored = run(&[
        "restore",
        "--from",
        &at("b"),
        "--dir",
        &at("new"),
        "--keys",
        &keys,
        "--database",
        &second,
        "--passphrase-file",
        &at("words"),
    ]);
    assert!(restored.status.success(), "{}", said(&restored));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_of_a_newer_program_is_refused_and_one_behind_names_the_command_that_helps() {
    let demo = Demo::build().await;
    let dir = demo.path().display().to_string();
    let store = demo.store().await;
    let change = async |sql: &str| {
        let tx = store.begin(&Reader::system()).await.unwrap();
        tx.housekeeping("another program was here");
        tx.execute(sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    };
    change("INSERT INTO schema_migration (id, applied_at) VALUES ('zebra-0001', 1)").await;
    for command in
        [&["serve", "--dir", &dir][..], &["migrate", "--dir", &dir], &["find", "x", "--as", "y", "--dir", &dir]]
    {
        let refused = run(command);
        assert!(!refused.status.success() && said(&refused).contains("zebra-0001"), "{}", said(&refused));
    }
    change("DELETE FROM schema_migration WHERE id = 'zebra-0001' OR id = 'assessment-0001'").await;
    let behind = run(&["serve", "--dir", &dir]);
    assert!(!behind.status.success() && said(&behind).contains("linli migrate"), "{}", said(&behind));
    assert!(
        store
            .reads()
            .number("SELECT COUNT(*) FROM event WHERE division_code = $1", vals![store.division()])
            .await
            .unwrap()
            > 0
    );
}
