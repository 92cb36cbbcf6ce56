//! The form that changes a home, and the home that an address has not had yet.

use std::collections::HashMap;

use super::{
    choices::of_codes,
    edit::{self, Field, Kind, Next, Subject, Typed},
    form::can_be_put_right,
};
use crate::{
    addresses,
    codes::{HomeFact, HomeKind, Occupancy, Tenancy},
    employers,
    home_change::{self, HomeChange},
    homes::{self, HomeRow, NewHome},
    ids::{AddressId, HomeId},
    told::Told,
};
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    web::{self, FormErrors, Page},
};

fn fields(t: &T, h: &HomeRow, employer: String) -> Vec<Field> {
    use HomeFact as F;
    let text = |n: Option<String>| n.unwrap_or_default();
    vec![
        Field::of(F::Kind.code(), Kind::Choice(of_codes(t, HomeKind::choices())), &h.kind),
        Field::of(F::Tenancy.code(), Kind::Choice(of_codes(t, Tenancy::choices())), &h.tenancy),
        Field::of(F::Occupancy.code(), Kind::Choice(of_codes(t, Occupancy::choices())), &h.occupancy),
        Field::of(F::Places.code(), Kind::Number, text(h.places.map(|n| n.to_string()))),
        Field::personal(F::Owner.code(), h.owner_masked.as_ref()),
        Field::personal(F::Landlord.code(), h.landlord_masked.as_ref()),
        Field::personal(F::LandlordPhone.code(), h.landlord_phone_masked.as_ref()),
        Field::of(F::Agent.code(), Kind::Text, text(h.agent_name.clone())).hint("home-agent-hint"),
        Field::of(F::Employer.code(), Kind::Text, employer).hint("home-employer-hint"),
    ]
}

async fn subject(app: &App, t: &T, reader: &Reader, id: HomeId, base: Option<i64>) -> Result<Subject> {
    let q = app.store.reads();
    let h = homes::find(&q, reader, id).await?;
    let employer = match h.employer_id {
        Some(employer) => employers::code_of(&q, employer).await?.unwrap_or_default(),
        None => String::new(),
    };
    let theirs = match base {
        Some(base) => home_change::changed_since(&q, reader, id, base).await?,
        None => Vec::new(),
    };
    Ok(Subject {
        href: format!("/homes/{id}"),
        name: h.address_text.clone(),
        version: h.version,
        title: "home-change-title",
        theirs,
        fields: fields(t, &h, employer),
    })
}

pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
) -> Result<Response> {
    let subject = subject(&app, &page.t, &reader, id, None).await?;
    edit::form(&app, page, FormErrors::new(), &subject, Typed::default())
}

/// The change that the form asks for, with a message at each field that cannot be read.
async fn read(q: &impl Query, typed: &Typed, facts: &[&str], errors: &mut FormErrors) -> Result<HomeChange> {
    use HomeFact as F;
    let of = |fact: F| typed.change(facts, fact.code());
    let places = of(F::Places).map(|_| web::optional::<i64>(errors, F::Places.code(), typed.text(F::Places.code())));
    let employer = match of(F::Employer) {
        None => None,
        Some(None) => Some(None),
        Some(Some(code)) => {
            let found = employers::find_by_code(q, &code).await?;
            errors.require(found.is_some(), F::Employer.code(), "error-employer-unknown");
            Some(found)
        }
    };
    let change = HomeChange {
        kind: of(F::Kind).and_then(|c| HomeKind::from_code(&c.unwrap_or_default())),
        tenancy: of(F::Tenancy).and_then(|c| Tenancy::from_code(&c.unwrap_or_default())),
        occupancy: of(F::Occupancy).and_then(|c| Occupancy::from_code(&c.unwrap_or_default())),
        places,
        owner: of(F::Owner),
        landlord: of(F::Landlord),
        landlord_phone: of(F::LandlordPhone),
        agent: of(F::Agent),
        employer,
    };
    for (fact, missing) in [
        (F::Kind, change.kind.is_none()),
        (F::Tenancy, change.tenancy.is_none()),
        (F::Occupancy, change.occupancy.is_none()),
    ] {
        errors.require(!(facts.contains(&fact.code()) && missing), fact.code(), "form-choose");
    }
    Ok(change)
}

/// The field that an error of the rules belongs to.
fn field_of(e: &AppError, facts: &[&str]) -> &'static str {
    let first = |fact: HomeFact| facts.contains(&fact.code()).then_some(fact.code());
    match e.code {
        "home-places" => HomeFact::Places.code(),
        code if code.starts_with("phone-") => HomeFact::LandlordPhone.code(),
        code if code.starts_with("free-text-") => HomeFact::Agent.code(),
        code if code.starts_with("name-") => {
            first(HomeFact::Owner).or(first(HomeFact::Landlord)).unwrap_or(HomeFact::Owner.code())
        }
        _ => "",
    }
}

pub(super) async fn save(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let typed = Typed::new(sent);
    let subject = subject(&app, &page.t, &reader, id, Some(typed.base())).await?;
    let facts = match edit::decide(&subject, &typed) {
        Next::Conflict(missed) => return edit::conflict(page, &subject, &typed, &missed),
        Next::Left => return Ok(web::flash(web::redirect(&subject.href), "conflict-left")),
        Next::Write(facts) => facts,
    };
    let mut errors = FormErrors::new();
    let change = read(&app.store.reads(), &typed, &facts, &mut errors).await?;
    let told = typed.told(&app, &mut errors);
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        match home_change::change(&tx, id, subject.version, change, typed.correction(), told).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&subject.href), "home-changed"));
            }
            // Somebody was faster by a moment; the form shows what they did when it is sent again.
            Err(e) if can_be_put_right(&e) || e.is("stale-version") => {
                errors.add_error(&page.t, field_of(&e, &facts), &e);
            }
            Err(e) => return Err(e),
        }
    }
    edit::form(&app, page, errors, &subject, typed)
}

/// Enters the home of an address that has none yet.
pub(super) async fn found(tx: &Tx, id: AddressId, kind: &str, told: Told) -> Result<HomeId> {
    let address = addresses::find(tx, tx.reader(), id).await?;
    if address.state != "current" {
        return Err(AppError::rule("address-state"));
    }
    if !homes::at_address(tx, tx.reader(), id).await?.is_empty() {
        return Err(AppError::rule("home-known"));
    }
    let kind = HomeKind::from_code(kind).ok_or_else(|| AppError::rule("home-kind"))?;
    let home = NewHome { source: told.source, seen_at: told.seen_at, ..NewHome::at(id, kind) };
    homes::insert_many(tx, vec![home]).await?.pop().ok_or_else(AppError::not_found)
}
