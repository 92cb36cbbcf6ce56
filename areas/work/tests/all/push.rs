//! Notices on devices, against a real HTTP endpoint of this machine that reads what it gets with the browser's half of the
//! keys.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    routing::post,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    push::{self, PushSettings, Settings, Subscription},
    reader::Reader,
    sessions,
    store::Tx,
    testing::Client,
};
use linli_work::{
    announcements::{self, NewAnnouncement},
    outward::guard::Guard,
    push::send::deliver,
};
use web_push_native::{
    Auth, decrypt,
    p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint},
};

use super::wecom::{World, areas, worlds};

/// A push service, and what it is going to answer; 201 where nothing is said.
#[derive(Default)]
struct Service {
    got: Mutex<Vec<(u8, HeaderMap, Vec<u8>)>>,
    answers: Mutex<VecDeque<u16>>,
}

async fn receive(
    State(service): State<Arc<Service>>,
    Path(device): Path<u8>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let answer = service.answers.lock().unwrap().pop_front().unwrap_or(201);
    service.got.lock().unwrap().push((device, headers, body.to_vec()));
    StatusCode::from_u16(answer).unwrap()
}

/// A browser's half of the keys; each device has its own.
fn keys(device: u8) -> (SecretKey, [u8; 16]) {
    (SecretKey::from_slice(&[device; 32]).unwrap(), [device; 16])
}

impl Service {
    async fn start(world: &World) -> (Arc<Service>, String) {
        let service = Arc::new(Service::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/send/{device}", post(receive)).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let contact = Some("mailto:office@example.cn".to_owned());
        Settings::register(&world.app, PushSettings { private_addresses: true, contact, ..PushSettings::default() });
        (service, base)
    }
    fn will_say(&self, answers: &[u16]) {
        self.answers.lock().unwrap().extend(answers);
    }
    /// What the devices were told so far, as each of them reads it.
    fn told(&self) -> Vec<(u8, serde_json::Value)> {
        let read = |(device, _, body): &(u8, HeaderMap, Vec<u8>)| {
            let (secret, auth) = keys(*device);
            let clear = decrypt(body.clone(), &secret, &Auth::from(auth)).unwrap();
            (*device, serde_json::from_slice(&clear).unwrap())
        };
        self.got.lock().unwrap().iter().map(read).collect()
    }
}

fn subscription(base: &str, device: u8) -> Subscription {
    let (secret, auth) = keys(device);
    Subscription {
        endpoint: format!("{base}/send/{device}"),
        p256dh: URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false).as_bytes()),
        auth: URL_SAFE_NO_PAD.encode(auth),
    }
}

/// A browser joins as its page does it.
async fn join(client: &Client, given: &Subscription) -> http::StatusCode {
    let form = [("endpoint", given.endpoint.as_str()), ("p256dh", &given.p256dh), ("auth", &given.auth)];
    client.post("/account/devices", &form).await.status
}

impl World {
    async fn says(&self, body: &str) -> linli_work::AnnouncementId {
        let new = NewAnnouncement { grid: self.grids[0], body: body.into(), meeting: None };
        let guard = Guard::of(&self.app).await.unwrap();
        let act = async |tx: &Tx| announcements::announce(tx, &guard, &new).await;
        self.with(&self.coordinator(), act).await.unwrap()
    }
    async fn pushed_after_s(&self, seconds: i64) -> usize {
        self.test.clock.set(self.test.store.now().plus_s(seconds));
        deliver(&self.app).await.unwrap()
    }
    async fn devices(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM push_device WHERE division_code = $1").await
    }
}

