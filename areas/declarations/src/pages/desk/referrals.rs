//! Staff: neglected duties that were referred to the authority in charge.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::super::form::Choices;
use crate::{
    codes::{Authority, NoticeKind},
    referrals::{self, Neglected, NewReferral, Referral},
};

#[derive(Template)]
#[template(path = "declarations/referrals.html")]
struct ListPage {
    page: Page,
    rows: Vec<Referral>,
}

/// `GET /declarations/referrals`
pub(in super::super) async fn list(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let rows = referrals::list(&app.store.reads(), &reader).await?;
    let title = page.t.s("referrals-title");
    web::render(&ListPage { page: page.titled(title), rows })
}

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(in super::super) struct Typed {
    duty: String,
    authority: String,
    number: String,
    day: String,
}

#[derive(Template)]
#[template(path = "declarations/referral.html")]
struct OnePage {
    page: Page,
    errors: FormErrors,
    name: String,
    back: String,
    path: String,
    rows: Vec<Referral>,
    typed: Typed,
    duties: Choices,
    authorities: Choices,
}

fn neglected((kind, id): &(String, String)) -> Result<Neglected> {
    Neglected::parse(kind, id).ok_or_else(AppError::not_found)
}

async fn one_page(
    app: &App,
    reader: &Reader,
    page: Page,
    of: Neglected,
    (errors, typed): (FormErrors, Typed),
) -> Result<OnePage> {
    let q = app.store.reads();
    let (name, _) = of.find(&q, reader).await?;
    let back = match of {
        Neglected::Home(id) => format!("/homes/{id}"),
        Neglected::Employer(id) => format!("/declarations/employers/{id}"),
    };
    let title = page.t.s("referrals-title");
    Ok(OnePage {
        duties: of.duties().iter().map(|d| (d.code(), page.t.code("duty-notice", d))).collect(),
        authorities: Authority::ALL.iter().map(|a| (a.code(), page.t.code("authority", a))).collect(),
        path: of.path(),
        rows: referrals::of(&q, of).await?,
        page: page.titled(title),
        errors,
        name,
        back,
        typed,
    })
}

/// `GET /declarations/referrals/{kind}/{id}`
pub(in super::super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(at): Path<(String, String)>,
) -> Result<Response> {
    let typed = Typed { day: app.store.now().day().to_string(), ..Typed::default() };
    let of = neglected(&at)?;
    web::render(&one_page(&app, &reader, page, of, (FormErrors::new(), typed)).await?)
}

/// The field at which a refusal stands.
fn field(code: &str) -> &'static str {
    match code {
        "referral-day" => "day",
        "referral-duty" | "referral-without-notice" => "duty",
        _ => "number",
    }
}

fn read(typed: &Typed, errors: &mut FormErrors) -> Option<NewReferral> {
    let (duty, authority) = (NoticeKind::from_code(&typed.duty), Authority::from_code(&typed.authority));
    errors.require(duty.is_some(), "duty", "form-choose");
    errors.require(authority.is_some(), "authority", "form-choose");
    web::required(errors, "number", &typed.number);
    web::required(errors, "day", &typed.day);
    let day = web::optional::<Day>(errors, "day", &typed.day);
    if !errors.is_empty() {
        return None;
    }
    Some(NewReferral { duty: duty?, authority: authority?, number: typed.number.clone(), day: day? })
}

/// `POST /declarations/referrals/{kind}/{id}`
pub(in super::super) async fn write(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(at): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let of = neglected(&at)?;
    let mut errors = FormErrors::new();
    if let Some(new) = read(&typed, &mut errors) {
        let tx = app.store.begin(&reader).await?;
        match referrals::write(&tx, of, &new).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&of.path()), "referral-written"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, field(e.code), &e),
            Err(e) => return Err(e),
        }
    }
    let shown = one_page(&app, &reader, page, of, (errors, typed)).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
