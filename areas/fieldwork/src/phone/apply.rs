//! Taking one entry: opened, applied once in a transaction of its own, or refused, or kept for a decision. One bad entry
//! hinders no other.

use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    picture,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::Outcome;

use super::{
    brought::{self, Stood},
    changed,
    conflict::{self, NewConflict},
    devices::Device,
    entry::{Entry, Envelope, Person, SEALED_MAX_CHARS},
    keys, newcomers,
    place::{self, Made, Where},
    reasons::{About, Refusal, State, Waiting},
    received::{self, Answer, NewEntry},
    seal::{self, Place},
    verdict::Verdict,
};
use crate::{
    ids::EntryId,
    visit::{self, Choice, NewVisit, Settled, VisitError, VisitOutcome},
};

/// Takes one entry of a phone, in the name of whoever sends it. It always answers: what was a fault of ours is to be sent
/// again. Somebody whose field work has ended is heard too: what was made while it lasted waits for whoever has the home.
pub async fn receive(app: &App, reader: &Reader, device: &Device, envelope: &Envelope) -> Answer {
    let reader = &place::at_doors(reader.clone());
    match take(app, reader, device, envelope).await {
        Ok(answer) => answer,
        Err(e) => {
            tracing::warn!(
                code = e.code,
                cause = e.cause.as_ref().map(ToString::to_string),
                "an entry is to be sent again"
            );
            Answer::later(&envelope.entry_id)
        }
    }
}

/// An entry that opened, and how it came.
struct Opened<'a> {
    entry: Entry,
    digest: Vec<u8>,
    device: &'a Device,
    seen_at: At,
}

async fn take(app: &App, reader: &Reader, device: &Device, envelope: &Envelope) -> Result<Answer> {
    let Ok(id) = envelope.entry_id.parse::<EntryId>() else {
        return Ok(Answer::refused(&envelope.entry_id, Refusal::Malformed));
    };
    let digest = envelope.digest();
    if let Some(answer) = known(&app.store.reads(), reader.account, id, &digest).await? {
        return Ok(answer);
    }
    let mut entry = match open(app, device, id, envelope)? {
        Ok(entry) => entry,
        Err(reason) => return Ok(Answer::refused(&envelope.entry_id, reason)),
    };
    let whole = with_picture_anew(&mut entry).await;
    let seen_at = At(entry.made_at.0.clamp(app.store.now().plus_hours(-24 * 366).0, app.store.now().0));
    let opened = Opened { entry, digest, device, seen_at };
    if !whole {
        return refuse(app, reader, &opened, Refusal::BadPhoto, &[About::home("photo")]).await;
    }
    let made = Made { rests_on: opened.entry.rests_on(), seen_at };
    let (grid, verdict) = match place::of(app, reader, opened.entry.home_id, made).await? {
        Where::Nowhere => return refuse(app, reader, &opened, Refusal::NotYourHome, &[]).await,
        Where::Others(grid) => return keep(app, reader, &opened, grid, Waiting::HandedOver, &[]).await,
        Where::Own(grid) if device.revoked_at.is_some() => {
            return keep(app, reader, &opened, grid, Waiting::DeviceRevoked, &[]).await;
        }
        Where::Own(grid) => match apply(app, reader, &opened, grid).await? {
            Ok(answer) => return Ok(answer),
            Err(verdict) => (grid, verdict),
        },
    };
    match verdict {
        Verdict::Fault(e) => Err(e),
        Verdict::Refused(reason, fields) => refuse(app, reader, &opened, reason, &fields).await,
        Verdict::Waits(why, fields) => keep(app, reader, &opened, grid, why, &fields).await,
    }
}

/// The answer to an entry that was received before.
async fn known(q: &impl Query, account: AccountId, id: EntryId, digest: &[u8]) -> Result<Option<Answer>> {
    let earlier = received::find(q, id).await?;
    Ok(earlier.map(|e| match e.account == account && e.digest == digest {
        true => e.answer,
        false => Answer::refused(&id.to_string(), Refusal::EntryIdReused),
    }))
}

