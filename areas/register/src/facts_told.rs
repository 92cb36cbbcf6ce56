//! Where each fact of premises and of employers comes from: who told it, when it was seen and entered, and by whom. Read
//! from the events of their changes, as a resident's is (R6–R9).

use linli_platform::{Result, clock::At, store::Query, vals};
use uuid::Uuid;

use crate::history::{Row, SELECT, Step};

/// Where one fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactTold {
    /// The fact, as a code of [`HomeFact`](crate::codes::HomeFact) or [`EmployerFact`](crate::codes::EmployerFact).
    pub fact: &'static str,
    /// Who told it, as a code of [`Source`](crate::codes::Source).
    pub source: Option<String>,
    /// When it was seen in the world.
    pub seen_at: Option<At>,
    /// When it was entered.
    pub entered_at: At,
    /// The role of whoever entered it.
    pub role: String,
    /// The name of whoever entered it: a member of staff.
    pub account: Option<String>,
    /// Version that first had it.
    pub version: i64,
    /// Whether it was put right rather than changed.
    pub corrected: bool,
}

/// A kind of subject whose facts are told by its own events.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    /// The event that enters it, which tells every fact.
    pub added: &'static str,
    /// The event of a change, which names the facts.
    pub changed: &'static str,
    /// The event of a correction, which names the facts.
    pub corrected: &'static str,
    /// Every fact, in the order of pages.
    pub facts: fn() -> Vec<&'static str>,
}

/// Where the facts come from that were settled after a version, in the order of the kind's facts; after 0, all of them.
/// The caller has found the subject within the scope.
pub(crate) async fn since(q: &impl Query, kind: Told, id: Uuid, after: i64) -> Result<Vec<FactTold>> {
    let sql = format!(
        "{SELECT} AND e.kind IN ($3, $4, $5) AND e.version > $6
         ORDER BY e.version DESC, e.entered_at DESC, e.event_id DESC"
    );
    let values = vals![q.division(), id, kind.added, kind.changed, kind.corrected, after];
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let steps: Vec<Step> = rows.into_iter().map(Step::from).collect();
    let newest = |fact: &'static str| {
        let step = steps.iter().find(|s| s.kind == kind.added || s.fields.iter().any(|f| f == fact))?;
        Some(told(fact, step, kind.corrected))
    };
    Ok((kind.facts)().into_iter().filter_map(newest).collect())
}

fn told(fact: &'static str, step: &Step, corrected: &str) -> FactTold {
    FactTold {
        fact,
        source: step.source.clone(),
        seen_at: step.seen_at,
        entered_at: step.entered_at,
        role: step.role.clone(),
        account: step.account.clone(),
        version: step.version,
        corrected: step.kind == corrected,
    }
}
