//! Swapping shifts (换班): one colleague offers a shift, against one of the other's or for nothing; the other accepts.
//!
//! A swap within a plan that is filed changes the plan and nothing else; whether it breaks a rule is shown before it is
//! accepted, as at filing.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    event::NewEvent,
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use linli_team::StaffId;
use linli_work::notices::{self, Arg, To, args};
use sea_orm::FromQueryResult;

use crate::{
    cell::Cell,
    exchange::cell_of,
    ids::{PlanId, SwapId},
    people::Staffing,
    plans::{self, PlanRow},
    rules, visits,
};

pub use crate::exchange::{SwapFault, exchange};

/// An offer.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Swap {
    /// Id.
    pub swap_id: SwapId,
    /// The plan.
    pub plan_id: PlanId,
    /// The committee of the plan.
    pub committee_code: String,
    /// Its week.
    pub monday: Day,
    /// Who offers.
    pub from_staff: StaffId,
    /// Their name.
    pub from_name: String,
    /// The day given away.
    pub from_day: Day,
    /// The shift on it.
    pub from_cell: String,
    /// To whom.
    pub to_staff: StaffId,
    /// Their name.
    pub to_name: String,
    /// The day asked for in return.
    pub to_day: Option<Day>,
    /// The shift on it.
    pub to_cell: Option<String>,
    /// `offered`, `accepted`, `declined`, `withdrawn`, `overtaken`.
    pub state: String,
    /// Version.
    pub version: i64,
}

const SELECT: &str = "SELECT w.swap_id, w.plan_id, p.committee_code, p.monday, w.from_staff, f.name AS from_name, w.from_day, w.from_cell,
   w.to_staff, t.name AS to_name, w.to_day, w.to_cell, w.state, w.version FROM shift_swap w
 JOIN shift_week p ON p.division_code = w.division_code AND p.plan_id = w.plan_id
 JOIN staff f ON f.division_code = w.division_code AND f.staff_id = w.from_staff
 JOIN staff t ON t.division_code = w.division_code AND t.staff_id = w.to_staff";

/// Offers that wait, from or to somebody.
pub async fn waiting(q: &impl Query, staff: StaffId) -> Result<Vec<Swap>> {
    let sql = format!(
        "{SELECT} WHERE w.division_code = $1 AND w.state = 'offered' AND (w.from_staff = $2 OR w.to_staff = $2)
         ORDER BY w.from_day, w.swap_id"
    );
    q.rows(&sql, vals![q.division(), staff]).await
}

/// The swaps of a plan that were accepted. The caller has found the plan.
pub async fn accepted(q: &impl Query, plan: PlanId) -> Result<Vec<Swap>> {
    let sql = format!(
        "{SELECT} WHERE w.division_code = $1 AND w.plan_id = $2 AND w.state = 'accepted' ORDER BY w.ended_at, w.swap_id"
    );
    q.rows(&sql, vals![q.division(), plan]).await
}