#[tokio::test]
async fn whom_a_notice_is_meant_for_is_told_of_its_kind_and_of_nothing_else() {
    for world in worlds().await {
        let (service, base) = Service::start(&world).await;
        world.says("没有人听到的第一条").await;
        let leader = Client::signed_in(&world.app, &areas(), world.leader).await;
        let coordinator = Client::signed_in(&world.app, &areas(), world.coordinator).await;
        assert_eq!(join(&leader, &subscription(&base, 1)).await, 303);
        assert_eq!(join(&coordinator, &subscription(&base, 2)).await, 303);
        assert_eq!(world.pushed_after_s(0).await, 0, "what was said before is not pushed");
        let id = world.says("本周五集中走访沿街商铺。").await;
        assert_eq!((world.pushed_after_s(0).await, world.pushed_after_s(600).await), (1, 0), "{}", world.test.engine);
        let told = service.told();
        assert_eq!(told.len(), 1, "the leader alone: the coordinator wrote it");
        let (device, said) = &told[0];
        let mut names: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort();
        assert_eq!((*device, names), (1, vec!["body", "lang", "path", "tag", "title"]));
        assert_eq!((said["title"].as_str(), said["body"].as_str()), (Some("邻里：有新提醒"), Some("工作群")));
        let path = said["path"].as_str().unwrap();
        assert_eq!(leader.get(path).await.location(), format!("/channel/announcements/{id}"), "it leads to the work");
        assert_eq!(coordinator.get(path).await.status, 404, "and nobody else");
        let headers = service.got.lock().unwrap()[0].1.clone();
        for (name, value) in [("content-encoding", "aes128gcm"), ("ttl", "86400"), ("topic", "channel")] {
            assert_eq!(headers[name], value, "{name}");
        }
        let key = headers["authorization"].to_str().unwrap().split_once(", k=").unwrap().1.to_owned();
        let elsewhere = Client::signed_in(&world.app, &areas(), world.leader).await;
        assert!(
            elsewhere.get("/account/devices").await.text.contains(&key),
            "the key that browsers bind themselves to"
        );
    }
}

#[tokio::test]
async fn a_message_is_tried_again_and_given_up_and_a_device_that_is_gone_goes() {
    for world in worlds().await {
        let (service, base) = Service::start(&world).await;
        let leader = Client::signed_in(&world.app, &areas(), world.leader).await;
        join(&leader, &subscription(&base, 1)).await;
        service.will_say(&[503, 429]);
        world.says("第一条").await;
        world.says("第二条").await;
        assert_eq!(world.pushed_after_s(0).await, 0);
        assert_eq!(service.told().len(), 1, "two of one kind are one message");
        assert!(leader.get("/account/devices").await.text.contains("推送服务忙"), "its owner sees why");
        assert_eq!(world.pushed_after_s(59).await, 0);
        assert_eq!(service.told().len(), 1, "not before the gap is over");
        assert_eq!((world.pushed_after_s(1).await, world.pushed_after_s(120).await), (0, 1));
        // Read meanwhile, it is not pushed any more.
        service.will_say(&[500]);
        world.says("第三条").await;
        world.pushed_after_s(0).await;
        let notice = service.told()[3].1["path"].as_str().unwrap().to_owned();
        assert_eq!(leader.post(&format!("{notice}/receipt"), &[]).await.status, 303);
        world.pushed_after_s(3600).await;
        assert_eq!(service.told().len(), 4);
        service.will_say(&[500; 20]);
        world.says("第四条").await;
        for _ in 0..12 {
            world.pushed_after_s(8_000).await;
        }
        assert_eq!(service.told().len(), 4 + 8, "eight attempts");
        assert_eq!(world.number("SELECT COUNT(*) FROM push_message WHERE division_code = $1").await, 0);
        service.answers.lock().unwrap().clear();
        service.will_say(&[410]);
        world.says("第五条").await;
        assert_eq!((world.pushed_after_s(0).await, world.devices().await), (0, 0));
    }
}

