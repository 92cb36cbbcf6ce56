//! The office changes sentences with a preview and clear errors; what was made stays with its version.

use http::StatusCode;
use linli_papers::{words, words_for};
use linli_platform::{access::Role, store::Query as _, testing::DIVISION, texts::Lang, vals};

use super::world::{Letter, worlds};

const PATH: &str = "/wordings/letter/zh-CN";

#[tokio::test]
async fn a_sentence_is_previewed_kept_as_a_version_and_put_back() {
    for world in worlds().await {
        let office = world.office().await;
        let list = office.get("/wordings").await;
        assert!(list.text.contains(PATH) && list.text.contains("原文"), "{}", list.text);
        let form = [("version", "0"), ("title", "{月份}工作情况通报"), ("end", "以上。")];
        let preview = office.post(&format!("{PATH}/preview"), &form).await;
        assert_eq!(preview.header("content-type"), "application/pdf");
        assert!(preview.text.contains("2026年10月工作情况通报"), "{}", preview.text);
        let q = world.test.store.reads();
        assert_eq!(words(&q, &Letter, Lang::Zh).await.unwrap().version, 0, "a preview keeps nothing");

        assert_eq!(office.post(PATH, &form).await.status, StatusCode::SEE_OTHER);
        let kept = words(&q, &Letter, Lang::Zh).await.unwrap();
        assert_eq!((kept.version, kept.text("title")), (1, "{月份}工作情况通报"), "{}", world.test.engine);
        let logged = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'wording.changed'";
        assert_eq!(q.number(logged, vals![q.division()]).await.unwrap(), 1);
        let stale = office.post(PATH, &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody else changed it meanwhile");
        let shown = office.get(PATH).await.text;
        assert!(shown.contains("原文：") && shown.contains("{月份}情况通报") && shown.contains("第 1 版"), "{shown}");

        let back = office.post(&format!("{PATH}/original"), &[("version", "1")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        let kept = words(&q, &Letter, Lang::Zh).await.unwrap();
        assert_eq!((kept.version, kept.text("title")), (2, "{月份}情况通报"));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_sentence_and_what_was_typed_stays() {
    for world in worlds().await {
        let office = world.office().await;
        for (title, told) in [
            ("{街道}情况通报", "没有 {街道} 这个名称。可以用：{月份}。"),
            ("情况通报", "缺少 {月份}"),
            ("{月份}{月份", "大括号没有成对"),
            ("", "请填写"),
        ] {
            for path in [PATH.to_owned(), format!("{PATH}/preview")] {
                let refused = office.post(&path, &[("version", "0"), ("title", title), ("end", "以上。")]).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {title}", world.test.engine);
                assert!(refused.text.contains(told) && refused.text.contains("href=\"#f-title\""), "{}", refused.text);
                assert!(refused.text.contains(&format!(">{title}</textarea>")), "{}", refused.text);
                assert!(refused.text.contains(">以上。</textarea>"), "{}", refused.text);
            }
        }
        let long = "字".repeat(31);
        let refused = office.post(PATH, &[("version", "0"), ("title", "{月份}"), ("end", &long)]).await;
        assert!(refused.text.contains("最多 30 字，现在是 31 字"), "{}", refused.text);
        let nowhere = office.get("/wordings/letter/en").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        let leader = world.client("leader", Role::TaskForce, DIVISION).await;
        assert_eq!(leader.get(PATH).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_closed_subject_keeps_the_words_that_its_document_was_made_with() {
    for world in worlds().await {
        let office = world.office().await;
        world.issue(world.letter("2026-09", "甲")).await;
        let form = [("version", "0"), ("title", "{月份}工作情况通报"), ("end", "以上。")];
        assert_eq!(office.post(PATH, &form).await.status, StatusCode::SEE_OTHER);
        let q = world.test.store.reads();
        let of = async |subject: &str, closed| {
            words_for(&q, &Letter, Lang::Zh, ("bulletin", subject), closed).await.unwrap().version
        };
        assert_eq!((of("2026-09", true).await, of("2026-09", false).await), (0, 1), "{}", world.test.engine);
        assert_eq!(of("2026-10", true).await, 1, "never issued: what is in force");
    }
}
