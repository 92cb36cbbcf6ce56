//! The notice of a listing (挂牌整改通知, R27) as a numbered paper. It says why the committee was listed and what is asked
//! for; what became of it later is no part of it, so that the notice stays one.

use linli_papers::{Body, NewPaper, compose};
use linli_platform::{
    AppError, Result,
    app::App,
    paper::{Figures, Paper, Part},
    store::Query,
    texts::{Lang, T},
    vals,
    wording::{Place, Slot, Template, Words},
};
use sea_orm::FromQueryResult;

use crate::{
    beside::{self, Beside},
    listings::Listing,
    rectification,
};

/// The document of the policy pack that it is.
const KIND: &str = "rectification-notice";

const DIVISION: Place = Place::new("division", "街道", "sub-district");
const COMMITTEE: Place = Place::new("committee", "村居", "committee");
const CAUSE: Place = Place::new("cause", "原因", "cause");
const MONTH: Place = Place::new("month", "月份", "month");
const DUE: Place = Place::new("due", "方案期限", "day of the plan");

const SLOTS: &[Slot] = &[
    compose::slot("issuer", "{街道}人口管理办公室", &[DIVISION], &[], 30),
    compose::slot("title", "关于对{村居}挂牌整治的通知", &[COMMITTEE, DIVISION], &["committee"], 60),
    compose::slot("addressee", "{村居}", &[COMMITTEE], &[], 60),
    compose::slot("head-grounds", "挂牌依据", &[], &[], 30),
    compose::slot("grounds", "你村居因“{原因}”，自{月份}起挂牌整治。", &[COMMITTEE, CAUSE, MONTH], &["cause"], 300),
    compose::slot(
        "rule",
        "按公布的办法，连续各月都低于街道指标即挂牌。差异是否超出抽样的偶然不影响挂牌，一并列出。",
        &[],
        &[],
        300,
    ),
    compose::slot("head-work", "整治要求", &[], &[], 30),
    compose::slot(
        "work",
        "由社区民警牵头，于{方案期限}前提交整改方案，写明原因、目标和逐项整改步骤，并按步骤组织集中整改。",
        &[DUE],
        &["due"],
        400,
    ),
    compose::slot("head-end", "摘牌条件", &[], &[], 30),
    compose::slot(
        "end",
        "整改步骤全部完成；因登记率或准确率挂牌的，整改后复测不再明显低于街道指标。符合条件的，由人口办或者社区警务队长摘牌。",
        &[],
        &[],
        400,
    ),
];

/// The notice's sentences.
pub(crate) struct Notice;

impl Template for Notice {
    fn code(&self) -> &'static str {
        "rectification"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let table = Figures {
            head: row(HEAD),
            rows: vec![row(["2026-09", "登记率", "91.2%（86.0%–95.1%）", "97.4%", "差异超出抽样的偶然"])],
            shares: SHARES.to_vec(),
        };
        let day = app.store.clock().today();
        let values = [
            ("division", app.pack.meta.division_name.as_str()),
            ("committee", "甲村村民委员会"),
            ("cause", "登记率或准确率连续低于平均"),
            ("month", "2026年10月"),
            ("due", "2026年11月4日"),
        ];
        compose::specimen(app, compose::paper(words, &values, day, parts(words, &values, Some(table))))
    }
}

const HEAD: [&str; 5] = ["测查月份", "指标", "村居", "街道", "差异"];
const SHARES: [u32; 5] = [3, 2, 6, 2, 4];

fn parts(words: &Words, values: &[(&str, &str)], table: Option<Figures>) -> Vec<Part> {
    let mut grounds = compose::text_part(words.say("head-grounds", &[]), words.say("grounds", values));
    if table.is_some() {
        grounds.paragraphs.push(words.say("rule", &[]));
        grounds.table = table;
    }
    vec![
        grounds,
        compose::text_part(words.say("head-work", &[]), words.say("work", values)),
        compose::text_part(words.say("head-end", &[]), words.say("end", values)),
    ]
}

fn table(t: &T, grounds: &[Beside]) -> Option<Figures> {
    let row = |b: &Beside| {
        let difference = t.s(format!("listing-{}", b.difference()));
        vec![b.month.to_string(), t.code("survey-rate", b.kind), b.text(), b.mean_text(), difference]
    };
    let head = HEAD.map(str::to_owned).to_vec();
    (!grounds.is_empty()).then(|| Figures { head, rows: grounds.iter().map(row).collect(), shares: SHARES.to_vec() })
}

#[derive(FromQueryResult)]
struct Named {
    official_name: String,
}

/// The notice as it would be issued now, in the language of official papers.
///
/// # Errors
/// `not-found` for a committee that is gone; those of the store.
pub async fn draft(app: &App, listing: &Listing) -> Result<NewPaper> {
    let (q, t) = (app.store.reads(), T::new(app.texts.clone(), Lang::Zh));
    let subject = listing.listing_id.to_string();
    let words = linli_papers::words_for(&q, &Notice, Lang::Zh, (KIND, &subject), true).await?;
    let sql = "SELECT official_name FROM committee WHERE division_code = $1 AND committee_code = $2";
    let named: Option<Named> = q.row(sql, vals![q.division(), listing.committee_code.as_str()]).await?;
    let committee = named.ok_or_else(AppError::not_found)?.official_name;
    let cause = app.pack.scoring.listing_causes.iter().find(|c| c.id == listing.cause);
    let cause = cause.map_or(listing.cause.as_str(), |c| c.name.as_str());
    let month = format!("{}年{}月", listing.month.year, listing.month.month);
    // Where the working days of that year are not known yet, the notice names no day.
    let due =
        rectification::plan_due_at(app, listing).map_or_else(|_| "规定期限".into(), |at| compose::written(at.day()));
    let values = [
        ("division", app.pack.meta.division_name.as_str()),
        ("committee", committee.as_str()),
        ("cause", cause),
        ("month", month.as_str()),
        ("due", due.as_str()),
    ];
    let grounds = beside::grounds(&q, &app.pack, listing).await?;
    let paper: Paper =
        compose::paper(&words, &values, listing.listed_at.day(), parts(&words, &values, table(&t, &grounds)));
    Ok(NewPaper {
        kind: KIND,
        subject,
        title: paper.title.clone(),
        grid: None,
        // Who is listed stands on the list that everybody with the surveys reads.
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
