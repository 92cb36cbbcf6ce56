//! The form that changes premises or an employer fact by fact. It begins with what the register has; a personal value is
//! never shown and stays where nothing is typed. Somebody else's change meanwhile is shown first (两人同时修改).

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    texts::T,
    web::{self, FormErrors, Page},
};

use super::{
    choices::{Choices, of_codes},
    seen,
};
use crate::{
    codes::{CorrectionReason, Source},
    facts_told::FactTold,
    told::Told,
};

/// How a fact is written.
pub(super) enum Kind {
    Text,
    Number,
    /// Yes or no.
    Tick,
    Choice(Choices),
    /// A name or a mobile, of which only the masked form is shown.
    Personal,
}

/// One fact on the form.
pub(super) struct Field {
    /// Its code, which is the field's name too.
    pub(super) code: &'static str,
    pub(super) kind: Kind,
    /// What the form begins with; empty for a personal value.
    pub(super) was: String,
    /// What the register has, as somebody reads it; masked.
    pub(super) shown: String,
    /// Key of a hint, or empty.
    pub(super) hint: &'static str,
}

impl Field {
    pub(super) fn of(code: &'static str, kind: Kind, was: impl ToString) -> Self {
        let was = was.to_string();
        let shown = match &kind {
            Kind::Choice(all) => all.iter().find(|(c, _)| *c == was).map_or_else(String::new, |(_, t)| t.clone()),
            _ => was.clone(),
        };
        Field { code, kind, was, shown, hint: "" }
    }
    pub(super) fn personal(code: &'static str, masked: Option<&String>) -> Self {
        let shown = masked.cloned().unwrap_or_default();
        Field { code, kind: Kind::Personal, was: String::new(), shown, hint: "" }
    }
    pub(super) fn tick(t: &T, code: &'static str, was: bool) -> Self {
        let shown = t.s(if was { "common-yes" } else { "common-no" });
        Field { code, kind: Kind::Tick, was: was.to_string(), shown, hint: "" }
    }
    #[must_use]
    pub(super) fn hint(mut self, key: &'static str) -> Self {
        self.hint = key;
        self
    }
}

/// What was typed, by the names of the form.
#[derive(Clone, Default)]
pub(super) struct Typed(HashMap<String, String>);

impl Typed {
    pub(super) fn new(fields: HashMap<String, String>) -> Self {
        Typed(fields)
    }
    /// A field's text, trimmed; empty where it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |v| v.trim())
    }
    fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }
    /// The version that was seen last.
    fn version(&self) -> i64 {
        self.number("version")
    }
    /// The version at which the form was opened.
    pub(super) fn base(&self) -> i64 {
        match self.number("base") {
            0 => self.version(),
            base => base.min(self.version()),
        }
    }
    pub(super) fn source(&self) -> Source {
        Source::from_code(self.text("source")).unwrap_or(Source::DoorVisit)
    }
    /// Source and time of what is told, or a message at the field of the time.
    pub(super) fn told(&self, app: &App, errors: &mut FormErrors) -> Told {
        Told::seen(self.source(), seen::read(app.store.now(), self.text("seen"), errors))
    }
    pub(super) fn correction(&self) -> Option<CorrectionReason> {
        CorrectionReason::from_code(self.text("nature"))
    }
    fn keep(&self, code: &str) -> &str {
        self.text(&format!("keep_{code}"))
    }
    fn drops(&self, code: &str) -> bool {
        self.text(&format!("drop_{code}")) == "true"
    }
    /// Whether the form changes a fact: what it began with is sent beside what was typed.
    fn changes(&self, field: &Field) -> bool {
        let was = self.0.get(&format!("was_{}", field.code)).map_or(field.was.as_str(), |w| w.trim());
        match field.kind {
            Kind::Personal => self.drops(field.code) || !self.text(field.code).is_empty(),
            // A box that is not ticked is not sent.
            Kind::Tick => self.0.contains_key("version") && (self.text(field.code) == "true") != (was == "true"),
            _ => self.0.contains_key(field.code) && self.text(field.code) != was,
        }
    }
    /// What the form would write, as its writer reads it.
    fn mine(&self, t: &T, field: &Field) -> String {
        let text = self.text(field.code);
        match &field.kind {
            Kind::Choice(all) => all.iter().find(|(c, _)| c == text).map_or_else(String::new, |(_, t)| t.clone()),
            Kind::Tick => t.s(if text == "true" { "common-yes" } else { "common-no" }),
            _ if text.is_empty() => t.s("common-none"),
            _ => text.to_owned(),
        }
    }
    /// A changed fact: its text, none where it was taken away, and nothing where it stays.
    pub(super) fn change(&self, facts: &[&str], code: &str) -> Option<Option<String>> {
        facts.contains(&code).then(|| Some(self.text(code).to_owned()).filter(|text| !text.is_empty()))
    }
}

