//! The form at a door: one choice for each person, newcomers, tasks. It comes back with everything that was typed.

use std::collections::HashMap;

use cn_identity::DocumentKind;
use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    store::Query,
    texts::T,
    web::{FormErrors, optional},
};
use linli_register::{
    HomeId, ResidentId, employers,
    residents::{Change, MaskedResident},
    rules,
};
use linli_work::Outcome;

use super::newcomer::Newcomer;
use crate::{
    door::{Door, in_short},
    ids::EntryId,
    visit::{Choice, NewVisit, Settled, VisitOutcome},
};

/// The most newcomers of one visit: a dormitory's new room, not a table.
const NEWCOMERS_MAX: usize = 20;

/// The facts that can be changed at the door. Fluent text: `field-change-<code>`.
pub(crate) const CHANGES: [&str; 7] =
    ["phone", "name", "document", "local-yes", "local-no", "employer", "employer-none"];

/// One person of the household with what was chosen.
pub(super) struct PersonForm {
    pub resident: MaskedResident,
    pub age: Option<i64>,
    pub tail: String,
    pub choice: String,
    pub day: String,
    pub field: String,
    pub value: String,
    pub doc_kind: String,
    pub confirmed: bool,
    /// The record's version that the page showed, so that a colleague's change in the meantime is noticed.
    pub version: i64,
}

/// The whole form.
pub(super) struct DoorForm {
    pub entry_id: EntryId,
    pub seen_at: At,
    pub people: Vec<PersonForm>,
    pub newcomers: Vec<Newcomer>,
    /// Chosen outcome by task, as text.
    pub tasks: HashMap<String, String>,
    pub outcome: String,
    pub next_day: String,
    /// When somebody stood at the door, where a paper form is typed in afterwards: `2026-11-23T14:05`.
    pub visited: String,
}

/// The instant that a browser's field of day and time says, in Asia/Shanghai.
fn instant(written: &str) -> Option<At> {
    let (day, time) = written.split_once('T')?;
    let (hour, minute) = time.get(..5)?.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let day: Day = day.parse().ok()?;
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| day.start().plus_s(3600 * hour + 60 * minute))
}

impl DoorForm {
    /// The form as it is when the home is opened, or as it was sent.
    pub fn new(q: &impl Query, door: &Door, form: &HashMap<String, String>) -> Self {
        let today = q.store().clock().today();
        let get = |name: &str| form.get(name).cloned().unwrap_or_default();
        let people = door.household.members.iter().map(|m| PersonForm::new(m, form, today)).collect();
        let count = get("newcomers").parse().unwrap_or(0usize).min(NEWCOMERS_MAX);
        let task = |(name, value): (&String, &String)| Some((name.strip_prefix("t-")?.to_owned(), value.clone()));
        DoorForm {
            entry_id: get("entry_id").parse().unwrap_or_else(|_| q.store().new_id()),
            seen_at: get("seen_at").parse().map_or(q.store().now(), At),
            people,
            newcomers: (0..count).map(|n| Newcomer::from_form(&format!("n{n}-"), form)).collect(),
            tasks: form.iter().filter_map(task).collect(),
            outcome: get("outcome"),
            next_day: get("next_day"),
            visited: get("visited"),
        }
    }
    /// One more block for a newcomer.
    pub fn add_newcomer(&mut self, today: Day) {
        let n = self.newcomers.len();
        if n < NEWCOMERS_MAX {
            self.newcomers.push(Newcomer::empty(&format!("n{n}-"), today));
        }
    }
    /// How many people have no choice yet.
    pub fn left(&self) -> usize {
        self.people.iter().filter(|p| p.choice.is_empty()).count()
    }
    /// What was chosen for a task.
    pub fn task_choice(&self, task: &impl ToString) -> &str {
        self.tasks.get(&task.to_string()).map_or("", String::as_str)
    }
    /// The visit, if every field can be read; messages stand at the fields where not.
    pub async fn visit(
        &self,
        q: &impl Query,
        home: HomeId,
        errors: &mut FormErrors,
        t: &T,
    ) -> Result<Option<NewVisit>> {
        let outcome = match self.outcome.as_str() {
            "" => Some(VisitOutcome::Verified),
            code => VisitOutcome::from_code(code),
        };
        errors.require(outcome.is_some(), "outcome", "visit-outcome-choose");
        let next_day = optional(errors, "next_day", &self.next_day);
        let verifies = outcome.is_some_and(VisitOutcome::verifies);
        let (mut people, mut newcomers) = (Vec::new(), Vec::new());
        if verifies {
            for person in &self.people {
                people.extend(person.settled(q, errors, t).await?);
            }
            for newcomer in self.newcomers.iter().filter(|n| !n.is_blank()) {
                newcomers.extend(newcomer.check(q, home, errors, t).await?);
            }
        }
        let said = |(task, code): (&String, &String)| Some((task.parse().ok()?, Outcome::from_code(code)?));
        let tasks = self.tasks.iter().filter_map(said).collect();
        let typed = (!self.visited.is_empty()).then(|| instant(&self.visited));
        errors.require(typed != Some(None), "visited", "form-unreadable");
        let typed = typed.flatten();
        errors.require(typed.is_none_or(|at| at <= q.store().now()), "visited", "field-visited-future");
        let (entry_id, seen_at) = (self.entry_id, typed.unwrap_or(self.seen_at));
        Ok(outcome.filter(|_| errors.is_empty()).map(|outcome| NewVisit {
            entry_id,
            home_id: home,
            seen_at,
            outcome,
            people,
            newcomers,
            tasks,
            next_day,
            visitor: None,
        }))
    }
    /// The field of the nth newcomer that was sent, blank ones left out, at which an error is shown.
    pub fn newcomer_field(&self, n: usize, code: &str) -> String {
        let field = match code {
            "two-main-residences" => "doc_no",
            "since-future" => "since",
            _ => "name",
        };
        self.newcomers.iter().filter(|n| !n.is_blank()).nth(n).map_or_else(String::new, |n| n.field(field))
    }
}

