//! The pages, as a browser sees them.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use linli_platform::{
    access::Role,
    jobs,
    reader::Reader,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_rosters::{Kind, send};

use super::world::{ADDRESSES, World, areas, mistyped, mobile, number, worlds};

async fn client(world: &World, name: &str, role: Role, area: &str) -> Client {
    let account = testing::account(world.store(), name, &[(role, area)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

fn upload(employer: &str, text: &str) -> Request<Body> {
    let part = |name: &str, extra: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{extra}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("employer", "", employer),
        part("kind", "", "full"),
        part("day", "", "2026-11-20"),
        part("file", "; filename=\"a.csv\"", text),
        "--frontier--\r\n".into(),
    ];
    Request::post("/rosters")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=frontier")
        .header(header::ORIGIN, "http://linli.test")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.concat()))
        .unwrap()
}

#[tokio::test]
async fn a_roster_goes_from_the_liaison_through_the_comparison_to_tasks_without_scripts() {
    for world in worlds().await {
        world.register(&[("张小满", 1, 0, false), ("徐怡一", 3, 0, false)]).await;
        let employer = world.employer.to_string();
        let liaison = client(&world, "liaison", Role::HrLiaison, &employer).await;
        let own = liaison.get("/rosters").await;
        assert!(own.text.contains("今日无变化") && own.text.contains("泉林电子有限公司"), "{}", own.text);
        let told = liaison.post("/rosters/days", &[("employer", &employer)]).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER);
        assert!(liaison.get("/rosters").await.text.contains("今天已经报送"));

        let bad = liaison.send(upload(&employer, "")).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("请选择文件"));
        let csv = format!(
            "姓名,证件号码,宗教信仰,手机号,居住地址\n张小满,{},无,{},{}\n赵不同,{},无,{},{}\n王未登,{},无,,{}\n",
            number(1),
            mobile(1),
            ADDRESSES[0],
            number(3),
            mobile(501),
            ADDRESSES[0],
            mistyped(500),
            ADDRESSES[2]
        );
        let sent = liaison.send(upload(&employer, &csv)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let path = sent.location().to_owned();
        assert!(liaison.get(&path).await.text.contains("宗教信仰"), "what was dropped is named");
        let none = liaison.post(&format!("{path}/mapping"), &[("c0", "roster-name")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("证件号码"), "{}", none.text);
        let columns = [("c0", "roster-name"), ("c1", "roster-doc"), ("c2", "roster-phone"), ("c3", "roster-address")];
        assert_eq!(liaison.post(&format!("{path}/mapping"), &columns).await.status, StatusCode::SEE_OTHER);
        let cells = liaison.get(&path).await;
        assert!(cells.text.contains("送出 3 行") && !cells.text.contains(&mistyped(500)), "{}", cells.text);
        let workbook = liaison.get(&format!("{path}/errors.xlsx")).await;
        assert_eq!(workbook.status, StatusCode::OK);
        assert_eq!(liaison.post(&format!("{path}/sending"), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(liaison.get(&path).await.text.contains("正在与登记比对"));
        while jobs::run_one(&world.app).await.unwrap() {}
        assert!(liaison.get(&path).await.text.contains("街道正在核对"));
        for closed in ["/results", "/rows/2"] {
            assert_eq!(liaison.get(&format!("{path}{closed}")).await.status, StatusCode::FORBIDDEN, "{closed}");
        }
        review(&world, &path).await;
    }
}

async fn review(world: &World, path: &str) {
    let grid = world.grids[0].to_string();
    let officer = client(world, "officer", Role::Officer, &grid).await;
    assert!(officer.get("/notices").await.text.contains("泉林电子有限公司 2026-11-20 的花名册已比对，等您确认"));
    assert!(officer.get("/rosters").await.text.contains("等待确认的比对（1）"));
    assert_eq!(officer.get(path).await.location(), format!("{path}/results"));
    let results = officer.get(&format!("{path}/results")).await;
    assert!(results.text.contains("登记没有任何改动"), "{}", results.text);
    assert!(results.text.contains("请人工判断 1") && !results.text.contains("徐怡一"), "{}", results.text);
    let only = officer.get(&format!("{path}/results?class=same-address")).await;
    assert!(only.text.contains("张**") && !only.text.contains("赵**"));
    let row = officer.get(&format!("{path}/rows/3")).await;
    assert!(
        row.text.contains("是同一个人吗") && row.text.contains("徐**") && !row.text.contains("赵不同"),
        "{}",
        row.text
    );
    let read = officer.post(&format!("{path}/rows/3/reading"), &[]).await;
    assert!(read.text.contains("赵不同") && read.text.contains("徐怡一"), "{}", read.text);
    let decided = officer.post(&format!("{path}/rows/3/decision"), &[("decided", "ask")]).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER);
    let version = world.number_of("SELECT MAX(version) FROM roster WHERE division_code = $1").await.to_string();
    let confirmed = officer.post(&format!("{path}/confirmation"), &[("version", &version)]).await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.text);
    let after = officer.get(&format!("{path}/results")).await;
    assert!(after.text.contains("生成核查任务 2 项"), "{}", after.text);
    let other = client(world, "elsewhere", Role::Coordinator, &world.grids[1].to_string()).await;
    assert!(other.get("/tasks").await.text.contains("王** 漕盈路"), "the work is with whoever has the address");
}

