//! Deciding a case: accepted, it is written to the register by the register's own functions with the source
//! "self-declaration"; refused, it gets a reason of a closed list. Either way the task ends and the resident sees the
//! answer.

use linli_platform::{
    AppError, Result,
    app::App,
    basis,
    clock::Day,
    event::NewEvent,
    reader::Reader,
    sealed::KeyRow,
    store::{Query, Tx},
    vals,
};
use linli_register::{
    HomeId, Told,
    codes::{CancelReason, CorrectionReason, Source},
    homes,
    residents::{self, MaskedResident},
    transfers,
};
use linli_work::{Outcome, due_at, tasks};
use policy_pack::DeadlineId;

use crate::{
    codes::{Field, Kind, Refusal, State, outcome},
    content::Content,
    decide_home, decide_other,
    ids::DeclarationId,
    requests::{ORIGIN, bind, subject},
    review::{self, Case},
};

/// Accepts a case and writes the register. What it became.
///
/// # Errors
/// `not-found` outside the scope; `declaration-unread` unless this account has opened it; `stale-version`; what the
/// register refuses (`two-main-residences`, `same-home`, `already-cancelled` …).
pub async fn accept(app: &App, tx: &Tx, id: DeclarationId, version: i64, reason: CancelReason) -> Result<Outcome> {
    let case = waiting(tx, id, version).await?;
    if !review::was_read(tx, tx.reader(), id).await? {
        return Err(AppError::rule("declaration-unread"));
    }
    let content = content(tx, id).await?;
    let kind = case.asked().ok_or_else(AppError::not_found)?;
    let became = if kind.is_of_a_home() {
        decide_home::write(app, tx, &case, &content).await?
    } else if kind.is_for_another() {
        decide_other::write(app, tx, &case, kind, &content).await?
    } else {
        let person = residents::find(tx, tx.reader(), case.resident_id).await?;
        let handed_over = write(app, tx, &person, (kind, &content), reason).await?;
        outcome(kind, content.field(), handed_over)
    };
    end(tx, &case, State::Accepted, None, became).await?;
    Ok(became)
}

/// Refuses a case with a reason.
///
/// # Errors
/// `not-found` outside the scope; `refusal-unknown` where the reason is none of its kind; `stale-version`.
pub async fn refuse(tx: &Tx, id: DeclarationId, version: i64, reason: Refusal) -> Result<()> {
    let case = waiting(tx, id, version).await?;
    if !case.asked().is_some_and(|kind| kind.refusals().contains(&reason)) {
        return Err(AppError::rule("refusal-unknown"));
    }
    end(tx, &case, State::Refused, Some(reason), Outcome::Refused).await
}

async fn waiting(tx: &Tx, id: DeclarationId, version: i64) -> Result<Case> {
    let case = review::find(tx, tx.reader(), id).await?;
    if case.is_open() && case.version == version { Ok(case) } else { Err(AppError::stale()) }
}

/// The content as the machine takes it over into the register, one recorded run.
async fn content(tx: &Tx, id: DeclarationId) -> Result<Content> {
    let run = tx.machine_run("declaration-accepted").await?;
    let row = review::sealed(tx, id).await?;
    let key: Option<KeyRow> = tx
        .row(
            "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2",
            vals![tx.division(), id],
        )
        .await?;
    let key = key.ok_or_else(AppError::not_found)?;
    let opened = run.open(&key, &[(bind(id), &row.content_sealed)])?;
    let text = opened.first().ok_or_else(AppError::not_found)?;
    Ok(serde_json::from_str(text.for_engine())?)
}

/// Writes the register; `true` where the person was handed over to another grid, which has to accept.
pub(crate) async fn write(
    app: &App,
    tx: &Tx,
    person: &MaskedResident,
    (kind, content): (Kind, &Content),
    reason: CancelReason,
) -> Result<bool> {
    // A declared fact counts as collected when somebody has checked and accepted it; the wait before that is measured
    // by the declaration's own deadline (R10, R12).
    let told = Told::seen(Source::SelfDeclaration, tx.now());
    let (id, version, today) = (person.resident_id, person.version, tx.now().day());
    if let Some(change) = content.change() {
        if kind == Kind::Correction {
            // What was wrong from the beginning is no change of the month.
            residents::correct(tx, id, version, change, CorrectionReason::Mistold, told).await?;
            return Ok(false);
        }
        residents::change(tx, id, version, change, told).await?;
        return Ok(false);
    }
    match content {
        Content::Move { home, day, .. } => relocate(app, tx, person, *home, Some(*day), told).await,
        Content::Fact { field, value, .. } if Field::from_code(field) == Some(Field::Address) => {
            let home = value.parse().map_err(AppError::internal)?;
            relocate(app, tx, person, home, None, told).await
        }
        Content::MoveIn(new) => {
            residents::register(tx, new.as_resident(tx.now())).await?;
            Ok(false)
        }
        Content::MoveOut { day } => {
            residents::cancel(tx, id, version, CancelReason::MovedAway, *day, told).await?;
            Ok(false)
        }
        Content::Without { .. } => {
            residents::cancel(tx, id, version, reason, today, told).await?;
            Ok(false)
        }
        Content::Fact { .. }
        | Content::Household { .. }
        | Content::ForOther { .. }
        | Content::TenantOut { .. }
        | Content::Tenancy { .. } => Err(AppError::rule("nothing-changed")),
    }
}

pub(crate) async fn relocate(
    app: &App,
    tx: &Tx,
    person: &MaskedResident,
    home: HomeId,
    moved: Option<Day>,
    told: Told,
) -> Result<bool> {
    let grid = homes::find(tx, &Reader::system(), home).await?.grid_id;
    match grid {
        // Another grid takes over by a hand-over, with its acceptance (R11).
        Some(to) if !tx.reader().scope.contains(grid) => {
            let due = due_at(&app.pack, &app.calendar, DeadlineId::TransferAcceptance, tx.now())?;
            transfers::offer(tx, person.resident_id, to, due).await?;
            Ok(true)
        }
        _ => {
            let (id, version) = (person.resident_id, person.version);
            match moved {
                Some(day) => residents::move_to(tx, id, version, home, day, told).await?,
                // Nobody moved: the address was wrong.
                None => {
                    let reason = CorrectionReason::Mistold;
                    residents::correct_residence(tx, id, version, home, None, reason, told).await?
                }
            };
            Ok(false)
        }
    }
}

async fn end(tx: &Tx, case: &Case, state: State, refusal: Option<Refusal>, became: Outcome) -> Result<()> {
    let id = case.declaration_id;
    let role = tx.reader().role_code(case.grid_id);
    tx.execute_one(
        "UPDATE declaration SET state = $4, decided_at = $5, decided_by = $6, decided_role = $7, refusal = $8,
         outcome = $9, version = version + 1
         WHERE division_code = $1 AND declaration_id = $2 AND version = $3 AND state = 'open'",
        vals![
            tx.division(),
            id,
            case.version,
            state.code(),
            tx.now(),
            tx.reader().account,
            role,
            refusal.map(Refusal::code),
            became.code()
        ],
    )
    .await?;
    tasks::end_of_origin(tx, ORIGIN, id.0, became).await?;
    basis::close(tx, id.0).await?;
    let body = serde_json::json!({
        "kind": case.kind, "outcome": became.code(), "reason": refusal.map(Refusal::code), "late": case.is_late(tx.now())
    });
    let kind = if state == State::Accepted { "declaration.accepted" } else { "declaration.refused" };
    tx.event(NewEvent::new(kind, subject(id, case.grid_id)).version(case.version + 1).body(body)).await?;
    Ok(())
}
