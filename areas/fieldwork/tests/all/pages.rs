//! The pages as a phone meets them.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, StatusCode, header};
use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    area::Area,
    ids::AccountId,
    reader::Reader,
    sessions,
    texts::Texts,
    web,
};
use linli_work::TaskKind;
use tower::ServiceExt;

use super::world::{World, app, worlds};

pub struct Site {
    pub world: World,
    router: Router,
    cookie: String,
    pub account: AccountId,
}

fn areas() -> Vec<Area> {
    vec![
        web::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
    ]
}

async fn site(world: World) -> Site {
    site_as(world, Role::Coordinator).await
}

/// The site for somebody with a role in the first grid.
pub async fn site_as(world: World, role: Role) -> Site {
    let areas = areas();
    let texts: Vec<_> = areas.iter().filter_map(|a| a.texts.map(|(zh, en)| (a.name, zh, en))).collect();
    let app = app(world.store(), &world.grids[..1], Texts::new(&texts).unwrap());
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    let account = NewAccount {
        sign_in_name: "xie".into(),
        display_name: "协管员".into(),
        password_hash: "-".into(),
        roles: vec![(role, world.grids[0].to_string())],
        must_change: false,
    };
    let account = accounts::create(&tx, account).await.unwrap();
    let token = sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    let cookie = format!("{}={token}", sessions::cookie_name(false));
    Site { world, router: web::router(app, &areas), cookie, account }
}

async fn sites() -> Vec<Site> {
    let mut all = Vec::new();
    for world in worlds().await {
        all.push(site(world).await);
    }
    all
}

impl Site {
    async fn ask(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        let body = to_bytes(response.into_body(), 4 << 20).await.unwrap();
        (status, to, String::from_utf8(body.to_vec()).unwrap())
    }
    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let (status, _, body) = self.ask(request).await;
        (status, body)
    }
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> (StatusCode, String, String) {
        let encoded: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", web::encode_query(v))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded.join("&")))
            .unwrap();
        self.ask(request).await
    }
    fn home(&self, n: usize) -> String {
        format!("/field/homes/{}", self.world.homes[n])
    }
    fn choice(&self, n: usize, choice: &str) -> (String, String) {
        (format!("c-{}", self.world.residents[n]), choice.to_owned())
    }
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn every_page_answers_without_inline_style_or_script() {
    for site in sites().await {
        site.world.task(TaskKind::SurveyError, site.world.home(0, 0), 0, 24).await;
        let door = site.home(0);
        let new = format!("{door}/new-person");
        for path in [
            "/field",
            "/field/online",
            "/field/paper",
            "/field/conflicts",
            "/field/map",
            "/field/new",
            "/field/new?q=501",
            "/field/me",
            &door,
            &new,
            "/fieldwork",
            "/fieldwork/photos",
            "/tasks",
            "/tasks?state=late",
            "/channel",
            "/notices",
        ] {
            let (status, body) = site.get(path).await;
            assert_eq!(status, StatusCode::OK, "{path} {}", site.world.test.engine);
            for inline in [" style=", "<style", "onclick=", "javascript:"] {
                assert!(!body.contains(inline), "{path} has {inline}");
            }
            assert!(!body.contains("张测"), "{path} is masked");
        }
    }
}

#[tokio::test]
async fn a_visit_with_somebody_missing_comes_back_with_what_was_typed() {
    for site in sites().await {
        let visit = format!("{}/visit", site.home(0));
        let sent = [
            site.choice(0, "changed"),
            (format!("f-{}", site.world.residents[0]), "phone".into()),
            (format!("x-{}", site.world.residents[0]), "19900008888".into()),
        ];
        let (status, _, body) = site.post(&visit, &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("还有 1 人未核对"), "{body}");
        assert!(body.contains("19900008888") && body.contains("value=\"changed\" checked"));
        assert_eq!(site.world.count("visit").await, 0, "{}", site.world.test.engine);
    }
}

