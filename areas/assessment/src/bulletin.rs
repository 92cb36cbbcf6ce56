//! The monthly bulletin (考核通报) in the layout of GB/T 9704 (R35, R36).

use linli_platform::{AppError, Result, app::App, clock::Month};
use policy_pack::Pack;
use serde_json::{Value, json};

use crate::{
    round,
    scores::{self, Score},
};

const SOURCE: &str = include_str!("bulletin.typ");

/// Typesets the bulletin of a computed month; PDF bytes.
///
/// # Errors
/// `round-not-computed` if the month has no scores yet.
pub async fn pdf(app: &App, month: Month) -> Result<Vec<u8>> {
    let q = app.store.reads();
    let round = round::find(&q, month).await?.ok_or_else(|| AppError::rule("round-not-computed"))?;
    let scores = scores::of_month(&q, month).await?;
    let surveys = linli_surveys::results::for_month(&q, month).await?;
    let mut data = figures(&app.pack, month, &scores);
    let rate = |rate: Option<linli_surveys::estimate::Rate>| {
        rate.map_or_else(|| "—".to_owned(), |r| format!("{:.1}%", r.value * 100.0))
    };
    data["surveys"] = surveys
        .iter()
        .map(|s| {
            let name = app.pack.committee(&s.committee_code).map_or("", |c| c.name.as_str());
            json!([name, rate(s.result.registration()), rate(s.result.accuracy())])
        })
        .collect();
    let day = round.published_at.unwrap_or(round.computed_at).day();
    data["date"] = json!(format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day()));
    data["draft"] = json!(round.state == "draft");
    data["pack"] = json!(&round.pack_digest[..round.pack_digest.len().min(12)]);
    let typesetter = app.documents.clone();
    tokio::task::spawn_blocking(move || typesetter.pdf(SOURCE, data)).await.map_err(AppError::internal)?
}

/// What the bulletin says, by group: rank, committee, points; the first and last places.
fn figures(pack: &Pack, month: Month, scores: &[Score]) -> Value {
    let first = i64::from(*pack.scoring.rounds.first_places);
    let last = *pack.scoring.rounds.last_places as usize;
    let groups: Vec<Value> = pack
        .territory
        .groups
        .iter()
        .map(|group| {
            let id = group.id.to_string();
            let mut rows: Vec<&Score> = scores.iter().filter(|s| s.group_code == id).collect();
            rows.sort_by_key(|s| (s.rank_in_group, s.committee_code.clone()));
            let names = |list: Vec<&&Score>| list.iter().map(|s| s.name.clone()).collect::<Vec<_>>().join("、");
            // In a group of four, the first three and the last three overlap: the last places are named only among
            // those that are not first.
            let leading: Vec<&&Score> = rows.iter().filter(|s| s.rank_in_group <= first).collect();
            let behind: Vec<&&Score> = rows.iter().filter(|s| s.rank_in_group > first).collect();
            let trailing: Vec<&&Score> = behind[behind.len().saturating_sub(last)..].to_vec();
            json!({
                "name": format!("{id}组（{}）", group.name),
                "rows": rows.iter().map(|s| json!([
                    s.rank_in_group.to_string(), s.name, s.deducted_text(), s.bonus_text(), s.total_text(), s.rank_overall.to_string()
                ])).collect::<Vec<_>>(),
                "first": names(leading),
                "last": names(trailing),
            })
        })
        .collect();
    json!({
        "title": format!("{}年{}月村居信息采集工作考核情况通报", month.year, month.month),
        "number": format!("青香人〔{}〕{}号", month.year, month.month),
        "month": format!("{}年{}月", month.year, month.month),
        "committees": scores.len(),
        "groups": groups,
    })
}
