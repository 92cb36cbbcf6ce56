//! The month's bulletin of supervision (督查通报, R32) as a numbered paper, of the whole sub-district: by committee and by
//! item of the checklist, and of nobody (boundary 6). It says how things stood at the month's end.

use linli_papers::{Body, NewPaper, compose};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Month,
    paper::{Figures, Part},
    reader::{Reader, Scope},
    texts::{Lang, T},
    wording::{Place, Slot, Template, Words},
};

use crate::{
    bulletin::{self, CommitteeLine, ItemLine},
    findings,
};

/// The document of the policy pack that it is.
const KIND: &str = "bulletin";

const DIVISION: Place = Place::new("division", "街道", "sub-district");
const MONTH: Place = Place::new("month", "月份", "month");

const SLOTS: &[Slot] = &[
    compose::slot("issuer", "{街道}人口管理办公室", &[DIVISION], &[], 30),
    compose::slot("title", "{月份}实有人口服务管理工作督查通报", &[MONTH, DIVISION], &["month"], 60),
    compose::slot("addressee", "各村民委员会、居民委员会", &[DIVISION], &[], 60),
    compose::slot("head-overall", "总体情况", &[], &[], 30),
    compose::slot(
        "overall",
        "{月份}督查涉及 {村居数} 个村居，发现问题 {问题数} 个，其中反复出现 {反复} 个、严重 {严重} 个，表扬 {表扬} 次。截至月底，已销号 {已销号} 个，逾期 {逾期} 个。",
        &[
            MONTH,
            Place::new("committees", "村居数", "committees"),
            Place::new("faults", "问题数", "faults"),
            Place::new("repeats", "反复", "repeats"),
            Place::new("serious", "严重", "serious"),
            Place::new("praise", "表扬", "praise"),
            Place::new("settled", "已销号", "settled"),
            Place::new("late", "逾期", "late"),
        ],
        &["month"],
        400,
    ),
    compose::slot("head-committees", "各村居情况", &[], &[], 30),
    compose::slot("head-items", "主要问题", &[], &[], 30),
    compose::slot("items-none", "本月没有发现问题。", &[], &[], 120),
    compose::slot("head-notes", "有关要求", &[], &[], 30),
    compose::slot(
        "notes",
        "有问题的村居要对照清单按期整改，经督查组复查后销号；反复出现的和严重的问题，上报专班。通报只到村居，不涉及个人。",
        &[],
        &[],
        600,
    ),
];

/// The bulletin's sentences.
pub(crate) struct Bulletin;

impl Template for Bulletin {
    fn code(&self) -> &'static str {
        "supervision"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        let chinese = T::new(app.texts.clone(), Lang::Zh);
        let line = CommitteeLine {
            committee_code: String::new(),
            name: "甲村居".into(),
            inspections: 1,
            faults: 3,
            records: 2,
            repeats: 1,
            serious: 0,
            settled: 2,
            late: 1,
            praise: 1,
        };
        let item = ItemLine { item: "unregistered".into(), faults: 2, records: 2 };
        let day = app.store.clock().today();
        let values = [("division", app.pack.meta.division_name.as_str()), ("month", "2026年10月")];
        let parts = parts(app, &chinese, words, &values, &[line], &[item]);
        compose::specimen(app, compose::paper(words, &values, day, parts))
    }
}

fn parts(
    app: &App,
    t: &T,
    words: &Words,
    values: &[(&str, &str)],
    lines: &[CommitteeLine],
    items: &[ItemLine],
) -> Vec<Part> {
    let sum = |of: fn(&CommitteeLine) -> i64| lines.iter().map(of).sum::<i64>().to_string();
    let sums = [
        ("committees", lines.len().to_string()),
        ("faults", sum(|l| l.faults)),
        ("repeats", sum(|l| l.repeats)),
        ("serious", sum(|l| l.serious)),
        ("praise", sum(|l| l.praise)),
        ("settled", sum(|l| l.settled)),
        ("late", sum(|l| l.late)),
    ];
    let mut all = values.to_vec();
    all.extend(sums.iter().map(|(code, n)| (*code, n.as_str())));
    let table =
        |head: &str, table: Figures| Part { heading: words.say(head, &[]), paragraphs: Vec::new(), table: Some(table) };
    vec![
        compose::text_part(words.say("head-overall", &[]), words.say("overall", &all)),
        table("head-committees", by_committee(t, lines)),
        if items.is_empty() {
            compose::text_part(words.say("head-items", &[]), words.say("items-none", &[]))
        } else {
            table("head-items", by_item(app, t, items))
        },
        compose::text_part(words.say("head-notes", &[]), words.say("notes", &[])),
    ]
}

fn by_committee(t: &T, lines: &[CommitteeLine]) -> Figures {
    let keys = [
        "bulletin-committee",
        "bulletin-inspections",
        "inspection-faults",
        "bulletin-records",
        "bulletin-repeats",
        "bulletin-serious",
        "bulletin-settled",
        "bulletin-late",
        "bulletin-praise",
    ];
    let row = |l: &CommitteeLine| {
        let counts = [l.inspections, l.faults, l.records, l.repeats, l.serious, l.settled, l.late, l.praise]
            .map(|n| n.to_string());
        std::iter::once(l.name.clone()).chain(counts).collect()
    };
    let head = keys.map(|key| t.s(key)).to_vec();
    Figures { head, rows: lines.iter().map(row).collect(), shares: vec![5, 2, 2, 2, 2, 2, 2, 2, 2] }
}

fn by_item(app: &App, t: &T, items: &[ItemLine]) -> Figures {
    let name = |id: &str| findings::item(&app.pack, id).map_or_else(|| id.to_owned(), |i| i.name.clone());
    let row = |i: &ItemLine| vec![name(&i.item), i.faults.to_string(), i.records.to_string()];
    let head = ["finding-item", "inspection-faults", "bulletin-records"].map(|key| t.s(key)).to_vec();
    Figures { head, rows: items.iter().map(row).collect(), shares: vec![8, 2, 2] }
}

/// The bulletin of a month as it would be issued now, in the language of official papers.
///
/// # Errors
/// `not-found` for a reader of a part of the sub-district, and for a month of which there is nothing to say; those of the
/// store.
pub async fn draft(app: &App, reader: &Reader, month: Month) -> Result<NewPaper> {
    let (q, t) = (app.store.reads(), T::new(app.texts.clone(), Lang::Zh));
    if reader.scope != Scope::Division {
        return Err(AppError::not_found());
    }
    let (lines, items) = (bulletin::of_month(&q, reader, month).await?, bulletin::items(&q, reader, month).await?);
    if lines.is_empty() {
        return Err(AppError::not_found());
    }
    let subject = format!("supervision-{month}");
    let words = linli_papers::words_for(&q, &Bulletin, Lang::Zh, (KIND, &subject), true).await?;
    let name = format!("{}年{}月", month.year, month.month);
    let values = [("division", app.pack.meta.division_name.as_str()), ("month", name.as_str())];
    let paper = compose::paper(&words, &values, month.last_day(), parts(app, &t, &words, &values, &lines, &items));
    Ok(NewPaper {
        kind: KIND,
        subject,
        title: paper.title.clone(),
        grid: None,
        for_all: true,
        body: Body::Paper(paper),
        wording: Some(words.name()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_original_sentence_passes_the_check_that_changes_of_it_must_pass() {
        for slot in SLOTS {
            let checked = linli_platform::wording::check(slot, Lang::Zh, slot.zh);
            assert!(checked.is_ok(), "{}: {checked:?}", slot.code);
        }
    }
}
