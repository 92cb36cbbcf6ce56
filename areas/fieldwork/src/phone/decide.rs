//! Deciding about an entry that waits, field by field: what the phone says, or what the register says.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    app::App,
    store::{Query, Tx},
    texts::T,
    web::FormErrors,
};
use linli_register::{ResidentId, codes::Fact, homes, residents::MaskedResident};

use super::{
    apply,
    brought::{self, Stood},
    changed,
    conflict::{self, Conflict},
    entry::{Changes, Entry, Person},
    reasons::Aside,
    verdict::Verdict,
};
use crate::{
    ids::ConflictId,
    visit::{self, Choice, NewVisit, Settled, VisitError, VisitOutcome},
};

/// One thing to decide.
pub struct Line {
    /// The name of its field in the form.
    pub name: String,
    /// Whom it is about: a masked name, or the newcomer's.
    pub who: String,
    /// Text key of what is decided.
    pub what: String,
    /// What the phone says.
    pub phone: String,
    /// What the register says, masked; empty where it says nothing.
    pub register: String,
    /// The choices: code and text key.
    pub options: [(&'static str, &'static str); 2],
    /// What was chosen, or what is likely; empty where nobody can tell.
    pub chosen: String,
}

const PHONE_OR_REGISTER: [(&str, &str); 2] = [("phone", "entry-decide-phone"), ("register", "entry-decide-register")];
const NEWCOMER: [(&str, &str); 2] = [("register", "entry-decide-enter"), ("leave", "entry-decide-leave")];
const MET: [(&str, &str); 2] = [("here", "entry-decide-here"), ("gone", "entry-decide-gone")];

/// An entry beside the household as it is now.
pub struct Case {
    /// What was entered.
    pub entry: Entry,
    /// Who is registered at the home now.
    pub members: Vec<MaskedResident>,
}

