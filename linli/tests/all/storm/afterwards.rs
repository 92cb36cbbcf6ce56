//! What stands in the store afterwards, beside what the screens were told.

use std::time::{Duration, Instant};

use linli_platform::{
    store::{Query as _, Store},
    vals,
};
use sea_orm::Value;

use super::Storm;
use crate::all::world::{Demo, Server, account, rows, run, said};

/// What stood there before.
pub struct Before {
    visits: i64,
    visit_events: i64,
    registered: i64,
}

const VISITS: &str = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'home.visited'";
const REGISTERED: &str = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'resident.registered'";

impl Before {
    pub async fn look(store: &Store) -> Before {
        Before {
            visits: rows(store, "visit").await,
            visit_events: count(store, VISITS, vec![]).await,
            registered: count(store, REGISTERED, vec![]).await,
        }
    }
}

async fn count(store: &Store, sql: &str, further: Vec<Value>) -> i64 {
    let mut values = vals![store.division()];
    values.extend(further);
    store.reads().number(sql, values).await.unwrap()
}

/// Compares; the last server is still there, so that the log can take in what is left.
pub async fn compare(demo: &Demo, store: &Store, storm: &Storm, before: Before, server: Server) {
    {
        let notes = storm.notes();
        assert!(notes.leaks.is_empty(), "shown in clear without a reading:\n{}", notes.leaks.join("\n"));
        assert!(notes.strange.is_empty(), "answers that nobody should get:\n{}", notes.strange.join("\n"));
        assert!(!notes.labels.is_empty() && !notes.visits.is_empty() && !notes.opened.is_empty());
    }
    readings(store, storm).await;
    registrations(store, storm, &before).await;
    visits_and_labels(store, storm, &before).await;
    logged(store).await;
    server.kill();
    let verified = run(&["log", "verify", "--dir", demo.path().to_str().unwrap()]);
    assert!(verified.status.success(), "{}", said(&verified));
}

/// Not one number in clear without its record, by whom and of whom.
async fn readings(store: &Store, storm: &Storm) {
    let opened: Vec<_> = storm.notes().opened.iter().map(|(k, v)| (*k, *v)).collect();
    for ((name, record), shown) in opened {
        let reader = account(store, name).await;
        let sql = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND account_id = $2 AND subject_id = $3";
        let recorded = count(store, sql, vals![reader, record]).await;
        assert!(recorded >= shown, "{name} was shown {record} {shown} times, {recorded} are on record");
    }
}

/// Acknowledged ones are there, once, with their event; uncertain ones at most once; and no event without its record.
async fn registrations(store: &Store, storm: &Storm, before: &Before) {
    let (registered, uncertain) = {
        let notes = storm.notes();
        (notes.registered.clone(), notes.uncertain.clone())
    };
    let by_number = async |number: &str| {
        let blind = store.keys().blind_index("doc", number);
        count(store, "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND doc_blind = $2", vals![blind]).await
    };
    let mut there = 0;
    for (number, record) in &registered {
        let sql =
            "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'resident.registered' AND subject_id = $2";
        assert_eq!(count(store, sql, vals![*record]).await, 1, "{record} was acknowledged");
        assert_eq!(by_number(number).await, 1, "{number} was acknowledged");
        there += 1;
    }
    for number in &uncertain {
        let found = by_number(number).await;
        assert!(found <= 1, "{number} is there {found} times");
        there += found;
    }
    let events = count(store, REGISTERED, vec![]).await - before.registered;
    assert_eq!(events, there, "every registration has its event, and every event its registration");
}

async fn visits_and_labels(store: &Store, storm: &Storm, before: &Before) {
    let (visits, labels) = {
        let notes = storm.notes();
        (notes.visits.clone(), notes.labels.clone())
    };
    for entry in &visits {
        let sql = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND entry_id = $2";
        assert_eq!(count(store, sql, vals![*entry]).await, 1, "visit {entry} was acknowledged");
    }
    let new = rows(store, "visit").await - before.visits;
    let events = count(store, VISITS, vec![]).await - before.visit_events;
    assert_eq!(new, events, "every visit has its event");
    for (home, version) in &labels {
        let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'home.labelled' AND subject_id = $2 AND version = $3";
        assert_eq!(count(store, sql, vals![*home, *version]).await, 1, "label {version} of {home} was acknowledged");
        let sql = "SELECT COUNT(*) FROM home WHERE division_code = $1 AND home_id = $2 AND version >= $3";
        assert_eq!(
            count(store, sql, vals![*home, *version]).await,
            1,
            "the home has the version that was acknowledged"
        );
    }
}

/// Every event and reading has its leaf, and the log takes all of them in within seconds.
async fn logged(store: &Store) {
    for table in ["access_record", "event"] {
        let sql = format!(
            "SELECT COUNT(*) FROM {table} x WHERE x.division_code = $1 AND NOT EXISTS (SELECT 1 FROM log_leaf l
             WHERE l.division_code = x.division_code AND l.leaf_id = x.leaf_id)"
        );
        assert_eq!(count(store, &sql, vec![]).await, 0, "every {table} has its leaf");
    }
    let waiting = "SELECT COUNT(*) FROM log_leaf WHERE division_code = $1 AND sequenced = FALSE";
    let end = Instant::now() + Duration::from_secs(60);
    while count(store, waiting, vec![]).await > 0 {
        assert!(Instant::now() < end, "the log takes in what was written");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
