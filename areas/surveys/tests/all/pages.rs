//! A whole round as four people walk through it in their browsers.

use linli_platform::{
    access::Role,
    reader::Scope,
    testing::{self, Client},
};
use linli_surveys::assign;

use super::town::{self, C1, Town, areas, towns};

/// The secret shown once on the answer to a commitment.
fn secret_in(text: &str) -> String {
    let (_, rest) = text.split_once("class=\"one-time\">").expect("the secret is shown");
    rest[..64].to_owned()
}

async fn walk_to_the_draw(office: &Client, secretary: &Client) -> String {
    let made = office.post("/surveys", &[("month", "2026-11"), ("households", "15"), ("committee", "")]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let round = made.location().to_owned();
    let words = "河边的三棵柳树今年又高了许多，鸟都回来了";
    let first = office.post(&format!("{round}/commitments"), &[("secret", words)]).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let short = secretary.post(&format!("{round}/commitments"), &[("secret", "短")]).await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("href=\"#f-secret\""));
    let second = secretary.post(&format!("{round}/commitments"), &[("secret", "")]).await;
    assert_eq!(second.status, 200);
    let secret = secret_in(&second.text);
    assert!(!secretary.get(&round).await.text.contains(&secret), "a secret is shown once");
    let parties = office.get(&round).await.text;
    for shown in ["人口办", "村居书记", "测试 office", "测试 secretary"] {
        assert!(parties.contains(shown), "a party is named as people know it: {parties}");
    }
    assert!(!parties.contains("population-office/") && !parties.contains("committee-secretary/"), "{parties}");
    assert_eq!(secretary.post(&format!("{round}/announcement"), &[]).await.status, 403);
    assert_eq!(office.post(&format!("{round}/announcement"), &[]).await.status, 303);
    assert_eq!(secretary.post(&format!("{round}/openings"), &[("secret", &secret)]).await.status, 303);
    assert_eq!(office.get(&format!("{round}/receipt.json")).await.status, 404);
    let begun = office.get(&round).await.text;
    assert!(!begun.contains(&format!("{round}/withdrawal")) && begun.contains("不能再撤回"), "{begun}");
    let refused = office.post(&format!("{round}/withdrawal"), &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("撤回就等于挑选结果"), "{}", refused.text);
    assert_eq!(office.post(&format!("{round}/openings"), &[("secret", words)]).await.status, 303);
    round
}

async fn survey(client: &Client, town: &Town, reader: &linli_platform::reader::Reader) {
    let mine = client.get("/surveys/mine").await;
    assert_eq!(mine.status, 200);
    for home in assign::mine(&town.store().reads(), reader).await.unwrap() {
        let path = format!("/surveys/{}/homes/{}", home.survey_id, home.home_id);
        assert!(mine.text.contains(&path));
        let door = client.get(&path).await;
        assert!(door.text.contains("试*") || door.text.contains("试**"), "masked names: {}", door.text);
        assert!(!door.text.contains("试人"), "nobody is shown unmasked");
        let missing = client.post(&path, &[("unregistered", "0")]).await;
        assert_eq!(missing.status, 422);
        let ids: Vec<&str> = door.text.split("name=\"said-").skip(1).map(|rest| &rest[..36]).collect();
        let said: Vec<String> = ids.iter().map(|id| format!("said-{id}")).collect();
        let mut form: Vec<(&str, &str)> = said.iter().map(|s| (s.as_str(), "lives")).collect();
        form.push(("unregistered", "0"));
        let done = client.post(&path, &form).await;
        assert_eq!((done.status.as_u16(), done.location()), (303, "/surveys/mine"));
    }
}

