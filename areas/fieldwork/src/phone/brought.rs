//! What else an entry brings, beside the people: notes, hazards and a photo, all of the premises.

use linli_platform::{Result, app::App, clock::At, ids::AccountId, store::Tx};
use linli_register::hazards;

use super::{entry::Entry, notes};
use crate::{
    photo::{self, NewPhoto},
    visit::{Recorded, VisitOutcome},
};

/// When somebody stood at the door, and who.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stood {
    pub at: At,
    pub account: AccountId,
}

/// Writes it, in the transaction that records the visit; for one that was recorded before, nothing.
pub(super) async fn write(app: &App, tx: &Tx, entry: &Entry, done: &Recorded, stood: Stood) -> Result<()> {
    if done.repeated {
        return Ok(());
    }
    notes::write(tx, done.visit_id, &entry.notes).await?;
    premises_hazards(app, tx, entry, stood.at).await?;
    let (Some(photo), Some(outcome)) = (&entry.photo, VisitOutcome::from_code(&entry.outcome)) else { return Ok(()) };
    let new = NewPhoto {
        visit: done.visit_id,
        home: entry.home_id,
        outcome,
        taken_at: At(photo.at.0.clamp(stood.at.plus_hours(-24).0, tx.now().0)),
        account: stood.account,
        jpeg: &photo.jpeg,
    };
    photo::keep(tx, &app.pack, new).await?;
    Ok(())
}

/// What the phone says of a hazard counts unless somebody noted it later. One that the pack no longer has, or that is
/// over by now, is left out: nobody has to be told of it.
async fn premises_hazards(app: &App, tx: &Tx, entry: &Entry, seen_at: At) -> Result<()> {
    if entry.hazards.is_empty() && entry.hazards_gone.is_empty() {
        return Ok(());
    }
    let seen = seen_at.day();
    let known = hazards::of_home(tx, entry.home_id).await?;
    let later = |code: &str| known.iter().any(|h| h.code == code && h.noted_day > seen);
    for said in entry.hazards.iter().filter(|said| !later(&said.code)) {
        match hazards::note(tx, &app.pack, entry.home_id, &said.code, seen_at, said.until).await {
            Err(e) if !(e.is("hazard-unknown") || e.is("hazard-over")) => return Err(e),
            Ok(_) | Err(_) => {}
        }
    }
    for code in entry.hazards_gone.iter().filter(|code| !later(code)) {
        hazards::remove(tx, entry.home_id, code).await?;
    }
    Ok(())
}