async fn find(q: &impl Query, id: SwapId) -> Result<Swap> {
    let sql = format!("{SELECT} WHERE w.division_code = $1 AND w.swap_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// What somebody offers.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    /// The own day.
    pub day: Day,
    /// To whom.
    pub to: StaffId,
    /// The day asked for in return; none to give the shift away.
    pub for_day: Option<Day>,
}

/// Offers a shift of the own week, which must be filed, to somebody of the same plan.
///
/// # Errors
/// `shift-not-member`; `shift-not-filed`; `shift-swap-past` for a day that is not ahead; `shift-swap-whom`; those of
/// [`exchange`].
pub async fn offer(tx: &Tx, offer: Offer) -> Result<SwapId> {
    let today = tx.now().day();
    let monday = rules::monday_of(offer.day);
    let (plan, staffing, me) = own(tx, monday).await?;
    if plan.is_draft() {
        return Err(AppError::rule("shift-not-filed"));
    }
    if offer.day <= today || offer.for_day.is_some_and(|d| d <= today || rules::monday_of(d) != monday) {
        return Err(AppError::rule("shift-swap-past"));
    }
    let other = staffing.of(&plan.committee_code).iter().find(|m| m.staff_id == offer.to && m.staff_id != me);
    let other = other.ok_or_else(|| AppError::rule("shift-swap-whom"))?;
    let cells = plans::planned(&plans::turns(tx, plan.plan_id).await?);
    let id: SwapId = tx.new_id();
    let code = |who, day| cell_of(&cells, who, day).code();
    let swap = Swap {
        swap_id: id,
        plan_id: plan.plan_id,
        committee_code: plan.committee_code.clone(),
        monday,
        from_staff: me,
        from_name: String::new(),
        from_day: offer.day,
        from_cell: code(me, offer.day).into(),
        to_staff: offer.to,
        to_name: String::new(),
        to_day: offer.for_day,
        to_cell: offer.for_day.map(|d| code(offer.to, d).into()),
        state: "offered".into(),
        version: 1,
    };
    exchange(&cells, &swap)?;
    insert(tx, &swap).await?;
    tx.event(NewEvent::new("shift.swap-offered", plan.subject())).await?;
    if let Some(account) = other.account_id {
        let told = args(&[("day", Arg::Day(offer.day))]);
        notices::send(tx, To::Account(account), "notice-shift-swap", &told, "/shifts/mine").await?;
    }
    Ok(id)
}

async fn insert(tx: &Tx, swap: &Swap) -> Result<()> {
    tx.insert_many(
        "shift_swap",
        &[
            "division_code",
            "swap_id",
            "plan_id",
            "from_staff",
            "from_day",
            "from_cell",
            "to_staff",
            "to_day",
            "to_cell",
            "state",
            "made_at",
            "version",
        ],
        vec![vals![
            tx.division(),
            swap.swap_id,
            swap.plan_id,
            swap.from_staff,
            swap.from_day,
            swap.from_cell.as_str(),
            swap.to_staff,
            swap.to_day,
            swap.to_cell.as_deref(),
            "offered",
            tx.now(),
            1_i64
        ]],
    )
    .await
}

/// The plan in which the transaction's reader stands in a week, and who that is there.
async fn own(tx: &Tx, monday: Day) -> Result<(PlanRow, Staffing, StaffId)> {
    own_of(tx, tx.reader().account, monday).await
}

/// The plan in which an account stands in a week, and who that is there.
///
/// # Errors
/// `shift-not-member` for somebody without shifts or without a plan in that week.
pub(crate) async fn own_of(q: &impl Query, account: AccountId, monday: Day) -> Result<(PlanRow, Staffing, StaffId)> {
    let staffing = Staffing::on(q, monday).await?;
    let none = || AppError::rule("shift-not-member");
    let (committee, me) = staffing.member_of(account).map(|(c, m)| (c.to_owned(), m.staff_id)).ok_or_else(none)?;
    let plan = plans::of_team(q, &committee, monday).await?.ok_or_else(none)?;
    Ok((plan, staffing, me))
}

/// Whether somebody is the transaction's reader.
async fn is_me(tx: &Tx, staff: StaffId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM staff WHERE division_code = $1 AND staff_id = $2 AND account_id = $3
               AND left_day IS NULL";
    Ok(tx.number(sql, vals![tx.division(), staff, tx.reader().account]).await? > 0)
}

/// Accepts an offer: the plan has the swapped shifts, and the visits of the days follow.
///
/// # Errors
/// `not-found` unless it was offered to the transaction's reader; `shift-swap-ended`; `shift-swap-past`; those of
/// [`exchange`]; `stale-version`.
pub async fn accept(app: &App, tx: &Tx, id: SwapId, version: i64) -> Result<()> {
    let swap = find(tx, id).await?;
    if !is_me(tx, swap.to_staff).await? {
        return Err(AppError::not_found());
    }
    if swap.from_day <= tx.now().day() || swap.to_day.is_some_and(|d| d <= tx.now().day()) {
        return Err(AppError::rule("shift-swap-past"));
    }
    let cells = plans::planned(&plans::turns(tx, swap.plan_id).await?);
    let after = exchange(&cells, &swap)?;
    end(tx, &swap, version, "accepted").await?;
    for (who, day) in [(swap.from_staff, Some(swap.from_day)), (swap.to_staff, Some(swap.from_day))]
        .into_iter()
        .chain([(swap.from_staff, swap.to_day), (swap.to_staff, swap.to_day)])
    {
        let Some(day) = day else { continue };
        put(tx, swap.plan_id, who, day, cell_of(&after, who, day)).await?;
    }
    let staffing = Staffing::on(tx, swap.monday).await?;
    visits::reach(app, tx, swap.monday, staffing.of(&swap.committee_code), &after).await?;
    tell_planner(tx, &swap, &staffing).await
}

async fn put(tx: &Tx, plan: PlanId, who: StaffId, day: Day, cell: Cell) -> Result<()> {
    tx.execute(
        "INSERT INTO shift_turn (division_code, plan_id, staff_id, day, cell) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (division_code, plan_id, staff_id, day) DO UPDATE SET cell = excluded.cell",
        vals![tx.division(), plan, who, day, cell.code()],
    )
    .await?;
    Ok(())
}

/// Whoever drafted the plan is told that it has changed.
async fn tell_planner(tx: &Tx, swap: &Swap, staffing: &Staffing) -> Result<()> {
    let Some(grid) = staffing.first_grid(&swap.committee_code) else { return Ok(()) };
    let told = args(&[("day", Arg::Day(swap.from_day))]);
    let href = format!("/shifts/plans/{}", swap.plan_id);
    notices::send(tx, To::Role(linli_platform::access::Role::Officer, grid), "notice-shift-swapped", &told, &href)
        .await?;
    Ok(())
}

/// Declines an offer, or takes the own one back.
///
/// # Errors
/// `not-found` unless the transaction's reader made it or it was made to them; `shift-swap-ended`; `stale-version`.
pub async fn decline(tx: &Tx, id: SwapId, version: i64) -> Result<()> {
    let swap = find(tx, id).await?;
    let state = if is_me(tx, swap.to_staff).await? {
        "declined"
    } else if is_me(tx, swap.from_staff).await? {
        "withdrawn"
    } else {
        return Err(AppError::not_found());
    };
    end(tx, &swap, version, state).await
}

async fn end(tx: &Tx, swap: &Swap, version: i64, state: &'static str) -> Result<()> {
    if swap.state != "offered" {
        return Err(AppError::rule("shift-swap-ended"));
    }
    tx.execute_one(
        "UPDATE shift_swap SET state = $4, ended_at = $5, version = version + 1
         WHERE division_code = $1 AND swap_id = $2 AND version = $3 AND state = 'offered'",
        vals![tx.division(), swap.swap_id, version, state, tx.now()],
    )
    .await?;
    let kind = match state {
        "accepted" => "shift.swap-accepted",
        "declined" => "shift.swap-declined",
        _ => "shift.swap-withdrawn",
    };
    let subject = linli_platform::event::SubjectRef::new("shift-plan", swap.plan_id, None);
    tx.event(NewEvent::new(kind, subject)).await?;
    Ok(())
}
