//! What is issued has a number, a version and a check code, stays as it is, and can be checked by anybody.

use http::StatusCode;
use linli_papers::{Standing, State, check, state, versions};
use linli_platform::{access::Role, ids::GridId, store::Query as _, testing::Client, vals, web::encode_query};
use sha2::{Digest as _, Sha256};

use super::world::{World, areas, worlds};

async fn code(world: &World, paper: &linli_papers::Paper) -> String {
    versions(&world.test.store.reads(), paper.paper_id).await.unwrap()[0].check_code.clone()
}

#[tokio::test]
async fn numbers_run_by_series_and_year_and_the_same_content_is_the_same_version() {
    for world in worlds().await {
        let first = world.issue(world.letter("2026-09", "甲")).await;
        let second = world.issue(world.letter("2026-10", "甲")).await;
        assert_eq!((first.number.as_str(), second.number.as_str()), ("青香人〔2026〕1号", "青香人〔2026〕2号"));
        let again = world.issue(world.letter("2026-09", "甲")).await;
        assert_eq!(again, first, "{}: nothing changed", world.test.engine);
        let events = world.test.store.reads();
        let issued = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'paper.issued'";
        assert_eq!(events.number(issued, vals![events.division()]).await.unwrap(), 2);

        let next = world.issue(world.letter("2026-09", "乙")).await;
        assert_eq!((next.number.as_str(), next.edition), ("青香人〔2026〕1号", Some(2)));
        let all = versions(&world.test.store.reads(), next.paper_id).await.unwrap();
        assert_eq!(all.len(), 2);
        assert_ne!(all[0].check_code, all[1].check_code);
        let other = world.issue(world.of_grid(world.test.store.new_id())).await;
        assert_eq!(other.number, "青香网会〔2026〕1号", "another series begins at 1");

        let q = world.test.store.reads();
        let now = world.letter("2026-09", "乙");
        assert_eq!(state(&q, now.kind, &now.subject, &now.body).await.unwrap(), State::Same(next.clone()));
        let changed = world.letter("2026-09", "丙");
        let standing = state(&q, changed.kind, &changed.subject, &changed.body).await.unwrap();
        assert!(standing.can_issue() && standing.paper().is_some());
        assert_eq!(standing.file(&q).await.unwrap(), None, "what changed is given out as a draft");
    }
}

