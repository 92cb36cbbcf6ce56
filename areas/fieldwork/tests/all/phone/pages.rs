//! The shell, its texts, the assignment, the paper form.

use http::StatusCode;
use linli_platform::access::Role;
use linli_work::TaskKind;
use serde_json::{Value, json};

use super::{
    revoked::{get_json, send_json},
    rig::rigs,
};

#[tokio::test]
async fn the_assignment_recognises_people_at_the_door_and_names_none() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        rig.world.task(TaskKind::SurveyError, rig.world.home(0, 0), 0, 12).await;
        let client = rig.client(one).await;
        let device: uuid::Uuid = rig.world.store().new_id();
        let register = json!({ "device_id": device, "label": "tablet" });
        for _ in 0..2 {
            assert_eq!(send_json(&client, "/field/devices", &register).await.0, StatusCode::OK);
        }
        assert_eq!(rig.world.count("phone_device").await, 1);
        let (status, day) = get_json(&client, &format!("/field/assignment?device={device}")).await;
        assert_eq!(status, StatusCode::OK, "{day}");
        let homes = day["homes"].as_array().unwrap();
        assert_eq!(homes.len(), 2, "of the own grid alone");
        let home = homes.iter().find(|h| h["home_id"] == json!(rig.world.homes[0])).unwrap();
        assert_eq!(home["people"].as_array().unwrap().len(), 2);
        assert_eq!(home["tasks"][0]["kind"], "survey-error");
        assert_eq!(day["ends_at"].as_i64().unwrap(), rig.now().day().end().0);
        let text = day.to_string();
        assert!(!text.contains("张测0") && !text.contains("19900000000"), "{text}");
        let person = &home["people"][0];
        let mut keys: Vec<&String> = person.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["birth_year", "name", "resident_id", "sex", "tail", "version"]);
        assert_eq!(person["tail"].as_str().unwrap().chars().count(), 2, "{}", rig.world.test.engine);
        assert!(rig.device_of(device).await.taken_at.is_some());
    }
}

#[tokio::test]
async fn the_shell_and_its_texts_hold_nothing_personal_and_are_there_before_anybody_signs_in() {
    for rig in rigs().await {
        let nobody = linli_platform::testing::Client::new(&rig.app, &rig.areas);
        for lang in ["zh-CN", "en"] {
            let texts = nobody.get(&format!("/field/texts.json?lang={lang}")).await;
            assert_eq!(texts.status, StatusCode::OK);
            let all: Value = serde_json::from_str(&texts.text).unwrap();
            assert!(all["phone-refused-bad-number"].is_string() && all["visit-outcome-verified"].is_string());
            assert!(all["phone-left"].as_str().unwrap().contains("{n}"), "{}", all["phone-left"]);
            assert!(!texts.header("etag").is_empty());
        }
        assert_eq!(nobody.get("/field").await.location(), "/sign-in?next=/field");
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let client = rig.client(one).await;
        let shell = client.get("/field").await;
        assert!(shell.status == StatusCode::OK && shell.text.contains("href=\"/field/online\""), "{}", shell.text);
        assert!(!shell.text.contains("张"), "{}", shell.text);
        let paper = client.get("/field/paper").await;
        assert!(paper.status == StatusCode::OK && paper.text.contains('☐') && !paper.text.contains("张测"));
    }
}

#[tokio::test]
async fn reasons_that_a_phone_may_be_given_have_their_texts_in_both_languages() {
    use linli_fieldwork::phone::{
        Note,
        reasons::{Aside, Refusal, Waiting},
    };
    let rig = rigs().await.remove(0);
    for lang in [linli_platform::texts::Lang::Zh, linli_platform::texts::Lang::En] {
        let all = rig.app.texts.beginning_with(lang, &["phone-", "entry-aside-", "visit-note-", "phones-"]);
        let keys = Refusal::choices().into_iter().chain(Waiting::choices()).chain(Aside::choices());
        for (_, key) in keys.chain(Note::choices()) {
            assert!(all.contains_key(key.as_str()), "{key}");
        }
    }
}