impl Case {
    /// Whether everybody was checked at the door.
    pub fn verifies(&self) -> bool {
        VisitOutcome::from_code(&self.entry.outcome).is_some_and(VisitOutcome::verifies)
    }
    fn of(&self, id: ResidentId) -> Option<&Person> {
        self.entry.people.iter().find(|p| p.resident_id == id)
    }
    /// How many of the entry are not registered at the home any more: of them nothing is to be decided.
    pub fn gone(&self) -> usize {
        let here = |p: &&Person| self.members.iter().any(|m| m.resident_id == p.resident_id);
        self.entry.people.iter().filter(|p| !here(p)).count()
    }
    /// Everything to decide, with what was chosen so far.
    pub fn lines(&self, t: &T, chosen: &HashMap<String, String>) -> Vec<Line> {
        if !self.verifies() {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for member in &self.members {
            self.of_member(member, t, &mut lines);
        }
        for (n, new) in self.entry.newcomers.iter().enumerate() {
            lines.push(Line {
                name: format!("n-{n}"),
                who: new.name.clone(),
                what: "field-newcomer".into(),
                phone: format!("{} {}", t.code("doc-kind", &new.doc_kind), new.doc_no),
                register: String::new(),
                options: NEWCOMER,
                chosen: String::new(),
            });
        }
        for line in &mut lines {
            if let Some(said) = chosen.get(&line.name) {
                line.chosen.clone_from(said);
            }
        }
        lines
    }
    fn of_member(&self, member: &MaskedResident, t: &T, lines: &mut Vec<Line>) {
        let (id, who) = (member.resident_id, member.name_masked.clone());
        let line = |name: String, what: &str, phone: String, register: String, options, chosen: &str| Line {
            name,
            who: who.clone(),
            what: what.to_owned(),
            phone,
            register,
            options,
            chosen: chosen.to_owned(),
        };
        let Some(person) = self.of(id) else {
            let nobody = t.s("entry-decide-not-met");
            lines.push(line(format!("m-{id}"), "entry-decide-member", nobody, t.s("entry-decide-still"), MET, ""));
            return;
        };
        // A record that nobody touched since is as the phone saw it.
        let likely = if person.version == member.version { "phone" } else { "" };
        match (person.choice.as_str(), &person.changes) {
            ("moved-out", _) => {
                let day = person.day.map(|d| d.to_string()).unwrap_or_default();
                let (phone, still) = (t.a("entry-decide-moved", "day", day), t.s("entry-decide-still"));
                lines.push(line(format!("p-{id}"), "entry-decide-member", phone, still, PHONE_OR_REGISTER, likely));
            }
            ("changed", Some(changes)) => {
                for field in changes.fields() {
                    let (phone, register) = (said(changes, field, t), held(member, field, t));
                    let what = format!("register-field-{field}");
                    lines.push(line(format!("f-{id}-{field}"), &what, phone, register, PHONE_OR_REGISTER, likely));
                }
            }
            _ => {}
        }
    }
}

fn said(changes: &Changes, field: &str, t: &T) -> String {
    let text = |value: &Option<String>| value.clone().filter(|v| !v.is_empty()).unwrap_or_else(|| "—".into());
    match Fact::from_code(field) {
        Some(Fact::Name) => text(&changes.name),
        Some(Fact::Phone) => text(&changes.phone),
        Some(Fact::Document) => {
            changes.doc.as_ref().map_or_else(String::new, |d| format!("{} {}", t.code("doc-kind", &d.kind), d.no))
        }
        Some(Fact::Local) => local(changes.local == Some(true), t),
        Some(Fact::Employer) => text(&changes.employer.clone().flatten()),
        _ => String::new(),
    }
}

fn held(member: &MaskedResident, field: &str, t: &T) -> String {
    match Fact::from_code(field) {
        Some(Fact::Name) => member.name_masked.clone(),
        Some(Fact::Phone) => member.phone_masked.clone().unwrap_or_else(|| "—".into()),
        Some(Fact::Document) => format!("{} {}", t.code("doc-kind", &member.doc_kind), member.doc_masked),
        Some(Fact::Local) => local(member.is_local, t),
        Some(Fact::Employer) => member.employer_name.clone().unwrap_or_else(|| "—".into()),
        _ => String::new(),
    }
}

fn local(is: bool, t: &T) -> String {
    t.s(if is { "field-is-local" } else { "field-elsewhere" })
}

/// Opens an entry that waits, on record, beside the household as it is now.
///
/// # Errors
/// Those of [`conflict::open`].
pub async fn open(tx: &Tx, one: &Conflict) -> Result<Case> {
    let entry = conflict::open(tx, one.conflict_id).await?;
    let members = homes::household(tx, tx.reader(), one.home_id).await?.members;
    Ok(Case { entry, members })
}

/// Applies an entry as it was decided: the visit is recorded in the name of who stood at the door.
///
/// # Errors
/// `stale-version` if somebody else decided meanwhile; `phone-not-read` before it was opened. Messages at the fields
/// where a choice is missing or the register refuses; nothing is written then.
pub async fn apply(
    app: &App,
    tx: &Tx,
    (id, version): (ConflictId, i64),
    chosen: &HashMap<String, String>,
    t: &T,
    errors: &mut FormErrors,
) -> Result<()> {
    let one = conflict::find(tx, tx.reader(), id).await?;
    if !one.is_open() || one.version != version {
        return Err(AppError::stale());
    }
    if !conflict::was_read(tx, tx.reader(), id).await? {
        return Err(AppError::rule("phone-not-read"));
    }
    let case = open(tx, &one).await?;
    let mut entered = Vec::new();
    let Some(visit) = visit_of(tx, &case, &one, chosen, (&mut entered, errors)).await? else { return Ok(()) };
    match visit::record(tx, visit).await {
        Ok(done) => {
            let stood = Stood { at: one.seen_at, account: one.account_id };
            brought::write(app, tx, &case.entry, &done, stood).await?;
            conflict::end(tx, &one, version, None).await
        }
        Err(VisitError::Other(e)) if !e.status.is_client_error() => Err(e),
        Err(VisitError::Other(e)) => {
            errors.add_error(t, "", &e);
            Ok(())
        }
        Err(VisitError::Person(person, e)) => {
            let at = case.lines(t, chosen).into_iter().find(|l| l.name.contains(&person.to_string()));
            errors.add_error(t, &at.map(|l| l.name).unwrap_or_default(), &e);
            Ok(())
        }
        Err(VisitError::Newcomer(n, e)) => {
            let place = entered.get(n).copied().unwrap_or_default();
            errors.add_error(t, &format!("n-{place}"), &e);
            Ok(())
        }
        Err(e @ VisitError::Unsettled(_)) => Err(AppError::internal(e)),
    }
}

/// The visit as it was decided; none with messages at the fields where a choice is missing.
async fn visit_of(
    tx: &Tx,
    case: &Case,
    one: &Conflict,
    chosen: &HashMap<String, String>,
    (entered, errors): (&mut Vec<usize>, &mut FormErrors),
) -> Result<Option<NewVisit>> {
    // The lists of people are made anew below; everything else was checked when it came or is checked now.
    let bare = Entry { people: Vec::new(), newcomers: Vec::new(), ..case.entry.clone() };
    let mut visit = match apply::visit_of(tx, &bare, one.seen_at).await? {
        Ok(visit) => visit,
        Err(verdict) => return refused(verdict, "", errors),
    };
    visit.visitor = Some(one.account_id);
    if !case.verifies() {
        return Ok(Some(visit));
    }
    for member in &case.members {
        if let Some(choice) = choice_of(tx, case, one, member, (chosen, &mut *errors)).await? {
            visit.people.push(Settled { resident_id: member.resident_id, version: member.version, choice });
        }
    }
    for (n, _) in case.entry.newcomers.iter().enumerate() {
        match chosen.get(&format!("n-{n}")).map(String::as_str) {
            Some("register") => entered.push(n),
            Some("leave") => {}
            _ => errors.add(&format!("n-{n}"), "entry-decide-choose"),
        }
    }
    let newcomers = entered.iter().filter_map(|n| case.entry.newcomers.get(*n).cloned()).collect();
    let of_newcomers = Entry { newcomers, ..bare };
    match apply::visit_of(tx, &of_newcomers, one.seen_at).await? {
        Ok(with) => visit.newcomers = with.newcomers,
        Err(verdict) => return refused(verdict, "", errors),
    }
    Ok(errors.is_empty().then_some(visit))
}

fn refused(verdict: Verdict, field: &str, errors: &mut FormErrors) -> Result<Option<NewVisit>> {
    match verdict {
        Verdict::Fault(e) => Err(e),
        Verdict::Refused(reason, _) => {
            errors.add(field, &format!("phone-refused-{}", reason.code()));
            Ok(None)
        }
        Verdict::Waits(why, _) => {
            errors.add(field, &format!("phone-conflict-{}", why.code()));
            Ok(None)
        }
    }
}

async fn choice_of(
    q: &impl Query,
    case: &Case,
    one: &Conflict,
    member: &MaskedResident,
    (chosen, errors): (&HashMap<String, String>, &mut FormErrors),
) -> Result<Option<Choice>> {
    let id = member.resident_id;
    let mut said = |name: String| {
        let code = chosen.get(&name).map(String::as_str).filter(|c| ["phone", "register", "here", "gone"].contains(c));
        if code.is_none() {
            errors.add(&name, "entry-decide-choose");
        }
        code
    };
    let Some(person) = case.of(id) else {
        return Ok(said(format!("m-{id}")).map(|code| match code {
            "gone" => Choice::MovedOut { day: one.seen_at.day() },
            _ => Choice::StillHere,
        }));
    };
    match (person.choice.as_str(), &person.changes) {
        ("moved-out", _) => Ok(said(format!("p-{id}")).map(|code| match code {
            "phone" => Choice::MovedOut { day: person.day.unwrap_or_else(|| one.seen_at.day()) },
            _ => Choice::StillHere,
        })),
        ("changed", Some(changes)) => {
            let fields = changes.fields();
            let codes: Vec<_> = fields.iter().map(|field| (*field, said(format!("f-{id}-{field}")))).collect();
            if codes.iter().any(|(_, code)| code.is_none()) {
                return Ok(None);
            }
            let mut change = match changed::of(q, person).await? {
                Ok(change) => change,
                Err(verdict) => return refused(verdict, "", errors).map(|_| None),
            };
            for (field, _) in codes.iter().filter(|(_, code)| *code != Some("phone")) {
                if let Some(fact) = Fact::from_code(field) {
                    change.leave(fact);
                }
            }
            let nothing = change.facts().is_empty();
            Ok(Some(if nothing { Choice::StillHere } else { Choice::Changed(Box::new(change)) }))
        }
        _ => Ok(Some(Choice::StillHere)),
    }
}

/// Sets an entry aside for a reason of the closed list: what it holds goes, the home is due as before.
///
/// # Errors
/// `stale-version`; `phone-not-read`.
pub async fn set_aside(tx: &Tx, id: ConflictId, version: i64, reason: Aside) -> Result<()> {
    let one = conflict::find(tx, tx.reader(), id).await?;
    if !one.is_open() || one.version != version {
        return Err(AppError::stale());
    }
    if !conflict::was_read(tx, tx.reader(), id).await? {
        return Err(AppError::rule("phone-not-read"));
    }
    conflict::end(tx, &one, version, Some(reason)).await
}
