//! What an entry that could not be applied becomes: refused where the person can do something about it, kept for a
//! decision where the register moved on meanwhile, sent again where the fault was ours.

use linli_platform::AppError;
use linli_register::rules::Problem;

use super::{
    entry::Entry,
    reasons::{About, Refusal, Waiting},
};
use crate::visit::VisitError;

/// Why an entry was not applied.
#[derive(Debug)]
pub enum Verdict {
    /// Refused.
    Refused(Refusal, Vec<About>),
    /// To be decided.
    Waits(Waiting, Vec<About>),
    /// A fault of ours.
    Fault(AppError),
}

impl Verdict {
    /// Refused as a whole.
    pub fn refused(reason: Refusal) -> Self {
        Verdict::Refused(reason, Vec::new())
    }
    /// Refused for a field that does not satisfy the register's rules.
    pub fn problem(problem: &Problem, about: About) -> Self {
        let reason = match problem.field {
            "name" => Refusal::BadName,
            "doc_no" => Refusal::BadNumber,
            "phone" => Refusal::BadPhone,
            "birth" => Refusal::BadBirth,
            _ => Refusal::Rule,
        };
        Verdict::Refused(reason, vec![about])
    }
    /// What a refused visit means for the entry.
    pub fn of(error: VisitError, entry: &Entry) -> Self {
        match error {
            VisitError::Unsettled(left) => {
                Verdict::Refused(Refusal::Unsettled, left.into_iter().map(|id| About::person(id, "choice")).collect())
            }
            VisitError::Person(id, e) => of_person(e, id.0, entry),
            VisitError::Newcomer(n, e) => of_newcomer(e, n),
            VisitError::Other(e) if e.is("stale-version") => Verdict::Waits(Waiting::PeopleChanged, Vec::new()),
            VisitError::Other(e) if e.is("visit-not-entered") => Verdict::refused(Refusal::NotEntered),
            VisitError::Other(e) if e.is("task-outcome") => Verdict::refused(Refusal::BadOutcome),
            VisitError::Other(e) => of_rule(e, About::home("")),
        }
    }
}

fn of_rule(e: AppError, about: About) -> Verdict {
    if e.status.is_client_error() && !e.is("not-found") && !e.is("forbidden") {
        return Verdict::Refused(reason_of(e.code), vec![about]);
    }
    Verdict::Fault(e)
}

fn reason_of(code: &str) -> Refusal {
    match code {
        "visit-resident-erased" | "visit-newcomer-erased" => Refusal::ResidentErased,
        "since-future" => Refusal::FutureDay,
        "nothing-changed" => Refusal::NothingChanged,
        _ if code.starts_with("number-") => Refusal::BadNumber,
        _ if code.starts_with("name-") => Refusal::BadName,
        _ if code.starts_with("phone-") => Refusal::BadPhone,
        _ if code.starts_with("birth-") => Refusal::BadBirth,
        _ => Refusal::Rule,
    }
}

fn of_person(e: AppError, id: uuid::Uuid, entry: &Entry) -> Verdict {
    let person = entry.people.iter().find(|p| p.resident_id.0 == id);
    if e.is("stale-version") {
        let changes = person.and_then(|p| p.changes.as_ref());
        let mut fields: Vec<About> =
            changes.map(|c| c.fields()).unwrap_or_default().into_iter().map(|f| About::person(id, f)).collect();
        if fields.is_empty() {
            fields.push(About::person(id, "choice"));
        }
        return Verdict::Waits(Waiting::ChangedMeanwhile, fields);
    }
    if e.is("already-cancelled") || e.is("not-found") {
        return Verdict::Waits(Waiting::PeopleChanged, vec![About::person(id, "choice")]);
    }
    if e.is("two-main-residences") || e.is("merged-already") {
        return Verdict::Waits(Waiting::RegisteredElsewhere, vec![About::person(id, "document")]);
    }
    of_rule(e, About::person(id, "choice"))
}

fn of_newcomer(e: AppError, n: usize) -> Verdict {
    if e.is("two-main-residences") || e.is("merged-already") {
        return Verdict::Waits(Waiting::RegisteredElsewhere, vec![About::newcomer(n, "doc_no")]);
    }
    let reason = reason_of(e.code);
    let field = match reason {
        Refusal::BadName => "name",
        Refusal::BadPhone => "phone",
        Refusal::BadBirth => "birth",
        Refusal::FutureDay => "since",
        _ => "doc_no",
    };
    of_rule(e, About::newcomer(n, field))
}