/// What is edited.
pub(super) struct Subject {
    /// Its page: `/homes/…`. The form is sent to `<href>/change`.
    pub(super) href: String,
    pub(super) name: String,
    /// Its version now.
    pub(super) version: i64,
    /// Key of the form's title.
    pub(super) title: &'static str,
    /// The facts that somebody settled since the form was opened.
    pub(super) theirs: Vec<FactTold>,
    pub(super) fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "register/edit.html")]
struct Form<'a> {
    page: Page,
    errors: FormErrors,
    subject: &'a Subject,
    typed: Typed,
    version: i64,
    base: i64,
    natures: Choices,
    sources: Choices,
    correction: String,
    source: &'static str,
    seen: String,
}

impl Form<'_> {
    /// What stands in a field: what was typed, else what the register has.
    fn value(&self, field: &Field) -> String {
        let sent = self.typed.0.contains_key("version");
        if sent { self.typed.text(field.code).to_owned() } else { field.was.clone() }
    }
    fn was(&self, field: &Field) -> String {
        self.typed.0.get(&format!("was_{}", field.code)).cloned().unwrap_or_else(|| field.was.clone())
    }
    fn drops(&self, field: &Field) -> bool {
        self.typed.drops(field.code)
    }
}

/// The form, with what was typed where something was.
pub(super) fn form(app: &App, page: Page, errors: FormErrors, subject: &Subject, typed: Typed) -> Result<Response> {
    let title = page.t.s(subject.title);
    let sent = typed.0.contains_key("version");
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = Form {
        natures: of_codes(&page.t, CorrectionReason::choices()),
        sources: of_codes(&page.t, Source::choices()),
        page: page.titled(title),
        errors,
        version: if sent { typed.version() } else { subject.version },
        base: if sent { typed.base() } else { subject.version },
        correction: typed.text("nature").to_owned(),
        source: typed.source().code(),
        seen: if sent { typed.text("seen").to_owned() } else { seen::text(app.store.now()) },
        subject,
        typed,
    };
    web::render_status(status, &view)
}

/// One fact that somebody touched.
struct Row {
    code: &'static str,
    now: String,
    theirs: Option<FactTold>,
    /// What was typed here; empty where this form leaves the fact alone.
    mine: String,
    keep: String,
}

impl Row {
    fn is_disputed(&self) -> bool {
        self.theirs.is_some() && !self.mine.is_empty()
    }
}

#[derive(Template)]
#[template(path = "register/edit-conflict.html")]
struct Conflict<'a> {
    page: Page,
    errors: FormErrors,
    subject: &'a Subject,
    base: i64,
    rows: Vec<Row>,
    /// Everything that was typed, to be sent again with the decisions.
    sent: Vec<(String, String)>,
}

