//! Names that have broken programs, and a household of sixty, on the pages without an account and on their papers.

use http::StatusCode;
use linli_declarations::receipt;
use linli_platform::{
    app::{App, Installation},
    testing::{self, Client},
};
use linli_register::residents::{self, Entered};

use super::{
    newcomers::arrive,
    receipts::Papers,
    world::{ADDRESSES, NAME, World, areas, mobile, number, office, resident, worlds},
};

/// Markup, a formula, characters beyond the common plane, fifty characters with middle dots, two characters of which one is
/// beyond it, and more than twenty characters.
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

fn is_safe(page: &str) -> bool {
    !page.contains("<script>alert")
}

fn seq(n: usize) -> u16 {
    120 + 2 * u16::try_from(n).unwrap()
}

async fn register(world: &World, people: Vec<residents::NewResident>) {
    let tx = world.store().begin(&office(world.store())).await.unwrap();
    residents::register_many(&tx, people, Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn entered(world: &World, n: usize, name: &str) -> Client {
    let client = Client::new(&world.app, &areas());
    let asked =
        client.post("/me/codes", &[("doc_kind", "resident"), ("doc_no", &number(seq(n))), ("name", name)]).await;
    assert_eq!(asked.location(), "/me/code", "{name}: {}", asked.text);
    let (_, code) = world.letter().await.expect("the name agrees with the record");
    assert_eq!(client.post("/me/visits", &[("code", &code)]).await.location(), "/me", "{name}");
    client
}

#[tokio::test]
async fn hard_names_stand_as_text_on_the_own_page_the_access_page_and_the_receipt() {
    for world in worlds().await {
        let names = names();
        let people = names.iter().enumerate().map(|(n, name)| resident(world.store(), name, seq(n), world.homes[1]));
        register(&world, people.collect()).await;
        for (n, name) in names.iter().enumerate() {
            let client = entered(&world, n, name).await;
            let opened = client.post("/me/reading", &[]).await.text;
            assert!(is_safe(&opened) && read(&opened).contains(name.as_str()), "{}: {name}: {opened}", world.engine());
            for path in ["/me", "/me/readings", "/me/requests/new?kind=change&field=name"] {
                let page = client.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(is_safe(&page.text) && !read(&page.text).contains(name.as_str()), "{path} masks {name}");
            }
            // What is typed into a wish comes back as text, and as text to whoever decides.
            let wrong = client.post("/me/requests", &[("kind", "move"), ("address", name), ("day", "")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(is_safe(&wrong.text) && read(&wrong.text).contains(name.as_str()), "{name} comes back");

            let papers = std::sync::Arc::new(Papers::default());
            let given = Installation { documents: papers.clone(), ..testing::installation(world.store()) };
            let app = App::assemble(&areas(), given).unwrap();
            let (_, own) = world.enter(seq(n), name).await;
            receipt::issue(&app, &world.t(), &own, "https://linli.test").await.unwrap();
            let paper = papers.taken();
            let printed = paper["lines"].as_array().unwrap().iter().any(|l| l["value"] == name.as_str());
            assert!(printed, "{name} is on the paper, letter by letter: {paper}");
            let code = paper["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            let last_four = &number(seq(n))[14..];
            assert_eq!(receipt::compare(world.store(), &code, name, last_four).await.unwrap(), Some(true), "{name}");
            let page = client.post(&format!("/verify/{code}"), &[("name", name), ("last_four", "0000")]).await;
            assert!(is_safe(&page.text), "{name} typed into the check");
        }
    }
}

#[tokio::test]
async fn a_newcomer_with_a_hard_name_gets_a_receipt_that_masks_it() {
    for world in worlds().await.into_iter().take(1) {
        for (n, name) in names().iter().enumerate() {
            let client = arrive(&world, seq(n), name).await;
            let form = client.get("/newcomers/form").await.text;
            assert!(is_safe(&form) && !read(&form).contains(name.as_str()), "{name}");
            let fields = [("address", ADDRESSES[1]), ("day", "2026-11-19"), ("local", "elsewhere")];
            let filed = client.post("/newcomers/requests", &fields).await;
            assert_eq!(filed.location(), "/newcomers/receipt", "{name}: {}", filed.text);
            let shown = client.get("/newcomers/receipt").await.text;
            assert!(is_safe(&shown) && read(&shown).contains(&cn_identity::mask::name(name)), "{name}: {shown}");
        }
    }
}

#[tokio::test]
async fn one_of_a_household_of_sixty_sees_the_own_record_and_nobody_else() {
    for world in worlds().await {
        let people = (0..60u16).map(|n| resident(world.store(), &format!("工友·{n}"), 200 + 2 * n, world.homes[0]));
        register(&world, people.collect()).await;
        let client = Client::new(&world.app, &areas());
        client.post("/me/codes", &[("doc_kind", "resident"), ("doc_no", &number(1)), ("name", NAME)]).await;
        let (to, code) = world.letter().await.unwrap();
        assert_eq!(to, mobile(1));
        client.post("/me/visits", &[("code", &code)]).await;
        for path in ["/me", "/me/readings"] {
            let page = client.get(path).await;
            assert_eq!(page.status, StatusCode::OK);
            let named = page.text.contains("工友") || page.text.contains("工*");
            assert!(!named, "{path} on {}", world.engine());
        }
    }
}
