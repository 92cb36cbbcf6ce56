//! A push service gives a device another address: who knows the old one and its secret exchanges them, nobody else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use linli_platform::{
    accounts,
    push::{self, PushSettings, Settings, Subscription},
    reader::Reader,
    store::{Query, Store, migrations},
    testing::{self, Answer, Client},
    vals,
};
use p256::{SecretKey, elliptic_curve::sec1::ToSec1Point as _};

/// What a browser gives; each number has its own address, key and secret.
fn subscription(number: u8) -> Subscription {
    let key = SecretKey::from_slice(&[number; 32]).unwrap().public_key().to_sec1_point(false);
    Subscription {
        endpoint: format!("https://push.example.cn/send/{number}"),
        p256dh: URL_SAFE_NO_PAD.encode(key.as_bytes()),
        auth: URL_SAFE_NO_PAD.encode([number; 16]),
    }
}

async fn renew(worker: &Client, old: &Subscription, new: &Subscription) -> Answer {
    let form = [
        ("old_endpoint", old.endpoint.as_str()),
        ("old_auth", &old.auth),
        ("endpoint", &new.endpoint),
        ("p256dh", &new.p256dh),
        ("auth", &new.auth),
    ];
    worker.post("/push/renewal", &form).await
}

async fn join(client: &Client, given: &Subscription) -> StatusCode {
    let form = [("endpoint", given.endpoint.as_str()), ("p256dh", &given.p256dh), ("auth", &given.auth)];
    client.post("/account/devices", &form).await.status
}

/// What is called now, as the machine that sends opens it.
async fn called(store: &Store, of: linli_platform::ids::AccountId) -> Vec<String> {
    let ids: Vec<_> = push::of_account(&store.reads(), of).await.unwrap().iter().map(|d| d.push_id).collect();
    let tx = store.begin(&Reader::system()).await.unwrap();
    let opened = push::open(&tx, &ids).await.unwrap();
    opened.into_iter().map(|(_, to)| to.endpoint).collect()
}

async fn number(store: &Store, sql: &str) -> i64 {
    store.reads().number(sql, vals![store.division()]).await.unwrap()
}

#[tokio::test]
async fn who_knows_the_old_address_and_its_secret_exchanges_it_without_a_session() {
    for t in testing::stores(migrations).await {
        let account = testing::account(&t.store, "wang.wei", &[]).await;
        let app = testing::app(&t.store, &[]);
        let own = Client::signed_in(&app, &[], account).await;
        assert_eq!(join(&own, &subscription(1)).await, 303, "{}", t.engine);
        let before = push::of_account(&t.store.reads(), account).await.unwrap();
        let worker = Client::new(&app, &[]);
        assert_eq!(renew(&worker, &subscription(1), &subscription(2)).await.status, 204);
        let after = push::of_account(&t.store.reads(), account).await.unwrap();
        assert_eq!(after.len(), 1);
        assert_eq!(after[0].push_id, before[0].push_id, "it is the same device");
        assert_eq!(called(&t.store, account).await, [subscription(2).endpoint]);
        let renewed = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'account.push-renewed'";
        assert_eq!(number(&t.store, renewed).await, 1, "on record");
        assert!(own.get("/account/sessions").await.text.contains("推送服务给一台设备换了地址"));
        // The same address with another key is an exchange too; what was exchanged proves nothing any more.
        let rekeyed = Subscription { endpoint: subscription(2).endpoint, ..subscription(3) };
        assert_eq!(renew(&worker, &subscription(2), &rekeyed).await.status, 204);
        assert_eq!(renew(&worker, &subscription(1), &subscription(4)).await.status, 404);
        assert_eq!(renew(&worker, &subscription(2), &subscription(4)).await.status, 404);
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_secret_are_refused_alike() {
    for t in testing::stores(migrations).await {
        let account = testing::account(&t.store, "wang.wei", &[]).await;
        let app = testing::app(&t.store, &[]);
        join(&Client::signed_in(&app, &[], account).await, &subscription(1)).await;
        let worker = Client::new(&app, &[]);
        let unknown = renew(&worker, &subscription(9), &subscription(2)).await;
        let mut wrong = Vec::new();
        for auth in [subscription(9).auth, String::new(), "AAAA".into()] {
            wrong.push(renew(&worker, &Subscription { auth, ..subscription(1) }, &subscription(2)).await);
        }
        for answer in &wrong {
            assert_eq!((answer.status, &answer.text), (unknown.status, &unknown.text), "{}", t.engine);
        }
        assert_eq!(unknown.status, 404);
        assert_eq!(called(&t.store, account).await, [subscription(1).endpoint], "nothing was exchanged");
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        accounts::set_disabled(&tx, account, true).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(renew(&worker, &subscription(1), &subscription(2)).await.status, 404, "its devices ended");
    }
}

#[tokio::test]
async fn no_address_of_the_own_network_and_no_broken_key_comes_in_this_way() {
    for t in testing::stores(migrations).await {
        let account = testing::account(&t.store, "wang.wei", &[]).await;
        let app = testing::app(&t.store, &[]);
        join(&Client::signed_in(&app, &[], account).await, &subscription(1)).await;
        let worker = Client::new(&app, &[]);
        for endpoint in ["http://169.254.169.254/latest", "https://127.0.0.1/x", "https://db.internal/x", ""] {
            let new = Subscription { endpoint: endpoint.into(), ..subscription(2) };
            for old in [subscription(1), subscription(9)] {
                assert_eq!(renew(&worker, &old, &new).await.status, 422, "{endpoint}: known or not");
            }
        }
        let keyless = Subscription { p256dh: "AAAA".into(), ..subscription(2) };
        assert_eq!(renew(&worker, &subscription(1), &keyless).await.status, 422);
        Settings::register(&app, PushSettings { enabled: false, ..PushSettings::default() });
        assert_eq!(renew(&worker, &subscription(1), &subscription(2)).await.status, 422, "{}", t.engine);
        assert_eq!(called(&t.store, account).await, [subscription(1).endpoint]);
    }
}

#[tokio::test]
async fn another_devices_address_becomes_the_one_that_proves_it_and_one_browser_tells_one_person() {
    for t in testing::stores(migrations).await {
        let [one, two] =
            [testing::account(&t.store, "wang.wei", &[]).await, testing::account(&t.store, "li.na", &[]).await];
        let app = testing::app(&t.store, &[]);
        join(&Client::signed_in(&app, &[], one).await, &subscription(1)).await;
        join(&Client::signed_in(&app, &[], two).await, &subscription(2)).await;
        assert_eq!(renew(&Client::new(&app, &[]), &subscription(1), &subscription(2)).await.status, 204);
        assert_eq!(called(&t.store, one).await, [subscription(2).endpoint], "{}", t.engine);
        assert!(called(&t.store, two).await.is_empty());
        assert_eq!(number(&t.store, "SELECT COUNT(*) FROM subject_key WHERE division_code = $1").await, 1);
    }
}