#[tokio::test]
async fn signing_out_here_or_everywhere_and_disabling_an_account_end_what_is_pushed() {
    for world in worlds().await {
        let (service, base) = Service::start(&world).await;
        let [one, two] = [1, 2].map(|n| subscription(&base, n));
        let phone = Client::signed_in(&world.app, &areas(), world.leader).await;
        let desk = Client::signed_in(&world.app, &areas(), world.leader).await;
        assert_eq!((join(&phone, &one).await.as_u16(), join(&desk, &two).await.as_u16()), (303, 303));
        assert_eq!(phone.post("/sign-out", &[]).await.status, 303);
        assert_eq!(world.devices().await, 1, "the phone's alone");
        let coordinator = Client::signed_in(&world.app, &areas(), world.coordinator).await;
        assert_eq!(join(&coordinator, &one).await, 303);
        let of_leader = push::of_account(&world.test.store.reads(), world.leader).await.unwrap();
        let path = format!("/account/devices/{}/end", of_leader[0].push_id);
        assert_eq!(coordinator.post(&path, &[]).await.status, 404, "another's");
        assert_eq!(desk.post("/account/sessions/end", &[]).await.status, 303);
        assert!(push::of_account(&world.test.store.reads(), world.leader).await.unwrap().is_empty());
        world.says("没有人听到").await;
        assert_eq!((world.pushed_after_s(0).await, service.told().len()), (0, 0));
        let again = Client::signed_in(&world.app, &areas(), world.leader).await;
        assert_eq!(join(&again, &one).await, 303);
        let left = push::of_account(&world.test.store.reads(), world.coordinator).await.unwrap();
        assert!(left.is_empty(), "one browser tells one person");
        let mine = push::of_account(&world.test.store.reads(), world.leader).await.unwrap();
        assert_eq!(again.post(&format!("/account/devices/{}/end", mine[0].push_id), &[]).await.status, 303);
        assert_eq!(join(&again, &one).await, 303);
        world.with(&Reader::system(), async |tx| sessions::end_all(tx, world.leader).await).await.unwrap();
        assert_eq!(world.devices().await, 0);
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        assert_eq!(world.number(keys).await, 0, "and their keys with them");
    }
}

#[tokio::test]
async fn an_address_that_leads_into_the_own_network_is_not_taken() {
    for world in worlds().await {
        let (service, base) = Service::start(&world).await;
        let leader = Client::signed_in(&world.app, &areas(), world.leader).await;
        join(&leader, &subscription(&base, 1)).await;
        Settings::register(&world.app, PushSettings::default());
        for endpoint in
            ["http://169.254.169.254/latest", "https://127.0.0.1:8080/x", "https://db.internal/x", &base, ""]
        {
            let given = Subscription { endpoint: endpoint.into(), ..subscription(&base, 2) };
            assert_eq!(join(&leader, &given).await, 422, "{endpoint}");
        }
        let good = subscription("https://push.example.cn", 2);
        for (p256dh, auth) in
            [("", good.auth.as_str()), ("AAAA", &good.auth), (&good.p256dh, "AAAA"), (&good.p256dh, "")]
        {
            let given = Subscription { p256dh: p256dh.into(), auth: auth.into(), ..good.clone() };
            assert_eq!(join(&leader, &given).await, 422, "{p256dh} {auth}");
        }
        assert_eq!(world.devices().await, 1);
        // Taken when the settings allowed it; they do no more.
        world.says("一条").await;
        assert_eq!((world.pushed_after_s(0).await, service.told().len()), (0, 0));
        assert!(leader.get("/account/devices").await.text.contains("推送地址不再允许使用"));
        Settings::register(&world.app, PushSettings { enabled: false, ..PushSettings::default() });
        assert_eq!(join(&leader, &good).await, 422);
        let page = leader.get("/account/devices").await.text;
        assert!(page.contains("没有开启推送") && !page.contains("data-push="), "nothing to join");
    }
}

#[tokio::test]
async fn what_a_device_is_told_is_never_a_name_of_the_register() {
    for world in worlds().await {
        let (service, base) = Service::start(&world).await;
        let leader = Client::signed_in(&world.app, &areas(), world.leader).await;
        join(&leader, &subscription(&base, 1)).await;
        // Somebody who is called like the kind of a notice: the guard holds it rather than say the name.
        world.register("工作群").await;
        let notice = async |tx: &Tx| {
            let to = linli_work::notices::To::Account(world.leader);
            linli_work::notices::send(tx, to, "notice-announcement", &Default::default(), "/channel").await
        };
        world.with(&world.coordinator(), notice).await.unwrap();
        assert_eq!((world.pushed_after_s(0).await, service.told().len()), (0, 0));
        assert!(leader.get("/account/devices").await.text.contains("内容未通过检查"));
    }
}

/// The example of RFC 8291, appendix A: the half that these tests read with is the standard's.
#[test]
fn the_standards_own_message_is_read() {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let message = bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
    );
    let secret = SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap();
    let auth: [u8; 16] = bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
    assert_eq!(decrypt(message, &secret, &Auth::from(auth)).unwrap(), b"When I grow up, I want to be a watermelon");
}
