//! The monthly bulletin (考核通报) in the layout of GB/T 9704 (R35, R36).

use linli_papers::{Body, NewPaper, State, compose};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Month,
    paper::{Figures, Paper, Part},
    store::Query,
    texts::Lang,
    wording::Words,
};
use linli_surveys::results::CommitteeResult;
use policy_pack::Pack;

use crate::{
    round::{self, Round},
    rules,
    scores::{self, Score},
    wording::{Bulletin, numbered, text_part},
};

/// The document of the policy pack that it is.
pub(crate) const KIND: &str = "bulletin";

/// The bulletin of a computed month as it would be issued now.
///
/// # Errors
/// `round-not-computed` if the month has no scores yet.
pub async fn draft(app: &App, month: Month) -> Result<NewPaper> {
    let q = app.store.reads();
    let round = round::find(&q, month).await?.ok_or_else(|| AppError::rule("round-not-computed"))?;
    let subject = month.to_string();
    let closed = round.state == "final";
    let words = linli_papers::words_for(&q, &Bulletin, Lang::Zh, (KIND, &subject), closed).await?;
    let paper = content(&q, &app.pack, &round, &words).await?;
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

/// How the bulletin of a month stands to what was issued.
///
/// # Errors
/// As [`draft`].
pub async fn standing(app: &App, month: Month) -> Result<State> {
    let new = draft(app, month).await?;
    linli_papers::state(&app.store.reads(), new.kind, &new.subject, &new.body).await
}

/// The bulletin as PDF: as it was issued; or, where that has not been done or says something else by now, without a number.
///
/// # Errors
/// `round-not-computed` if the month has no scores yet; `fonts-missing`.
pub async fn pdf(app: &App, month: Month) -> Result<Vec<u8>> {
    compose::pdf(app, draft(app, month).await?).await
}

/// The bulletin as a Word file: as it was issued, or else without a number, to be worked on.
///
/// # Errors
/// `round-not-computed` if the month has no scores yet.
pub async fn word(app: &App, month: Month) -> Result<Vec<u8>> {
    compose::word(app, draft(app, month).await?).await
}

async fn content(q: &impl Query, pack: &Pack, round: &Round, words: &Words) -> Result<Paper> {
    let month = round.month;
    let scores = scores::of_month(q, month).await?;
    let surveys = linli_surveys::results::for_month(q, month).await?;
    let name = format!("{}年{}月", month.year, month.month);
    let count = scores.len().to_string();
    let basic = pack.scoring.basic_points.to_string();
    let bonus = pack.scoring.bonus_points_at_most.to_string();
    let overall = [
        ("month", name.as_str()),
        ("committees", count.as_str()),
        ("basic", basic.as_str()),
        ("bonus", bonus.as_str()),
    ];
    let mut parts = vec![text_part(words.say("head-overall", &[]), words.say("overall", &overall))];
    parts.extend(groups(pack, &scores, words));
    parts.push(surveyed(pack, &surveys, words));
    let digest = &round.pack_digest[..round.pack_digest.len().min(12)];
    parts.push(text_part(words.say("head-notes", &[]), words.say("notes", &[("pack", digest)])));
    let day = round.published_at.unwrap_or(round.computed_at).day().0;
    let values = [("month", name.as_str()), ("division", pack.meta.division_name.as_str())];
    Ok(Paper {
        issuer: words.say("issuer", &values),
        number: None,
        title: words.say("title", &values),
        addressee: Some(words.say("addressee", &values)),
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        lead: (round.state == "draft").then(|| words.say("draft", &[])).into_iter().collect(),
        parts: numbered(parts),
    })
}

/// The groups: rank, committee, points; the first and last places.
fn groups(pack: &Pack, scores: &[Score], words: &Words) -> Vec<Part> {
    let part = |group: &policy_pack::Group| {
        let id = group.id.to_string();
        let mut rows: Vec<&Score> = scores.iter().filter(|s| s.group_code == id).collect();
        rows.sort_by_key(|s| (s.rank_in_group, s.committee_code.clone()));
        let row = |s: &&Score| {
            let (rank, overall) = (s.rank_in_group.to_string(), s.rank_overall.to_string());
            vec![rank, s.name.clone(), s.deducted_text(), s.bonus_text(), s.total_text(), overall]
        };
        let table = rows.iter().map(row).collect();
        let (leading, trailing) = rules::places(&pack.scoring.rounds, rows, |s| s.rank_in_group);
        let names = |list: &[&Score]| list.iter().map(|s| s.name.clone()).collect::<Vec<_>>().join("、");
        let places = [("first", names(&leading)), ("last", names(&trailing))];
        let named = places.iter().filter(|(_, names)| !names.is_empty());
        let head = ["名次", "村居", "扣分", "加分", "得分", "全街道名次"].map(str::to_owned).to_vec();
        Part {
            heading: format!("{id}组（{}）", group.name),
            paragraphs: named.map(|(slot, names)| words.say(slot, &[("names", names.as_str())])).collect(),
            table: Some(Figures { head, rows: table, shares: vec![2, 6, 2, 2, 3, 3] }),
        }
    };
    pack.territory.groups.iter().map(part).collect()
}

fn surveyed(pack: &Pack, surveys: &[CommitteeResult], words: &Words) -> Part {
    let heading = words.say("head-surveys", &[]);
    if surveys.is_empty() {
        return text_part(heading, words.say("surveys-none", &[]));
    }
    let rate = |rate: Option<linli_surveys::estimate::Rate>| {
        rate.map_or_else(|| "—".to_owned(), |r| format!("{:.1}%", r.value * 100.0))
    };
    let row = |s: &CommitteeResult| {
        let name = pack.committee(&s.committee_code).map_or("", |c| c.name.as_str());
        vec![name.to_owned(), rate(s.result.registration()), rate(s.result.accuracy())]
    };
    let (registration, accuracy) = (
        format!("{}%", pack.survey.target_registration_percent.value),
        format!("{}%", pack.survey.target_accuracy_percent.value),
    );
    let head = ["村居", "登记率", "准确率"].map(str::to_owned).to_vec();
    Part {
        heading,
        paragraphs: vec![
            words.say("surveys", &[("registration", registration.as_str()), ("accuracy", accuracy.as_str())]),
        ],
        table: Some(Figures { head, rows: surveys.iter().map(row).collect(), shares: vec![3, 1, 1] }),
    }
}
