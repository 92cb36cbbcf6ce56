//! Rectification of a listed committee (挂牌整治, R27): a plan within the pack's working days, work led by the community
//! officer in steps, another survey, delisting. All of it is about the committee's work; nobody's record is in it.

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    clock::{At, Day},
    deadline,
    event::{NewEvent, SubjectRef},
    free_text,
    ids::AccountId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, Arg, To, args};
use policy_pack::DeadlineId;
use sea_orm::FromQueryResult;

use crate::{
    codes::{Level, RateKind},
    ids::ListingId,
    listings::{Listing, RATE_BELOW_MEAN},
    results::{self, ResultRow},
};

/// The longest plan.
pub const PLAN_MAX_CHARS: usize = 1_000;
/// The longest step.
pub const STEP_MAX_CHARS: usize = 200;
/// Steps of one plan at most.
pub const STEPS_MAX: i64 = 20;

/// The plan of a listing.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Plan {
    /// What lies behind it and what is to be reached.
    pub words: String,
    /// The officer who leads the work.
    pub officer: Option<String>,
    /// When it was filed.
    pub filed_at: At,
}

/// A step of it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Step {
    /// Its number, from 1.
    pub line: i64,
    /// What is to be done.
    pub words: String,
    /// Its last day.
    pub until_day: Day,
    /// When it was done.
    pub done_at: Option<At>,
}

impl Step {
    /// Whether its day is over and it is not done.
    pub fn is_late(&self, today: Day) -> bool {
        self.done_at.is_none() && self.until_day < today
    }
}

/// What a listing still needs before it can end. Fluent text: `error-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No plan is filed.
    Plan,
    /// There is no step, or one is not done.
    Steps,
    /// The committee was not surveyed again with a frame fixed after the plan.
    Survey,
    /// That survey puts a listed rate below the sub-district's by more than chance.
    StillBelow,
}

impl Missing {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Missing::Plan => "listing-needs-plan",
            Missing::Steps => "listing-needs-steps",
            Missing::Survey => "listing-needs-survey",
            Missing::StillBelow => "listing-still-below",
        }
    }
}

/// By when the plan is to be filed.
///
/// # Errors
/// `workday-year` where the working days of that year are not known.
pub fn plan_due_at(app: &App, listing: &Listing) -> Result<At> {
    deadline::due_at(&app.pack, &app.calendar, DeadlineId::RectificationPlan, listing.listed_at)
}

/// The plan of a listing, once filed.
pub async fn plan(q: &impl Query, id: ListingId) -> Result<Option<Plan>> {
    let sql = "SELECT p.words, a.display_name AS officer, p.filed_at FROM listing_plan p
               LEFT JOIN account a ON a.division_code = p.division_code AND a.account_id = p.account_id
               WHERE p.division_code = $1 AND p.listing_id = $2";
    q.row(sql, vals![q.division(), id]).await
}

/// Its steps.
pub async fn steps(q: &impl Query, id: ListingId) -> Result<Vec<Step>> {
    let sql = "SELECT line, words, until_day, done_at FROM listing_step
               WHERE division_code = $1 AND listing_id = $2 ORDER BY line";
    q.rows(sql, vals![q.division(), id]).await
}

/// Whether a committee has a grid within the reader's scope.
pub async fn within(q: &impl Query, reader: &Reader, committee: &str) -> Result<bool> {
    let mut values = vals![q.division(), committee];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!("SELECT COUNT(*) FROM micro_grid WHERE division_code = $1 AND committee_code = $2 AND {scope}");
    Ok(q.number(&sql, values).await? > 0)
}