/// What is locked waits, unseen by others, until somebody else has looked at it.
async fn signed_by_a_second_person(town: &Town, office: &Client, secretary: &Client, round: &str) {
    let (app, areas) = (testing::app(town.store(), &areas()), areas());
    let assessor = Client::signed_in(&app, &areas, town.assessor.account).await;
    let [signature, back] = ["countersignature", "return"].map(|step| format!("{round}/{step}"));
    let early = secretary.get(round).await.text;
    assert!(early.contains("待复核") && !early.contains("class=\"rate\""), "{early}");
    assert_eq!(secretary.get(&format!("{round}/results.csv")).await.status, 404);
    let locked = office.get(round).await.text;
    assert!(
        locked.contains("class=\"rate\"") && locked.contains("请人口办、派出所或考核组中的另外一人复核"),
        "{locked}"
    );
    let figures = assessor.get(&format!("{round}/results.csv")).await;
    assert_eq!(figures.status, 200);
    let digest = survey_sample::Digest::of(figures.text.as_bytes()).to_string();
    assert!(assessor.get(round).await.text.contains(&digest), "the digest is the file's");
    let own = office.post(&signature, &[("digest", &digest)]).await;
    assert_eq!(own.status, 422);
    assert!(own.text.contains("须由另外一人复核"), "{}", own.text);
    assert_eq!(secretary.post(&signature, &[("digest", &digest)]).await.status, 403);
    let other = assessor.post(&signature, &[("digest", &"0".repeat(64))]).await;
    assert_eq!(other.status, 422);

    assert_eq!(assessor.post(&back, &[("reason", " ")]).await.status, 422);
    let numbers = assessor.post(&back, &[("reason", "请再问 13800138000")]).await;
    assert_eq!(numbers.status, 422);
    assert!(numbers.text.contains("请再问 13800138000"), "what was typed is kept");
    assert_eq!(assessor.post(&back, &[("reason", "两户的人数请再核对")]).await.status, 303);
    let again = secretary.get(round).await.text;
    assert!(again.contains("测查中") && again.contains("两户的人数请再核对"), "{again}");
    assert_eq!(office.post(&format!("{round}/lock"), &[]).await.status, 303);

    assert_eq!(assessor.post(&signature, &[("digest", &digest)]).await.status, 303);
    let receipt = secretary.get(&format!("{round}/receipt.json")).await.text;
    assert!(receipt.contains(&digest) && receipt.contains("\"role\": \"assessor\""), "{receipt}");
    let (_, signed) = receipt.split_once("\"results\"").unwrap();
    assert!(!signed.contains("测试"), "roles, no names: {signed}");
    assert_eq!(secretary.get(&format!("{round}/results.csv")).await.text, figures.text);
    assert_eq!(assessor.post(&back, &[("reason", "太晚了")]).await.status, 422);
}

#[tokio::test]
async fn a_round_from_frame_to_result() {
    for town in towns().await {
        let (app, areas) = (testing::app(town.store(), &areas()), areas());
        let office = Client::signed_in(&app, &areas, town.office.account).await;
        let secretary = Client::signed_in(&app, &areas, town.secretary.account).await;
        assert!(office.get("/surveys").await.text.contains("确定抽样框"));
        let refused = office.post("/surveys", &[("month", "2026-11"), ("households", "3"), ("committee", "")]).await;
        assert_eq!(refused.status, 422);
        let round = walk_to_the_draw(&office, &secretary).await;

        let [receipt, frame] = ["receipt.json", "frame.csv"].map(|name| format!("{round}/{name}"));
        let (receipt, frame) = (secretary.get(&receipt).await, secretary.get(&frame).await);
        assert!(receipt.header("content-disposition").contains("receipt.json"));
        linli_surveys::verify_files(&receipt.text, &frame.text).unwrap();

        let ids: Vec<String> = town.surveyor_accounts().iter().map(ToString::to_string).collect();
        let two: Vec<(&str, &str)> = ids[..2].iter().map(|id| ("surveyor", id.as_str())).collect();
        let few = office.post(&format!("{round}/assignments"), &two).await;
        assert_eq!(few.status, 422);
        assert!(few.text.contains("柳塘村至少需要 3 名"), "{}", few.text);
        let all: Vec<(&str, &str)> = ids.iter().map(|id| ("surveyor", id.as_str())).collect();
        assert_eq!(office.post(&format!("{round}/assignments"), &all).await.status, 303);
        for reader in &town.surveyors {
            let client = Client::signed_in(&app, &areas, reader.account).await;
            survey(&client, &town, reader).await;
            assert_eq!(client.post(&format!("{round}/lock"), &[]).await.status, 403);
        }
        assert_eq!(office.post(&format!("{round}/lock"), &[]).await.status, 303);
        signed_by_a_second_person(&town, &office, &secretary, &round).await;
        let result = secretary.get(&round).await;
        assert_eq!(result.status, 200);
        assert!(result.text.contains("与 98% 无法区分") && result.text.contains("class=\"rate\""), "{}", result.text);
        let trend = secretary.get(&format!("/surveys/committees/{C1}")).await;
        assert!(trend.text.contains("class=\"trend\"") && trend.text.contains("才能分清"), "{}", trend.text);
        for page in [&result.text, &trend.text] {
            assert!(!page.contains(" style=") && !page.contains("onclick"), "no inline style or script");
        }
    }
}

