//! What goes out as a file: masked tables, and the daily file with its receipt. Read back as a spreadsheet reads them.

use axum::body::Body;
use http::{Request, StatusCode, header};
use linli_platform::{
    access::Role,
    ids::AccountId,
    reader::Reader,
    sessions,
    sheet::{self, Out, Sheet, WriteOptions},
    store::Query as _,
    testing::{self, Client},
    vals, web,
};
use linli_register::{
    ResidentId, Slice,
    codes::{CancelReason, Source},
    daily, history, homes,
    merges::{self, Merge},
    residents::{self, Change, Entered, Filter},
};
use tower::ServiceExt as _;

use super::world::{World, areas, mobile, number, worlds};

/// Names that have broken programs, from the longest to the shortest trick.
fn hard_names() -> Vec<String> {
    let long: String = "阿卜杜勒·买买提·艾合买提·吐尔逊·".chars().cycle().take(49).chain(['江']).collect();
    vec![
        "<script>alert(1)</script>".into(),
        "=HYPERLINK(\"http://x.test\",\"看\")".into(),
        "䶮龘".into(),
        long,
        "𠮷野".into(),
        "迪丽努尔·艾尔肯·阿不都热西提·吐尔逊买买提".into(),
    ]
}

async fn office(w: &World) -> AccountId {
    testing::account(w.store(), "office", &[(Role::PopulationOffice, w.store().division())]).await
}

/// The bytes of an answer.
async fn bytes(w: &World, account: AccountId, request: http::request::Builder, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
    let tx = w.store().begin(&Reader::system()).await.unwrap();
    let token = sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    let request = request
        .header(header::HOST, "linli.test")
        .header(header::ORIGIN, "http://linli.test")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, format!("{}={token}", sessions::cookie_name(w.app.secure_cookies)));
    let answer = web::router(w.app.clone(), &areas()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status();
    (status, axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn table(w: &World, account: AccountId, path: &str, known: &[&str]) -> Sheet {
    let (status, file) = bytes(w, account, Request::get(path), Vec::new()).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    sheet::read_bytes(&file, known).unwrap()
}

async fn taken(w: &World, account: AccountId, path: &str) -> Sheet {
    let (status, file) = bytes(w, account, Request::post(path), Vec::new()).await;
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&file));
    sheet::read_bytes(&file, &["流水号", "变更类型"]).unwrap()
}

