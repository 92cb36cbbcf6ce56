//! The assessment year (考核年度, R35): December to November, two half-years, the yearly ranking within groups and over
//! all, what the first and the last places lead to, and who is handed the results by when.

mod paper;
mod places;
mod submissions;

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use policy_pack::{Pack, Points, Rounds};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

pub use paper::{draft, workbook};
pub use places::{CONSEQUENCES, consequence};
pub use submissions::{Handing, hand_on, handings};

use crate::rules;

/// The months of a year. It is called by the calendar year in which it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearFrame {
    /// Its name: 2026 begins in December 2025.
    pub year: i16,
    /// Its first month.
    pub first: Month,
    /// The first month of its second half.
    pub second: Month,
    /// Its last month.
    pub last: Month,
}

impl YearFrame {
    /// The year that a month belongs to.
    pub fn of(rounds: &Rounds, month: Month) -> Self {
        let starts = *rounds.year_starts_in_month as i8;
        let begins = if month.month >= starts { month.year } else { month.year - 1 };
        let first = Month { year: begins, month: starts };
        let last = (0..11).fold(first, |m, _| m.next());
        let second = Month { year: last.year, month: *rounds.second_half_starts_in_month as i8 };
        YearFrame { year: last.year, first, second, last }
    }

    /// The year of a name.
    pub fn named(rounds: &Rounds, year: i16) -> Self {
        let last = (0..11).fold(Month { year: 2000, month: *rounds.year_starts_in_month as i8 }, |m, _| m.next());
        Self::of(rounds, Month { year, month: last.month })
    }

    /// All twelve months.
    pub fn months(&self) -> Vec<Month> {
        std::iter::successors(Some(self.first), |m| Some(m.next())).take(12).collect()
    }
}

/// A committee's year. Points are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct YearScore {
    /// Committee.
    pub committee_code: String,
    /// Its name.
    pub name: String,
    /// Assessment group.
    pub group_code: String,
    /// How many months were scored.
    pub months: i64,
    /// Mean of the first half.
    pub first_half: Option<i64>,
    /// Mean of the second half.
    pub second_half: Option<i64>,
    /// Mean of the year.
    pub mean: i64,
    /// Rank within the group by the first half's mean.
    pub first_rank: Option<i64>,
    /// Rank within the group by the second half's mean.
    pub second_rank: Option<i64>,
    /// Rank within the group; equals share one.
    pub rank_in_group: i64,
    /// Rank over all committees.
    pub rank_overall: i64,
    /// What the place led to, coded.
    pub consequence: Option<String>,
}

impl YearScore {
    /// Points as written; a dash for none.
    pub fn text(points: &Option<i64>) -> String {
        points.map_or_else(|| "—".to_owned(), |p| Points::from_hundredths(p).to_string())
    }
    /// The year's mean as written.
    pub fn mean_text(&self) -> String {
        Points::from_hundredths(self.mean).to_string()
    }
}

/// A year as it stands.
#[derive(Debug, Clone)]
pub struct Year {
    /// Its months.
    pub frame: YearFrame,
    /// When it became final; its figures do not move any more.
    pub final_at: Option<At>,
    /// Version of the decision; 0 before.
    pub version: i64,
    /// Months that are final.
    pub final_months: i64,
    /// The committees, best first within each group.
    pub scores: Vec<YearScore>,
}

impl Year {
    /// Whether it can become final now.
    pub fn is_complete(&self) -> bool {
        self.final_at.is_none() && self.final_months == 12
    }
    /// The committees on the first and on the last places of a group, as the policy pack counts them.
    pub fn places(&self, pack: &Pack, group: &str) -> (Vec<&YearScore>, Vec<&YearScore>) {
        let of_group = self.scores.iter().filter(|s| s.group_code == group).collect();
        rules::places(&pack.scoring.rounds, of_group, |s| s.rank_in_group)
    }
}

/// A year: as it was made final, else as far as its published and final months go.
pub async fn find(q: &impl Query, pack: &Pack, frame: YearFrame) -> Result<Year> {
    #[derive(FromQueryResult)]
    struct Row {
        final_at: At,
        version: i64,
    }
    let decided: Option<Row> = q
        .row(
            "SELECT final_at, version FROM assessment_year WHERE division_code = $1 AND year = $2",
            vals![q.division(), i64::from(frame.year)],
        )
        .await?;
    let final_months = q
        .number(
            "SELECT COUNT(*) FROM assessment_round
             WHERE division_code = $1 AND month >= $2 AND month <= $3 AND state = 'final'",
            vals![q.division(), frame.first, frame.last],
        )
        .await?;
    let scores = if decided.is_some() { stored(q, frame).await? } else { so_far(q, pack, frame).await? };
    let (final_at, version) = decided.map_or((None, 0), |d| (Some(d.final_at), d.version));
    Ok(Year { frame, final_at, version, final_months, scores })
}

async fn stored(q: &impl Query, frame: YearFrame) -> Result<Vec<YearScore>> {
    q.rows(
        "SELECT s.committee_code, c.name, s.group_code, s.months, s.first_half, s.second_half, s.mean, s.first_rank,
                s.second_rank, s.rank_in_group, s.rank_overall, s.consequence
         FROM assessment_year_score s
         JOIN committee c ON c.division_code = s.division_code AND c.committee_code = s.committee_code
         WHERE s.division_code = $1 AND s.year = $2 ORDER BY s.group_code, s.rank_in_group, s.committee_code",
        vals![q.division(), i64::from(frame.year)],
    )
    .await
}

