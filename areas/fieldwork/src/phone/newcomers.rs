//! Newcomers of an entry, checked by the register's rules before anything is written.

use linli_platform::{Result, clock::At, clock::Day, store::Query};
use linli_register::{
    HomeId,
    codes::{SexCode, Source},
    employers,
    residents::NewResident,
    rules::{self, Written},
};

use super::{
    changed::doc_kind,
    entry::Newcomer,
    reasons::{About, Refusal},
    verdict::Verdict,
};

/// A newcomer as the register takes it.
///
/// # Errors
/// The outer one for faults of ours; the inner says what the person can do.
pub(super) async fn of(
    q: &impl Query,
    home: HomeId,
    n: usize,
    new: &Newcomer,
    (seen_at, today): (At, Day),
) -> Result<Result<NewResident, Verdict>> {
    let refused = |reason, field: &str| Ok(Err(Verdict::Refused(reason, vec![About::newcomer(n, field)])));
    let Some(kind) = doc_kind(&new.doc_kind) else { return refused(Refusal::BadNumber, "doc_kind") };
    let since = new.since.unwrap_or_else(|| seen_at.day().min(today));
    if since > today {
        return refused(Refusal::FutureDay, "since");
    }
    let phone = new.phone.as_deref().map(str::trim).unwrap_or_default();
    let written = Written {
        name: &new.name,
        doc_kind: kind,
        doc_no: &new.doc_no,
        doc_confirmed: new.confirmed,
        phone,
        sex: new.sex.as_deref().and_then(SexCode::from_code),
        birth: new.birth.map(|d| d.0),
    };
    if let Some(problem) = rules::check(&written, today).1.into_iter().find(|p| p.fatal) {
        return Ok(Err(Verdict::problem(&problem, About::newcomer(n, problem.field))));
    }
    let employer_id = match new.employer.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => match employers::find_by_code(q, code).await? {
            None => return refused(Refusal::EmployerUnknown, "employer"),
            found => found,
        },
    };
    Ok(Ok(NewResident {
        resident_id: None,
        name: new.name.clone(),
        doc_kind: kind,
        doc_no: new.doc_no.clone(),
        doc_confirmed: new.confirmed,
        phone: (!phone.is_empty()).then(|| phone.to_owned()),
        sex: written.sex,
        birth: written.birth,
        local: new.local,
        home_id: home,
        employer_id,
        since_day: since,
        source: Source::DoorVisit,
        seen_at: Some(seen_at),
        entered_at: None,
    }))
}
