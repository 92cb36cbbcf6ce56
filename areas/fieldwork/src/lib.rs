//! Field work (R16–R18): the day's homes in walking order, a home at its door, visits that check everyone, and the
//! month's coverage. The same without network on a phone: [`phone`]. Who goes where on which day of the month: [`plan`].
//!
//! A visit brings everything at once or nothing: registrations, changes, cancellations, the household's day of
//! verification, the tasks it settles. "Still lives here" leaves no trail (boundary 11); a refusal is the visit's
//! outcome and never a mark.

pub mod climb;
pub mod desk;
pub mod door;
pub mod due;
mod duties;
pub mod expire;
mod ids;
mod ledger;
pub mod overdue;
pub mod own;
mod pages;
pub mod phone;
pub mod photo;
pub mod plan;
pub mod share;
pub mod stale;
mod tables;
pub mod today;
pub mod visit;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
    key_rotation::SealedTable,
};

pub use ids::{ConflictId, DeviceId, EntryId, PhotoId, PlanId, StopId, VisitId};
pub use tables::migrations;
pub use today::{Today, today};

/// The area.
pub fn area() -> Area {
    Area {
        name: "fieldwork",
        routes: [own_routes(), plan_routes(), phone::pages::routes()].into_iter().flatten().collect(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![
            NavItem { group: NavGroup::Daily, order: 21, key: "plans", href: "/plans", action: Action::FieldWork },
            NavItem {
                group: NavGroup::Daily,
                order: 20,
                key: "field",
                href: "/field/online",
                action: Action::FieldWork,
            },
            NavItem {
                group: NavGroup::Visits,
                order: 10,
                key: "fieldwork",
                href: "/fieldwork",
                action: Action::TerritoryRead,
            },
            NavItem {
                group: NavGroup::Visits,
                order: 90,
                key: "phones",
                href: "/field/devices",
                action: Action::PhoneManage,
            },
        ],
        jobs: vec![Arc::new(expire::Expire), Arc::new(climb::Climb)],
        duties: vec![Arc::new(duties::FieldDuties)],
        erased_with: vec![Arc::new(phone::conflict::WithResident)],
        sealed: vec![
            SealedTable::new("phone_conflict", "conflict_id", &["content_sealed"]),
            SealedTable::new("visit_photo", "photo_id", &["photo_sealed"]),
        ],
        ledgers: vec![Arc::new(ledger::Daily), Arc::new(ledger::Premises)],
        ..Area::default()
    }
}

fn own_routes() -> Vec<Route> {
    vec![
        Route::get("/field/online", Action::FieldWork, pages::today::show),
        Route::get("/field/map", Action::FieldWork, pages::map::show),
        Route::get("/field/new", Action::FieldWork, pages::today::find),
        Route::get("/field/me", Action::FieldWork, pages::today::me),
        Route::get("/field/homes/{id}", Action::FieldWork, pages::door::open),
        Route::post("/field/homes/{id}/visit", Action::FieldWork, pages::door::record),
        Route::get("/field/visits/{id}/photo", Action::FieldWork, pages::take_photo::form),
        Route::post("/field/visits/{id}/photo", Action::FieldWork, pages::take_photo::keep)
            .accepts_bytes(linli_platform::picture::FORM_BYTES_MAX),
        Route::post("/field/homes/{id}/reading", Action::RegisterUnmask, pages::door::read),
        Route::get("/field/homes/{id}/new-person", Action::RegisterWrite, pages::person::form),
        Route::post("/field/homes/{id}/new-person", Action::RegisterWrite, pages::person::register),
        // Where, when and why alone; the picture is opened by itself, on record.
        Route::get("/fieldwork/photos", Action::RegisterRead, pages::photos::list),
        Route::post("/fieldwork/photos/{id}/reading", Action::RegisterUnmask, pages::photos::read),
        Route::post("/fieldwork/photos/{id}/removal", Action::RegisterWrite, pages::photos::remove),
        // Counts by grid alone: whoever scores them must be able to open them.
        Route::get("/fieldwork", Action::TerritoryRead, pages::desk::show),
        Route::get("/fieldwork/stale", Action::TerritoryRead, pages::stale::show),
        Route::get("/fieldwork/shares", Action::TerritoryRead, pages::share::show),
    ]
}

/// The month's plans: everybody who visits homes sees the own days, and whoever leads makes and changes them.
fn plan_routes() -> Vec<Route> {
    let (see, lead) = (Action::FieldWork, Action::VisitPlan);
    vec![
        Route::get("/plans", see, pages::plans::show),
        Route::post("/plans", lead, pages::plans::make),
        Route::get("/plans/{id}", see, pages::plan::show),
        Route::post("/plans/{id}/spreading", lead, pages::plan::spread),
        Route::post("/plans/{id}/absences", lead, pages::plan::absent),
        Route::post("/plans/{id}/returns", lead, pages::plan::back),
        Route::get("/plans/{id}/days/{day}", see, pages::plan_day::show),
        Route::post("/plans/{id}/days/{day}/moves", lead, pages::plan_day::move_to),
    ]
}
