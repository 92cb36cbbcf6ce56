//! A year that was published, as a numbered paper (R28, R36): word for word what stands on its page, with the digest of the
//! file, so that whoever holds the one can check the other.

use linli_papers::{Body, NewPaper, compose};
use linli_platform::{
    Result,
    app::App,
    paper::{Figures, Part},
    texts::{Lang, T},
    wording::{Place, Slot, Template, Words},
};

use super::{Evaluation, Line, Published, Table};

/// The document of the policy pack that it is.
const KIND: &str = "yearly-evaluation";

const DIVISION: Place = Place::new("division", "街道", "sub-district");
const YEAR: Place = Place::new("year", "年度", "year");

const SLOTS: &[Slot] = &[
    compose::slot("issuer", "{街道}人口管理办公室", &[DIVISION], &[], 30),
    compose::slot("title", "{年度}年度登记质量评估通报", &[YEAR, DIVISION], &["year"], 60),
    compose::slot("addressee", "各村民委员会、居民委员会", &[DIVISION], &[], 60),
    compose::slot("head-overall", "总体情况", &[], &[], 30),
    compose::slot(
        "overall",
        "{起始月份}至{截止月份}共进行 {测查次数} 次达标测查。表中的数字是测查员在抽中的户上清点的人数和登记项目数。",
        &[
            YEAR,
            Place::new("first", "起始月份", "first month"),
            Place::new("last", "截止月份", "last month"),
            Place::new("rounds", "测查次数", "rounds"),
        ],
        &[],
        400,
    ),
    compose::slot("head-people", "人员", &[], &[], 30),
    compose::slot("head-items", "登记项目", &[], &[], 30),
    compose::slot("head-notes", "有关说明", &[], &[], 30),
    compose::slot(
        "notes",
        "小于 {最小数} 的数字不显示，能推算出它的数字也不显示；不显示不代表数字大小。每个年度只公布一次。公布的数据文件的摘要（SHA-256）为 {摘要}。",
        &[Place::new("least", "最小数", "least count"), Place::new("digest", "摘要", "digest")],
        &["digest"],
        600,
    ),
];

/// The paper's sentences.
pub(crate) struct Yearly;

impl Template for Yearly {
    fn code(&self) -> &'static str {
        "evaluation"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        let values = [
            ("division", app.pack.meta.division_name.as_str()),
            ("year", "2026"),
            ("first", "2025年12月"),
            ("last", "2026年11月"),
            ("rounds", "12"),
            ("least", "10"),
            ("digest", "0123456789abcdef"),
        ];
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let table = Figures {
            head: row(["村居", "登记率", "合计", "已登记"]),
            rows: vec![row(["甲村", "97.1%", "350", "340"]), row(["乙村", "不显示", "不显示", "不显示"])],
            shares: vec![5, 3, 3, 3],
        };
        let day = app.store.clock().today();
        let tables = [("head-people", table.clone()), ("head-items", table)];
        compose::specimen(app, compose::paper(words, &values, day, parts(words, &values, tables)))
    }
}

fn parts(words: &Words, values: &[(&str, &str)], tables: [(&str, Figures); 2]) -> Vec<Part> {
    let text = |head: &str, slot: &str| compose::text_part(words.say(head, &[]), words.say(slot, values));
    let mut all = vec![text("head-overall", "overall")];
    let part = |(head, table): (&str, Figures)| Part {
        heading: words.say(head, &[]),
        paragraphs: Vec::new(),
        table: Some(table),
    };
    all.extend(tables.map(part));
    all.push(text("head-notes", "notes"));
    all
}

/// Which shares a table tells: the key of the column's head, and the category beside the first.
pub(crate) fn shares(table: &Table) -> Vec<(&'static str, usize)> {
    match table.categories.len() {
        2 => vec![("survey-rate-accuracy", 1)],
        _ => vec![("survey-rate-registration", 1), ("survey-over-kept", 2)],
    }
}

/// A count, or the sign for what is withheld.
pub(crate) fn cell(t: &T, value: Option<&u64>) -> String {
    value.map_or_else(|| t.s("evaluation-withheld"), u64::to_string)
}

/// The share of the first category in it and another one, or the sign for what is withheld or cannot be divided.
pub(crate) fn share(t: &T, line: &Line, other: usize) -> String {
    match (&line.counts, line.share(other)) {
        (_, Some(share)) => share,
        (Some(_), None) => "—".to_owned(),
        (None, None) => t.s("evaluation-withheld"),
    }
}

/// What a line is of.
pub(crate) fn name(t: &T, line: &Line) -> String {
    match (&line.committee, &line.group) {
        (Some(committee), _) => committee.clone(),
        (None, Some(group)) => t.a("evaluation-group", "group", group),
        (None, None) => t.s("common-total"),
    }
}

fn figures(t: &T, table: &Table) -> Figures {
    let shares = shares(table);
    let row = |line: &Line| {
        let mut row = vec![name(t, line)];
        row.extend(shares.iter().map(|(_, other)| share(t, line, *other)));
        row.push(cell(t, line.total.as_ref()));
        row.extend((0..table.categories.len()).map(|n| cell(t, line.counts.as_ref().and_then(|c| c.get(n)))));
        row
    };
    let mut head = vec![t.s("survey-committee")];
    head.extend(shares.iter().map(|(key, _)| t.s(key)));
    head.push(t.s("common-total"));
    head.extend(table.categories.iter().map(|c| t.code("evaluation", c)));
    let widths = std::iter::once(4).chain(std::iter::repeat_n(2, head.len() - 1)).collect();
    Figures { head, rows: table.lines.iter().map(row).collect(), shares: widths }
}

/// `2025年12月`, from `2025-12`.
fn month(text: &str) -> String {
    let written = text.split_once('-').and_then(|(year, month)| Some((year, month.parse::<u8>().ok()?)));
    written.map_or_else(|| text.to_owned(), |(year, month)| format!("{year}年{month}月"))
}

/// The paper of a published year, in the language of official papers.
///
/// # Errors
/// Those of the store; an internal error if what is stored cannot be read.
pub async fn draft(app: &App, published: &Published) -> Result<NewPaper> {
    let (q, t) = (app.store.reads(), T::new(app.texts.clone(), Lang::Zh));
    let subject = format!("evaluation-{}", published.year);
    let words = linli_papers::words_for(&q, &Yearly, Lang::Zh, (KIND, &subject), true).await?;
    let evaluation: Evaluation = published.evaluation()?;
    let (year, rounds) = (published.year.to_string(), evaluation.rounds.to_string());
    let (first, last) = (month(&evaluation.first), month(&evaluation.last));
    let least = evaluation.smallest_count_shown.to_string();
    let values = [
        ("division", app.pack.meta.division_name.as_str()),
        ("year", year.as_str()),
        ("first", first.as_str()),
        ("last", last.as_str()),
        ("rounds", rounds.as_str()),
        ("least", least.as_str()),
        ("digest", published.digest.as_str()),
    ];
    let tables = [("head-people", figures(&t, &evaluation.people)), ("head-items", figures(&t, &evaluation.items))];
    let paper = compose::paper(&words, &values, published.published_at.day(), parts(&words, &values, tables));
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

    #[test]
    fn months_are_written_out() {
        assert_eq!(month("2025-12"), "2025年12月");
        assert_eq!(month("2026-03"), "2026年3月");
    }
}
