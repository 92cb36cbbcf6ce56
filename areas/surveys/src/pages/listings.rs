//! Listings for rectification.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    reader::Reader,
    texts::Lang,
    web::{FormErrors, Page, flash, redirect, refused, render_status},
};
use serde::Deserialize;

use super::view;
use crate::listings::{self, Listing, RATE_BELOW_MEAN};

struct Line {
    listing: Listing,
    committee: String,
    cause: String,
}

#[derive(Template)]
#[template(path = "surveys/listings.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    lines: Vec<Line>,
    committees: Vec<(String, String)>,
    causes: Vec<(String, String)>,
    form: NewListing,
    may_list: bool,
}

/// A listing as typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct NewListing {
    #[serde(default)]
    committee: String,
    #[serde(default)]
    cause: String,
}

/// `GET /surveys/listings`
pub(super) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    show(&app, &reader, page, FormErrors::new(), NewListing::default(), StatusCode::OK).await
}

async fn show(
    app: &App,
    reader: &Reader,
    page: Page,
    errors: FormErrors,
    form: NewListing,
    status: StatusCode,
) -> Result<Response> {
    let reads = app.store.reads();
    let committees: Vec<(String, String)> =
        view::committees(&reads).await?.into_iter().map(|c| (c.committee_code, c.name)).collect();
    let causes: Vec<(String, String)> = app
        .pack
        .scoring
        .listing_causes
        .iter()
        .map(|c| (c.id.clone(), if page.lang == Lang::En { c.name_en.clone() } else { c.name.clone() }))
        .collect();
    let text = |pairs: &[(String, String)], code: &str| {
        pairs.iter().find(|(c, _)| c == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
    };
    let lines = listings::all(&reads)
        .await?
        .into_iter()
        .map(|listing| Line {
            committee: text(&committees, &listing.committee_code),
            cause: text(&causes, &listing.cause),
            listing,
        })
        .collect();
    // A rate below the mean is found by the program; the others are somebody's decision.
    let causes = causes.into_iter().filter(|(code, _)| code != RATE_BELOW_MEAN).collect();
    let page = page.clone().titled(page.t.s("nav-listings"));
    let may_list = reader.may(Action::ListingDecide);
    render_status(status, &ListPage { page, errors, lines, committees, causes, form, may_list })
}

/// `POST /surveys/listings`
pub(super) async fn create(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<NewListing>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let known = view::names(&app.store.reads()).await?.contains_key(&form.committee);
    errors.require(known, "committee", "form-required");
    errors.require(form.cause != RATE_BELOW_MEAN && !form.cause.is_empty(), "cause", "form-required");
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        match listings::list(&tx, &app.pack, &form.committee, &form.cause).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/surveys/listings/{id}")), "listing-listed-now"));
            }
            Err(e) => {
                let field = if e.is("listing-elsewhere") { "committee" } else { "cause" };
                errors = refused(&page.t, field, e)?;
            }
        }
    }
    show(&app, &reader, page, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