/// The page that shows both sides, sent again with the version that is shown.
pub(super) fn conflict(page: Page, subject: &Subject, typed: &Typed, missed: &[&str]) -> Result<Response> {
    let mut errors = FormErrors::new();
    for code in missed {
        errors.add(&format!("keep_{code}"), "form-choose");
    }
    let row = |field: &Field| Row {
        code: field.code,
        now: field.shown.clone(),
        theirs: subject.theirs.iter().find(|p| p.fact == field.code).cloned(),
        mine: if typed.changes(field) { typed.mine(&page.t, field) } else { String::new() },
        keep: typed.keep(field.code).to_owned(),
    };
    let rows = subject.fields.iter().map(row).filter(|r| r.theirs.is_some() || !r.mine.is_empty()).collect();
    let own = |name: &str| !matches!(name, "version" | "base") && !name.starts_with("keep_");
    let mut sent: Vec<(String, String)> =
        typed.0.iter().filter(|(name, _)| own(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    sent.sort();
    let title = page.t.s("conflict-title");
    let view = Conflict { page: page.titled(title), errors, subject, base: typed.base(), rows, sent };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// What is to be done with a form that was sent.
pub(super) enum Next {
    /// Show both sides, with messages at the facts that nobody decided.
    Conflict(Vec<&'static str>),
    /// Write these facts.
    Write(Vec<&'static str>),
    /// Everything was left as others changed it.
    Left,
}

/// Takes the decisions. What others changed since the last version that was shown is shown before anything is written.
pub(super) fn decide(subject: &Subject, typed: &Typed) -> Next {
    let mine: Vec<&'static str> = subject.fields.iter().filter(|f| typed.changes(f)).map(|f| f.code).collect();
    let disputed = |code: &&&'static str| subject.theirs.iter().any(|p| p.fact == **code);
    let unseen = subject.theirs.iter().any(|p| p.version > typed.version());
    let undecided: Vec<&'static str> =
        mine.iter().filter(disputed).filter(|c| !matches!(typed.keep(c), "mine" | "theirs")).copied().collect();
    if !mine.is_empty() && (unseen || !undecided.is_empty()) {
        return Next::Conflict(if unseen { Vec::new() } else { undecided });
    }
    let left = |code: &&&'static str| disputed(code) && typed.keep(code) == "theirs";
    let kept: Vec<&'static str> = mine.iter().filter(|c| !left(c)).copied().collect();
    if kept.is_empty() && !mine.is_empty() { Next::Left } else { Next::Write(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fact: &'static str, version: i64) -> FactTold {
        let entered_at = linli_platform::clock::At(0);
        FactTold {
            fact,
            source: None,
            seen_at: None,
            entered_at,
            role: "officer".into(),
            account: None,
            version,
            corrected: false,
        }
    }

    fn subject(theirs: Vec<FactTold>) -> Subject {
        let fields = vec![Field::of("a", Kind::Text, "neu"), Field::of("b", Kind::Number, "3")];
        Subject { href: "/x".into(), name: String::new(), version: 2, title: "", theirs, fields }
    }

    fn sent(fields: &[(&str, &str)]) -> Typed {
        Typed::new(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn a_field_that_stands_as_the_form_began_is_no_change_though_others_changed_it() {
        let typed = sent(&[("version", "1"), ("was_a", "alt"), ("a", "alt"), ("was_b", "3"), ("b", "4")]);
        match decide(&subject(vec![told("a", 2)]), &typed) {
            Next::Conflict(missed) => assert!(missed.is_empty(), "shown first, nothing to decide"),
            _ => panic!("what others changed is shown"),
        }
        let seen = sent(&[("version", "2"), ("base", "1"), ("was_a", "alt"), ("a", "alt"), ("was_b", "3"), ("b", "4")]);
        match decide(&subject(vec![told("a", 2)]), &seen) {
            Next::Write(facts) => assert_eq!(facts, ["b"]),
            _ => panic!("once seen, the other fact is written"),
        }
    }

    #[test]
    fn a_fact_that_both_changed_waits_for_a_decision() {
        let both = |keep| {
            sent(&[("version", "2"), ("base", "1"), ("was_a", "alt"), ("a", "mein"), ("b", "3"), ("keep_a", keep)])
        };
        let decided = |keep| decide(&subject(vec![told("a", 2)]), &both(keep));
        assert!(matches!(decided(""), Next::Conflict(missed) if missed == ["a"]));
        assert!(matches!(decided("mine"), Next::Write(facts) if facts == ["a"]));
        assert!(matches!(decided("theirs"), Next::Left));
    }
}