/// Makes the photo of an entry anew before anything of it is kept anywhere; whether it is one.
async fn with_picture_anew(entry: &mut Entry) -> bool {
    let Some(photo) = &mut entry.photo else { return true };
    match picture::cleaned(&photo.jpeg).await {
        Ok(made) => {
            photo.jpeg = made.base64().to_owned();
            true
        }
        Err(_) => false,
    }
}

/// Opens an envelope. What does not open is not remembered: it will not open another time either.
fn open(app: &App, device: &Device, id: EntryId, envelope: &Envelope) -> Result<Result<Entry, Refusal>> {
    let bytes = (envelope.ct.len() <= SEALED_MAX_CHARS).then(|| seal::decoded(&envelope.ct)).flatten();
    let (Some(enc), Some(ct)) = (seal::decoded(&envelope.enc), bytes) else { return Ok(Err(Refusal::Malformed)) };
    let Some(pair) = keys::named(app, &envelope.key_id)? else { return Ok(Err(Refusal::UnknownKey)) };
    let place = Place { entry: id, key: &envelope.key_id, device: device.device_id };
    let Ok(clear) = pair.open(&enc, &ct, &place) else { return Ok(Err(Refusal::BrokenSeal)) };
    Ok(Entry::read(&clear, id).ok_or(Refusal::Malformed))
}

async fn apply(app: &App, reader: &Reader, opened: &Opened<'_>, grid: GridId) -> Result<Result<Answer, Verdict>> {
    let tx = app.store.begin(reader).await?;
    let entry = &opened.entry;
    // The same entry may have come twice at the same moment.
    if let Some(answer) = known(&tx, reader.account, entry.entry_id, &opened.digest).await? {
        return Ok(Ok(answer));
    }
    let visit = match visit_of(&tx, entry, opened.seen_at).await? {
        Ok(visit) => visit,
        Err(verdict) => return Ok(Err(verdict)),
    };
    match visit::record(&tx, visit).await {
        Ok(done) => {
            let stood = Stood { at: opened.seen_at, account: reader.account };
            brought::write(app, &tx, entry, &done, stood).await?;
            received::remember(&tx, new_entry(opened, Some(grid), State::Done)).await?;
            if done.repeated {
                tx.housekeeping("the visit of this entry was recorded with its event before");
            }
            tx.commit().await?;
            Ok(Ok(Answer::of(&entry.entry_id.to_string(), State::Done)))
        }
        Err(VisitError::Unsettled(left)) if came_since(&tx, &left, entry.rests_on()).await? => {
            let fields = left.into_iter().map(|id| About::person(id, "choice")).collect();
            Ok(Err(Verdict::Waits(Waiting::PeopleChanged, fields)))
        }
        Err(e) => Ok(Err(Verdict::of(e, entry))),
    }
}

fn new_entry<'a>(opened: &'a Opened<'_>, grid: Option<GridId>, state: State) -> NewEntry<'a> {
    NewEntry {
        id: opened.entry.entry_id,
        device: opened.device.device_id,
        home: opened.entry.home_id,
        grid,
        digest: &opened.digest,
        seen_at: opened.seen_at,
        corrects: opened.entry.corrects,
        state,
        reason: None,
        fields: &[],
        conflict: None,
    }
}

/// Whether all of these people were registered, or came to their home, after an instant: nobody could have settled them.
async fn came_since(tx: &Tx, people: &[linli_register::ResidentId], at: At) -> Result<bool> {
    let mut values = vals![tx.division(), at];
    values.extend(people.iter().map(|id| sea_orm::Value::from(*id)));
    let marks: Vec<String> = (3..values.len() + 1).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT COUNT(DISTINCT subject_id) FROM event WHERE division_code = $1 AND entered_at > $2
         AND kind IN ('resident.registered', 'resident.moved') AND subject_id IN ({})",
        marks.join(", ")
    );
    let count = tx.number(&sql, values).await?;
    Ok(!people.is_empty() && usize::try_from(count).is_ok_and(|n| n >= people.len()))
}

