//! The assessment on both engines and through its pages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use linli_assessment::{
    entries::{self, EntryKey},
    objections, round, scores,
};
use linli_platform::{
    access::Role,
    app::App,
    clock::Month,
    ids::GridId,
    reader::{Reader, Scope},
    store::Migration,
    testing::{self, TestStore},
};
use linli_territory::{NewGrid, store::grids};
use policy_pack::Pack;

mod all {
    mod year;
}

fn areas() -> Vec<linli_platform::area::Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_volunteers::area(),
        linli_scenes::area(),
        linli_surveys::area(),
        linli_assessment::area(),
    ]
}

fn migrations() -> Vec<Migration> {
    let own = linli_platform::web::own_areas();
    own.into_iter().chain(areas()).flat_map(|a| a.migrations).collect()
}

const MONTH: Month = Month { year: 2026, month: 10 };

struct Office {
    test: TestStore,
    app: App,
    /// The first committee of the pack, and a grid in it.
    code: String,
    grid: GridId,
}

async fn offices() -> Vec<Office> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        let app = testing::app(&test.store, &areas());
        let tx = test.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        let code = app.pack.territory.committees[0].code.clone();
        let new =
            NewGrid { grid_id: None, code: "G1".into(), name: "第1微网格".into(), committee_code: code.clone() };
        let grid = grids::open(&tx, vec![new], MONTH.first_day()).await.unwrap()[0];
        tx.commit().await.unwrap();
        all.push(Office { test, app, code, grid });
    }
    all
}

impl Office {
    fn reader(&self, role: Role) -> Reader {
        testing::reader(&self.test.store, &[role], Scope::Division)
    }
    async fn enter(&self, committee: &str, key: EntryKey, number: i64) -> linli_platform::Result<()> {
        let tx = self.test.store.begin(&self.reader(Role::Assessor)).await.unwrap();
        entries::enter(&tx, MONTH, committee, key, Some(number)).await?;
        tx.commit().await
    }
    async fn compute(&self) -> linli_platform::Result<usize> {
        let tx = self.test.store.begin(&self.reader(Role::Assessor)).await.unwrap();
        let n = scores::compute(&self.app, &tx, MONTH).await?;
        tx.commit().await?;
        Ok(n)
    }
    async fn round(&self) -> round::Round {
        round::find(&self.test.store.reads(), MONTH).await.unwrap().unwrap()
    }
    async fn publish(&self) {
        let tx = self.test.store.begin(&self.reader(Role::Assessor)).await.unwrap();
        round::publish(&tx, MONTH, self.round().await.version).await.unwrap();
        tx.commit().await.unwrap();
    }
    async fn finalise(&self) -> linli_platform::Result<()> {
        let tx = self.test.store.begin(&self.reader(Role::Assessor)).await.unwrap();
        round::finalise(&tx, MONTH, self.round().await.version).await?;
        tx.commit().await
    }
    fn secretary(&self) -> Reader {
        let mut secretary =
            testing::reader(&self.test.store, &[Role::CommitteeSecretary], Scope::Grids(vec![self.grid]));
        secretary.committees = vec![self.code.clone()];
        secretary
    }
    async fn object(
        &self,
        reader: &Reader,
        committee: &str,
        reason: &str,
    ) -> Result<linli_assessment::ObjectionId, &'static str> {
        let items: Vec<String> = self.app.pack.scoring.items.iter().map(|i| i.id.clone()).collect();
        let tx = self.test.store.begin(reader).await.unwrap();
        let made =
            objections::object(&tx, MONTH, committee, "notice-signs", reason, &items).await.map_err(|e| e.code)?;
        tx.commit().await.unwrap();
        Ok(made)
    }
}

#[tokio::test]
async fn a_committee_loses_what_was_found_and_ranks_behind_its_group() {
    for office in offices().await {
        office.enter(&office.code, EntryKey::SignsMissing, 3).await.unwrap();
        office.enter(&office.code, EntryKey::Outside, 750).await.unwrap();
        office.enter(&office.code, EntryKey::Bonus, 125).await.unwrap();
        assert_eq!(office.compute().await.unwrap(), 35, "{}", office.test.engine);
        let q = office.test.store.reads();
        let all = scores::of_month(&q, MONTH).await.unwrap();
        let own = all.iter().find(|s| s.committee_code == office.code).unwrap();
        let other = all.iter().find(|s| s.committee_code != office.code && s.group_code == own.group_code).unwrap();
        // Nobody did any work in this town, so the N members' item is lost alike; the rest is 3 signs, 2.5 outside.
        assert_eq!(own.deducted - other.deducted, 300 + 250);
        assert_eq!(own.bonus, 125);
        assert_eq!(own.total, 8500 - own.deducted + 125);
        assert_eq!(other.rank_in_group, 1);
        let behind = all.iter().filter(|s| s.group_code == own.group_code && s.total > own.total).count() as i64;
        assert_eq!(own.rank_in_group, 1 + behind);
        let lines =
            scores::lines(&q, &office.reader(Role::Assessor), &office.app.pack, MONTH, &office.code).await.unwrap();
        assert_eq!(lines.iter().map(|l| l.deducted).sum::<i64>(), own.deducted, "the lines add up to the deduction");
        assert_eq!(lines.iter().map(|l| l.points).sum::<i64>(), 8500);
        assert_eq!(lines.iter().find(|l| l.item_id == "notice-signs").unwrap().found().count, 3);
        assert_eq!(lines.iter().find(|l| l.item_id == "survey").unwrap().missing, "yes", "no survey, nothing deducted");
        assert_eq!(office.round().await.pack_digest, office.app.pack.digest());
    }
}

