//! The papers of the areas as Word files: LibreOffice opens each, and finds in it what the paper says.

use std::sync::{Arc, Mutex};

use linli_meetings::{Attendee, Decision, DecisionId, MeetingId, MeetingRecord, MeetingRow, Point};
use linli_papers::Body;
use linli_platform::{
    Result,
    app::{App, Installation, Typesetter},
    area::Area,
    clock::{At, Day},
    ids::GridId,
    paper::{Mark, Paper},
    store::{Migration, migrations},
    testing,
    texts::{Lang, T},
    wording::Words,
};
use linli_team::StaffId;
use uuid::Uuid;

use super::super::{documents, opened};

/// Keeps the papers that it is given.
#[derive(Default)]
struct Kept(Mutex<Vec<Paper>>);

impl Typesetter for Kept {
    fn pdf(&self, _: &str, _: serde_json::Value) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
    fn paper_pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        self.0.lock().unwrap().push(paper.clone());
        Ok(Vec::new())
    }
}

fn areas() -> Vec<Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_surveys::area(),
        linli_supervision::area(),
        linli_meetings::area(),
    ]
}

fn all_migrations() -> Vec<Migration> {
    migrations().into_iter().chain(areas().into_iter().flat_map(|a| a.migrations)).collect()
}

async fn with_app(then: impl FnOnce(&App, &Kept)) {
    let test = testing::stores(all_migrations).await.into_iter().next().unwrap();
    let kept = Arc::new(Kept::default());
    let given = Installation { documents: kept.clone(), ..testing::installation(&test.store) };
    then(&App::assemble(&areas(), given).unwrap(), &kept);
}

/// The paper as its area shows it to whoever changes its sentences: made as the one that is issued.
async fn specimen(template: &str) -> Paper {
    let mut paper = None;
    with_app(|app, kept| {
        let template = areas().into_iter().flat_map(|a| a.templates).find(|t| t.code() == template).unwrap();
        let t = T::new(app.texts.clone(), Lang::Zh);
        template.sample(app, &t, &Words::original(template.as_ref(), Lang::Zh)).unwrap();
        paper = kept.0.lock().unwrap().pop();
    })
    .await;
    paper.unwrap()
}

/// Words and figures alone: spaces, and marks that hang beyond a line's end, are the layout's.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Opens the Word file of a paper as issued and as a draft, and looks for all of its words.
fn holds_its_words(paper: &Paper) {
    let mark = Mark { lines: vec!["校验码 0123-4567-89AB".into()] };
    let draft = Paper { number: None, ..paper.clone() };
    let files = [documents().numbered_word(paper, &mark).unwrap(), documents().paper_word(&draft).unwrap()];
    for (n, file) in files.iter().enumerate() {
        // Where a page ends, its number stands between the words.
        let said: String = opened(file).split_whitespace().collect();
        let said = bare(&said.replace("—1—", "").replace("—2—", ""));
        assert_eq!(n == 0, said.contains("0123456789AB"), "{said}");
        for words in [&paper.issuer, &paper.title, &paper.date].into_iter().chain(&paper.addressee) {
            assert!(said.contains(&bare(words)), "{words}: {said}");
        }
        for part in &paper.parts {
            for words in std::iter::once(&part.heading).chain(&part.paragraphs) {
                assert!(said.contains(&bare(words)), "{words}: {said}");
            }
            let cells = part.table.iter().flat_map(|t| t.head.iter().chain(t.rows.iter().flatten()));
            for cell in cells {
                assert!(said.contains(&bare(cell)), "{cell}: {said}");
            }
        }
    }
}

#[tokio::test]
async fn the_bulletin_of_supervision_opens_as_a_word_file() {
    let paper = specimen("supervision").await;
    assert!(paper.title.contains("督查通报") && paper.parts.len() == 4, "{paper:?}");
    holds_its_words(&paper);
}

#[tokio::test]
async fn the_notice_of_a_listing_opens_as_a_word_file() {
    let paper = specimen("rectification").await;
    assert!(!paper.parts.is_empty(), "{paper:?}");
    holds_its_words(&paper);
}

#[tokio::test]
async fn the_yearly_evaluation_opens_as_a_word_file() {
    let paper = specimen("evaluation").await;
    assert!(paper.parts.iter().any(|p| p.table.is_some()), "{paper:?}");
    holds_its_words(&paper);
}

fn record() -> MeetingRecord {
    let at: At = "2026-11-23".parse::<Day>().unwrap().start().plus_hours(9);
    let meeting = MeetingRow {
        meeting_id: MeetingId(Uuid::nil()),
        kind: "weekly".into(),
        area: String::new(),
        grid_id: Some(GridId(Uuid::nil())),
        area_name: Some("柳塘一微网格".into()),
        period: "2026-W48".into(),
        starts_at: at,
        place: "柳塘村委会二楼".into(),
        state: "held".into(),
        convener_role: "grid-leader".into(),
        moves: 0,
        moved_from: None,
        move_reason: None,
        summary: "上周走访如期完成，本周核对三号楼。".into(),
        held_at: Some(at),
        held_by: None,
        invited: 1,
        came: 1,
        version: 1,
    };
    let attendee = Attendee {
        staff_id: StaffId(Uuid::nil()),
        account_id: None,
        name: "甲组长".into(),
        post: "grid-leader".into(),
        state: "present".into(),
        reason: None,
        how: None,
    };
    let decision = Decision {
        decision_id: DecisionId(Uuid::nil()),
        meeting_id: MeetingId(Uuid::nil()),
        words: "十日内走访完三号楼".into(),
        grid_id: GridId(Uuid::nil()),
        grid_name: None,
        staff_name: "乙协管".into(),
        account_id: None,
        due_day: "2026-12-03".parse().unwrap(),
        task_id: None,
        task_state: None,
        outcome: None,
        done_at: None,
    };
    let point = Point { code: "coverage".into(), lines: Vec::new(), href: String::new() };
    MeetingRecord {
        meeting,
        agenda: vec![point],
        follow_ups: Vec::new(),
        roll: vec![attendee],
        decisions: vec![decision],
        held_by: Some("甲组长".into()),
    }
}

#[tokio::test]
async fn the_record_of_a_meeting_opens_as_a_word_file() {
    let mut paper = None;
    with_app(|app, _| paper = Some(linli_meetings::record_paper(app, &record()).unwrap().body)).await;
    let Some(Body::Paper(paper)) = paper else { panic!("a record is a paper") };
    assert!(paper.parts.iter().any(|p| p.paragraphs.iter().any(|w| w.contains("十日内走访完三号楼"))), "{paper:?}");
    holds_its_words(&Paper { number: Some("青香网会〔2026〕1号".into()), ..paper });
}
