//! What is on record can be read in words, and goes when its time is over.

use linli_platform::{
    store::{Query as _, Store},
    testing::Client,
    texts::{Lang, T},
    vals,
};
use sea_orm::FromQueryResult;

use super::world::{Demo, account, rows, run, said};

#[derive(FromQueryResult)]
struct Recorded {
    kind: String,
    subject_kind: String,
    role: String,
    body: String,
}

async fn recorded(store: &Store) -> Vec<Recorded> {
    let q = store.reads();
    let sql = "SELECT DISTINCT kind, subject_kind, role, body FROM event WHERE division_code = $1";
    q.rows(sql, vals![q.division()]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_demonstration_is_told_in_words_of_both_languages() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let all = recorded(&started.app.store).await;
    assert!(all.len() > 50, "only {} shapes of events", all.len());
    let missing = |t: &T| {
        let mut missing = std::collections::BTreeSet::new();
        for event in &all {
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
            let fields = body.as_object().into_iter().flatten();
            let mut keys = vec![
                format!("event-{}", event.kind.replace('.', "-")),
                format!("subject-{}", event.subject_kind),
                format!("role-{}", event.role),
            ];
            keys.extend(fields.map(|(key, _)| format!("audit-field-{}", key.replace('_', "-"))));
            missing.extend(keys.into_iter().filter(|key| t.message(key) == *key));
        }
        missing
    };
    for lang in [Lang::Zh, Lang::En] {
        let missing = missing(&linli::areas::texts(lang).unwrap());
        assert!(missing.is_empty(), "without a text in {lang:?}: {missing:?}");
    }
    let auditor = Client::signed_in(&started.app, &started.areas, account(&started.app.store, "auditor").await).await;
    let page = auditor.get("/audit/events").await.text;
    assert!(!page.contains("{&#34;") && !page.contains("{&quot;") && !page.contains("class=\"body\""), "no JSON");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_deleted_is_told_beforehand_and_nothing_goes_before_its_time() {
    let demo = Demo::build().await;
    let dir = demo.path().display().to_string();
    let store = demo.store().await;
    let before = (rows(&store, "event").await, rows(&store, "visit").await, rows(&store, "access_record").await);
    let told = run(&["retention", "--dry-run", "--dir", &dir]);
    assert!(told.status.success(), "{}", said(&told));
    for kind in ["Visits", "Readings of records", "Security log", "Ended sessions", "Registrations of people"] {
        assert!(said(&told).contains(kind), "{kind}: {}", said(&told));
    }
    assert!(said(&told).contains("Nothing was deleted"), "{}", said(&told));
    let done = run(&["retention", "--dir", &dir]);
    assert!(done.status.success(), "{}", said(&done));
    let after = (rows(&store, "event").await, rows(&store, "visit").await, rows(&store, "access_record").await);
    assert_eq!(after, before, "a demonstration of two months has nothing that is over its time");
}
