//! Two people at one record: the second sees what the first changed, fact by fact, and decides on each that both touched.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use linli_platform::{
    Result,
    web::{self, FormErrors, Page},
};

use super::{facts::value_of, form::Typed};
use crate::{
    codes::Fact,
    history::Provenance,
    residents::{Change, MaskedResident},
};

/// One fact that somebody touched.
struct Row {
    fact: Fact,
    /// What the register has now, masked.
    now: String,
    theirs: Option<Provenance>,
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
#[template(path = "register/conflict.html")]
struct Conflict {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    rows: Vec<Row>,
}

/// Takes the decisions: what is left to the register is taken out of the change. The facts that nobody decided yet.
pub(super) fn decide(typed: &Typed, theirs: &[Provenance], change: &mut Change) -> Vec<Fact> {
    let mut undecided = Vec::new();
    for fact in change.facts() {
        if !theirs.iter().any(|p| p.fact == fact) {
            continue;
        }
        match typed.keep(fact) {
            "mine" => {}
            "theirs" => change.leave(fact),
            _ => undecided.push(fact),
        }
    }
    undecided
}

/// The page that shows both sides. It is sent again with the version that is shown, so that nothing is overwritten unseen.
pub(super) fn show(
    page: Page,
    r: MaskedResident,
    mut typed: Typed,
    change: &Change,
    theirs: &[Provenance],
    missed: &[Fact],
) -> Result<Response> {
    let mut errors = FormErrors::new();
    for fact in missed {
        errors.add(&format!("keep_{fact}"), "form-choose");
    }
    // What was given up in an earlier round still stands beside what the register has.
    let mine = |fact: Fact| change.facts().contains(&fact) || typed.keep(fact) == "theirs";
    let row = |fact: &Fact| Row {
        fact: *fact,
        now: value_of(&page.t, &r, *fact),
        theirs: theirs.iter().find(|p| p.fact == *fact).cloned(),
        mine: if mine(*fact) { typed.value_of(&page.t, *fact) } else { String::new() },
        keep: typed.keep(*fact).to_owned(),
    };
    let rows = Fact::ALL.iter().map(row).filter(|r| r.theirs.is_some() || !r.mine.is_empty()).collect();
    typed.version = r.version;
    let title = page.t.s("conflict-title");
    let view = Conflict { page: page.titled(title), errors, r, typed, rows };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}
