//! The pages, as a browser without an account sees them.

use http::StatusCode;
use linli_platform::{
    access::{Action, Role},
    testing::{self, Answer, Client},
};

use super::world::{COMMITTEE, NAME, World, areas, mobile, number, worlds};

pub async fn entered(world: &World) -> Client {
    let client = Client::new(&world.app, &areas());
    let asked = client.post("/me/codes", &[("doc_kind", "resident"), ("doc_no", &number(1)), ("name", NAME)]).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/me/code"), "{}", asked.text);
    let (_, code) = world.letter().await.unwrap();
    let entered = client.post("/me/visits", &[("code", &code)]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/me"), "{}", entered.text);
    client
}

/// What two answers have in common if they tell nothing.
pub fn shape(answer: &Answer) -> (StatusCode, String, usize) {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().len()).sum();
    (answer.status, answer.location().to_owned(), cookies)
}

#[tokio::test]
async fn the_entrance_answers_alike_for_a_registered_person_a_stranger_and_a_wrong_name() {
    for world in worlds().await {
        let mut shapes = Vec::new();
        for (seq, name) in [(1, NAME), (1, "不是她"), (77, "无此人")] {
            let client = Client::new(&world.app, &areas());
            let form = [("doc_kind", "resident"), ("doc_no", &*number(seq)), ("name", name)];
            let asked = client.post("/me/codes", &form).await;
            let page = client.get("/me/code").await;
            let wrong = client.post("/me/visits", &[("code", "12")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            shapes.push((shape(&asked), page.text, wrong.text));
        }
        assert!(shapes.windows(2).all(|w| w[0] == w[1]), "{}", world.engine());
    }
}

#[tokio::test]
async fn behind_the_entrance_nothing_is_served_without_a_visit() {
    let world = worlds().await.remove(0);
    let stranger = Client::new(&world.app, &areas());
    let before = ["/me/entrance", "/me/codes", "/me/code", "/me/visits", "/me/at/{code}"];
    let own = areas().pop().unwrap();
    let mut walked = 0;
    for route in own.routes.iter().filter(|r| r.path.starts_with("/me") && !before.contains(&r.path)) {
        let path = route.path.replace("{id}", "01932c00-0000-7000-8000-000000000000");
        let answer = if route.method == "GET" { stranger.get(&path).await } else { stranger.post(&path, &[]).await };
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/me/entrance"), "{path}");
        assert_eq!(route.action, Action::Public);
        walked += 1;
    }
    assert!(walked >= 10, "only {walked} routes");
    // A member of staff has no visit either.
    let account =
        testing::account(world.store(), "coordinator", &[(Role::Coordinator, &world.grids[0].to_string())]).await;
    let staff = Client::signed_in(&world.app, &areas(), account).await;
    assert_eq!(staff.get("/me").await.location(), "/me/entrance");
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_what_was_typed_and_a_message_at_the_field() {
    for world in worlds().await {
        let client = Client::new(&world.app, &areas());
        let short = client.post("/me/codes", &[("doc_kind", "resident"), ("doc_no", "12345"), ("name", NAME)]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.text.contains(NAME) && short.text.contains("12345") && short.text.contains("e-doc_no"));
        let client = entered(&world).await;
        let form = [("kind", "correction"), ("field", "phone"), ("value", "199000")];
        let wrong = client.post("/me/requests", &form).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        assert!(wrong.text.contains("value=\"199000\"") && wrong.text.contains("e-value"), "{}", wrong.text);
        let form = [("kind", "move"), ("address", "香花桥街道无此路9号"), ("day", "2026-12-24")];
        let wrong = client.post("/me/requests", &form).await;
        assert!(wrong.text.contains("e-address") && wrong.text.contains("e-day"), "{}", wrong.text);
        let form = [("kind", "move-in"), ("name", "小禾"), ("doc_kind", "resident"), ("doc_no", "990101202003070012")];
        let child = client.post("/me/requests", &form).await;
        assert_eq!(child.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(child.text.contains("value=\"小禾\""));
    }
}

#[tokio::test]
async fn from_the_sign_to_the_answered_correction() {
    for world in worlds().await {
        let visitor = Client::new(&world.app, &areas());
        let sign = visitor.get(&format!("/me/at/{COMMITTEE}001")).await;
        assert_eq!(sign.status, StatusCode::OK);
        assert!(sign.text.contains("民惠一居委第1微网格") && sign.text.contains("/me/entrance"));
        assert_eq!(visitor.get("/me/at/nowhere").await.status, StatusCode::NOT_FOUND);

        let client = entered(&world).await;
        let masked = client.get("/me").await.text;
        assert!(masked.contains("新府中路501弄12号301室") && !masked.contains(&number(1)), "masked at first");
        assert!(!masked.contains("欧**") || masked.matches("欧").count() <= 2, "nobody else of the household");
        let full = client.post("/me/reading", &[]).await;
        assert!(full.text.contains(&number(1)) && full.text.contains(&mobile(1)));
        linli_platform::log::sequence(world.store(), "test").await.unwrap();
        let readings = client.get("/me/readings").await.text;
        let link = readings.split("href=\"").find(|l| l.starts_with("/me/readings/0")).unwrap();
        let link = link.split('"').next().unwrap();
        assert!(client.get(link).await.text.contains("proof.json"));
        let file = client.get(&format!("{link}/proof.json")).await;
        assert!(file.text.contains("linli-log-proof/1") && file.header("content-disposition").contains("attachment"));

        let form = [("kind", "correction"), ("field", "phone"), ("value", &*mobile(9))];
        let filed = client.post("/me/requests", &form).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
        let request = filed.location().to_owned();
        assert!(client.get(&request).await.text.contains("待答复"));

        let account =
            testing::account(world.store(), "coordinator", &[(Role::Coordinator, &world.grids[0].to_string())]).await;
        let staff = Client::signed_in(&world.app, &areas(), account).await;
        let queue = staff.get("/declarations").await.text;
        let case = queue.split("href=\"").find(|l| l.starts_with("/declarations/0")).unwrap();
        let case = case.split('"').next().unwrap();
        assert!(!staff.get(case).await.text.contains(&mobile(9)), "masked until it is opened");
        let unread = staff.post(&format!("{case}/acceptance"), &[("version", "1")]).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = staff.post(&format!("{case}/reading"), &[]).await.text;
        assert!(opened.contains(&mobile(9)) && opened.contains(&mobile(1)), "asked for beside what is held");
        let unchosen = staff.post(&format!("{case}/refusal"), &[("version", "1")]).await;
        assert_eq!(unchosen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = staff.post(&format!("{case}/refusal"), &[("version", "1"), ("reason", "evidence-missing")]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);

        let answer = client.get(&request).await.text;
        assert!(answer.contains("没有能证明的材料") && answer.contains("12345"), "{answer}");
        let who = client.get("/me/readings").await.text;
        assert!(who.contains("社区综合协管员") && who.contains("办理更正、删除申请"));
        let left = client.post("/me/leaving", &[]).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER);
        assert_eq!(client.get("/me").await.location(), "/me/entrance");
    }
}

#[tokio::test]
async fn who_cannot_enter_alone_is_served_at_the_counter_on_record() {
    for world in worlds().await {
        let account =
            testing::account(world.store(), "coordinator", &[(Role::Coordinator, &world.grids[0].to_string())]).await;
        let staff = Client::signed_in(&world.app, &areas(), account).await;
        let path = format!("/declarations/counter/{}", world.person);
        assert!(staff.get(&format!("{path}?kind=correction&field=phone")).await.text.contains("f-value"));
        let form = [("kind", "correction"), ("field", "phone"), ("value", &*mobile(9))];
        let filed = staff.post(&path, &form).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
        let cases = "SELECT COUNT(*) FROM counter_case WHERE division_code = $1";
        assert_eq!(world.count(cases).await, 1);
        assert!(staff.get("/declarations").await.text.contains("窗口代办"));
        let elsewhere =
            testing::account(world.store(), "neighbour", &[(Role::Coordinator, &world.grids[1].to_string())]).await;
        let elsewhere = Client::signed_in(&world.app, &areas(), elsewhere).await;
        assert_eq!(elsewhere.post(&path, &form).await.status, StatusCode::NOT_FOUND, "{}", world.engine());
    }
}

#[tokio::test]
async fn the_pages_speak_english_too() {
    let world = worlds().await.remove(0);
    let client = entered(&world).await;
    client.set_cookie("linli-lang", "en");
    let page = client.get("/me").await.text;
    assert!(page.contains("Who looked at my data") && page.contains("This is not right"), "{page}");
}
