//! The seal of a final month (定分封存): a digest over the scheme, over what every score rests on and over the scores, taken
//! when the month becomes final and written into that event, which the log commits to. Whoever changes any of it later in
//! the database is found out, also where scores and findings were changed together and still agree (R34, invariant 8).

use linli_platform::{Result, clock::Month, store::Query, vals};
use sea_orm::FromQueryResult;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{round, rules::Found, scheme, scores};

/// How a final month stands to its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// Everything is as it was.
    Holds,
    /// Something was changed since.
    Broken,
    /// The month is not final, or became final before months were sealed.
    None,
}

/// A committee's part, in an order of fields that never changes.
#[derive(Serialize)]
struct Part<'a> {
    committee: &'a str,
    group: &'a str,
    found: Vec<(&'a str, &'a Found)>,
    bonus: i64,
    deducted: i64,
    total: i64,
    rank_in_group: i64,
    rank_overall: i64,
}

/// The digest of a month as it stands, in hexadecimal digits.
pub async fn digest(q: &impl Query, month: Month) -> Result<String> {
    let scheme = scheme::kept(q, month).await?;
    let basis = scheme::basis(q, month).await?;
    let mut stored = scores::of_month(q, month).await?;
    stored.sort_by(|a, b| a.committee_code.cmp(&b.committee_code));
    // Both are in the order of the committees' codes.
    let part = |(score, basis): (&scores::Score, &scheme::Basis)| {
        let mut found: Vec<(String, Found)> = basis.found.clone();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let part = Part {
            committee: &score.committee_code,
            group: &score.group_code,
            found: found.iter().map(|(item, found)| (item.as_str(), found)).collect(),
            bonus: score.bonus,
            deducted: score.deducted,
            total: score.total,
            rank_in_group: score.rank_in_group,
            rank_overall: score.rank_overall,
        };
        serde_json::to_string(&part)
    };
    let mut hash = Sha256::new();
    hash.update(serde_json::to_string(&(month.to_string(), scheme))?);
    for pair in stored.iter().zip(&basis) {
        hash.update(b"\n");
        hash.update(part(pair)?);
    }
    Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// Whether the month still is what was sealed.
pub async fn check(q: &impl Query, month: Month) -> Result<Seal> {
    #[derive(FromQueryResult)]
    struct Row {
        body: String,
    }
    let row: Option<Row> = q
        .row(
            "SELECT body FROM event WHERE division_code = $1 AND subject_id = $2 AND kind = 'assessment.finalised'
             ORDER BY entered_at DESC LIMIT 1",
            vals![q.division(), round::subject(month).id],
        )
        .await?;
    let Some(row) = row else { return Ok(Seal::None) };
    let body: serde_json::Value = serde_json::from_str(&row.body)?;
    let Some(sealed) = body["seal"].as_str() else { return Ok(Seal::None) };
    Ok(if digest(q, month).await? == sealed { Seal::Holds } else { Seal::Broken })
}