/// The visit of an entry, checked by the register's rules.
///
/// # Errors
/// The outer one for faults of ours.
pub(super) async fn visit_of(q: &impl Query, entry: &Entry, seen_at: At) -> Result<Result<NewVisit, Verdict>> {
    let today = q.store().clock().today();
    let Some(outcome) = VisitOutcome::from_code(&entry.outcome) else {
        return Ok(Err(Verdict::Refused(Refusal::BadOutcome, vec![About::home("outcome")])));
    };
    let mut people = Vec::with_capacity(entry.people.len());
    for person in &entry.people {
        match choice_of(q, person, today).await? {
            Ok(choice) => {
                people.push(Settled { resident_id: person.resident_id, version: person.version, choice });
            }
            Err(verdict) => return Ok(Err(verdict)),
        }
    }
    let mut new = Vec::with_capacity(entry.newcomers.len());
    for (n, newcomer) in entry.newcomers.iter().enumerate() {
        match newcomers::of(q, entry.home_id, n, newcomer, (seen_at, today)).await? {
            Ok(resident) => new.push(resident),
            Err(verdict) => return Ok(Err(verdict)),
        }
    }
    let mut tasks = Vec::with_capacity(entry.tasks.len());
    for said in &entry.tasks {
        match Outcome::from_code(&said.outcome) {
            Some(outcome) => tasks.push((said.task_id, outcome)),
            None => return Ok(Err(Verdict::Refused(Refusal::BadOutcome, vec![About::home("tasks")]))),
        }
    }
    Ok(Ok(NewVisit {
        entry_id: entry.entry_id,
        home_id: entry.home_id,
        seen_at,
        outcome,
        people,
        newcomers: new,
        tasks,
        next_day: entry.next_day,
        visitor: None,
    }))
}

async fn choice_of(q: &impl Query, person: &Person, today: Day) -> Result<Result<Choice, Verdict>> {
    let refused =
        |reason, field: &str| Ok(Err(Verdict::Refused(reason, vec![About::person(person.resident_id, field)])));
    match person.choice.as_str() {
        "here" => Ok(Ok(Choice::StillHere)),
        "moved-out" => match person.day.unwrap_or(today) {
            day if day > today => refused(Refusal::FutureDay, "day"),
            day => Ok(Ok(Choice::MovedOut { day })),
        },
        "changed" => Ok(changed::of(q, person).await?.map(|change| Choice::Changed(Box::new(change)))),
        _ => refused(Refusal::Unsettled, "choice"),
    }
}

/// Remembers a refusal, so that the same entry gets the same answer.
async fn refuse(app: &App, reader: &Reader, opened: &Opened<'_>, reason: Refusal, fields: &[About]) -> Result<Answer> {
    let tx = app.store.begin(reader).await?;
    let entry = &opened.entry;
    if let Some(answer) = known(&tx, reader.account, entry.entry_id, &opened.digest).await? {
        return Ok(answer);
    }
    let new = NewEntry { reason: Some(reason.code()), fields, ..new_entry(opened, None, State::Refused) };
    received::remember(&tx, new).await?;
    let subject = SubjectRef::new("phone-entry", entry.entry_id, None);
    tx.event(NewEvent::new("phone.entry-refused", subject).body(serde_json::json!({ "reason": reason.code() })))
        .await?;
    tx.commit().await?;
    Ok(Answer { fields: fields.to_vec(), ..Answer::refused(&entry.entry_id.to_string(), reason) })
}

/// Keeps an entry, sealed, for the decision of somebody whose home it is now.
async fn keep(
    app: &App,
    reader: &Reader,
    opened: &Opened<'_>,
    grid: GridId,
    why: Waiting,
    fields: &[About],
) -> Result<Answer> {
    let tx = app.store.begin(reader).await?;
    let entry = &opened.entry;
    if let Some(answer) = known(&tx, reader.account, entry.entry_id, &opened.digest).await? {
        return Ok(answer);
    }
    let id = conflict::keep(&tx, NewConflict { entry, grid, why, fields, seen_at: opened.seen_at }).await?;
    let new = NewEntry {
        reason: Some(why.code()),
        fields,
        conflict: Some(id),
        ..new_entry(opened, Some(grid), State::Conflict)
    };
    received::remember(&tx, new).await?;
    tx.commit().await?;
    Ok(Answer {
        reason: Some(why.code().into()),
        fields: fields.to_vec(),
        conflict_id: Some(id),
        ..Answer::of(&entry.entry_id.to_string(), State::Conflict)
    })
}