#[tokio::test]
async fn the_closing_rate_of_scenes_is_counted_from_the_scenes_until_the_assessors_enter_another() {
    use linli_register::addresses::{self, NewAddress};
    use linli_scenes::scenes::{self, NewScene};
    for office in offices().await {
        let now = office.test.store.now();
        office.test.clock.set(MONTH.start().plus_hours(200));
        let worker = testing::in_grids(&office.test.store, Role::Coordinator, &[office.grid]);
        let tx = office.test.store.begin(&worker).await.unwrap();
        let door = NewAddress {
            address_id: None,
            text: "新府中路501弄12号301室".into(),
            committee_code: office.code.clone(),
            grid_id: Some(office.grid),
            lon: None,
            lat: None,
            source: linli_register::codes::Source::Import,
        };
        let address = addresses::insert_many(&tx, vec![door]).await.unwrap()[0];
        for (code, closed) in [("gas-hazard", true), ("sign-damaged", false)] {
            let new = NewScene { id: tx.new_id(), code: code.into(), grid: office.grid, address };
            let id = scenes::open(&office.app, &tx, &new).await.unwrap();
            if closed {
                scenes::close(&tx, id, 1, linli_scenes::codes::SceneResult::Removed).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        office.test.clock.set(now);
        let rate = async || {
            office.compute().await.unwrap();
            let (q, assessor) = (office.test.store.reads(), office.reader(Role::Assessor));
            let lines = scores::lines(&q, &assessor, &office.app.pack, MONTH, &office.code).await.unwrap();
            lines.iter().find(|l| l.item_id == "scene-closing").unwrap().found().rate_percent
        };
        assert_eq!(rate().await, Some(50.0), "{}", office.test.engine);
        office.enter(&office.code, EntryKey::ScenesOpened, 4).await.unwrap();
        office.enter(&office.code, EntryKey::ScenesClosed, 3).await.unwrap();
        assert_eq!(rate().await, Some(75.0), "what the assessors enter counts");
    }
}

#[tokio::test]
async fn a_final_month_changes_no_more_and_open_objections_stand_in_its_way() {
    for office in offices().await {
        office.compute().await.unwrap();
        let secretary = office.secretary();
        assert_eq!(office.object(&secretary, &office.code, "figure-wrong").await, Err("round-not-published"));
        office.publish().await;
        assert_eq!(office.object(&secretary, "310118003999", "figure-wrong").await, Err("not-found"));
        assert_eq!(office.object(&secretary, &office.code, "张三说的").await, Err("objection-reason"));
        let objection = office.object(&secretary, &office.code, "figure-wrong").await.unwrap();
        assert!(office.finalise().await.unwrap_err().is("objections-open"), "{}", office.test.engine);
        let tx = office.test.store.begin(&office.reader(Role::Assessor)).await.unwrap();
        assert!(objections::answer(&tx, objection, 9, "rejected").await.unwrap_err().is("stale-version"));
        objections::answer(&tx, objection, 1, "rejected").await.unwrap();
        tx.commit().await.unwrap();
        office.finalise().await.unwrap();
        assert!(office.compute().await.unwrap_err().is("round-final"));
        assert!(office.enter(&office.code, EntryKey::Bonus, 100).await.unwrap_err().is("round-final"));
    }
}

#[tokio::test]
async fn published_figures_are_not_computed_anew_while_somebody_objects_to_them() {
    for office in offices().await {
        office.compute().await.unwrap();
        office.compute().await.unwrap();
        office.publish().await;
        let objection = office.object(&office.secretary(), &office.code, "figure-wrong").await.unwrap();
        assert!(office.compute().await.unwrap_err().is("objections-open"), "{}", office.test.engine);
        assert_eq!(office.round().await.state, "published", "and nothing has become a draft");
        let tx = office.test.store.begin(&office.reader(Role::Assessor)).await.unwrap();
        objections::answer(&tx, objection, 1, "upheld").await.unwrap();
        tx.commit().await.unwrap();
        let before = office.round().await.version;
        office.compute().await.unwrap();
        let round = office.round().await;
        assert_eq!((round.state.as_str(), round.version), ("draft", before + 1));
    }
}

/// An objection that is not committed yet holds back whoever wants to close or compute the month.
#[tokio::test]
async fn an_objection_comes_before_or_after_the_end_of_a_month_and_never_between() {
    for office in offices().await {
        office.compute().await.unwrap();
        office.publish().await;
        let version = office.round().await.version;
        let items: Vec<String> = office.app.pack.scoring.items.iter().map(|i| i.id.clone()).collect();
        let tx = office.test.store.begin(&office.secretary()).await.unwrap();
        objections::object(&tx, MONTH, &office.code, "notice-signs", "not-ours", &items).await.unwrap();
        let (app, assessor) = (office.app.clone(), office.reader(Role::Assessor));
        let ending = tokio::spawn({
            let assessor = assessor.clone();
            async move {
                let tx = app.store.begin(&assessor).await?;
                round::finalise(&tx, MONTH, version).await?;
                tx.commit().await
            }
        });
        let app = office.app.clone();
        let computing = tokio::spawn(async move {
            let tx = app.store.begin(&assessor).await?;
            scores::compute(&app, &tx, MONTH).await?;
            tx.commit().await
        });
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert!(!ending.is_finished() && !computing.is_finished(), "{}", office.test.engine);
        tx.commit().await.unwrap();
        assert!(ending.await.unwrap().unwrap_err().is("objections-open"), "{}", office.test.engine);
        assert!(computing.await.unwrap().unwrap_err().is("objections-open"), "{}", office.test.engine);
        assert_eq!(office.round().await.state, "published");
    }
}

#[tokio::test]
async fn what_a_score_rests_on_is_seen_by_the_own_committee_only() {
    for office in offices().await {
        office.compute().await.unwrap();
        let q = office.test.store.reads();
        let pack = &office.app.pack;
        let other = pack.territory.committees[1].code.clone();
        let leader = testing::in_grids(&office.test.store, Role::GridLeader, &[office.grid]);
        for reader in [office.secretary(), leader] {
            assert!(scores::lines(&q, &reader, pack, MONTH, &office.code).await.is_ok());
            assert!(scores::lines(&q, &reader, pack, MONTH, &other).await.unwrap_err().is("not-found"));
            assert!(objections::of_month(&q, &reader, MONTH).await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn the_pages_compute_and_keep_what_was_typed_wrong() {
    let office = offices().await.remove(0);
    let account = testing::account(&office.test.store, "assessor", &[(Role::Assessor, testing::DIVISION)]).await;
    let client = testing::Client::signed_in(&office.app, &areas(), account).await;
    let field = format!("{}.signs-missing", office.code);
    let wrong = client.post("/assessment/2026-10/entries", &[(&field, "三块")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.text.contains("三块"), "what was typed is still there");
    let right = client.post("/assessment/2026-10/entries", &[(&field, "2")]).await;
    assert_eq!(right.status.as_u16(), 303);
    assert_eq!(client.post("/assessment/2026-10/computation", &[]).await.status.as_u16(), 303);
    let page = client.get("/assessment/2026-10").await;
    assert_eq!(page.status.as_u16(), 200);
    let detail = client.get(&format!("/assessment/2026-10/committees/{}", office.code)).await;
    assert!(detail.text.contains("2 处"), "{}", detail.text);
    assert_eq!(client.get("/assessment/2026-13").await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_published_bulletin_is_issued_under_a_number_and_a_closed_one_keeps_its_words() {
    for office in offices().await {
        let store = &office.test.store;
        let assessor = testing::account(store, "bulletin", &[(Role::Assessor, testing::DIVISION)]).await;
        let client = testing::Client::signed_in(&office.app, &areas(), assessor).await;
        office.compute().await.unwrap();
        let early = client.post("/assessment/2026-10/bulletin", &[]).await;
        assert_eq!(early.status.as_u16(), 422, "{}: a draft is not issued", office.test.engine);
        let draft = client.get("/assessment/2026-10/bulletin.pdf").await.text;
        assert!(draft.contains("草稿") && !draft.contains("青香人〔"), "{draft}");
        office.publish().await;
        assert!(client.get("/assessment/2026-10").await.text.contains("尚未编号印发"));
        assert_eq!(client.post("/assessment/2026-10/bulletin", &[]).await.status.as_u16(), 303);
        let issued = client.get("/assessment/2026-10/bulletin.pdf").await.text;
        for text in ["青香人〔2026〕1号", "第 1 版", "一、总体情况", "2026年10月，对全街道"] {
            assert!(issued.contains(text), "{text}: {issued}");
        }
        assert!(client.get("/assessment/2026-10").await.text.contains("青香人〔2026〕1号 第 1 版"));

        office.finalise().await.unwrap();
        let keeper = testing::account(store, "keeper", &[(Role::PopulationOffice, testing::DIVISION)]).await;
        let keeper = testing::Client::signed_in(&office.app, &areas(), keeper).await;
        let template = office.app.templates.iter().find(|t| t.code() == "bulletin").unwrap();
        let mut form = vec![("version", "0")];
        form.extend(template.slots().iter().map(|s| (s.code, s.zh)));
        form.iter_mut().find(|(code, _)| *code == "head-overall").unwrap().1 = "整体情况";
        assert_eq!(keeper.post("/wordings/bulletin/zh-CN", &form).await.status.as_u16(), 303);
        let closed = client.get("/assessment/2026-10/bulletin.pdf").await.text;
        assert_eq!(closed, issued, "what was closed stays as it was issued");
    }
}
