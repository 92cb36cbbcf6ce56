//! The yearly report (年度考核通报) as a paper, and its figures as a workbook (R35, R36).

use linli_papers::{Body, NewPaper};
use linli_platform::{
    Result,
    clock::{At, Month},
    paper::{Figures, Paper, Part},
    sheet::{self, Out, WriteOptions},
    store::Query,
    texts::{Lang, T},
    wording::Words,
};
use policy_pack::Pack;

use super::{Year, YearScore};
use crate::wording::{Yearly, numbered, text_part};

/// The document of the policy pack that it is.
pub(crate) const KIND: &str = "yearly-evaluation";

/// The report as it would be issued now, in the language of official papers.
///
/// # Errors
/// Those of the store.
pub async fn draft(q: &impl Query, pack: &Pack, t: &T, year: &Year, now: At) -> Result<NewPaper> {
    let subject = format!("assessment-{}", year.frame.year);
    let closed = year.final_at.is_some();
    let words = linli_papers::words_for(q, &Yearly, Lang::Zh, (KIND, &subject), closed).await?;
    let paper = paper(pack, t, year, now, &words);
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

/// The report with these words.
fn paper(pack: &Pack, t: &T, year: &Year, now: At, words: &Words) -> Paper {
    let frame = year.frame;
    let name = frame.year.to_string();
    let day = year.final_at.unwrap_or(now).day().0;
    let (first, last) = (written(frame.first), written(frame.last));
    let (months, count) = (year.final_months.to_string(), year.scores.len().to_string());
    let overall = [
        ("year", name.as_str()),
        ("from", first.as_str()),
        ("until", last.as_str()),
        ("months", months.as_str()),
        ("committees", count.as_str()),
    ];
    let mut parts = vec![text_part(words.say("head-overall", &[]), words.say("overall", &overall))];
    for group in &pack.territory.groups {
        let id = group.id.to_string();
        let rows: Vec<&YearScore> = year.scores.iter().filter(|s| s.group_code == id).collect();
        if !rows.is_empty() {
            parts.push(of_group(pack, t, year, words, &id, format!("{id}组（{}）", group.name), &rows));
        }
    }
    let values = [("year", name.as_str()), ("division", pack.meta.division_name.as_str())];
    Paper {
        issuer: words.say("issuer", &values),
        number: None,
        title: words.say("title", &values),
        addressee: Some(words.say("addressee", &values)),
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        lead: year.final_at.is_none().then(|| words.say("draft", &[])).into_iter().collect(),
        parts: numbered(parts),
    }
}

fn written(month: Month) -> String {
    format!("{}年{}月", month.year, month.month)
}

fn of_group(pack: &Pack, t: &T, year: &Year, words: &Words, id: &str, heading: String, rows: &[&YearScore]) -> Part {
    let (first, last) = year.places(pack, id);
    let names = |list: &[&YearScore]| {
        let name = |s: &&YearScore| match &s.consequence {
            Some(code) => format!("{}（{}）", s.name, t.code("consequence", code)),
            None => s.name.clone(),
        };
        list.iter().map(name).collect::<Vec<_>>().join("、")
    };
    let places = [("first", names(&first)), ("last", names(&last))];
    let named = places.iter().filter(|(_, names)| !names.is_empty());
    let paragraphs = named.map(|(slot, names)| words.say(slot, &[("names", names.as_str())])).collect();
    let row = |s: &&YearScore| {
        vec![
            s.rank_in_group.to_string(),
            s.name.clone(),
            YearScore::text(&s.first_half),
            YearScore::text(&s.second_half),
            s.mean_text(),
            s.rank_overall.to_string(),
        ]
    };
    let head = ["名次", "村居", "上半年", "下半年", "全年", "全街道名次"].map(str::to_owned).to_vec();
    let table = Figures { head, rows: rows.iter().map(row).collect(), shares: vec![2, 6, 3, 3, 3, 3] };
    Part { heading, paragraphs, table: Some(table) }
}

/// The figures as a workbook.
///
/// # Errors
/// `internal` where the file cannot be written.
pub fn workbook(t: &T, year: &Year, now: At) -> Result<Vec<u8>> {
    let keys = [
        "assessment-committee",
        "year-group",
        "assessment-rank",
        "year-first-half",
        "year-second-half",
        "year-mean",
        "assessment-rank-overall",
        "year-months",
        "year-consequence",
    ];
    let headings = keys.map(|key| t.s(key));
    let points = |p: Option<i64>| p.map_or(Out::Blank, |p| Out::Number(p as f64 / 100.0));
    let row = |s: &YearScore| {
        vec![
            s.name.as_str().into(),
            s.group_code.as_str().into(),
            s.rank_in_group.into(),
            points(s.first_half),
            points(s.second_half),
            points(Some(s.mean)),
            s.rank_overall.into(),
            s.months.into(),
            s.consequence.as_deref().map(|c| t.code("consequence", c)).unwrap_or_default().into(),
        ]
    };
    let rows: Vec<Vec<Out>> = year.scores.iter().map(row).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let title = t.a("year-title", "year", year.frame.year);
    sheet::write(&headings, &rows, &WriteOptions { sheet_name: title, watermark: None, at: now })
}
