//! Names that have broken programs: markup, a formula, characters beyond the common planes, fifty characters with middle
//! dots, and a household of sixty. Shown and exported right by every page and every table of the register.

use axum::body::Body;
use cn_identity::DocumentKind;
use http::{Request, StatusCode, header};
use linli_platform::{
    access::Role,
    ids::AccountId,
    reader::Reader,
    sessions,
    sheet::{self, Sheet},
    testing::{self, Client},
    web,
};
use linli_register::{
    ResidentId,
    codes::{DoubtCause, Source},
    doubts,
    home_change::{self, HomeChange},
    inward::{self, NewInward},
    outward,
    residents::{self, Change, Entered},
    rules, transfers,
};
use tower::ServiceExt as _;

use super::world::{World, areas, number, worlds};

/// From the longest to the shortest trick; the third and the fifth have characters beyond the basic plane, the last has more
/// than twenty characters.
fn names() -> Vec<String> {
    let long: String = "阿卜杜勒·买买提·艾合买提·吐尔逊·".chars().cycle().take(49).chain(['江']).collect();
    vec![
        "<script>alert(1)</script>".into(),
        "=HYPERLINK(\"http://x.test\",\"看\")".into(),
        "䶮龘𬬻".into(),
        long,
        "𠮷野".into(),
        "迪丽努尔·艾尔肯·阿不都热西提·吐尔逊买买提".into(),
    ]
}

/// A page's text as a browser reads it.
fn read(page: &str) -> String {
    page.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'")
}

/// What no page may hold: markup that somebody typed.
fn is_safe(page: &str) -> bool {
    !page.contains("<script>alert")
}

async fn people(w: &World) -> Vec<ResidentId> {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let mut ids = Vec::new();
    for (n, name) in names().iter().enumerate() {
        let seq = 2 + 2 * u16::try_from(n).unwrap();
        let mut person = w.person(name, seq, 0);
        person.employer_id = Some(w.employer);
        ids.push(residents::register(&tx, person).await.unwrap());
    }
    tx.commit().await.unwrap();
    ids
}

async fn office(w: &World) -> AccountId {
    testing::account(w.store(), "office", &[(Role::PopulationOffice, w.store().division())]).await
}

