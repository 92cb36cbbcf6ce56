//! One number for all answers, so that a later change of any is found.

use linli_platform::{Result, store::Query, vals};
use sea_orm::FromQueryResult;
use survey_sample::Digest;

use crate::{bases::Interview, ids::SurveyId};

#[derive(FromQueryResult)]
struct Counts {
    pseudonym: String,
    found: i64,
    found_registered: i64,
    registered: i64,
    gone: i64,
    items: i64,
    items_correct: i64,
    problems: String,
    kept: Option<String>,
    reason: Option<String>,
}

/// SHA-256 over both interviews and what was decided about them.
pub(crate) async fn digest(q: &impl Query, survey: SurveyId) -> Result<Digest> {
    let mut lines = Vec::new();
    for (n, which) in Interview::BOTH.into_iter().enumerate() {
        let sql = format!(
            "SELECT s.pseudonym, w.found, w.found_registered, w.registered, w.gone, w.items, w.items_correct, w.problems,
               g.kept, g.reason
             FROM {} w JOIN survey_home s ON s.division_code = w.division_code
               AND s.survey_id = w.survey_id AND s.home_id = w.home_id
             LEFT JOIN survey_again g ON g.division_code = w.division_code
               AND g.survey_id = w.survey_id AND g.home_id = w.home_id
             WHERE w.division_code = $1 AND w.survey_id = $2",
            which.answers()
        );
        let rows: Vec<Counts> = q.rows(&sql, vals![q.division(), survey]).await?;
        lines.extend(rows.into_iter().map(|r| {
            let counts = [r.found, r.found_registered, r.registered, r.gone, r.items, r.items_correct];
            let counts = counts.map(|n| n.to_string()).join(",");
            let decided = [r.kept, r.reason].map(Option::unwrap_or_default).join(",");
            format!("{},{n},{counts},{decided},{}", r.pseudonym, r.problems)
        }));
    }
    lines.sort_unstable();
    Ok(Digest::of(lines.join("\n").as_bytes()))
}