/// Drafts do not count: their figures can still move, and nobody could object to them yet.
async fn so_far(q: &impl Query, pack: &Pack, frame: YearFrame) -> Result<Vec<YearScore>> {
    #[derive(FromQueryResult)]
    struct Row {
        month: Month,
        committee_code: String,
        name: String,
        total: i64,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT s.month, s.committee_code, c.name, s.total FROM assessment_score s
             JOIN assessment_round r ON r.division_code = s.division_code AND r.month = s.month
             JOIN committee c ON c.division_code = s.division_code AND c.committee_code = s.committee_code
             WHERE s.division_code = $1 AND s.month >= $2 AND s.month <= $3 AND r.state <> 'draft'
             ORDER BY s.committee_code, s.month",
            vals![q.division(), frame.first, frame.last],
        )
        .await?;
    let mut scores = Vec::new();
    for months in rows.chunk_by(|a, b| a.committee_code == b.committee_code) {
        let mean = |of: &dyn Fn(Month) -> bool| {
            let points: Vec<Points> =
                months.iter().filter(|r| of(r.month)).map(|r| Points::from_hundredths(r.total)).collect();
            rules::mean(&points).map(Points::hundredths)
        };
        let Some((row, all)) = months.first().zip(mean(&|_| true)) else { continue };
        // The group is today's: a committee that changed its group is ranked where it stands at the year's end.
        let group = pack.group_of(&row.committee_code).map(|g| g.id.to_string()).unwrap_or_default();
        scores.push(YearScore {
            committee_code: row.committee_code.clone(),
            name: row.name.clone(),
            group_code: group,
            months: months.len() as i64,
            first_half: mean(&|m| m < frame.second),
            second_half: mean(&|m| m >= frame.second),
            mean: all,
            first_rank: None,
            second_rank: None,
            rank_in_group: 0,
            rank_overall: 0,
            consequence: None,
        });
    }
    rank(&mut scores);
    Ok(scores)
}

fn rank(scores: &mut [YearScore]) {
    let groups: Vec<String> = scores.iter().map(|s| s.group_code.clone()).collect();
    let means: Vec<Points> = scores.iter().map(|s| Points::from_hundredths(s.mean)).collect();
    let (in_group, overall) = (rules::ranks_within(&groups, &means), rules::ranks(&means));
    for (n, score) in scores.iter_mut().enumerate() {
        (score.rank_in_group, score.rank_overall) = (in_group[n], overall[n]);
    }
    type Half = (fn(&YearScore) -> Option<i64>, fn(&mut YearScore, i64));
    let halves: [Half; 2] =
        [(|s| s.first_half, |s, r| s.first_rank = Some(r)), (|s| s.second_half, |s, r| s.second_rank = Some(r))];
    for (points, put) in halves {
        let with: Vec<usize> = (0..scores.len()).filter(|&n| points(&scores[n]).is_some()).collect();
        let groups: Vec<&str> = with.iter().map(|&n| groups[n].as_str()).collect();
        let points: Vec<Points> =
            with.iter().map(|&n| Points::from_hundredths(points(&scores[n]).unwrap_or_default())).collect();
        for (n, rank) in with.iter().zip(rules::ranks_within(&groups, &points)) {
            put(&mut scores[*n], rank);
        }
    }
    scores.sort_by(|a, b| {
        (&a.group_code, a.rank_in_group, &a.committee_code).cmp(&(&b.group_code, b.rank_in_group, &b.committee_code))
    });
}

/// The subject of a year's events.
pub(crate) fn subject(year: i16) -> SubjectRef {
    SubjectRef::new("assessment-year", Uuid::from_u64_pair(0, year as u64), None)
}

/// Makes a year final: its means and ranks are kept as they are now.
///
/// # Errors
/// `year-final` the second time; `year-months-open` while a month of it is not final.
pub async fn finalise(tx: &Tx, pack: &Pack, frame: YearFrame) -> Result<()> {
    let year = find(tx, pack, frame).await?;
    if year.final_at.is_some() {
        return Err(AppError::rule("year-final"));
    }
    if !year.is_complete() {
        return Err(AppError::rule("year-months-open").arg("n", 12 - year.final_months));
    }
    let name = i64::from(frame.year);
    tx.execute(
        "INSERT INTO assessment_year (division_code, year, pack_digest, final_at, version) VALUES ($1, $2, $3, $4, 1)",
        vals![tx.division(), name, pack.digest(), tx.now()],
    )
    .await?;
    let rows = year.scores.iter().map(|s| {
        vals![
            tx.division(),
            name,
            s.committee_code.as_str(),
            s.group_code.as_str(),
            s.months,
            s.first_half,
            s.second_half,
            s.mean,
            s.first_rank,
            s.second_rank,
            s.rank_in_group,
            s.rank_overall
        ]
    });
    let columns = [
        "division_code",
        "year",
        "committee_code",
        "group_code",
        "months",
        "first_half",
        "second_half",
        "mean",
        "first_rank",
        "second_rank",
        "rank_in_group",
        "rank_overall",
    ];
    tx.insert_many("assessment_year_score", &columns, rows.collect()).await?;
    let body = json!({ "year": frame.year, "committees": year.scores.len() });
    tx.event(NewEvent::new("assessment.year-finalised", subject(frame.year)).version(1).body(body)).await?;
    Ok(())
}
