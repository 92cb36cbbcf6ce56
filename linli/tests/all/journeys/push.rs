//! Notices on a device, end to end in a real Chromium: turned on under the account, pushed by the program to a push service
//! that the test runs, shown by the service worker, opened by a click; and the address exchanged when the service gives
//! another.
//!
//! What the browser's maker runs cannot be reached from here, so two things stand in for it: `PushManager` gives an address
//! of the test's service with keys of the test, and what arrives there, read with those keys, is handed to the worker by
//! the browser's debugger.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    response::Html,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use linli_platform::reader::Reader;
use linli_work::notices::{self, To};
use serde_json::{Value, json};
use web_push_native::{
    Auth, decrypt,
    p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint},
};

use super::{
    browser::{Browser, SOON, Wanted},
    town::{free_port, town},
};
use crate::all::world::{Demo, Server, account};

/// Who turns notices on; nobody else's journey of this demonstration.
const WHO: &str = "coordinator";

/// The push service: what came for which address.
#[derive(Default)]
struct Service {
    got: Mutex<Vec<(u8, Vec<u8>)>>,
}

fn keys(address: u8) -> (SecretKey, [u8; 16]) {
    (SecretKey::from_slice(&[address; 32]).unwrap(), [address; 16])
}

impl Service {
    async fn start() -> (Arc<Service>, String) {
        let service = Arc::new(Service::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let take = async |State(service): State<Arc<Service>>, Path(address): Path<u8>, body: Bytes| {
            service.got.lock().unwrap().push((address, body.to_vec()));
            StatusCode::CREATED
        };
        let router = Router::new()
            .route("/send/{address}", post(take))
            .route("/", get(async || Html("<title>beside</title>")))
            .with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (service, base)
    }
    /// The nth message, once it is there: for which address, and what it says to whoever has that address's keys.
    async fn told(&self, nth: usize) -> (u8, Value) {
        let end = Instant::now() + SOON;
        loop {
            if let Some((address, body)) = self.got.lock().unwrap().get(nth) {
                let (secret, auth) = keys(*address);
                let clear = decrypt(body.clone(), &secret, &Auth::from(auth)).unwrap();
                return (*address, serde_json::from_slice(&clear).unwrap());
            }
            assert!(Instant::now() < end, "nothing was pushed");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// What a browser calls a subscription, as a script.
fn subscription(base: &str, address: u8) -> String {
    let (secret, auth) = keys(address);
    let p256dh = URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false).as_bytes());
    let auth = URL_SAFE_NO_PAD.encode(auth);
    format!(
        "({{ endpoint: '{base}/send/{address}', options: {{ applicationServerKey: new ArrayBuffer(65) }},
           getKey: (name) => Uint8Array.from(atob((name === 'auth' ? '{auth}' : '{p256dh}').replace(/-/g, '+')
             .replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer }})"
    )
}

/// A window beside, whose page speaks to the browser's debugger: scripts run in the worker that shows notices.
struct Beside<'a> {
    b: &'a Browser,
    page: thirtyfour::WindowHandle,
    beside: thirtyfour::WindowHandle,
    debugger: String,
}

impl<'a> Beside<'a> {
    async fn open(b: &'a Browser, base: &str) -> Beside<'a> {
        let said = std::fs::read_to_string(b.profile.join("DevToolsActivePort")).unwrap();
        let (port, path) = said.trim().split_once('\n').unwrap();
        let page = b.driver.window().await.unwrap();
        let beside = b.driver.new_tab().await.unwrap();
        b.driver.switch_to_window(beside.clone()).await.unwrap();
        b.driver.goto(base).await.unwrap();
        b.driver.switch_to_window(page.clone()).await.unwrap();
        Beside { b, page, beside, debugger: format!("ws://127.0.0.1:{port}{path}") }
    }
    /// What a script in the worker comes to.
    async fn in_worker(&self, script: &str) -> Value {
        let ask = format!(
            "const done = arguments[arguments.length - 1];
             const socket = new WebSocket({debugger});
             const waiting = new Map();
             const ask = (method, params, sessionId) => new Promise((answered) => {{
               const id = waiting.size + 1;
               waiting.set(id, answered);
               socket.send(JSON.stringify({{ id, method, params, sessionId }}));
             }});
             socket.onmessage = (m) => {{ const said = JSON.parse(m.data); waiting.get(said.id)?.(said); }};
             socket.onerror = () => done('no debugger');
             socket.onopen = async () => {{
               const targets = (await ask('Target.getTargets', {{ filter: [{{}}] }})).result.targetInfos;
               const worker = targets.find((t) => t.type === 'service_worker' && t.url.endsWith('/push/sw.js'));
               if (!worker) return done('asleep');
               const {{ sessionId }} = (await ask('Target.attachToTarget', {{ targetId: worker.targetId, flatten: true }})).result;
               const ran = await ask('Runtime.evaluate', {{ expression: {script}, awaitPromise: true, returnByValue: true }}, sessionId);
               socket.close();
               done(ran.result?.exceptionDetails ?? ran.result?.result?.value ?? ran);
             }};",
            debugger = json!(self.debugger),
            script = json!(script),
        );
        self.b.driver.switch_to_window(self.beside.clone()).await.unwrap();
        let said = self.b.script_later(&ask).await;
        self.b.driver.switch_to_window(self.page.clone()).await.unwrap();
        said
    }
    /// Hands a message to the worker, as the browser does when its push service has one, until the notice shows. The
    /// debugger asks for the number of the registration; a browser counts them from nought.
    async fn deliver(&self, origin: &str, message: &Value) -> Value {
        let end = Instant::now() + SOON;
        self.b.protocol("ServiceWorker.enable", json!({})).await;
        loop {
            for registration in 0..4 {
                let given = json!({ "origin": origin, "registrationId": registration.to_string(), "data": message.to_string() });
                self.b.protocol("ServiceWorker.deliverPushMessage", given).await;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            let shown = self
                .b
                .script_later(
                    "const done = arguments[arguments.length - 1];
                     navigator.serviceWorker.getRegistration('/push/').then((r) => r.getNotifications())
                       .then((all) => done(all.map((n) => ({ title: n.title, body: n.body, tag: n.tag, data: n.data }))))",
                )
                .await;
            if shown.as_array().is_some_and(|all| all.iter().any(|n| n["data"]["path"] == message["path"])) {
                return shown;
            }
            assert!(Instant::now() < end, "no notice shows: {shown}");
        }
    }
}

/// Somebody presses the notice. A browser lets a worker open a window for a real press alone, so it is noted which one the
/// worker asks for.
const PRESS: &str = "(async () => {
    const [notification] = await registration.getNotifications();
    const pressed = new NotificationEvent('notificationclick', { notification });
    const asked = new Promise((done) => { clients.openWindow = async (url) => done(url); });
    Object.defineProperty(pressed, 'waitUntil', { value: () => {} });
    dispatchEvent(pressed);
    return asked;
  })()";

