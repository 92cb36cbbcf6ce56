//! A whole application without a network: accounts, and a browser's part of the conversation.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body};
use futures::future::BoxFuture;
use http::{HeaderMap, Request, StatusCode, header};
use sea_orm::FromQueryResult;
use tower::ServiceExt;

use crate::{
    access::Role,
    accounts::{self, NewAccount},
    app::{AccountScope, App, Installation, ScopeSource, Typesetter},
    area::Area,
    clock::Day,
    error::Result,
    ids::AccountId,
    paper::{Mark, Paper},
    proof::AccessSettings,
    reader::Reader,
    sessions,
    store::{Query, Store},
    vals, web,
};

/// The password of every account made by [`account`].
pub const PASSWORD: &str = "mossy-lantern-42";

/// Scopes straight from the roles' areas, without stand-ins.
struct RoleScopes;

impl ScopeSource for RoleScopes {
    fn scope<'a>(&'a self, store: &'a Store, account: AccountId, day: Day) -> BoxFuture<'a, Result<AccountScope>> {
        #[derive(FromQueryResult)]
        struct Row {
            area_kind: String,
            area: String,
        }
        Box::pin(async move {
            let rows: Vec<Row> = store
                .reads()
                .rows(
                    "SELECT area_kind, area FROM account_role WHERE division_code = $1 AND account_id = $2
                     AND from_day <= $3 AND (until_day IS NULL OR until_day > $3)",
                    vals![store.division(), account, day],
                )
                .await?;
            let mut scope = AccountScope { agreed: true, ..AccountScope::default() };
            for row in rows {
                match row.area_kind.as_str() {
                    "division" => scope.division = true,
                    "grid" => scope.grids.extend(row.area.parse::<crate::ids::GridId>()),
                    "committee" => scope.committees.push(row.area),
                    "employer" => scope.employers.extend(row.area.parse::<uuid::Uuid>()),
                    _ => {}
                }
            }
            Ok(scope)
        })
    }
}

struct NoPages;

impl Typesetter for NoPages {
    fn pdf(&self, _: &str, _: serde_json::Value) -> Result<Vec<u8>> {
        Ok(b"%PDF-1.7\n".to_vec())
    }
    fn paper_pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        Ok(format!("%PDF-1.7\n{}", serde_json::to_string(paper)?).into_bytes())
    }
    fn paper_word(&self, paper: &Paper) -> Result<Vec<u8>> {
        Ok(format!("PK\n{}", serde_json::to_string(paper)?).into_bytes())
    }
    fn numbered_pdf(&self, paper: &Paper, mark: &Mark) -> Result<Vec<u8>> {
        Ok(format!("%PDF-1.7\n{}\n{}", serde_json::to_string(paper)?, mark.lines.join("\n")).into_bytes())
    }
    fn numbered_word(&self, paper: &Paper, mark: &Mark) -> Result<Vec<u8>> {
        Ok(format!("PK\n{}\n{}", serde_json::to_string(paper)?, mark.lines.join("\n")).into_bytes())
    }
}

/// What a test installation gives; change a field before [`App::assemble`] where a test is about it.
pub fn installation(store: &Store) -> Installation {
    Installation {
        store: store.clone(),
        pack: Arc::new(policy_pack::Pack::embedded()),
        calendar: Arc::new(cn_workday::Calendar::official().weekdays_beyond_known()),
        scopes: Arc::new(RoleScopes),
        documents: Arc::new(NoPages),
        policy_dir: None,
        key_dir: None,
        data_dir: std::env::temp_dir(),
        secure_cookies: false,
        trusted_origins: Vec::new(),
        demonstration: false,
        access: AccessSettings::default(),
    }
}

/// An application on a store, with these areas.
pub fn app(store: &Store, areas: &[Area]) -> App {
    App::assemble(areas, installation(store)).expect("the areas' texts fit together")
}

/// Makes an account with roles, each with its area as text; it signs in with [`PASSWORD`].
pub async fn account(store: &Store, name: &str, roles: &[(Role, &str)]) -> AccountId {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        accounts::hash_password(store.rng(), PASSWORD.into()).await.expect("the password can be hashed")
    });
    let new = NewAccount {
        sign_in_name: name.into(),
        display_name: format!("测试 {name}"),
        password_hash: hash.await.clone(),
        roles: roles.iter().map(|(role, area)| (*role, (*area).to_owned())).collect(),
        must_change: false,
    };
    let tx = store.begin(&Reader::system()).await.expect("a transaction begins");
    let id = accounts::create(&tx, new).await.expect("the account can be made");
    tx.commit().await.expect("the account is there");
    id
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text; bytes that are none are replaced.
    pub text: String,
}

impl Answer {
    /// A header's value, or "".
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }
    /// Where a redirect leads, or "".
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// A browser of one person: it keeps cookies and says where its requests come from.
pub struct Client {
    app: App,
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Client {
    /// Nobody signed in yet.
    pub fn new(app: &App, areas: &[Area]) -> Self {
        Client { app: app.clone(), router: web::router(app.clone(), areas), cookies: Mutex::default() }
    }
    /// Signed in, without the cost of hashing a password.
    pub async fn signed_in(app: &App, areas: &[Area], account: AccountId) -> Self {
        let tx = app.store.begin(&Reader::system()).await.expect("a transaction begins");
        let token = sessions::begin(&tx, account).await.expect("a session begins");
        tx.commit().await.expect("the session is there");
        let client = Client::new(app, areas);
        client.set_cookie(sessions::cookie_name(app.secure_cookies), &token);
        client
    }
    /// Sets a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("no test panicked meanwhile").insert(name.into(), value.into());
    }
    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("no test panicked meanwhile").get(name).cloned()
    }
    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }
    /// Sends a form from a page of the site.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            form.iter().map(|(k, v)| format!("{}={}", web::encode_query(k), web::encode_query(v))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://linli.test")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.join("&")));
        self.send(request.expect("a request")).await
    }
    /// Sends any request, with the cookies.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = {
            let jar = self.cookies.lock().expect("no test panicked meanwhile");
            jar.iter().map(|(k, v)| format!("{k}={v}")).collect()
        };
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert(http::HeaderValue::from_static("linli.test"));
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().expect("cookies are plain"));
        }
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        self.keep(&parts.headers);
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the body ends");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
    fn keep(&self, headers: &HeaderMap) {
        let mut jar = self.cookies.lock().expect("no test panicked meanwhile");
        for value in headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok()) {
            let Some((name, rest)) = value.split_once('=') else { continue };
            if rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.into(), rest.split(';').next().unwrap_or("").into());
            }
        }
    }
}
