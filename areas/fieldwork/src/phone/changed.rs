//! What changed of a person, as the register's own change: checked by the same rules as the form at the door.

use cn_identity::DocumentKind;
use linli_platform::{AppError, Result, store::Query};
use linli_register::{
    codes::Fact,
    employers,
    residents::Change,
    rules::{self, Problem},
};

use super::{
    entry::{Changes, Doc, Person},
    reasons::{About, Refusal},
    verdict::Verdict,
};

/// The kind of document of a code.
pub(super) fn doc_kind(code: &str) -> Option<DocumentKind> {
    DocumentKind::ALL.into_iter().find(|k| k.code() == code && *k != DocumentKind::Organisation)
}

impl Changes {
    /// The facts it names, as codes.
    pub fn fields(&self) -> Vec<&'static str> {
        let named = [
            (Fact::Name, self.name.is_some()),
            (Fact::Document, self.doc.is_some()),
            (Fact::Phone, self.phone.is_some()),
            (Fact::Local, self.local.is_some()),
            (Fact::Employer, self.employer.is_some()),
        ];
        named.into_iter().filter_map(|(fact, named)| named.then_some(fact.code())).collect()
    }
}

/// The change of a person.
///
/// # Errors
/// The outer one for faults of ours; the inner says what the person can do.
pub(super) async fn of(q: &impl Query, person: &Person) -> Result<Result<Change, Verdict>> {
    let Some(changes) = &person.changes else { return Ok(Err(nothing(person))) };
    let mut change = Change::default();
    if let Err(verdict) = written(changes, person, &mut change) {
        return Ok(Err(verdict));
    }
    match &changes.employer {
        None => {}
        Some(None) => change.employer = Some(None),
        Some(Some(code)) => match employers::find_by_code(q, code).await? {
            Some(id) => change.employer = Some(Some(id)),
            None => {
                let about = vec![About::person(person.resident_id, "employer")];
                return Ok(Err(Verdict::Refused(Refusal::EmployerUnknown, about)));
            }
        },
    }
    if change.facts().is_empty() { Ok(Err(nothing(person))) } else { Ok(Ok(change)) }
}

fn nothing(person: &Person) -> Verdict {
    Verdict::Refused(Refusal::NothingChanged, vec![About::person(person.resident_id, "choice")])
}

fn written(changes: &Changes, person: &Person, change: &mut Change) -> Result<(), Verdict> {
    let id = person.resident_id;
    let refused = |field| move |problem: Problem| Verdict::problem(&problem, About::person(id, field));
    if let Some(phone) = &changes.phone {
        rules::check_phone(phone).map_err(refused("phone"))?;
        change.phone = Some(phone.trim().to_owned());
    }
    if let Some(name) = &changes.name {
        change.name = Some(rules::check_name(name).map_err(refused("name"))?);
    }
    if let Some(Doc { kind, no, confirmed }) = &changes.doc {
        let unknown = || Verdict::Refused(Refusal::BadNumber, vec![About::person(id, "document")]);
        let kind = doc_kind(kind).ok_or_else(unknown)?;
        let doc = rules::check_number(kind, no, *confirmed).map_err(refused("document"))?;
        change.doc = Some((kind, doc.number, *confirmed));
    }
    change.local = changes.local;
    Ok(())
}

impl From<AppError> for Verdict {
    fn from(e: AppError) -> Self {
        Verdict::Fault(e)
    }
}