#[tokio::test]
async fn hard_names_are_shown_found_and_exported_as_they_are_written() {
    for w in worlds().await.into_iter().take(1) {
        let account = office(&w).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        let mut ids: Vec<ResidentId> = Vec::new();
        for (name, seq) in hard_names().iter().zip([2u16, 4, 6, 8, 10, 12]) {
            assert!(name.chars().count() <= 50);
            ids.push(residents::register(&tx, w.person(name, seq, 0)).await.unwrap());
        }
        tx.commit().await.unwrap();
        for (name, id) in hard_names().iter().zip(&ids) {
            let read = me.post(&format!("/residents/{id}/reading"), &[("purpose", "counter-service")]).await.text;
            let shown = read.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
            assert!(shown.contains(name.as_str()), "{name}: {read}");
            for page in [read, me.get(&format!("/residents/{id}")).await.text, me.get("/residents").await.text] {
                assert!(!page.contains("<script>alert"), "{name}");
            }
        }
        let found = residents::search(&w.app, &w.office(), "䶮龘", Slice::first(5)).await.unwrap();
        assert_eq!(found.total, 1);
        for name in hard_names().iter().filter(|n| n.contains('·')) {
            let found = residents::search(&w.app, &w.office(), name, Slice::first(5)).await.unwrap();
            assert_eq!(found.total, 1, "{name}");
        }
        let home = me.get(&format!("/homes/{}", w.homes[0])).await.text;
        for (name, id) in hard_names().iter().zip(&ids) {
            let masked = cn_identity::mask::name(name).replace('<', "&#60;");
            assert!(home.contains(&format!("/residents/{id}\">{masked}</a>")), "{name}: {home}");
        }
        let export = table(&w, account, "/residents/export.xlsx", &["姓名", "证件号码"]).await;
        assert_eq!(export.rows.len(), 6);
        for row in &export.rows {
            let masked = row.text(0);
            assert!(masked.contains('*') && !hard_names().iter().any(|n| n == masked), "{masked}");
            assert!(!row.cells.iter().any(|c| c.is_damaged()), "no cell is a formula");
        }
        w.test.clock.set(w.today().plus_days(1).start().plus_hours(9));
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let made = me.post("/daily-files", &[("day", "2026-11-20")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let file = taken(&w, account, &format!("{}/download", made.location())).await;
        let mut names: Vec<String> = file.rows.iter().map(|r| r.text(2).to_owned()).collect();
        let mut expected = hard_names();
        names.sort();
        expected.sort();
        assert_eq!(names, expected, "as written, and no formula");
    }
}

#[tokio::test]
async fn a_household_of_sixty_is_shown_and_exported_whole() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let people = (0..60).map(|n| w.person(&format!("工友{n}"), 101 + n * 2, 0)).collect();
        residents::register_many(&tx, people, Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        let household = homes::household(&w.store().reads(), &w.office(), w.homes[0]).await.unwrap();
        assert_eq!(household.members.len(), 60, "{}", w.engine());
        let account = office(&w).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let page = me.get(&format!("/homes/{}", w.homes[0])).await.text;
        assert_eq!(page.matches("href=\"/residents/").count(), 60);
        let export = table(&w, account, "/residents/export.xlsx", &["姓名", "证件号码"]).await;
        assert_eq!(export.rows.len(), 60);
        let homes = table(&w, account, "/homes/export.xlsx", &["房屋地址", "房屋类型"]).await;
        assert!(homes.rows.iter().any(|r| r.cells.iter().any(|c| c.text() == "60")), "{:?}", w.engine());
    }
}

#[tokio::test]
async fn an_export_by_key_gives_every_row_once_in_the_order_of_the_list() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let people = (0..25).map(|n| w.person("曾小明", 101 + n * 2, 0)).collect();
        residents::register_many(&tx, people, Entered::Now).await.unwrap();
        residents::register(&tx, w.person("李四", 2, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let (q, reader, filter) = (w.store().reads(), w.coordinator(0), Filter::default());
        let (mut last, mut ids) = (None, Vec::new());
        loop {
            let rows = residents::after(&q, &reader, &filter, last, 10).await.unwrap();
            last = rows.last().map(|r| (r.entered_at, r.resident_id)).or(last);
            ids.extend(rows.iter().map(|r| r.resident_id));
            if rows.len() < 10 {
                break;
            }
        }
        let list = residents::list(&q, &reader, &filter, Slice::first(100)).await.unwrap();
        let listed: Vec<ResidentId> = list.rows.iter().map(|r| r.resident_id).collect();
        assert_eq!(ids, listed, "{}", w.engine());
        assert_eq!(residents::count(&q, &reader, &filter).await.unwrap(), 25, "another grid's are not counted");
    }
}

#[tokio::test]
async fn every_table_goes_out_masked_watermarked_and_logged() {
    for w in worlds().await {
        let account = office(&w).await;
        for (path, known, rows) in [
            ("/homes/export.xlsx", ["房屋地址", "房屋类型"], 3),
            ("/employers/export.xlsx", ["单位名称", "行业"], 1),
            ("/addresses/export.xlsx", ["标准地址", "村居"], 3),
        ] {
            let (_, file) = bytes(&w, account, Request::get(path), Vec::new()).await;
            let export = sheet::read_bytes(&file, &known).unwrap();
            assert_eq!(export.rows.len(), rows, "{path} {}", w.engine());
            assert_eq!(export.heading_row, 2, "above the heading stands who took it");
            let text = format!(
                "{:?}",
                export
                    .rows
                    .iter()
                    .map(|r| r.cells.iter().map(|c| c.text().to_owned()).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            );
            assert!(!text.contains("钱多多") && !text.contains("13900001111"), "{path}");
        }
        let made = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'export.made'";
        let q = w.store().reads();
        assert_eq!(q.number(made, vals![q.division()]).await.unwrap(), 3, "{}", w.engine());
    }
}

fn answer(rows: &[(&str, &str, &str)], w: &World) -> Vec<u8> {
    let rows: Vec<Vec<Out>> = rows.iter().map(|(a, b, c)| vec![Out::from(*a), Out::from(*b), Out::from(*c)]).collect();
    let options = WriteOptions { sheet_name: "回执".into(), watermark: None, at: w.store().now() };
    sheet::write(&["流水号", "处理结果", "退回原因"], &rows, &options).unwrap()
}

async fn send_receipt(w: &World, account: AccountId, path: &str, file: &[u8]) -> (StatusCode, String) {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.xlsx\"\r\n\r\n".to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request =
        Request::post(format!("{path}/receipt")).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let (status, page) = bytes(w, account, request, body).await;
    (status, String::from_utf8_lossy(&page).into_owned())
}

#[tokio::test]
async fn a_days_changes_are_reported_once_and_what_was_refused_again_when_it_is_put_right() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let stays = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let refused = residents::register(&tx, w.person("李四", 4, 1)).await.unwrap();
        let gone = residents::register(&tx, w.person("赵六", 6, 1)).await.unwrap();
        residents::cancel(&tx, gone, 1, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        let (first, account) = (w.today(), office(&w).await);
        let tx = w.store().begin(&w.office()).await.unwrap();
        assert_eq!(daily::make(&tx, first).await.unwrap_err().code, "daily-day-open", "{}", w.engine());
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        assert_eq!(daily::make(&tx, first.plus_days(-1)).await.unwrap_err().code, "forbidden");
        drop(tx);
        w.test.clock.set(first.plus_days(1).start().plus_hours(9));
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let made = me.post("/daily-files", &[("day", &first.to_string())]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let path = made.location().to_owned();
        let twice = me.post("/daily-files", &[("day", &first.to_string())]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        let file = taken(&w, account, &format!("{path}/download")).await;
        let kinds: Vec<&str> = file.rows.iter().map(|r| r.text(1)).collect();
        assert_eq!(kinds, ["新增", "新增"], "who came and went on one day is nobody's news");
        assert!(file.rows.iter().any(|r| r.text(4) == number(2) && r.text(5) == mobile(2)));
        // Each taking is a reading that the person sees.
        let read = history::readings(&w.store().reads(), &w.office(), stays).await.unwrap();
        assert_eq!((read.len(), read[0].purpose.as_str()), (1, "official-register"), "{}", w.engine());
        let of = |id: u16| file.rows.iter().find(|r| r.text(4) == number(id)).unwrap().text(0).to_owned();
        let foreign = answer(&[("20200101-0001", "成功", "")], &w);
        let (status, page) = send_receipt(&w, account, &path, &foreign).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("不属于这个文件"), "{page}");
        let receipt = answer(&[(&of(2), "成功", ""), (&of(4), "退回", "公民身份号码与李四不符")], &w);
        let (status, page) = send_receipt(&w, account, &path, &receipt).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let shown = me.get(&path).await.text;
        assert!(shown.contains("证件号码不符") && shown.contains("待更正") && !shown.contains("李四"), "{shown}");
        // The next day: what was refused is put right, what was accepted changes, and a duplicate is merged away.
        let tx = w.store().begin(&w.office()).await.unwrap();
        let fixed = Change { name: Some("李思".into()), ..Change::default() };
        residents::change(&tx, refused, 1, fixed, Source::Counter).await.unwrap();
        tx.commit().await.unwrap();
        assert!(me.get(&path).await.text.contains("将再次报送"));
        let tx = w.store().begin(&w.office()).await.unwrap();
        let merge = Merge { kept: (stays, 1), absorbed: (refused, 2), take: Vec::new() };
        merges::merge(&tx, merge).await.unwrap();
        tx.commit().await.unwrap();
        w.test.clock.set(first.plus_days(2).start().plus_hours(9));
        let later = Client::signed_in(&w.app, &areas(), account).await;
        let made = later.post("/daily-files", &[("day", &first.plus_days(1).to_string())]).await;
        let file = taken(&w, account, &format!("{}/download", made.location())).await;
        let mut kinds: Vec<&str> = file.rows.iter().map(|r| r.text(1)).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["变更", "注销"], "{}", w.engine());
        let nothing = later.post("/daily-files", &[("day", &first.plus_days(-1).to_string())]).await;
        let empty = later.get(nothing.location()).await;
        assert_eq!(empty.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_columns_are_mapped_to_what_the_official_register_asks_for() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (first, account) = (w.today(), office(&w).await);
        w.test.clock.set(first.plus_days(1).start().plus_hours(9));
        let me = Client::signed_in(&w.app, &areas(), account).await;
        assert!(me.get("/daily-files/columns").await.text.contains("heading-doc-no"));
        let names: Vec<String> = daily::DEFAULT.iter().map(|(n, _)| (*n).to_owned()).collect();
        let form = |changed: &[(&str, &str)]| -> Vec<(String, String)> {
            let value = |key: String, usual: String| {
                let found = changed.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned());
                (key, found.unwrap_or(usual))
            };
            (1..)
                .zip(&names)
                .flat_map(|(n, name)| {
                    let place = if matches!(n, 1..=3) { n.to_string() } else { "0".into() };
                    [value(format!("heading-{name}"), format!("列{n}")), value(format!("place-{name}"), place)]
                })
                .collect()
        };
        let post = async |form: Vec<(String, String)>| {
            let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            me.post("/daily-files/columns", &pairs).await
        };
        let same = post(form(&[("heading-kind", "列1")])).await;
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", w.engine());
        assert!(same.text.contains("#f-heading-kind"), "{}", same.text);
        let without = post(form(&[("place-reference", "0")])).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved =
            post(form(&[("heading-name", "XM"), ("place-name", "1"), ("place-reference", "2"), ("place-kind", "3")]))
                .await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let made = me.post("/daily-files", &[("day", &first.to_string())]).await;
        let (_, file) = bytes(&w, account, Request::post(format!("{}/download", made.location())), Vec::new()).await;
        let sheet = sheet::read_bytes(&file, &["XM", "列1"]).unwrap();
        assert_eq!(sheet.headers, ["XM", "列1", "列2"], "{}", w.engine());
        assert_eq!(sheet.rows[0].text(0), "王小明");
    }
}