#[tokio::test]
async fn another_surveyors_home_is_not_found_and_a_volunteer_sees_nothing() {
    for town in towns().await {
        let (app, areas) = (testing::app(town.store(), &areas()), areas());
        let id = town.drawn().await;
        town.assign(id, &town.surveyor_accounts()).await.unwrap();
        let first = Client::signed_in(&app, &areas, town.surveyors[0].account).await;
        let own = town.asked_once(id, &town.surveyors[0]).await[0];
        let other = town.asked_once(id, &town.surveyors[1]).await[0];
        assert_eq!(first.get(&format!("/surveys/{id}/homes/{other}")).await.status, 404, "{}", town.test.engine);
        assert_eq!(first.post(&format!("/surveys/{id}/homes/{other}/not-met"), &[]).await.status, 404);
        let (_, members) =
            linli_surveys::answers::at_the_door(&town.store().reads(), &town.surveyors[0], id, own).await.unwrap();
        let resident = members[0].resident_id.to_string();
        let reading = first.post(&format!("/surveys/{id}/homes/{own}/readings"), &[("resident", &resident)]).await;
        assert!(reading.text.contains("试人"), "the assignment opens the record: {}", reading.text);
        assert_eq!(first.post(&format!("/surveys/{id}/homes/{own}/not-met"), &[]).await.status, 303);

        let grid = town.grids[0].to_string();
        let role = [(Role::Volunteer, grid.as_str())];
        let volunteer = town::account(town.store(), "volunteer", &role, Scope::Grids(vec![])).await;
        let volunteer = Client::signed_in(&app, &areas, volunteer.account).await;
        for path in
            ["/surveys".to_owned(), format!("/surveys/{id}"), "/surveys/mine".into(), "/surveys/listings".into()]
        {
            assert_eq!(volunteer.get(&path).await.status, 403, "{path}");
        }
    }
}

#[tokio::test]
async fn duties_count_the_homes_and_the_months_round() {
    for town in towns().await {
        let (app, areas) = (testing::app(town.store(), &areas()), areas());
        let duties = async |reader| {
            let mut all = Vec::new();
            for source in areas.iter().flat_map(|a| &a.duties) {
                all.extend(source.duties(&app, reader).await.unwrap());
            }
            all.retain(|duty| duty.key.starts_with("survey-"));
            all
        };
        let before = duties(&town.office).await;
        assert_eq!((before[0].key, before[0].due, before[0].done), ("survey-round", 1, 0));
        let id = town.drawn().await;
        town.assign(id, &town.surveyor_accounts()).await.unwrap();
        let homes = duties(&town.surveyors[0]).await;
        assert_eq!((homes[0].key, homes[0].done, homes[0].late), ("survey-homes", 0, 0));
        assert!(homes[0].due > 0);
        let weak = "weak-spot";
        let office = Client::signed_in(&app, &areas, town.office.account).await;
        let listed = office.post("/surveys/listings", &[("committee", C1), ("cause", weak)]).await;
        assert_eq!(listed.status, 303, "{}", listed.text);
        let again = office.post("/surveys/listings", &[("committee", C1), ("cause", weak)]).await;
        assert_eq!(again.status, 422);
        assert!(office.get("/surveys/listings").await.text.contains("挂牌中"));
    }
}
