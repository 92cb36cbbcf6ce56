//! How far the two interviews of a home agree: by home and by item, in counts.

use std::collections::BTreeMap;

use linli_platform::{Result, store::Query, vals};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use survey_sample::{Interval, clopper_pearson};

use crate::{codes::Compare, ids::SurveyId};

/// One of the two answers.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Who gave it.
    pub surveyor: String,
    /// People found living there.
    pub found: i64,
    problems: BTreeMap<String, i64>,
}

impl Given {
    fn read(surveyor: Option<String>, found: i64, problems: &str) -> Result<Given> {
        Ok(Given { surveyor: surveyor.unwrap_or_default(), found, problems: serde_json::from_str(problems)? })
    }
    /// How many of an item.
    pub fn count(&self, item: Compare) -> i64 {
        match item {
            Compare::Found => self.found,
            other => self.problems.get(other.code()).copied().unwrap_or(0),
        }
    }
    /// Kinds of problem and how many.
    pub(super) fn problems(&self) -> BTreeMap<String, i64> {
        self.problems.clone()
    }
}

/// A home that both surveyors have answered.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The home; pages name it by its place.
    pub(crate) home_id: HomeId,
    /// Its place among the second interviews.
    pub place: i64,
    /// Its committee.
    pub committee_code: String,
    /// Kind of premises.
    pub stratum: String,
    /// The first answer.
    pub first: Given,
    /// The second.
    pub second: Given,
    /// [`crate::codes::Kept`], once decided.
    pub kept: Option<String>,
    /// [`crate::codes::KeptWhy`], once decided.
    pub reason: Option<String>,
}

impl Compared {
    /// The items in which the two differ.
    pub fn items(&self) -> impl Iterator<Item = Compare> + '_ {
        Compare::ALL.iter().copied().filter(|item| self.first.count(*item) != self.second.count(*item))
    }
    /// Whether they differ at all.
    pub fn differs(&self) -> bool {
        self.items().next().is_some()
    }
}

/// The second interviews of a survey beside the first.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Homes drawn for a second interview.
    pub drawn: i64,
    /// Of those, not tried by the second surveyor yet.
    pub untried: i64,
    /// Those that both have answered.
    pub homes: Vec<Compared>,
    level: f64,
}

impl Agreement {
    /// Homes in which the two differ.
    pub fn differing(&self) -> usize {
        self.homes.iter().filter(|c| c.differs()).count()
    }
    /// Of those, not decided yet.
    pub fn undecided(&self) -> usize {
        self.homes.iter().filter(|c| c.differs() && c.kept.is_none()).count()
    }
    /// Homes in which they differ in one item.
    pub fn differing_in(&self, item: Compare) -> usize {
        self.homes.iter().filter(|c| c.items().any(|i| i == item)).count()
    }
    /// The interval of a share of the homes asked twice, by Clopper and Pearson.
    pub fn interval(&self, differing: usize) -> Interval {
        clopper_pearson(differing as u64, self.homes.len() as u64, self.level)
    }
}

#[derive(FromQueryResult)]
struct Both {
    home_id: HomeId,
    place: i64,
    committee_code: String,
    stratum: String,
    kept: Option<String>,
    reason: Option<String>,
    first_name: Option<String>,
    first_found: i64,
    first_problems: String,
    second_name: Option<String>,
    second_found: i64,
    second_problems: String,
}

const BOTH: &str = "SELECT g.home_id, g.place, s.committee_code, s.stratum, g.kept, g.reason,
   a.display_name AS first_name, w.found AS first_found, w.problems AS first_problems,
   b.display_name AS second_name, x.found AS second_found, x.problems AS second_problems
 FROM survey_again g
 JOIN survey_home s ON s.division_code = g.division_code AND s.survey_id = g.survey_id AND s.home_id = g.home_id
 JOIN survey_answer w ON w.division_code = g.division_code AND w.survey_id = g.survey_id AND w.home_id = g.home_id
 JOIN survey_again_answer x ON x.division_code = g.division_code AND x.survey_id = g.survey_id AND x.home_id = g.home_id
 LEFT JOIN account a ON a.division_code = w.division_code AND a.account_id = w.account_id
 LEFT JOIN account b ON b.division_code = x.division_code AND b.account_id = x.account_id
 WHERE g.division_code = $1 AND g.survey_id = $2";

fn compared(row: Both) -> Result<Compared> {
    Ok(Compared {
        home_id: row.home_id,
        place: row.place,
        committee_code: row.committee_code,
        stratum: row.stratum,
        first: Given::read(row.first_name, row.first_found, &row.first_problems)?,
        second: Given::read(row.second_name, row.second_found, &row.second_problems)?,
        kept: row.kept,
        reason: row.reason,
    })
}

/// How far the second interviews agree with the first; intervals at a level within (0, 1).
pub async fn agreement(q: &impl Query, survey: SurveyId, level: f64) -> Result<Agreement> {
    let rows: Vec<Both> = q.rows(&format!("{BOTH} ORDER BY g.place"), vals![q.division(), survey]).await?;
    let drawn = "SELECT COUNT(*) FROM survey_again WHERE division_code = $1 AND survey_id = $2";
    let untried = format!("{drawn} AND state = 'assigned'");
    Ok(Agreement {
        drawn: q.number(drawn, vals![q.division(), survey]).await?,
        untried: q.number(&untried, vals![q.division(), survey]).await?,
        homes: rows.into_iter().map(compared).collect::<Result<_>>()?,
        level,
    })
}

/// The two answers of one home, where there are both.
pub(super) async fn of_home(q: &impl Query, survey: SurveyId, home: HomeId) -> Result<Option<Compared>> {
    let row: Option<Both> = q.row(&format!("{BOTH} AND g.home_id = $3"), vals![q.division(), survey, home]).await?;
    row.map(compared).transpose()
}

/// Homes drawn for a second interview at which only one of the two surveyors met somebody, with that answer.
pub(super) async fn alone(q: &impl Query, survey: SurveyId) -> Result<Vec<(HomeId, Given)>> {
    #[derive(FromQueryResult)]
    struct One {
        home_id: HomeId,
        found: i64,
        problems: String,
    }
    let mut all = Vec::new();
    for (there, missing) in [("survey_answer", "survey_again_answer"), ("survey_again_answer", "survey_answer")] {
        let sql = format!(
            "SELECT g.home_id, w.found, w.problems FROM survey_again g
             JOIN {there} w ON w.division_code = g.division_code AND w.survey_id = g.survey_id AND w.home_id = g.home_id
             WHERE g.division_code = $1 AND g.survey_id = $2 AND NOT EXISTS (SELECT 1 FROM {missing} x
               WHERE x.division_code = g.division_code AND x.survey_id = g.survey_id AND x.home_id = g.home_id)"
        );
        for row in q.rows::<One>(&sql, vals![q.division(), survey]).await? {
            all.push((row.home_id, Given::read(None, row.found, &row.problems)?));
        }
    }
    Ok(all)
}
