//! Deciding a case that is about a home: a newcomer's household, tenants, a tenancy. Only here is it compared with the
//! register, by machine and on record.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    sealed::MachineRun,
    store::{Query, Tx},
    vals,
};
use linli_register::{
    ResidentId, Told,
    codes::{DoubtCause, Source},
    doubts, homes,
    residents::{self, MaskedResident},
};
use linli_work::Outcome;

use crate::{
    codes::Kind,
    content::{Content, Newcomer},
    decide::relocate,
    review::Case,
};

/// Writes what a case of a home says, and what it became.
///
/// # Errors
/// `newcomer-elsewhere` where somebody is registered outside the reader's grids; `tenant-unknown` where nobody of the
/// name is registered in the home; those of the register.
pub(crate) async fn write(app: &App, tx: &Tx, case: &Case, content: &Content) -> Result<Outcome> {
    match content {
        Content::Household { members, .. } => household(app, tx, case, members).await,
        Content::TenantOut { home, name, .. } => {
            let run = tx.machine_run("tenant-out").await?;
            let key = cn_identity::name::key(name);
            let members = residents::machine_of_home(tx, &run, *home).await?;
            let mut named =
                members.iter().filter(|m| cn_identity::name::key(m.name.for_engine()) == key).map(|m| m.resident_id);
            let tenant = named.next().ok_or_else(|| AppError::rule("tenant-unknown"))?;
            doubt(app, tx, tenant).await?;
            Ok(Outcome::Changed)
        }
        Content::Tenancy { home, starts: true, .. } => {
            homes::note_let(tx, *home).await?;
            Ok(Outcome::Changed)
        }
        Content::Tenancy { home, .. } => {
            for member in residents::of_home(tx, tx.reader(), *home).await? {
                doubt(app, tx, member.resident_id).await?;
            }
            Ok(Outcome::Changed)
        }
        _ => Err(AppError::rule("nothing-changed")),
    }
}

/// A landlord's word cancels nobody: it puts the address under investigation, with a clock, where the resident sees it.
async fn doubt(app: &App, tx: &Tx, resident: ResidentId) -> Result<()> {
    match doubts::raise(tx, resident, DoubtCause::LandlordReport, doubts::due_at(app)?).await {
        Err(e) if e.is("doubt-open") => Ok(()),
        other => other.map(|_| ()),
    }
}

async fn household(app: &App, tx: &Tx, case: &Case, members: &[Newcomer]) -> Result<Outcome> {
    let run = tx.machine_run("newcomer-accepted").await?;
    let source = if case.asked() == Some(Kind::TenantIn) { Source::Landlord } else { Source::SelfDeclaration };
    let mut became = Outcome::Changed;
    for (n, new) in members.iter().enumerate() {
        let (id, outcome) = match registered(tx, &run, new).await? {
            Some(person) => {
                let outcome = move_in(app, tx, &person, new, Told::seen(source, tx.now())).await?;
                (person.resident_id, outcome)
            }
            None => (register(tx, case, (n, new), source).await?, Outcome::Registered),
        };
        became = if n == 0 { outcome } else { became };
        if n == 0 && id != case.resident_id {
            // The case belongs to the record that was there already, and is on that person's own page.
            let sql = "UPDATE declaration SET resident_id = $3 WHERE division_code = $1 AND declaration_id = $2";
            tx.execute(sql, vals![tx.division(), case.declaration_id, id]).await?;
        }
    }
    forget(tx, case).await?;
    Ok(became)
}

/// The record that a number is on, if there is a current one.
async fn registered(tx: &Tx, run: &MachineRun, new: &Newcomer) -> Result<Option<MaskedResident>> {
    let Some(found) = residents::machine_by_document(tx, run, &new.doc_no).await? else { return Ok(None) };
    let record = residents::find(tx, &Reader::system(), found.resident_id).await?;
    if record.state != "current" {
        return Ok(None);
    }
    if !tx.reader().scope.contains(record.grid_id) {
        // Whoever has that grid, or the office, hands the record over (R11).
        return Err(AppError::rule("newcomer-elsewhere"));
    }
    Ok(Some(record))
}

async fn move_in(app: &App, tx: &Tx, person: &MaskedResident, new: &Newcomer, told: Told) -> Result<Outcome> {
    if person.home_id == Some(new.home) {
        return Ok(Outcome::Changed);
    }
    let handed_over = relocate(app, tx, person, new.home, Some(new.day), told).await?;
    Ok(if handed_over { Outcome::HandedOver } else { Outcome::Moved })
}

async fn register(tx: &Tx, case: &Case, (n, new): (usize, &Newcomer), source: Source) -> Result<ResidentId> {
    let seen: At = tx.now();
    let mut resident = new.as_resident(seen);
    resident.resident_id = (n == 0).then_some(case.resident_id);
    resident.source = source;
    residents::register(tx, resident).await
}

/// The register holds it now: what was typed of the whole household becomes unreadable here.
pub(crate) async fn forget(tx: &Tx, case: &Case) -> Result<()> {
    let sql = "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    tx.execute(sql, vals![tx.division(), case.declaration_id]).await?;
    Ok(())
}