/// A workbook that somebody takes, read back as a spreadsheet reads it.
async fn table(w: &World, account: AccountId, path: &str, known: &[&str]) -> Sheet {
    let tx = w.store().begin(&Reader::system()).await.unwrap();
    let token = sessions::begin(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    let cookie = format!("{}={token}", sessions::cookie_name(w.app.secure_cookies));
    let request = Request::get(path).header(header::HOST, "linli.test").header(header::COOKIE, cookie);
    let answer = web::router(w.app.clone(), &areas()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    sheet::read_bytes(&bytes, known).unwrap()
}

#[tokio::test]
async fn every_page_of_a_record_shows_hard_names_as_text_and_masked() {
    for w in worlds().await.into_iter().take(1) {
        let ids = people(&w).await;
        let account = office(&w).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        for (id, name) in ids.iter().zip(names()) {
            let masked = cn_identity::mask::name(&name);
            let mut pages = vec![format!("/residents/{id}")];
            for page in ["access", "change", "move", "cancellation", "merge", "split"] {
                pages.push(format!("/residents/{id}/{page}"));
            }
            pages.push(format!("/residents/{id}/merge/{}", ids[usize::from(*id == ids[0])]));
            for path in pages {
                let page = me.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(is_safe(&page.text) && !read(&page.text).contains(&name), "{path} masks {name}");
                if path.contains("change") || path.contains("merge/") {
                    assert!(read(&page.text).contains(&masked), "{path} shows {masked}: {}", page.text);
                }
            }
            let opened = me.post(&format!("/residents/{id}/reading"), &[("purpose", "counter-service")]).await;
            assert!(is_safe(&opened.text) && read(&opened.text).contains(&name), "{name}: {}", opened.text);
            // What somebody types comes back as text, on the form and beside what another has changed.
            let form = [("version", "9"), ("base", "1"), ("name", name.as_str()), ("doc_no", "1")];
            let kept = me.post(&format!("/residents/{id}/change"), &form).await;
            assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(is_safe(&kept.text) && read(&kept.text).contains(&name), "{name} comes back");
            let found = me.post("/residents/search", &[("q", name.as_str())]).await;
            assert!(is_safe(&found.text), "the search for {name}");
        }
        for path in ["/residents".to_owned(), format!("/homes/{}", w.homes[0]), format!("/employers/{}", w.employer)] {
            let page = me.get(&path).await.text;
            assert!(is_safe(&page), "{path}");
            for id in &ids {
                assert!(page.contains(&format!("/residents/{id}")), "{path} lists everybody");
            }
        }
    }
}

#[tokio::test]
async fn hard_names_in_hand_overs_homes_and_conflicts_are_text() {
    for w in worlds().await.into_iter().take(1) {
        let ids = people(&w).await;
        let due = transfers::due_at(&w.app).unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        transfers::offer(&tx, ids[0], w.grids[1], due).await.unwrap();
        outward::offer(&tx, ids[1], "华新镇<script>alert(1)</script>中心", due).await.unwrap();
        doubts::raise(&tx, ids[2], DoubtCause::NotMet, due).await.unwrap();
        let mut offers = Vec::new();
        for (n, name) in names().iter().enumerate() {
            let written = rules::Written {
                name,
                doc_kind: DocumentKind::Resident,
                doc_no: &number(40 + 2 * u16::try_from(n).unwrap()),
                doc_confirmed: false,
                phone: "",
                sex: None,
                birth: None,
            };
            let new = NewInward {
                from_office: "=1+1".into(),
                reference: "<script>alert(1)</script>".into(),
                person: rules::check(&written, w.today()).0.unwrap(),
                address: w.addresses[0],
                offered_day: w.today(),
            };
            offers.push(inward::enter(&tx, new, due).await.unwrap());
        }
        let landlord = HomeChange {
            owner: Some(Some(names()[0].clone())),
            landlord: Some(Some(names()[3].clone())),
            agent: Some(Some("=cmd|' /C calc'!A0".into())),
            ..HomeChange::default()
        };
        home_change::change(&tx, w.homes[0], 1, landlord, None, Source::Landlord).await.unwrap();
        let theirs = Change { phone: Some("13800001111".into()), ..Change::default() };
        residents::change(&tx, ids[3], 1, theirs, Source::Landlord).await.unwrap();
        tx.commit().await.unwrap();
        let account = office(&w).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let home = format!("/homes/{}", w.homes[0]);
        let mut paths = vec!["/transfers".into(), "/doubts".into(), "/homes".into(), format!("{home}/change"), home];
        paths.extend(offers.iter().map(|id| format!("/inward-transfers/{id}")));
        for path in paths {
            let page = me.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(is_safe(&page.text), "{path}: {}", page.text);
        }
        for (id, name) in offers.iter().zip(names()) {
            let opened = me.post(&format!("/inward-transfers/{id}/reading"), &[("version", "1")]).await;
            assert!(is_safe(&opened.text) && read(&opened.text).contains(&name), "{name}");
        }
        let markup = names().remove(0);
        let form = [("version", "1"), ("base", "1"), ("phone", "13800002222"), ("name", markup.as_str())];
        let both = me.post(&format!("/residents/{}/change", ids[3]), &form).await;
        assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(is_safe(&both.text) && read(&both.text).contains(&markup), "both sides as text");
    }
}

#[tokio::test]
async fn every_table_gives_hard_names_as_text_and_no_cell_is_a_formula() {
    for w in worlds().await.into_iter().take(1) {
        let ids = people(&w).await;
        let due = transfers::due_at(&w.app).unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        transfers::offer(&tx, ids[1], w.grids[1], due).await.unwrap();
        outward::offer(&tx, ids[0], "=1+1", due).await.unwrap();
        let change = HomeChange { agent: Some(Some("=cmd|' /C calc'!A0".into())), ..HomeChange::default() };
        home_change::change(&tx, w.homes[0], 1, change, None, Source::Landlord).await.unwrap();
        tx.commit().await.unwrap();
        let account = office(&w).await;
        for (path, known, rows) in [
            ("/residents/export.xlsx", ["姓名", "证件号码"], 6),
            ("/residences/export.xlsx", ["姓名", "居住地址"], 6),
            ("/employments/export.xlsx", ["姓名", "工作单位"], 6),
            ("/transfers/export.xlsx", ["姓名", "移交种类"], 2),
            ("/homes/export.xlsx", ["房屋地址", "中介机构"], 3),
        ] {
            let table = table(&w, account, path, &known).await;
            assert_eq!(table.rows.len(), rows, "{path}");
            for cell in table.rows.iter().flat_map(|r| &r.cells) {
                assert!(!cell.is_damaged(), "{path}: no cell is a formula");
                assert!(!names().iter().any(|n| n == cell.text()), "{path} is masked");
            }
            let texts: Vec<&str> = table.rows.iter().flat_map(|r| &r.cells).map(|c| c.text()).collect();
            match path {
                "/transfers/export.xlsx" => assert!(texts.contains(&"=1+1"), "as it was written: {texts:?}"),
                "/homes/export.xlsx" => assert!(texts.iter().any(|t| t.starts_with("=cmd")), "{texts:?}"),
                _ => {
                    for name in names() {
                        assert!(texts.contains(&cn_identity::mask::name(&name).as_str()), "{path}: {name}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_household_of_sixty_stands_whole_on_its_pages_and_in_every_table() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let people = (0..60).map(|n| {
            let mut person = w.person(&format!("工友·{n}"), 101 + n * 2, 0);
            person.employer_id = Some(w.employer);
            person
        });
        residents::register_many(&tx, people.collect(), Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        let account = office(&w).await;
        for path in ["/residents/export.xlsx", "/residences/export.xlsx", "/employments/export.xlsx"] {
            let table = table(&w, account, path, &["姓名", "证件号码"]).await;
            assert_eq!(table.rows.len(), 60, "{path} on {}", w.engine());
        }
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let page = me.get(&format!("/homes/{}", w.homes[0])).await.text;
        assert_eq!(page.matches("href=\"/residents/").count(), 60, "{}", w.engine());
        let (open, folded) = page.split_once("<details id=\"more-people\">").expect("the rest is folded");
        let folded = folded.split("</details>").next().unwrap();
        let (open, folded) = (open.matches("href=\"/residents/").count(), folded.matches("href=\"/residents/").count());
        assert_eq!((open, folded), (20, 40), "{}", w.engine());
        assert!(page.contains("另有 40 人"), "{page}");
        let first = me.get(&format!("/employers/{}", w.employer)).await.text;
        assert!(first.contains("60/80"), "registered of declared: {}", w.engine());
    }
}
