//! Field work (R16–R18): the day's homes in walking order, a home at its door, visits that check everyone, and the
//! month's coverage.
//!
//! A visit brings everything at once or nothing: registrations, changes, cancellations, the household's day of
//! verification, the tasks it settles. "Still lives here" leaves no trail (boundary 11); a refusal is the visit's
//! outcome and never a mark.

pub mod desk;
pub mod door;
pub mod due;
mod duties;
pub mod expire;
mod ids;
pub mod overdue;
pub mod own;
mod pages;
mod tables;
pub mod today;
pub mod visit;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
};

pub use ids::{EntryId, VisitId};
pub use tables::migrations;
pub use today::{Today, today};

/// The area.
pub fn area() -> Area {
    Area {
        name: "fieldwork",
        routes: vec![
            Route::get("/field", Action::FieldWork, pages::today::show),
            Route::get("/field/map", Action::FieldWork, pages::map::show),
            Route::get("/field/new", Action::FieldWork, pages::today::find),
            Route::get("/field/me", Action::FieldWork, pages::today::me),
            Route::get("/field/homes/{id}", Action::FieldWork, pages::door::open),
            Route::post("/field/homes/{id}/visit", Action::FieldWork, pages::door::record),
            Route::post("/field/homes/{id}/reading", Action::RegisterUnmask, pages::door::read),
            Route::get("/field/homes/{id}/new-person", Action::RegisterWrite, pages::person::form),
            Route::post("/field/homes/{id}/new-person", Action::RegisterWrite, pages::person::register),
            // Counts by grid alone: whoever scores them must be able to open them.
            Route::get("/fieldwork", Action::TerritoryRead, pages::desk::show),
        ],
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![
            NavItem { group: NavGroup::Daily, order: 20, key: "field", href: "/field", action: Action::FieldWork },
            NavItem {
                group: NavGroup::Daily,
                order: 30,
                key: "fieldwork",
                href: "/fieldwork",
                action: Action::TerritoryRead,
            },
        ],
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::FieldDuties)],
        ..Area::default()
    }
}
