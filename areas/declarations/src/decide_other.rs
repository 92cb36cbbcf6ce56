//! Deciding what a resident declared for somebody else: one of the household who moves along, or a child, by its guardian
//! (PIPL 31). Only here is the person who was named looked up, by machine and on record; nobody who declares learns whether
//! somebody of that name and number is registered.

use linli_platform::{AppError, Result, app::App, reader::Reader, store::Tx};
use linli_register::{
    HomeId,
    codes::CancelReason,
    residents::{self, MaskedResident},
};
use linli_work::Outcome;

use crate::{
    codes::{Kind, outcome},
    content::{Content, Named},
    decide, decide_home,
    review::Case,
};

/// Writes what was declared for another person, and what it became.
///
/// # Errors
/// `other-unknown` where nobody of this name and number is registered; `newcomer-elsewhere` where the record is outside
/// the reader's grids; `other-elsewhere` where an adult is not of the household of the one who declared; those of the
/// register.
pub(crate) async fn write(app: &App, tx: &Tx, case: &Case, kind: Kind, content: &Content) -> Result<Outcome> {
    let Content::ForOther { person, from, asks } = content else { return Err(AppError::rule("nothing-changed")) };
    let record = record_of(tx, person, *from).await?;
    let as_own = if kind == Kind::ChildCorrection { Kind::Correction } else { kind };
    let handed_over = decide::write(app, tx, &record, (as_own, asks), CancelReason::MovedAway).await?;
    // What was typed of somebody else is not kept beside the register.
    decide_home::forget(tx, case).await?;
    Ok(outcome(kind, content.field(), handed_over))
}

async fn record_of(tx: &Tx, person: &Named, from: Option<HomeId>) -> Result<MaskedResident> {
    let unknown = || AppError::rule("other-unknown");
    let run = tx.machine_run("declaration-for-other").await?;
    let found = residents::machine_by_document(tx, &run, &person.doc_no).await?;
    let key = cn_identity::name::key;
    let fits =
        |r: &residents::MachineResident| r.doc_kind == person.doc_kind && key(r.name.for_engine()) == key(&person.name);
    let found = found.filter(fits).ok_or_else(unknown)?;
    let record = residents::find(tx, &Reader::system(), found.resident_id).await?;
    if record.state != "current" {
        return Err(unknown());
    }
    if !tx.reader().scope.contains(record.grid_id) {
        return Err(AppError::rule("newcomer-elsewhere"));
    }
    // A guardian answers for a child wherever it lives; an adult is moved along with the own household alone.
    if !person.guardian && (from.is_none() || record.home_id != from) {
        return Err(AppError::rule("other-elsewhere"));
    }
    Ok(record)
}
