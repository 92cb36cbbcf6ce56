//! Who may be the person that is being typed: asked while a form is filled in, so that nobody is registered twice.

use cn_identity::{DocumentKind, Mobile, suggest};
use linli_platform::{Result, app::App, reader::Reader};

use super::{
    list::MaskedResident,
    search::{by_blind, numbers, of_ids},
};
use crate::{
    directory::{self, Wanted},
    told::Slice,
};

/// Somebody who may be the same person.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The record, masked.
    pub resident: MaskedResident,
    /// Why: `same-number`, `number-one-slip`, `same-mobile`, `same-name`, `same-home-birth`. Text: `candidate-<reason>`.
    pub reasons: Vec<&'static str>,
}

/// What has been typed so far. `Debug` is left out: it names a person.
#[derive(Clone, Copy)]
pub struct Typing<'a> {
    /// Name.
    pub name: &'a str,
    /// Kind of document.
    pub doc_kind: DocumentKind,
    /// Number of the document.
    pub doc_no: &'a str,
    /// Mobile.
    pub phone: &'a str,
}

/// So many are shown for one reason at most.
const FEW: usize = 5;

#[derive(Default)]
struct Found(Vec<Candidate>);

impl Found {
    fn add(&mut self, rows: Vec<MaskedResident>, reason: &'static str) {
        for resident in rows.into_iter().take(FEW) {
            match self.0.iter_mut().find(|c| c.resident.resident_id == resident.resident_id) {
                Some(known) if known.reasons.contains(&reason) => {}
                Some(known) => known.reasons.push(reason),
                None => self.0.push(Candidate { resident, reasons: vec![reason] }),
            }
        }
    }
}

/// Records within the scope that may be the person being typed, the most reasons first. What is not typed in full asks
/// nothing: a whole number or mobile, a whole name of two characters or more. So no question returns everybody.
pub async fn candidates(app: &App, reader: &Reader, typing: Typing<'_>) -> Result<Vec<Candidate>> {
    let few = Slice::first(5);
    let mut found = Found::default();
    let keys = app.store.keys();
    let blinds: Vec<Vec<u8>> = numbers(typing.doc_no).iter().flat_map(|n| keys.blind_forms("doc", n)).collect();
    found.add(by_blind(app, reader, "doc_blind", blinds, few).await?.0, "same-number");
    // A number that cannot be right is near those that one slip of typing makes of it.
    let near = suggest(typing.doc_kind, typing.doc_no, None);
    let blinds: Vec<Vec<u8>> = near.iter().flat_map(|n| keys.blind_forms("doc", n.as_str())).collect();
    found.add(by_blind(app, reader, "doc_blind", blinds, few).await?.0, "number-one-slip");
    if let Ok(mobile) = Mobile::parse(typing.phone) {
        let blinds = keys.blind_forms("mobile", mobile.as_str());
        found.add(by_blind(app, reader, "phone_blind", blinds, few).await?.0, "same-mobile");
    }
    found.add(namesakes(app, reader, typing.name).await?, "same-name");
    let mut found = found.0;
    found.sort_by_key(|c| std::cmp::Reverse(c.reasons.len()));
    Ok(found)
}

async fn namesakes(app: &App, reader: &Reader, name: &str) -> Result<Vec<MaskedResident>> {
    let key = cn_identity::name::key(name);
    if key.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let mut ids = directory::directory(app).await?.find(&Wanted::Whole(&key), &reader.scope);
    ids.truncate(FEW);
    of_ids(app, reader, &ids).await
}