/// The survey of the committee that shows what the work has brought: the latest locked one, of the whole sub-district or
/// of the committee alone, whose frame was fixed after the plan was filed.
pub async fn shown_by(q: &impl Query, listing: &Listing, plan: &Plan) -> Result<Option<ResultRow>> {
    let rows = results::history(q, Level::Committee, &listing.committee_code).await?;
    for row in rows.into_iter().rev().filter(|r| r.complete) {
        if crate::rounds::find(q, row.survey_id).await?.made_at > plan.filed_at {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The sub-district's latest result: what a committee is held against when it is to be delisted.
pub async fn latest_mean(q: &impl Query) -> Result<Option<ResultRow>> {
    Ok(results::history(q, Level::Division, q.division()).await?.pop())
}

/// What a listing still needs. A rate that lies below the mean by no more than chance is left to whoever decides: the
/// page shows it.
pub async fn missing(q: &impl Query, listing: &Listing) -> Result<Vec<Missing>> {
    let Some(plan) = plan(q, listing.listing_id).await? else { return Ok(vec![Missing::Plan]) };
    let mut all = Vec::new();
    let steps = steps(q, listing.listing_id).await?;
    if steps.is_empty() || steps.iter().any(|s| s.done_at.is_none()) {
        all.push(Missing::Steps);
    }
    if listing.cause == RATE_BELOW_MEAN {
        match (shown_by(q, listing, &plan).await?, latest_mean(q).await?) {
            (Some(own), Some(mean)) if still_below(&listing.rates(), &own, &mean) => all.push(Missing::StillBelow),
            (Some(_), _) => {}
            (None, _) => all.push(Missing::Survey),
        }
    }
    Ok(all)
}

fn still_below(rates: &[RateKind], own: &ResultRow, mean: &ResultRow) -> bool {
    rates.iter().any(|kind| match (own.rate(*kind), mean.rate(*kind)) {
        (Some(own), Some(mean)) => own.surely_below(mean.value),
        _ => false,
    })
}

/// A listing that the transaction's reader may work on.
async fn of_reader(tx: &Tx, id: ListingId) -> Result<Listing> {
    let listing = crate::listings::find(tx, id).await?;
    if !within(tx, tx.reader(), &listing.committee_code).await? {
        return Err(AppError::rule("listing-elsewhere"));
    }
    if listing.is_open() { Ok(listing) } else { Err(AppError::rule("listing-over")) }
}

fn guarded<'a>(words: &'a str, max: usize, rule: &'static str) -> Result<&'a str> {
    let words = words.trim();
    if words.is_empty() || words.chars().count() > max {
        return Err(AppError::rule(rule).arg("max", max));
    }
    free_text::check(words)?;
    Ok(words)
}

fn subject(id: ListingId) -> SubjectRef {
    SubjectRef::new("listing", id, None)
}

/// Files the plan; the officer who files it leads the work.
///
/// # Errors
/// `not-found`; `listing-elsewhere` for a committee that the reader does not work in; `listing-over`;
/// `listing-officer-leads` for somebody who is no community officer; `listing-planned`; `listing-plan-words`,
/// `free-text-number`, `free-text-word`.
pub async fn file(tx: &Tx, id: ListingId, words: &str) -> Result<()> {
    let listing = of_reader(tx, id).await?;
    if !tx.reader().is(Role::Officer) {
        return Err(AppError::rule("listing-officer-leads"));
    }
    if plan(tx, id).await?.is_some() {
        return Err(AppError::rule("listing-planned"));
    }
    let words = guarded(words, PLAN_MAX_CHARS, "listing-plan-words")?;
    let columns = ["division_code", "listing_id", "words", "account_id", "filed_at"];
    tx.insert_many("listing_plan", &columns, vec![vals![tx.division(), id, words, tx.reader().account, tx.now()]])
        .await?;
    let body = serde_json::json!({ "committee": listing.committee_code });
    tx.event(NewEvent::new("listing.planned", subject(id)).body(body)).await?;
    Ok(())
}

/// Adds a step to a plan that was filed; its number.
///
/// # Errors
/// `not-found`; `listing-elsewhere`, `listing-over`, `listing-officer-leads`; `listing-needs-plan`; `listing-steps` for
/// more than [`STEPS_MAX`]; `listing-step-day` for a day that is over; `listing-step-words`, `free-text-number`,
/// `free-text-word`.
pub async fn add_step(tx: &Tx, id: ListingId, words: &str, until: Day) -> Result<i64> {
    let listing = of_reader(tx, id).await?;
    if !tx.reader().is(Role::Officer) {
        return Err(AppError::rule("listing-officer-leads"));
    }
    if plan(tx, id).await?.is_none() {
        return Err(AppError::rule(Missing::Plan.code()));
    }
    if until < tx.now().day() {
        return Err(AppError::rule("listing-step-day"));
    }
    let words = guarded(words, STEP_MAX_CHARS, "listing-step-words")?;
    let line = steps(tx, id).await?.last().map_or(0, |s| s.line) + 1;
    if line > STEPS_MAX {
        return Err(AppError::rule("listing-steps").arg("max", STEPS_MAX));
    }
    let columns = ["division_code", "listing_id", "line", "words", "until_day"];
    tx.insert_many("listing_step", &columns, vec![vals![tx.division(), id, line, words, until]]).await?;
    let body = serde_json::json!({ "committee": listing.committee_code, "step": line, "until": until });
    tx.event(NewEvent::new("listing.step-added", subject(id)).body(body)).await?;
    Ok(line)
}

/// Says that a step is done.
///
/// # Errors
/// `not-found`; `listing-elsewhere`, `listing-over`; `stale-version` if it was done already.
pub async fn complete(tx: &Tx, id: ListingId, line: i64) -> Result<()> {
    let listing = of_reader(tx, id).await?;
    if steps(tx, id).await?.iter().all(|s| s.line != line) {
        return Err(AppError::not_found());
    }
    tx.execute_one(
        "UPDATE listing_step SET done_at = $4, done_by = $5
         WHERE division_code = $1 AND listing_id = $2 AND line = $3 AND done_at IS NULL",
        vals![tx.division(), id, line, tx.now(), tx.reader().account],
    )
    .await?;
    let body = serde_json::json!({ "committee": listing.committee_code, "step": line });
    tx.event(NewEvent::new("listing.step-done", subject(id)).body(body)).await?;
    Ok(())
}

/// Tells the officers of a committee that it was listed.
pub(crate) async fn tell(tx: &Tx, id: ListingId, committee: &str) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Name {
        name: String,
    }
    let sql = "SELECT name FROM committee WHERE division_code = $1 AND committee_code = $2";
    let name: Option<Name> = tx.row(sql, vals![tx.division(), committee]).await?;
    let told = args(&[("committee", Arg::Name(name.map(|n| n.name).unwrap_or_default()))]);
    for account in officers(tx, committee).await? {
        let href = format!("/surveys/listings/{id}");
        notices::send(tx, To::Account(account), "notice-listing-listed", &told, &href).await?;
    }
    Ok(())
}

/// The officers who work in a committee today.
async fn officers(q: &impl Query, committee: &str) -> Result<Vec<AccountId>> {
    #[derive(FromQueryResult)]
    struct Held {
        account_id: AccountId,
        area: String,
    }
    let sql = "SELECT account_id, area FROM account_role WHERE division_code = $1 AND role = $2 AND area_kind = 'grid'
               AND from_day <= $3 AND (until_day IS NULL OR until_day > $3) ORDER BY account_id";
    let today = q.store().clock().today();
    let held: Vec<Held> = q.rows(sql, vals![q.division(), Role::Officer.code(), today]).await?;
    let grids = linli_territory::all_grids(q).await?;
    let here: Vec<String> =
        grids.iter().filter(|g| g.committee_code == committee).map(|g| g.grid_id.to_string()).collect();
    let mut found: Vec<AccountId> = held.into_iter().filter(|h| here.contains(&h.area)).map(|h| h.account_id).collect();
    found.dedup();
    Ok(found)
}

/// For the duty board: open listings of committees that the reader works in, those whose plan is worked off, and those
/// with a plan or a step that is late.
pub(crate) async fn work_of(app: &App, reader: &Reader) -> Result<(i64, i64, i64)> {
    let (q, reader) = (app.store.reads(), reader.clone().doing(Action::RectificationWork));
    let (mut due, mut done, mut late) = (0, 0, 0);
    for listing in crate::listings::all(&q).await?.into_iter().filter(Listing::is_open) {
        if !within(&q, &reader, &listing.committee_code).await? {
            continue;
        }
        due += 1;
        let (filed, steps) = (plan(&q, listing.listing_id).await?.is_some(), steps(&q, listing.listing_id).await?);
        let today = app.store.clock().today();
        let no_plan = !filed && plan_due_at(app, &listing).is_ok_and(|at| at < app.store.now());
        late += i64::from(no_plan || steps.iter().any(|s| s.is_late(today)));
        done += i64::from(!steps.is_empty() && steps.iter().all(|s| s.done_at.is_some()));
    }
    Ok((due, done, late))
}
