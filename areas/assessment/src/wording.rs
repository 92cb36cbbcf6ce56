//! The sentences of the bulletins that the office may change (R36).

use linli_papers::compose::slot;
pub(crate) use linli_papers::compose::{numbered, text_part};
use linli_platform::{
    Result,
    app::App,
    paper::{Figures, Paper, Part},
    texts::{Lang, T},
    wording::{Place, Slot, Template, Words},
};

const MONTH: Place = Place::new("month", "月份", "month");
const YEAR: Place = Place::new("year", "年度", "year");
const DIVISION: Place = Place::new("division", "街道", "sub-district");
const COMMITTEES: Place = Place::new("committees", "村居数", "committees");
const NAMES: Place = Place::new("names", "村居", "names");

const ISSUER: Slot = slot("issuer", "{街道}人口管理办公室", &[DIVISION], &[], 30);
const ADDRESSEE: Slot = slot("addressee", "各村民委员会、居民委员会", &[DIVISION], &[], 60);
const HEAD_OVERALL: Slot = slot("head-overall", "总体情况", &[], &[], 30);
const FIRST: Slot = slot("first", "列前的是：{村居}。", &[NAMES], &["names"], 120);
const LAST: Slot = slot("last", "列后的是：{村居}。", &[NAMES], &["names"], 120);

const BULLETIN: &[Slot] = &[
    ISSUER,
    slot("title", "{月份}村居信息采集工作考核情况通报", &[MONTH, DIVISION], &["month"], 60),
    ADDRESSEE,
    HEAD_OVERALL,
    slot(
        "overall",
        "{月份}，对全街道 {村居数} 个村居按照考核办法进行了评分。基础分 {基础分} 分，采取扣分方式；加分最多 {加分上限} 分。名次分组排列，同分同名次。",
        &[
            MONTH,
            COMMITTEES,
            Place::new("basic", "基础分", "basic points"),
            Place::new("bonus", "加分上限", "bonus points"),
        ],
        &["month"],
        400,
    ),
    FIRST,
    LAST,
    slot("head-surveys", "达标测查", &[], &[], 30),
    slot(
        "surveys",
        "测查按公布的抽样框随机抽取住户，登记率目标为 {登记率目标}，准确率目标为 {准确率目标}。样本小，单月数字的误差以系统所示的区间为准。",
        &[
            Place::new("registration", "登记率目标", "target of registration"),
            Place::new("accuracy", "准确率目标", "target of accuracy"),
        ],
        &[],
        400,
    ),
    slot("surveys-none", "本月没有已经锁定的测查结果。", &[], &[], 120),
    slot("head-notes", "有关说明", &[], &[], 30),
    slot(
        "notes",
        "每一项扣分的依据可以在系统内逐项查看；村居对扣分有异议的，应当在定分前提出。本通报所依据的规则版本为 {规则版本}。",
        &[Place::new("pack", "规则版本", "version of the rules")],
        &["pack"],
        600,
    ),
    slot("draft", "（草稿：数字仍会变动，未经发布不得引用。）", &[], &[], 60),
];

const YEARLY: &[Slot] = &[
    ISSUER,
    slot("title", "{年度}年度村居信息采集工作考核情况通报", &[YEAR, DIVISION], &["year"], 60),
    ADDRESSEE,
    HEAD_OVERALL,
    slot(
        "overall",
        "{年度}考核年度自{起始月份}起至{截止月份}止。已定分 {定分月数} 个月，{村居数} 个村居参加考核，年度得分为各月得分的平均数，名次分组排列，同分同名次。",
        &[
            YEAR,
            Place::new("from", "起始月份", "first month"),
            Place::new("until", "截止月份", "last month"),
            Place::new("months", "定分月数", "final months"),
            COMMITTEES,
        ],
        &["year"],
        400,
    ),
    FIRST,
    LAST,
    slot("draft", "（未定稿：数字仍会变动，不得引用。）", &[], &[], 60),
];

/// The monthly bulletin.
pub(crate) struct Bulletin;

impl Template for Bulletin {
    fn code(&self) -> &'static str {
        "bulletin"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        BULLETIN
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        let say = |slot: &str, values: &[(&str, &str)]| words.say(slot, values);
        let overall = [("month", "2026年10月"), ("committees", "35"), ("basic", "85"), ("bonus", "15")];
        let rates = [("registration", "98%"), ("accuracy", "98%")];
        let parts = vec![
            text_part(say("head-overall", &[]), say("overall", &overall)),
            Part {
                heading: "A组（居民区）".into(),
                paragraphs: vec![say("first", &[("names", "甲村居")]), say("last", &[("names", "乙村居")])],
                table: Some(sample_table()),
            },
            text_part(say("head-surveys", &[]), say("surveys", &rates)),
            text_part(say("head-notes", &[]), say("notes", &[("pack", "0123456789ab")])),
        ];
        sample(app, words, [("month", "2026年10月"), ("year", "2026")], parts)
    }
}

/// The yearly report.
pub(crate) struct Yearly;

impl Template for Yearly {
    fn code(&self) -> &'static str {
        "yearly"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        YEARLY
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        let overall =
            [("year", "2026"), ("from", "2025年12月"), ("until", "2026年11月"), ("months", "12"), ("committees", "35")];
        let parts = vec![
            text_part(words.say("head-overall", &[]), words.say("overall", &overall)),
            Part {
                heading: "A组（居民区）".into(),
                paragraphs: vec![words.say("first", &[("names", "甲村居")]), words.say("last", &[("names", "乙村居")])],
                table: Some(sample_table()),
            },
        ];
        sample(app, words, [("month", "2026年11月"), ("year", "2026")], parts)
    }
}

fn sample_table() -> Figures {
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    Figures {
        head: row(["名次", "村居", "扣分", "得分"]),
        rows: vec![row(["1", "甲村居", "0.50", "84.50"]), row(["2", "乙村居", "3.20", "81.80"])],
        shares: vec![2, 6, 2, 2],
    }
}

fn sample(app: &App, words: &Words, when: [(&str, &str); 2], parts: Vec<Part>) -> Result<Vec<u8>> {
    let division = app.pack.meta.division_name.as_str();
    let mut values = when.to_vec();
    values.push(("division", division));
    let paper = Paper {
        issuer: words.say("issuer", &values),
        number: Some("样张〔2026〕1号".into()),
        title: words.say("title", &values),
        addressee: Some(words.say("addressee", &values)),
        date: "2026年11月30日".into(),
        lead: vec![words.say("draft", &[])],
        parts: numbered(parts),
    };
    app.documents.paper_pdf(&paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_original_sentence_passes_the_check_that_changes_of_it_must_pass() {
        for template in [&Bulletin as &dyn Template, &Yearly] {
            for slot in template.slots() {
                let checked = linli_platform::wording::check(slot, Lang::Zh, slot.zh);
                assert!(checked.is_ok(), "{} {}: {checked:?}", template.code(), slot.code);
            }
        }
    }
}