#[tokio::test]
async fn a_form_sent_again_for_an_erased_record_comes_back_with_what_to_do_and_is_then_taken() {
    for site in sites().await {
        let visit = format!("{}/visit", site.home(0));
        let sent = [site.choice(0, "here"), site.choice(1, "here")];
        super::visits::erase(&site.world, site.world.residents[0]).await;
        let (status, _, body) = site.post(&visit, &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}", site.world.test.engine);
        assert!(body.contains("已经彻底删除") && body.contains("value=\"here\" checked"), "{body}");
        assert_eq!(site.world.count("visit").await, 0);
        let (status, to, _) = site.post(&visit, &sent[1..]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/field/online"));
    }
}

#[tokio::test]
async fn a_paper_form_is_typed_in_with_the_time_that_stands_on_it() {
    for site in sites().await {
        let page = site.get(&format!("{}?paper=1", site.home(0))).await.1;
        assert!(page.contains("name=\"visited\"") && page.contains("补录纸质走访表"), "{page}");
        let (_, paper) = site.get("/field/paper").await;
        assert!(paper.contains(&format!("{}?paper=1", site.home(1))), "{paper}");
        let visit = format!("{}/visit", site.home(0));
        let now = site.world.store().now();
        let sent = |written: &str| vec![site.choice(0, "here"), site.choice(1, "here"), field("visited", written)];
        for wrong in
            ["yesterday".to_owned(), format!("{}T14:05", now.day().plus_days(1)), format!("{}T25:00", now.day())]
        {
            let (status, _, body) = site.post(&visit, &sent(&wrong)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(body.contains("id=\"e-visited\"") && body.contains(&wrong), "{body}");
        }
        let yesterday = now.day().plus_days(-1);
        let (status, _, body) = site.post(&visit, &sent(&format!("{yesterday}T14:05"))).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        let last =
            linli_fieldwork::visit::last(&site.world.store().reads(), site.world.homes[0]).await.unwrap().unwrap();
        assert_eq!(last.seen_at, yesterday.start().plus_s(14 * 3600 + 5 * 60), "{}", site.world.test.engine);
    }
}

#[tokio::test]
async fn a_settled_visit_leads_back_to_the_day_where_it_is_done() {
    for site in sites().await {
        let visit = format!("{}/visit", site.home(0));
        let entry: uuid::Uuid = site.world.store().new_id();
        let sent = [site.choice(0, "here"), site.choice(1, "gone"), field("entry_id", &entry.to_string())];
        // The second time as a phone sends it after a lost answer.
        for _ in 0..2 {
            let (status, to, _) = site.post(&visit, &sent).await;
            assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/field/online"));
        }
        assert_eq!((site.world.count("visit").await, site.world.members(0).await.len()), (1, 1));
        let (_, body) = site.get("/field/online").await;
        assert!(body.contains("已全员核对") && body.contains('✓'), "{}", site.world.test.engine);
    }
}

#[tokio::test]
async fn a_newcomers_wrong_number_is_told_at_its_field_and_the_choices_stay() {
    for site in sites().await {
        let visit = format!("{}/visit", site.home(0));
        let mut sent =
            vec![site.choice(0, "here"), site.choice(1, "here"), field("newcomers", "0"), field("do", "add")];
        let (status, _, body) = site.post(&visit, &sent).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("name=\"n0-name\"") && body.matches("value=\"here\" checked").count() == 2);
        sent.truncate(2);
        let person = [("newcomers", "1"), ("n0-name", "王新来"), ("n0-doc_kind", "resident"), ("n0-doc_no", "12345")];
        sent.extend(person.map(|(k, v)| field(k, v)));
        let (status, _, body) = site.post(&visit, &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("id=\"e-n0-doc_no\"") && body.contains("王新来"), "{}", site.world.test.engine);
        sent.retain(|(k, _)| k != "n0-doc_no");
        sent.push(field("n0-doc_no", &site.world.person(7, 0).doc_no));
        let (status, to, body) = site.post(&visit, &sent).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/field/online"), "{body}");
        assert_eq!(site.world.members(0).await.len(), 3);
    }
}

#[tokio::test]
async fn somebody_new_is_registered_at_the_door_or_told_what_is_wrong() {
    for site in sites().await {
        let path = format!("{}/new-person", site.home(0));
        let (status, _, body) = site.post(&path, &[field("name", ""), field("doc_kind", "resident")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("id=\"e-name\"") && body.contains("id=\"e-doc_no\""));
        let known = site.world.person(2, 0).doc_no;
        let sent = [field("name", "周知"), field("doc_kind", "resident"), field("doc_no", &known)];
        let (status, _, body) = site.post(&path, &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "never two main residences");
        assert!(body.contains("id=\"e-doc_no\""));
        let new = site.world.person(8, 0).doc_no;
        let sent = [field("name", "周知"), field("doc_kind", "resident"), field("doc_no", &new)];
        let (status, to, _) = site.post(&path, &sent).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, site.home(0)));
        assert_eq!(site.world.members(0).await.len(), 3, "{}", site.world.test.engine);
    }
}

#[tokio::test]
async fn a_record_is_shown_once_on_the_page_and_the_choices_stay() {
    for site in sites().await {
        let path = format!("{}/reading", site.home(0));
        let show = field("show", &site.world.residents[0].to_string());
        let sent = [site.choice(1, "gone"), show];
        let (status, _, body) = site.post(&path, &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "neither due nor a task");
        assert!(!body.contains("张测0") && site.world.count("access_record").await == 0);
        site.world.task(TaskKind::SurveyError, site.world.home(0, 0), 0, 24).await;
        let (status, _, body) = site.post(&path, &sent).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("张测0") && !body.contains("张测1") && body.contains("value=\"gone\" checked"));
        assert_eq!(site.world.count("access_record").await, 1, "{}", site.world.test.engine);
    }
}

#[tokio::test]
async fn another_grids_home_does_not_exist() {
    for site in sites().await {
        let home = site.home(2);
        assert_eq!(site.get(&home).await.0, StatusCode::NOT_FOUND);
        assert_eq!(site.get(&format!("{home}/new-person")).await.0, StatusCode::NOT_FOUND);
        for end in ["visit", "reading", "new-person"] {
            let sent = [field("show", &site.world.residents[2].to_string())];
            assert_eq!(site.post(&format!("{home}/{end}"), &sent).await.0, StatusCode::NOT_FOUND, "{end}");
        }
    }
}

#[tokio::test]
async fn a_task_is_closed_on_its_page_with_an_outcome_of_its_kind() {
    for site in sites().await {
        let id = site.world.task(TaskKind::SurveyError, site.world.home(0, 0), 0, 24).await;
        let (status, body) = site.get(&format!("/tasks/{id}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(&site.home(0)), "leads to the door");
        let path = format!("/tasks/{id}/closure");
        let (status, ..) = site.post(&path, &[field("outcome", "not-there"), field("version", "1")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, to, _) = site.post(&path, &[field("outcome", "confirmed"), field("version", "1")]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/tasks"), "{}", site.world.test.engine);
    }
}
