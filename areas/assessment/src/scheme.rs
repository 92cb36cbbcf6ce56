//! The scheme that a month was scored with, kept beside its scores, so that any score can be computed again from what it
//! rests on, whatever rules hold by then (R34, invariant 8).

use linli_platform::{
    Result,
    clock::Month,
    store::{Query, Tx},
    vals,
};
use policy_pack::{Deduction, Pack, Points};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{self, Found},
    scores,
};

/// An item with its arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Id in the policy pack.
    pub id: String,
    /// Points it has.
    pub points: Points,
    /// How points are deducted.
    pub deduction: Deduction,
}

/// What turns findings into points (考核办法).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// Basic points, from which deductions are made.
    pub basic: Points,
    /// The items, in order.
    pub items: Vec<Item>,
}

impl Scheme {
    /// The scheme of a policy pack.
    pub fn of(pack: &Pack) -> Self {
        let item = |i: &policy_pack::ItemOfScore| Item { id: i.id.clone(), points: i.points, deduction: i.deduction };
        Scheme { basic: *pack.scoring.basic_points, items: pack.scoring.items.iter().map(item).collect() }
    }

    /// What an item deducts for what was found; nothing for an item that the scheme does not have.
    pub fn deducts(&self, item: &str, found: &Found) -> Points {
        self.items
            .iter()
            .find(|i| i.id == item)
            .map_or_else(Points::default, |i| rules::deduction(&i.deduction, i.points, found))
    }
}

/// What every committee's score of a month rests on.
#[derive(Debug, Clone)]
pub struct Basis {
    /// Committee.
    pub committee: String,
    /// Group.
    pub group: String,
    /// Found by item.
    pub found: Vec<(String, Found)>,
    /// Bonus points.
    pub bonus: Points,
}

/// Points of one committee by a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Committee.
    pub committee: String,
    /// Deducted from the basic points.
    pub deducted: Points,
    /// Basic points less deductions and plus bonus.
    pub total: Points,
    /// Rank within its group.
    pub rank_in_group: i64,
    /// Rank over all.
    pub rank_overall: i64,
}

/// Scores a month's findings by a scheme, and ranks. It reads and writes nothing.
pub fn score(scheme: &Scheme, month: &[Basis]) -> Vec<Scored> {
    let deducted = |b: &Basis| -> Points { b.found.iter().map(|(item, found)| scheme.deducts(item, found)).sum() };
    let deducted: Vec<Points> = month.iter().map(deducted).collect();
    let total = |(b, deducted): (&Basis, &Points)| {
        Points::from_hundredths(scheme.basic.hundredths() - deducted.hundredths() + b.bonus.hundredths())
    };
    let totals: Vec<Points> = month.iter().zip(&deducted).map(total).collect();
    let overall = rules::ranks(&totals);
    let groups: Vec<&str> = month.iter().map(|b| b.group.as_str()).collect();
    let in_group = rules::ranks_within(&groups, &totals);
    let scored = |(n, b): (usize, &Basis)| Scored {
        committee: b.committee.clone(),
        deducted: deducted[n],
        total: totals[n],
        rank_in_group: in_group[n],
        rank_overall: overall[n],
    };
    month.iter().enumerate().map(scored).collect()
}

/// What the scores of a month rest on, as it was kept.
pub async fn basis(q: &impl Query, month: Month) -> Result<Vec<Basis>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        item_id: String,
        found: String,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT committee_code, item_id, found FROM assessment_line
             WHERE division_code = $1 AND month = $2 ORDER BY committee_code, item_id",
            vals![q.division(), month],
        )
        .await?;
    let mut all: Vec<Basis> = scores::of_month(q, month)
        .await?
        .into_iter()
        .map(|s| Basis {
            committee: s.committee_code,
            group: s.group_code,
            found: Vec::new(),
            bonus: Points::from_hundredths(s.bonus),
        })
        .collect();
    all.sort_by(|a, b| a.committee.cmp(&b.committee));
    for row in rows {
        if let Ok(n) = all.binary_search_by(|b| b.committee.cmp(&row.committee_code)) {
            all[n].found.push((row.item_id, serde_json::from_str(&row.found)?));
        }
    }
    Ok(all)
}

/// Keeps the scheme of a month that is being computed.
pub(crate) async fn keep(tx: &Tx, month: Month, scheme: &Scheme) -> Result<()> {
    tx.execute(
        "INSERT INTO assessment_scheme (division_code, month, scheme) VALUES ($1, $2, $3)
         ON CONFLICT (division_code, month) DO UPDATE SET scheme = $3",
        vals![tx.division(), month, serde_json::to_string(scheme)?],
    )
    .await?;
    Ok(())
}

/// The scheme that a month was scored with; none for months scored before it was kept.
pub async fn kept(q: &impl Query, month: Month) -> Result<Option<Scheme>> {
    #[derive(FromQueryResult)]
    struct Row {
        scheme: String,
    }
    let row: Option<Row> = q
        .row("SELECT scheme FROM assessment_scheme WHERE division_code = $1 AND month = $2", vals![q.division(), month])
        .await?;
    Ok(row.map(|r| serde_json::from_str(&r.scheme)).transpose()?)
}

/// Computes a month again from what was kept, and names the committees whose points or ranks come out otherwise. None
/// where no scheme was kept.
pub async fn differences(q: &impl Query, month: Month) -> Result<Option<Vec<String>>> {
    let Some(scheme) = kept(q, month).await? else { return Ok(None) };
    let again = score(&scheme, &basis(q, month).await?);
    let stored = scores::of_month(q, month).await?;
    let differs = |s: &scores::Score| {
        let now = again.iter().find(|a| a.committee == s.committee_code);
        now.is_none_or(|a| {
            let again = (a.deducted.hundredths(), a.total.hundredths(), a.rank_in_group, a.rank_overall);
            again != (s.deducted, s.total, s.rank_in_group, s.rank_overall)
        })
    };
    Ok(Some(stored.into_iter().filter(differs).map(|s| s.name).collect()))
}
