//! The yearly evaluation of how good the information is (年度评估, R28), published in a form that shows nobody's data.
//!
//! It adds up the locked rounds of an assessment year by committee: who was found and registered, found and not registered,
//! registered and gone, registered and not seen; and how many items were right. [`protect`] withholds small counts and what
//! would give them away. A year is published once, as it then stood: a second edition could be held against the first, and so
//! could years that overlap, which these do not.

mod paper;
mod protect;

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use policy_pack::{Pack, Rounds};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use survey_sample::Digest;
use uuid::Uuid;

pub use paper::draft as paper_of;
pub(crate) use paper::{Yearly, cell, name, share, shares};
pub use protect::{Leaf, Protected, Shown, is_small, protect, protect_beside};

use crate::{codes::State, rounds::Round};

/// First and last month of the year that is called by the calendar year in which it ends.
pub fn months(rounds: &Rounds, year: i16) -> (Month, Month) {
    let starts = *rounds.year_starts_in_month as i8;
    let first = Month { year: if starts == 1 { year } else { year - 1 }, month: starts };
    (first, (0..11).fold(first, |m, _| m.next()))
}

/// The year that a month belongs to.
pub fn year_of(rounds: &Rounds, month: Month) -> i16 {
    let starts = *rounds.year_starts_in_month as i8;
    if starts > 1 && month.month >= starts { month.year + 1 } else { month.year }
}

/// What is published of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The year.
    pub year: i16,
    /// Its first month, YYYY-MM.
    pub first: String,
    /// Its last month.
    pub last: String,
    /// Rounds that it rests on.
    pub rounds: usize,
    /// Counts above nothing that are smaller than this are not shown.
    pub smallest_count_shown: u64,
    /// Digest of the policy pack.
    pub pack: String,
    /// Who was found and who was registered, by committee, group and whole.
    pub people: Table,
    /// Items of registrations that were checked.
    pub items: Table,
}

/// One of its tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Names of the categories. Fluent text: `evaluation-<code>`.
    pub categories: Vec<String>,
    /// Committees, groups, the whole.
    pub lines: Vec<Line>,
}

/// A line of a table. What is `null` is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The committee's name; none for a group or the whole.
    pub committee: Option<String>,
    /// The group's letter; none for the whole.
    pub group: Option<String>,
    /// All categories together.
    pub total: Option<u64>,
    /// By category.
    pub counts: Option<Vec<u64>>,
}

impl Line {
    /// The share of the first category in it and another one, in percent with one decimal; `None` where it is withheld or
    /// there is nothing to divide.
    pub fn share(&self, other: usize) -> Option<String> {
        let counts = self.counts.as_ref()?;
        let (good, bad) = (*counts.first()?, *counts.get(other)?);
        (good + bad > 0).then(|| format!("{:.1}%", good as f64 * 100.0 / (good + bad) as f64))
    }
}

/// Registered and found; found and not registered; registered and gone; registered and neither found nor gone.
const PEOPLE: [&str; 4] = ["registered", "unregistered", "gone", "unseen"];
const ITEMS: [&str; 2] = ["right", "wrong"];

#[derive(Debug, FromQueryResult)]
struct Sums {
    name: String,
    group_code: String,
    found: i64,
    found_registered: i64,
    registered: i64,
    gone: i64,
    items: i64,
    items_correct: i64,
}