/// A roster that was sent and whose comparison has failed.
async fn stopped(world: &World) -> String {
    let csv = format!("姓名,证件号码,居住地址\n王未登,{},{}\n", number(500), ADDRESSES[0]);
    let id = world.checked(Kind::Full, &csv).await;
    send::send(world.store(), &world.liaison(world.employer), id).await.unwrap();
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    tx.housekeeping("as after three faults");
    tx.execute(
        "UPDATE job SET state = 'failed', error_code = 'internal' WHERE division_code = $1 AND state = 'waiting'
         AND kind = 'rosters.compare'",
        vals![tx.division()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    format!("/rosters/{id}")
}

#[tokio::test]
async fn a_roster_whose_comparison_failed_is_compared_again_by_either_side() {
    for world in worlds().await {
        let liaison = client(&world, "liaison", Role::HrLiaison, &world.employer.to_string()).await;
        let officer = client(&world, "officer", Role::Officer, &world.grids[0].to_string()).await;
        let elsewhere = client(&world, "elsewhere", Role::Officer, &world.grids[1].to_string()).await;
        for (who, step) in [(&liaison, "sending"), (&officer, "comparison")] {
            let path = stopped(&world).await;
            let page = who.get(&path).await.text;
            assert!(page.contains("比对没有完成，已经停下") && page.contains("登记没有任何改动"), "{page}");
            assert!(page.contains(&format!("{path}/{step}")) && page.contains(&format!("{path}/rejection")), "{page}");
            assert!(!page.contains("http-equiv=\"refresh\""), "nothing moves by itself any more");
            assert_eq!(elsewhere.post(&format!("{path}/{step}"), &[]).await.status, StatusCode::NOT_FOUND);
            assert_eq!(who.post(&format!("{path}/{step}"), &[]).await.location(), path);
            let twice = who.post(&format!("{path}/{step}"), &[]).await;
            assert_eq!(twice.status, StatusCode::CONFLICT, "it is being compared");
            assert_eq!(who.post(&format!("{path}/rejection"), &[]).await.status, StatusCode::CONFLICT);
            while jobs::run_one(&world.app).await.unwrap() {}
            let results = officer.get(&format!("{path}/results")).await;
            assert!(results.text.contains("登记没有任何改动") && results.text.contains("未登记 1"), "{}", results.text);
        }
    }
}

#[tokio::test]
async fn a_roster_whose_comparison_failed_can_be_given_up_by_either_side() {
    for world in worlds().await {
        let liaison = client(&world, "liaison", Role::HrLiaison, &world.employer.to_string()).await;
        let officer = client(&world, "officer", Role::Officer, &world.grids[0].to_string()).await;
        for who in [&liaison, &officer] {
            let path = stopped(&world).await;
            assert_eq!(who.post(&format!("{path}/rejection"), &[]).await.location(), "/rosters");
            let left = "SELECT COUNT(*) FROM roster_chunk WHERE division_code = $1";
            assert_eq!(world.number_of(left).await, 0, "{}: its rows are gone", world.engine());
            assert!(!who.post(&format!("{path}/sending"), &[]).await.status.is_success());
        }
        let rejected = "SELECT COUNT(*) FROM roster WHERE division_code = $1 AND state = 'rejected'";
        assert_eq!(world.number_of(rejected).await, 2);
    }
}

#[tokio::test]
async fn whoever_has_nothing_to_do_with_rosters_is_refused() {
    for world in worlds().await {
        let volunteer = client(&world, "volunteer", Role::Volunteer, &world.grids[0].to_string()).await;
        for path in ["/rosters", "/rosters/new", "/rosters/template.xlsx"] {
            assert_eq!(volunteer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let steward = client(&world, "steward", Role::DataSteward, testing::DIVISION).await;
        let page = steward.get("/rosters/new").await;
        assert!(page.text.contains("泉林电子有限公司"), "{}", page.text);
        assert_eq!(steward.get("/rosters/template.xlsx").await.status, StatusCode::OK);
        let list = steward.get("/rosters?late=true").await;
        assert!(list.text.contains("逾期 0"), "{}", list.text);
    }
}

#[tokio::test]
async fn who_joined_or_left_is_typed_into_a_form_and_goes_the_way_of_a_file() {
    for world in worlds().await {
        let employer = world.employer.to_string();
        let liaison = client(&world, "liaison", Role::HrLiaison, &employer).await;
        let form = liaison.get(&format!("/rosters/form?employer={employer}")).await;
        // Friday's change, by the end of Tuesday.
        assert!(form.status == StatusCode::OK && form.text.contains("2026-11-24 24:00"), "{}", form.text);
        let typed = [("employer", employer.as_str()), ("day", "2026-11-20"), ("name_1", "张小满"), ("doc_1", "12")];
        let wrong = liaison.post("/rosters/form", &typed).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("e-doc_1") && wrong.text.contains("e-change_1") && wrong.text.contains("张小满"));
        let more = liaison.post("/rosters/form", &[&typed[..], &[("more", "1")]].concat()).await;
        assert!(more.status == StatusCode::OK && more.text.contains("name=\"doc_2\""));
        let number = number(1);
        let typed = [
            ("employer", employer.as_str()),
            ("day", "2026-11-20"),
            ("change_1", "left"),
            ("name_1", "张小满"),
            ("doc_1", &*number),
        ];
        let sent = liaison.post("/rosters/form", &typed).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}: {}", world.engine(), sent.text);
        let id: linli_rosters::RosterId = sent.location().rsplit('/').next().unwrap().parse().unwrap();
        let roster = linli_rosters::find(&world.store().reads(), &world.liaison(world.employer), id).await.unwrap();
        assert_eq!((roster.state.as_str(), roster.kind.as_str(), roster.row_count), ("checked", "daily", 1));
        let other = client(&world, "other", Role::HrLiaison, &world.other_employer.to_string()).await;
        assert_eq!(other.post("/rosters/form", &typed).await.status, StatusCode::NOT_FOUND, "the own employer alone");
    }
}