impl PersonForm {
    fn new(resident: &MaskedResident, form: &HashMap<String, String>, today: Day) -> Self {
        let id = resident.resident_id;
        let get = |name: &str| form.get(&format!("{name}-{id}")).cloned().unwrap_or_default();
        let (_, age, tail) = in_short(resident, today);
        let day = get("d");
        PersonForm {
            age,
            tail,
            choice: get("c"),
            day: if day.is_empty() { today.to_string() } else { day },
            field: get("f"),
            value: get("x"),
            doc_kind: get("k"),
            confirmed: get("y") == "true",
            version: get("v").parse().unwrap_or(resident.version),
            resident: resident.clone(),
        }
    }
    /// What was chosen, or none with a message where it cannot be read.
    async fn settled(&self, q: &impl Query, errors: &mut FormErrors, t: &T) -> Result<Option<Settled>> {
        let id = self.resident.resident_id;
        let choice = match self.choice.as_str() {
            "here" => Some(Choice::StillHere),
            "gone" => optional(errors, &format!("d-{id}"), &self.day).map(|day| Choice::MovedOut { day }),
            "changed" => match self.change(q).await? {
                Ok(change) => Some(Choice::Changed(Box::new(change))),
                Err(e) => {
                    errors.add_error(t, &format!("x-{id}"), &e);
                    None
                }
            },
            _ => None,
        };
        Ok(choice.map(|choice| Settled { resident_id: id, version: self.version, choice }))
    }
    async fn change(&self, q: &impl Query) -> Result<Result<Change, AppError>> {
        let value = self.value.trim();
        let (mut change, refused) = (Change::default(), rules::Problem::into_error);
        let problem = match self.field.as_str() {
            "phone" => rules::check_phone(value).map(|_| change.phone = Some(value.to_owned())).err(),
            "name" => rules::check_name(value).map(|name| change.name = Some(name)).err(),
            "document" => {
                let kind = DocumentKind::ALL.into_iter().find(|k| k.code() == self.doc_kind);
                let kind = kind.unwrap_or(DocumentKind::Resident);
                let doc = rules::check_number(kind, value, self.confirmed);
                doc.map(|d| change.doc = Some((kind, d.number, self.confirmed))).err()
            }
            "local-yes" | "local-no" => {
                change.local = Some(self.field == "local-yes");
                None
            }
            "employer-none" => {
                change.employer = Some(None);
                None
            }
            "employer" => match employers::find_by_code(q, value).await? {
                Some(id) => {
                    change.employer = Some(Some(id));
                    None
                }
                None => return Ok(Err(AppError::rule("field-employer-unknown"))),
            },
            _ => return Ok(Err(AppError::rule("nothing-changed"))),
        };
        Ok(problem.map_or(Ok(change), |p| Err(refused(p))))
    }
    /// Whether this is the fact chosen as changed.
    pub fn is_field(&self, field: &str) -> bool {
        field == self.field
    }
    /// Whether this is the kind of document chosen.
    pub fn is_doc(&self, kind: &str) -> bool {
        kind == self.doc_kind
    }
    /// The id of the record, for field names.
    pub fn id(&self) -> ResidentId {
        self.resident.resident_id
    }
}