impl Sums {
    fn people(&self) -> Vec<u64> {
        let unseen = self.registered - self.found_registered - self.gone;
        [self.found_registered, self.found - self.found_registered, self.gone, unseen].map(count).to_vec()
    }
    fn items(&self) -> Vec<u64> {
        [self.items_correct, self.items - self.items_correct].map(count).to_vec()
    }
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

async fn sums(q: &impl Query, first: Month, last: Month) -> Result<Vec<Sums>> {
    let total = |column: &str| format!("CAST(COALESCE(SUM(r.{column}), 0) AS BIGINT) AS {column}");
    let columns = ["found", "found_registered", "registered", "gone", "items", "items_correct"].map(total).join(", ");
    let sql = format!(
        "SELECT c.name, c.group_code, {columns} FROM survey_result r
         JOIN survey s ON s.division_code = r.division_code AND s.survey_id = r.survey_id
         JOIN committee c ON c.division_code = r.division_code AND c.committee_code = r.code
         WHERE r.division_code = $1 AND r.level = 'committee' AND s.committee_code IS NULL AND s.state = 'countersigned'
           AND r.month >= $2 AND r.month <= $3
         GROUP BY c.division_code, c.committee_code, c.name, c.group_code ORDER BY c.group_code, c.committee_code"
    );
    q.rows(&sql, vals![q.division(), first, last]).await
}

/// The evaluation of a year as it would be published now.
///
/// # Errors
/// `evaluation-empty` for a year without a countersigned round.
pub async fn draft(q: &impl Query, pack: &Pack, year: i16) -> Result<Evaluation> {
    let (first, last) = months(&pack.scoring.rounds, year);
    let rounds = rounds_of(q, first, last).await?.iter().filter(|r| r.state() == State::Countersigned).count();
    let sums = sums(q, first, last).await?;
    if rounds == 0 || sums.is_empty() {
        return Err(AppError::rule("evaluation-empty").arg("year", year));
    }
    let least = u64::from(*pack.work.evaluation.smallest_count_shown);
    let mut groups: Vec<String> = sums.iter().map(|s| s.group_code.clone()).collect();
    groups.dedup();
    let leaf = |s: &Sums, counts: Vec<u64>| Leaf {
        group: groups.iter().position(|g| *g == s.group_code).unwrap_or_default(),
        counts,
    };
    let people: Vec<Leaf> = sums.iter().map(|s| leaf(s, s.people())).collect();
    let items: Vec<Leaf> = sums.iter().map(|s| leaf(s, s.items())).collect();
    let people = protect(&people, groups.len(), least);
    // As many items are checked of everybody: where the people are withheld, the items would tell of them.
    let items = protect_beside(&items, groups.len(), least, &people);
    Ok(Evaluation {
        year,
        first: first.to_string(),
        last: last.to_string(),
        rounds,
        smallest_count_shown: least,
        pack: pack.digest().to_string(),
        people: table(&PEOPLE, &sums, &groups, people),
        items: table(&ITEMS, &sums, &groups, items),
    })
}

fn table(categories: &[&str], sums: &[Sums], groups: &[String], shown: Protected) -> Table {
    let line = |committee: Option<String>, group: Option<String>, s: Shown| Line {
        committee,
        group,
        total: s.total,
        counts: s.counts,
    };
    let of = |(sum, s): (&Sums, Shown)| line(Some(sum.name.clone()), Some(sum.group_code.clone()), s);
    let mut lines: Vec<Line> = sums.iter().zip(shown.leaves).map(of).collect();
    lines.extend(groups.iter().zip(shown.groups).map(|(g, s)| line(None, Some(g.clone()), s)));
    lines.push(line(None, None, shown.all));
    Table { categories: categories.iter().map(|c| (*c).to_owned()).collect(), lines }
}

async fn rounds_of(q: &impl Query, first: Month, last: Month) -> Result<Vec<Round>> {
    let all = crate::rounds::list(q).await?;
    Ok(all.into_iter().filter(|r| r.committee_code.is_none() && (first..=last).contains(&r.month)).collect())
}

/// What was published of a year.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Published {
    /// The year.
    pub year: i64,
    /// [`Evaluation`] as JSON, byte for byte.
    pub content: String,
    /// SHA-256 of it, in hexadecimal digits.
    pub digest: String,
    /// When.
    pub published_at: At,
}

impl Published {
    /// What it says.
    ///
    /// # Errors
    /// An internal error if what is stored cannot be read.
    pub fn evaluation(&self) -> Result<Evaluation> {
        Ok(serde_json::from_str(&self.content)?)
    }
}

const COLUMNS: &str = "year, content, digest, published_at";

/// Years that were published, the latest first.
pub async fn published(q: &impl Query) -> Result<Vec<Published>> {
    let sql = format!("SELECT {COLUMNS} FROM evaluation WHERE division_code = $1 ORDER BY year DESC");
    q.rows(&sql, vals![q.division()]).await
}

/// One of them.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, year: i16) -> Result<Published> {
    let sql = format!("SELECT {COLUMNS} FROM evaluation WHERE division_code = $1 AND year = $2");
    q.row(&sql, vals![q.division(), i64::from(year)]).await?.ok_or_else(AppError::not_found)
}

/// Publishes a year, once and for good.
///
/// # Errors
/// `evaluation-early` before the year is over; `evaluation-unlocked` while a round of it is under way;
/// `evaluation-empty`; `evaluation-published` for a second edition.
pub async fn publish(tx: &Tx, pack: &Pack, year: i16) -> Result<()> {
    let (first, last) = months(&pack.scoring.rounds, year);
    if tx.now().day().month() <= last {
        return Err(AppError::rule("evaluation-early").arg("month", last.next()));
    }
    if published(tx).await?.iter().any(|p| p.year == i64::from(year)) {
        return Err(AppError::rule("evaluation-published"));
    }
    let under_way = |r: &Round| !matches!(r.state(), State::Countersigned | State::Withdrawn);
    if let Some(round) = rounds_of(tx, first, last).await?.iter().find(|r| under_way(r)) {
        return Err(AppError::rule("evaluation-unlocked").arg("month", round.month));
    }
    let content = serde_json::to_string_pretty(&draft(tx, pack, year).await?)?;
    let digest = Digest::of(content.as_bytes()).to_string();
    let account: AccountId = tx.reader().account;
    let columns = ["division_code", "year", "content", "digest", "account_id", "published_at"];
    let row = vals![tx.division(), i64::from(year), content, digest.as_str(), account, tx.now()];
    tx.insert_many("evaluation", &columns, vec![row]).await?;
    let subject = SubjectRef::new("evaluation", Uuid::from_u128(u128::from(year.unsigned_abs())), None);
    let body = serde_json::json!({ "year": year, "digest": digest, "pack": pack.digest() });
    tx.event(NewEvent::new("evaluation.published", subject).body(body)).await?;
    Ok(())
}
