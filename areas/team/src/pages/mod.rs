//! The team's pages.

mod appointments;
mod bodies;
mod emergency;
mod promise;
mod staff;
mod team;

use linli_platform::{
    AppError, Result,
    access::Action,
    area::Route,
    clock::Day,
    web::{self, FormErrors},
};

pub(crate) fn routes() -> Vec<Route> {
    let (read, write, file) = (Action::TeamRead, Action::TeamWrite, Action::AgreementFile);
    vec![
        Route::get("/agreement", Action::Own, promise::show),
        Route::post("/agreement", Action::Own, promise::sign),
        Route::get("/emergency", Action::SecondPerson, emergency::show),
        Route::post("/emergency", Action::SecondPerson, emergency::ask),
        Route::post("/emergency/{id}/end", Action::SecondPerson, emergency::end),
        Route::get("/team", read, team::show),
        Route::get("/team/staff", file, staff::list),
        // A search names a person, so it travels in a form and never in an address.
        Route::post("/team/staff/search", write, staff::search),
        Route::post("/team/staff", file, staff::create),
        Route::get("/team/staff/{id}", file, staff::show),
        Route::post("/team/staff/{id}/agreements", file, staff::agreement),
        Route::post("/team/staff/{id}/trainings", write, staff::training),
        Route::post("/team/staff/{id}/account", write, staff::account),
        Route::post("/team/staff/{id}/leaving", write, staff::leaving),
        Route::get("/team/trainings", write, promise::trainings),
        Route::post("/team/trainings", write, promise::record),
        Route::get("/team/appointments/new", write, appointments::form),
        Route::post("/team/appointments", write, appointments::create),
        Route::get("/team/appointments/{id}", write, appointments::show),
        Route::post("/team/appointments/{id}/end", write, appointments::end),
        Route::post("/team/appointments/{id}/stand-ins", write, appointments::stand_in),
        Route::get("/team/bodies", read, bodies::show),
        Route::post("/team/bodies/members", write, bodies::add),
        Route::post("/team/bodies/members/{id}/end", write, bodies::end),
    ]
}

/// Whether an error belongs beside the form rather than on a page of its own.
fn is_rule(error: &AppError) -> bool {
    error.status == axum::http::StatusCode::UNPROCESSABLE_ENTITY
}

/// A last day as a form has it, as the first day after it. Empty is `None`.
fn until(errors: &mut FormErrors, field: &str, last_day: &str) -> Option<Day> {
    web::optional::<Day>(errors, field, last_day).map(|day| day.plus_days(1))
}

/// A day that a form must have.
fn required_day(errors: &mut FormErrors, field: &str, text: &str) -> Option<Day> {
    let text = web::required(errors, field, text);
    web::optional(errors, field, text)
}

/// Keeps what is no rule as an error, and puts a rule beside its field.
fn beside(t: &linli_platform::texts::T, errors: &mut FormErrors, field: &str, error: AppError) -> Result<()> {
    if !is_rule(&error) {
        return Err(error);
    }
    errors.add_error(t, field, &error);
    Ok(())
}