#[tokio::test]
async fn the_paper_bears_its_number_version_and_code_and_the_kept_file_has_the_digest_that_is_told() {
    for world in worlds().await {
        let paper = world.issue(world.letter("2026-10", "甲")).await;
        let q = world.test.store.reads();
        let version = versions(&q, paper.paper_id).await.unwrap().remove(0);
        let file = linli_papers::file(&q, paper.paper_id, 1).await.unwrap();
        let text = String::from_utf8_lossy(&file).into_owned();
        for printed in ["青香人〔2026〕1号", "第 1 版", &version.code_shown(), "https://linli.test/papers/check"]
        {
            assert!(text.contains(printed), "{}: {printed}: {text}", world.test.engine);
        }
        let digest: String = Sha256::digest(&file).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(version.file_sha256, Some(digest));
        let office = world.office().await;
        let list = office.get("/papers?kind=bulletin").await;
        assert!(list.text.contains("青香人〔2026〕1号") && list.text.contains("第 1 版"), "{}", list.text);
        let shown = office.get(&format!("/papers/{}", paper.paper_id)).await;
        assert!(shown.text.contains(&version.code_shown()) && shown.text.contains("letter/zh-CN/0"), "{}", shown.text);
        let pdf = office.get(&format!("/papers/{}/1.pdf", paper.paper_id)).await;
        assert_eq!(
            (pdf.status, pdf.header("content-type"), pdf.text.as_str()),
            (StatusCode::OK, "application/pdf", text.as_str())
        );
        let word = office.get(&format!("/papers/{}/1.docx", paper.paper_id)).await;
        assert!(word.text.contains("青香人〔2026〕1号") && word.text.contains(&version.code_shown()), "{}", word.text);
        for missing in ["2.pdf", "1.exe", "x.pdf", "pdf"] {
            let answer = office.get(&format!("/papers/{}/{missing}", paper.paper_id)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
        }
    }
}

#[tokio::test]
async fn anybody_checks_number_and_code_and_is_told_of_newer_versions_and_withdrawal() {
    for world in worlds().await {
        let paper = world.issue(world.letter("2026-10", "甲")).await;
        let first = code(&world, &paper).await;
        let anybody = Client::new(&world.app, &areas());
        let ask = async |number: &str, code: &str| {
            let path = format!("/papers/check?number={}&code={}", encode_query(number), encode_query(code));
            anybody.get(&path).await
        };
        let found = ask("青香人[2026] 1", &first.to_lowercase()).await;
        assert!(found.status.is_success() && found.text.contains("有效"), "{}", found.text);
        let wrong = ask("青香人〔2026〕1号", "0000-0000-0000").await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND);
        assert!(wrong.text.contains("没有这样的文书") && !wrong.text.contains("2026-10通报"), "{}", wrong.text);
        let empty = ask("青香人〔2026〕1号", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("href=\"#f-code\"") && empty.text.contains("青香人〔2026〕1号"), "{}", empty.text);
        assert_eq!(anybody.get("/papers/check").await.status, StatusCode::OK);

        world.issue(world.letter("2026-10", "乙")).await;
        let old = check(&world.test.store, &paper.number, &first).await.unwrap().unwrap();
        assert_eq!((old.standing(), old.newest), (Standing::Replaced, 2));
        let office = world.office().await;
        let page = office.get(&format!("/papers/{}", paper.paper_id)).await;
        let (_, rest) = page.text.split_once("name=\"version\" value=\"").unwrap();
        let version = rest.split('"').next().unwrap().to_owned();
        let withdrawal = format!("/papers/{}/withdrawal", paper.paper_id);
        let form = [("version", version.as_str()), ("why", "wrong-figures")];
        let unknown = office.post(&withdrawal, &[("version", version.as_str()), ("why", "other")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(office.post(&withdrawal, &form).await.status, StatusCode::SEE_OTHER);
        assert!(ask(&paper.number, &first).await.text.contains("已作废"));
        let refused =
            linli_papers::issue(&world.app, &world.reader(), &world.t(), "", world.letter("2026-10", "丙")).await;
        assert_eq!(refused.unwrap_err().code, "papers-withdrawn");
    }
}

#[tokio::test]
async fn a_grids_document_is_found_by_those_of_the_grid_alone_and_withdrawn_by_the_office_alone() {
    for world in worlds().await {
        let (own, other): (GridId, GridId) = (world.test.store.new_id(), world.test.store.new_id());
        let paper = world.issue(world.of_grid(own)).await;
        world.issue(world.letter("2026-10", "甲")).await;
        let path = format!("/papers/{}", paper.paper_id);
        let here = world.client("here", Role::GridLeader, &own.to_string()).await;
        let there = world.client("there", Role::GridLeader, &other.to_string()).await;
        assert_eq!(here.get(&path).await.status, StatusCode::OK, "{}", world.test.engine);
        assert_eq!(there.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(there.get(&format!("{path}/1.pdf")).await.status, StatusCode::NOT_FOUND);
        let list = there.get("/papers").await.text;
        assert!(list.contains("青香人〔2026〕1号") && !list.contains("青香网会"), "{list}");
        let withdrawal = here.post(&format!("{path}/withdrawal"), &[("version", "2")]).await;
        assert_eq!(withdrawal.status, StatusCode::FORBIDDEN);
        let volunteer = world.client("volunteer", Role::Volunteer, &own.to_string()).await;
        assert_eq!(volunteer.get("/papers").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_document_without_a_series_or_without_fonts_keeps_no_half_of_itself() {
    for world in worlds().await {
        let (reader, t) = (world.reader(), world.t());
        let mut new = world.letter("2026-10", "甲");
        new.kind = "survey-receipt";
        let refused = linli_papers::issue(&world.app, &reader, &t, "", new).await;
        assert_eq!(refused.unwrap_err().code, "papers-no-series");
        // A typesetter that fails leaves the number taken; issuing again goes on under it.
        let given = linli_platform::app::Installation {
            documents: std::sync::Arc::new(NoFonts),
            ..linli_platform::testing::installation(&world.test.store)
        };
        let poor = linli_platform::app::App::assemble(&areas(), given).unwrap();
        let failed = linli_papers::issue(&poor, &reader, &t, "", world.letter("2026-10", "甲")).await;
        assert_eq!(failed.unwrap_err().code, "fonts-missing");
        let list = world.office().await.get("/papers").await.text;
        assert!(list.contains("已编号，尚未制成"), "{}: {list}", world.test.engine);
        let done = world.issue(world.letter("2026-10", "乙")).await;
        assert_eq!((done.number.as_str(), done.edition), ("青香人〔2026〕1号", Some(1)));
    }
}

struct NoFonts;

impl linli_platform::app::Typesetter for NoFonts {
    fn pdf(&self, _: &str, _: serde_json::Value) -> linli_platform::Result<Vec<u8>> {
        Err(linli_platform::AppError::rule("fonts-missing"))
    }
}
