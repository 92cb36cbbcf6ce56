//! What a surveyor may open: the residents of the homes given to them, by dated and personal bases (boundary 7).

use linli_platform::{
    Result, basis,
    event::SubjectRef,
    ids::{AccountId, BasisId, GridId},
    reader::Purpose,
    store::{Query, Tx},
    vals,
};
use linli_register::{HomeId, ResidentId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    ids::{AssignmentId, SurveyId},
    rounds::Round,
};

/// The two interviews, by the table of their assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interview {
    First,
    Second,
}

impl Interview {
    pub const BOTH: [Interview; 2] = [Interview::First, Interview::Second];
    /// Where it is kept who goes.
    pub fn homes(self) -> &'static str {
        match self {
            Interview::First => "survey_home",
            Interview::Second => "survey_again",
        }
    }
    /// Where the answers are kept.
    pub fn answers(self) -> &'static str {
        match self {
            Interview::First => "survey_answer",
            Interview::Second => "survey_again_answer",
        }
    }
}

#[derive(FromQueryResult)]
struct Member {
    resident_id: ResidentId,
    grid_id: Option<GridId>,
    assignment_id: AssignmentId,
    account_id: AccountId,
}

#[derive(FromQueryResult)]
struct Home {
    home_id: HomeId,
}

/// Entitles each surveyor to the residents of the given homes until the round ends.
pub(crate) async fn open(tx: &Tx, round: &Round, which: Interview, homes: &[HomeId]) -> Result<()> {
    for part in homes.chunks(500) {
        let mut values = vals![tx.division(), round.survey_id];
        let marks = marks(&mut values, part.iter().copied());
        // `<> 'cancelled'`, because an index by state would lead an engine without statistics astray.
        let sql = format!(
            "SELECT r.resident_id, r.grid_id, s.assignment_id, s.account_id FROM {} s
             JOIN resident r ON r.division_code = s.division_code AND r.home_id = s.home_id
               AND r.state <> 'cancelled'
             WHERE s.division_code = $1 AND s.survey_id = $2 AND s.account_id IS NOT NULL AND s.home_id IN ({marks})",
            which.homes()
        );
        let members: Vec<Member> = tx.rows(&sql, values).await?;
        let rows = members.into_iter().map(|m| {
            let subject = SubjectRef::new("resident", m.resident_id, m.grid_id);
            let id: BasisId = tx.new_id();
            (
                id,
                subject,
                Purpose::SurveyInterview,
                Uuid::from(m.assignment_id),
                Some(m.account_id),
                Some(round.until_at),
            )
        });
        basis::open_many(tx, rows.collect()).await?;
    }
    Ok(())
}

/// Ends what the surveyors of a round may open.
pub(crate) async fn close(tx: &Tx, survey: SurveyId) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        assignment_id: AssignmentId,
    }
    for which in Interview::BOTH {
        let sql = format!(
            "SELECT DISTINCT s.assignment_id FROM {} s
             JOIN basis b ON b.division_code = s.division_code AND b.task_id = s.assignment_id
             WHERE s.division_code = $1 AND s.survey_id = $2 AND b.closed_at IS NULL",
            which.homes()
        );
        for row in tx.rows::<Row>(&sql, vals![tx.division(), survey]).await? {
            basis::close(tx, row.assignment_id.into()).await?;
        }
    }
    Ok(())
}

/// Entitles the surveyors again to the homes that are not answered, in a round that was sent back.
pub(crate) async fn reopen(tx: &Tx, round: &Round) -> Result<()> {
    if round.until_at <= tx.now() {
        return Ok(());
    }
    for which in Interview::BOTH {
        let sql = format!(
            "SELECT home_id FROM {} WHERE division_code = $1 AND survey_id = $2 AND state <> 'answered'",
            which.homes()
        );
        let rows: Vec<Home> = tx.rows(&sql, vals![tx.division(), round.survey_id]).await?;
        let homes: Vec<HomeId> = rows.into_iter().map(|r| r.home_id).collect();
        open(tx, round, which, &homes).await?;
    }
    Ok(())
}

/// Pushes values and gives their marks; of no values, a list that nothing is in.
pub(crate) fn marks<T: Into<sea_orm::Value>>(
    values: &mut Vec<sea_orm::Value>,
    items: impl IntoIterator<Item = T>,
) -> String {
    let first = values.len() + 1;
    values.extend(items.into_iter().map(Into::into));
    if values.len() < first {
        return "NULL".into();
    }
    (first..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