/// The push service gives another address.
fn exchange(base: &str, old: u8, new: u8) -> String {
    format!(
        "(async () => {{
          const changed = new ExtendableEvent('pushsubscriptionchange');
          const ended = new Promise((done) => Object.defineProperty(changed, 'waitUntil', {{ value: (p) => done(p) }}));
          changed.oldSubscription = {};
          changed.newSubscription = {};
          dispatchEvent(changed);
          await ended;
          return 'exchanged';
        }})()",
        subscription(base, old),
        subscription(base, new)
    )
}

async fn notice(demo: &Demo) {
    let store = demo.store().await;
    let to = To::Account(account(&store, WHO).await);
    let tx = store.begin(&Reader::system()).await.unwrap();
    notices::send(&tx, to, "notice-announcement", &Default::default(), "/channel").await.unwrap();
    tx.commit().await.unwrap();
}

/// Whoever looks at the screen learns of which kind it is, and nothing else.
fn closed(told: &Value) {
    let mut names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["body", "lang", "path", "tag", "title"]);
    assert_eq!((told["title"].as_str(), told["body"].as_str()), (Some("邻里：有新提醒"), Some("工作群")));
}

async fn walk() {
    let Some(shared) = town() else { return };
    let demo = Demo::build().await;
    let settings = demo.path().join("linli.toml");
    let said = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{said}\n[push]\nprivate_addresses = true\n")).unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let server = Server::start_at(demo.path(), &listen, "warn", Stdio::null());
    let origin = format!("http://{listen}");
    let (service, base) = Service::start().await;
    let b = Browser::open(shared.apart(origin.clone()), "push", Wanted::default()).await;
    let allowed = json!({ "permissions": ["notifications"], "origin": origin });
    b.protocol("Browser.grantPermissions", allowed).await;
    let manager = format!(
        "PushManager.prototype.getSubscription = async () => null;
         PushManager.prototype.subscribe = async function () {{ return {}; }};",
        subscription(&base, 1)
    );
    b.protocol("Page.addScriptToEvaluateOnNewDocument", json!({ "source": manager })).await;

    b.sign_in(WHO).await;
    b.goto("/account").await;
    b.press("提醒推送").await;
    b.see("还没有设备接收推送").await;
    b.press("在本机接收提醒").await;
    b.see("以后有新提醒会推送到本机").await;
    b.shot("push-joined").await;

    notice(&demo).await;
    let (address, told) = service.told(0).await;
    assert_eq!(address, 1);
    closed(&told);
    let beside = Beside::open(&b, &base).await;
    let shown = beside.deliver(&origin, &told).await;
    assert_eq!(shown.as_array().unwrap().len(), 1, "one notice: {shown}");
    assert_eq!((&shown[0]["title"], &shown[0]["body"]), (&told["title"], &told["body"]));

    let asked = beside.in_worker(PRESS).await;
    let path = asked.as_str().and_then(|url| url.strip_prefix(&origin)).unwrap_or_else(|| panic!("{asked}"));
    assert_eq!(told["path"], path);
    b.goto(path).await;
    b.wait("the work", async || b.path().await.starts_with("/channel")).await;
    b.goto("/account/devices").await;

    // Another address: the worker says so by itself, and the next notice goes there.
    let exchanged = beside.in_worker(&exchange(&base, 1, 2)).await;
    assert_eq!(exchanged, "exchanged");
    notice(&demo).await;
    let (address, told) = service.told(1).await;
    assert_eq!(address, 2, "the old address is not called any more");
    closed(&told);
    b.goto("/account/sessions").await;
    b.see("推送服务给一台设备换了地址").await;
    b.close().await;
    server.kill();
}

#[test]
fn a_notice_is_pushed_shown_and_opened_and_the_address_is_exchanged() {
    tokio::runtime::Runtime::new().unwrap().block_on(walk());
}
