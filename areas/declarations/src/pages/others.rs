//! What a resident declares beside the own: for others of the household who move along or leave too, and as a guardian for
//! a child. They are named by name and number, typed by the resident; nothing here shows who is registered anywhere.

use linli_platform::{Result, app::App, clock::Day, texts::T, web::FormErrors};
use linli_register::residents::MaskedResident;

use super::{
    form::{self, Typed, member},
    household::{Household, mark, refuse_twice},
};
use crate::{
    codes::Kind,
    content::{Content, Named, Newcomer},
};

/// Reads the form: the own wish first, then each for another person; `None` where an error stands at a field.
pub(super) async fn read(
    app: &App,
    t: &T,
    person: &MaskedResident,
    typed: &Household,
    errors: &mut FormErrors,
) -> Result<Option<Vec<(Kind, Content)>>> {
    let Some(kind) = typed.first.asked().filter(|kind| Kind::OF_RESIDENTS.contains(kind)) else {
        errors.add("kind", "form-choose");
        return Ok(None);
    };
    let today = app.store.now().day();
    let for_other = |named: Newcomer, asks: &Content| Content::ForOther {
        person: Named { name: named.name, doc_kind: named.doc_kind, doc_no: named.doc_no, guardian: named.guardian },
        from: person.home_id,
        asks: Box::new(asks.clone()),
    };
    if kind.is_for_another() {
        let asks = form::asked(app, t, person, (as_own(kind), &typed.first), errors).await?;
        let child = child(t, today, typed, errors);
        let both = child.zip(asks).filter(|_| errors.is_empty());
        return Ok(both.map(|(child, asks)| vec![(kind, for_other(child, &asks))]));
    }
    let own = form::asked(app, t, person, (kind, &typed.first), errors).await?;
    let others = match kind.along() {
        Some(_) => people(t, today, typed, errors),
        None => Vec::new(),
    };
    let Some(own) = own.filter(|_| errors.is_empty()) else { return Ok(None) };
    let mut all = Vec::new();
    if let Some(along) = kind.along() {
        all.extend(others.into_iter().map(|named| (along, for_other(named, &own))));
    }
    all.insert(0, (kind, own));
    Ok(Some(all))
}

/// The wish as if the person named asked for it.
fn as_own(kind: Kind) -> Kind {
    match kind {
        Kind::MoveAlong => Kind::Move,
        Kind::LeaveAlong => Kind::MoveOut,
        _ => Kind::Correction,
    }
}

/// Somebody in a row: name and number, and whether the resident is the guardian.
fn named(t: &T, today: Day, typed: &Typed, number: usize, errors: &mut FormErrors) -> Option<Newcomer> {
    member(t, today, typed, &mark(number), errors)
}

/// Without moving oneself, one declares as a guardian alone.
fn child(t: &T, today: Day, typed: &Household, errors: &mut FormErrors) -> Option<Newcomer> {
    let blank = Typed::default();
    let typed = typed.members.first().unwrap_or(&blank);
    if typed.guardian != "true" {
        errors.add("guardian_1", "declaration-child-alone");
        // Whatever else is missing is said too.
        let as_guardian = Typed { guardian: "true".into(), ..typed.clone() };
        named(t, today, &as_guardian, 1, errors);
        return None;
    }
    named(t, today, typed, 1, errors)
}

/// Everybody in the rows that are filled in.
fn people(t: &T, today: Day, typed: &Household, errors: &mut FormErrors) -> Vec<Newcomer> {
    let filled = |typed: &Typed| [&typed.name, &typed.doc_no].iter().any(|text| !text.trim().is_empty());
    let mut all = Vec::new();
    for row in typed.rows().iter().filter(|row| filled(row.typed)) {
        all.extend(named(t, today, row.typed, row.number, errors));
    }
    refuse_twice(&all, errors);
    all
}
