//! The past of a demonstration: plans that were filed and worked.

use linli_platform::{
    Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};

use crate::{cell::Cell, ids::PlanId, rules::Planned};

/// A plan of a demonstration.
#[derive(Debug, Clone)]
pub struct PastPlan {
    /// The committee.
    pub committee: String,
    /// The week's Monday.
    pub monday: Day,
    /// When it was filed; none for a draft.
    pub filed_at: Option<At>,
    /// How many rules it broke then.
    pub broken: i64,
    /// Whether the leader took note.
    pub acknowledged: bool,
    /// Its cells.
    pub cells: Vec<Planned>,
    /// What was said of days that are over.
    pub worked: Vec<Planned>,
}

/// Writes plans; their ids.
pub async fn insert(tx: &Tx, past: Vec<PastPlan>) -> Result<Vec<PlanId>> {
    let (mut plans, mut turns, mut events, mut ids) = (vec![], vec![], vec![], vec![]);
    for plan in past {
        let id: PlanId = tx.new_id();
        ids.push(id);
        let filed = plan.filed_at;
        let state = match (filed, plan.acknowledged) {
            (None, _) => "drafted",
            (Some(_), false) => "filed",
            (Some(_), true) => "acknowledged",
        };
        let noted = filed.filter(|_| plan.acknowledged).map(|at| at.plus_hours(4));
        let made = filed.unwrap_or(tx.now());
        plans.push(vals![
            tx.division(),
            id,
            plan.committee.as_str(),
            plan.monday,
            state,
            plan.broken,
            made,
            filed,
            noted,
            2_i64
        ]);
        for (who, day, cell) in plan.cells.iter().filter(|(.., cell)| *cell != Cell::Off) {
            let worked = plan.worked.iter().find(|(staff, on, _)| staff == who && on == day).map(|(.., cell)| *cell);
            let confirmed = worked.map(|_| day.end());
            turns.push(vals![tx.division(), id, *who, *day, cell.code(), worked.map(Cell::code), confirmed]);
        }
        let kind = if filed.is_some() { "shift.filed" } else { "shift.drafted" };
        let body = serde_json::json!({ "monday": plan.monday });
        events.push((NewEvent::new(kind, SubjectRef::new("shift-plan", id, None)).body(body), made));
    }
    let columns = [
        "division_code",
        "plan_id",
        "committee_code",
        "monday",
        "state",
        "broken",
        "made_at",
        "filed_at",
        "acknowledged_at",
        "version",
    ];
    tx.insert_many("shift_week", &columns, plans).await?;
    let columns = ["division_code", "plan_id", "staff_id", "day", "cell", "worked", "confirmed_at"];
    tx.insert_many("shift_turn", &columns, turns).await?;
    tx.events_entered(events).await?;
    Ok(ids)
}
