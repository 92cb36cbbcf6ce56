//! The pages of an import, walked as a browser without scripts does.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use http::{Method, Request, StatusCode};
use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    import,
    jobs::{self, run_one},
    reader::Reader,
    sessions, sheet, testing, web,
};
use tower::ServiceExt as _;

use super::{Bench, TABLE, Things, all_migrations, app};

const MARK: &str = "linli-test-boundary";

struct Site {
    bench: Bench,
    cookie: String,
}

async fn site() -> Site {
    let test = testing::sqlite(all_migrations()).await;
    let kind = Arc::new(Things::default());
    let app = app(&test.store, &kind);
    let tx = test.store.begin(&Reader::system()).await.unwrap();
    let account = NewAccount {
        sign_in_name: "office".into(),
        display_name: "人口办".into(),
        password_hash: String::new(),
        roles: vec![(Role::PopulationOffice, testing::DIVISION.into())],
        must_change: false,
    };
    let account = accounts::create(&tx, account).await.unwrap();
    let token = sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    let reader = sessions::reader(&app, account, "人口办".into(), test.store.now().day()).await.unwrap();
    let cookie = format!("{}={token}", sessions::cookie_name(false));
    Site { bench: Bench { test, kind, app, reader }, cookie }
}

impl Site {
    async fn send(&self, method: Method, path: &str, kind: &str, body: Body) -> (StatusCode, String, Bytes) {
        let request = Request::builder().method(method).uri(path).header("cookie", &self.cookie);
        let request = request.header("host", "here").header("content-type", kind).body(body).unwrap();
        let router = web::router(self.bench.app.clone(), &[import::area()]);
        let response = router.oneshot(request).await.unwrap();
        let location = response.headers().get("location").map_or("", |l| l.to_str().unwrap()).to_owned();
        let status = response.status();
        (status, location, to_bytes(response.into_body(), 50_000_000).await.unwrap())
    }
    async fn get(&self, path: &str) -> String {
        let (status, _, body) = self.send(Method::GET, path, "text/plain", Body::empty()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8_lossy(&body).into_owned()
    }
    async fn post(&self, path: &str, form: &str) -> (StatusCode, String, String) {
        let kind = "application/x-www-form-urlencoded";
        let (status, location, body) = self.send(Method::POST, path, kind, Body::from(form.to_owned())).await;
        (status, location, String::from_utf8_lossy(&body).into_owned())
    }
    async fn upload(&self, body: Body) -> (StatusCode, String, String) {
        let kind = format!("multipart/form-data; boundary={MARK}");
        let (status, location, body) = self.send(Method::POST, "/imports", &kind, body).await;
        (status, location, String::from_utf8_lossy(&body).into_owned())
    }
}

fn before_file() -> String {
    format!(
        "--{MARK}\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\nthings\r\n--{MARK}\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"表.csv\"\r\n\r\n"
    )
}

fn form(table: &str) -> Body {
    Body::from(format!("{}{table}\r\n--{MARK}--\r\n", before_file()))
}

#[tokio::test]
async fn an_import_can_be_walked_without_scripts_from_upload_to_result() {
    let site = site().await;
    assert!(site.get("/imports").await.contains("/imports/new"));
    let page = site.get("/imports/new?kind=things").await;
    assert!(page.contains("/imports/templates/things.xlsx") && page.contains("multipart/form-data"));

    let (status, path, _) = site.upload(form(TABLE)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = site.get(&path).await;
    assert!(page.contains("民族") && page.contains("按规定不采集"));
    let (status, _, page) = site.post(&format!("{path}/mapping"), "c0=&c1=people&c2=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("缺少必需的列“姓名”"));
    let (status, _, page) = site.post(&format!("{path}/mapping"), "c0=name&c1=people&c2=people").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("href=\"#f-c1\""), "the summary leads to the field");
    assert_eq!(site.post(&format!("{path}/mapping"), "c0=name&c1=people&c2=").await.0, StatusCode::SEE_OTHER);
    assert!(site.get(&path).await.contains("http-equiv=\"refresh\""));
    while run_one(&site.bench.app).await.unwrap() {}

    let page = site.get(&path).await;
    assert!(page.contains("要写数字") && page.contains("errors.xlsx") && !page.contains("欧阳测试"));
    let (_, _, book) = site.send(Method::GET, &format!("{path}/errors.xlsx"), "text/plain", Body::empty()).await;
    assert_eq!(sheet::read_bytes(&book, &["姓名"]).unwrap().rows.len(), 1);
    let (status, _, page) = site.post(&format!("{path}/confirmation"), "rows=2").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("有 1 行不能写入"));
    let confirmed = site.post(&format!("{path}/confirmation"), "rows=2&leave_out_bad=true").await;
    assert_eq!(confirmed.0, StatusCode::SEE_OTHER);
    while run_one(&site.bench.app).await.unwrap() {}
    assert!(site.get(&path).await.contains("已写入 2 行"));
    assert_eq!(site.bench.count("test_thing").await, 2);
    assert!(site.get("/imports").await.contains("已写入"));
}

#[tokio::test]
async fn a_write_that_fails_says_so_and_can_be_checked_again_or_given_up() {
    let site = site().await;
    let (_, path, _) = site.upload(form("姓名,人数\n甲,1\n乙,2\n")).await;
    site.post(&format!("{path}/mapping"), "c0=name&c1=people").await;
    while run_one(&site.bench.app).await.unwrap() {}
    site.post(&format!("{path}/confirmation"), "rows=2").await;
    site.bench.kind.fails.store(true, Ordering::Relaxed);
    while run_one(&site.bench.app).await.unwrap() {}
    assert_eq!(site.bench.count("test_thing").await, 0);
    assert!(site.get(&path).await.contains("没有写入任何内容"));
    assert_eq!(site.post(&format!("{path}/checks"), "").await.0, StatusCode::SEE_OTHER);
    while run_one(&site.bench.app).await.unwrap() {}
    assert!(site.get(&path).await.contains("确认写入 2 行"));
    assert_eq!(site.post(&format!("{path}/cancellation"), "").await.1, "/imports");
    assert!(site.get(&path).await.contains("已放弃"));
    assert_eq!(site.bench.count("import_chunk").await, 0);
}

/// Confirms an import whose every writing is interrupted, until its job has failed.
async fn interrupted(site: &Site) -> String {
    let (_, path, _) = site.upload(form("姓名,人数\n甲,1\n乙,2\n")).await;
    site.post(&format!("{path}/mapping"), "c0=name&c1=people").await;
    while run_one(&site.bench.app).await.unwrap() {}
    site.post(&format!("{path}/confirmation"), "rows=2").await;
    site.bench.kind.hangs.store(true, Ordering::Relaxed);
    for _ in 0..jobs::ATTEMPTS {
        let run = tokio::time::timeout(Duration::from_millis(1_500), run_one(&site.bench.app)).await;
        assert!(run.is_err(), "the process dies while it writes");
        site.bench.test.clock.set(site.bench.store().now().plus_s(61));
    }
    site.bench.kind.hangs.store(false, Ordering::Relaxed);
    assert!(!run_one(&site.bench.app).await.unwrap());
    assert_eq!(site.bench.count("test_thing").await, 0, "nothing is half in");
    path
}

#[tokio::test]
async fn an_import_that_stands_still_says_so_and_goes_on_from_where_it_stood() {
    let site = site().await;
    let path = interrupted(&site).await;
    let page = site.get(&path).await;
    assert!(page.contains("写入中断，什么也没有写入") && page.contains("程序多次在任务完成前停止"), "{page}");
    assert!(page.contains("/resumption") && page.contains("/checks") && page.contains("/cancellation"), "{page}");
    assert!(!page.contains("http-equiv=\"refresh\""), "nothing moves by itself any more");
    assert_eq!(site.post(&format!("{path}/resumption"), "").await.1, path);
    while run_one(&site.bench.app).await.unwrap() {}
    assert!(site.get(&path).await.contains("已写入 2 行"));
    assert_eq!(site.bench.count("test_thing").await, 2);
    for step in ["resumption", "checks", "cancellation"] {
        assert_eq!(site.post(&format!("{path}/{step}"), "").await.0, StatusCode::CONFLICT, "{step}");
    }
}

#[tokio::test]
async fn an_import_that_stands_still_can_be_checked_anew_or_given_up() {
    let site = site().await;
    let path = interrupted(&site).await;
    assert_eq!(site.post(&format!("{path}/checks"), "").await.1, path);
    while run_one(&site.bench.app).await.unwrap() {}
    assert!(site.get(&path).await.contains("确认写入 2 行"));

    let path = interrupted(&site).await;
    assert_eq!(site.post(&format!("{path}/cancellation"), "").await.1, "/imports");
    assert!(site.get(&path).await.contains("已放弃"));
}

#[tokio::test]
async fn an_import_that_is_being_written_cannot_be_given_up_beside_it() {
    let site = site().await;
    let (_, path, _) = site.upload(form("姓名,人数\n甲,1\n")).await;
    site.post(&format!("{path}/mapping"), "c0=name&c1=people").await;
    while run_one(&site.bench.app).await.unwrap() {}
    site.post(&format!("{path}/confirmation"), "rows=1").await;
    for step in ["resumption", "checks", "cancellation"] {
        assert_eq!(site.post(&format!("{path}/{step}"), "").await.0, StatusCode::CONFLICT, "{step}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_table_comes_back_with_the_form_and_the_reason() {
    let site = site().await;
    for (body, reason) in [
        (form("%PDF-1.7"), "文件不是 .xlsx"),
        (form("姓名,人数\n\"甲,1\n"), "第 2 行第 1 列的引号"),
        (form(""), "请选择文件"),
        (Body::from(format!("--{MARK}--\r\n")), "请选择表格种类"),
    ] {
        let (status, _, page) = site.upload(body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(page.contains(reason), "{reason}");
    }
}

#[tokio::test]
async fn an_upload_beyond_the_limit_is_cut_off_while_it_streams() {
    let site = site().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let part = Bytes::from(vec![b'a'; 1024 * 1024]);
    let start = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(before_file()))]);
    let rest = futures::stream::iter((0..200).map(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(part.clone())
    }));
    let (status, _, page) = site.upload(Body::from_stream(futures::StreamExt::chain(start, rest))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("超过 50 MB"));
    assert!(sent.load(Ordering::Relaxed) <= 52, "the rest of the 200 MB was never asked for");
}
