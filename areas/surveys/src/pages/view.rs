//! Figures as pages show them.

use std::collections::HashMap;

use linli_platform::{Result, store::Query, texts::T, vals};
use sea_orm::FromQueryResult;

use crate::{
    codes::{RateKind, Verdict},
    estimate::{Rate, Targets, percent},
    results::ResultRow,
};

/// The axis of all bars begins here, in percent, unless a rate lies lower.
const AXIS_FROM: f64 = 80.0;

/// A committee as pages name it.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct CommitteeName {
    pub committee_code: String,
    pub name: String,
}

/// All committees, by group and code.
pub(super) async fn committees(q: &impl Query) -> Result<Vec<CommitteeName>> {
    let sql = "SELECT committee_code, name FROM committee WHERE division_code = $1
               ORDER BY group_code, committee_code";
    q.rows(sql, vals![q.division()]).await
}

/// Names by code.
pub(super) async fn names(q: &impl Query) -> Result<HashMap<String, String>> {
    Ok(committees(q).await?.into_iter().map(|c| (c.committee_code, c.name)).collect())
}

/// A rate in percent, with its words.
#[derive(Debug, Clone)]
pub(super) struct RateView {
    pub low: f64,
    pub value: f64,
    pub high: f64,
    pub target: f64,
    pub from: f64,
    /// `97.3%`
    pub text: String,
    /// `91.2%–99.6%`
    pub range: String,
    /// Whether it reaches the target, in words.
    pub words: String,
    /// `ok`, `late`, `soon`: with the words, never alone.
    pub tone: &'static str,
}

impl RateView {
    pub fn of(t: &T, rate: Option<Rate>, verdict: Option<Verdict>, target: f64) -> Option<RateView> {
        let (rate, verdict) = (rate?, verdict?);
        let [low, value, high, target] = [rate.low, rate.value, rate.high, target].map(|x| x * 100.0);
        let tone = match verdict {
            Verdict::Above => "ok",
            Verdict::Below => "late",
            Verdict::Unclear => "soon",
        };
        Some(RateView {
            low,
            value,
            high,
            target,
            from: if low < AXIS_FROM { (low / 10.0).floor() * 10.0 } else { AXIS_FROM },
            text: percent(value),
            range: format!("{}–{}", percent(low), percent(high)),
            words: t.a(format!("survey-verdict-{verdict}"), "target", format!("{target:.0}%")),
            tone,
        })
    }
}

/// One line of a table of results.
pub(super) struct ResultView {
    pub code: String,
    pub name: String,
    pub row: ResultRow,
    pub registration: Option<RateView>,
    pub accuracy: Option<RateView>,
    /// Over-registration with its range, in words.
    pub over: Option<String>,
}

impl ResultView {
    pub fn of(t: &T, row: ResultRow, name: String, targets: &Targets) -> ResultView {
        let view = |kind, target| RateView::of(t, row.rate(kind), row.verdict(kind), target);
        ResultView {
            registration: view(RateKind::Registration, targets.registration),
            accuracy: view(RateKind::Accuracy, targets.accuracy),
            over: row.over().map(|o| {
                let [value, low, high] = [o.value, o.low, o.high].map(|x| percent(x * 100.0));
                format!("{value}（{low}–{high}）")
            }),
            code: row.code.clone(),
            name,
            row,
        }
    }
}
