//! Assessment (考核): the monthly scores of committees by deduction, each point linked to what it rests on, ranking
//! within groups A to D, objections, and the bulletin (R34, R35, R36).
//!
//! The unit is the committee's bundled team; nobody is scored as a person (boundary 6). What is scored outside is a
//! number with an assessor and a date, and nothing is held behind it (boundaries 5 and 13).

mod api;
pub mod bulletin;
mod duties;
pub mod entries;
mod evidence;
mod ids;
pub mod objections;
mod pages;
pub mod round;
pub mod rules;
pub mod scheme;
pub mod scores;
pub mod seal;
mod tables;
mod wording;
pub mod year;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
};

pub use ids::{EntryId, ObjectionId};
pub use tables::migrations;

/// The area.
pub fn area() -> Area {
    use Action::{AssessmentObject, AssessmentRead, AssessmentRun};
    Area {
        name: "assessment",
        routes: vec![
            Route::get("/assessment", AssessmentRead, pages::rounds::newest),
            Route::get("/assessment/years/{year}", AssessmentRead, pages::years::show),
            Route::get("/assessment/years/{year}/{file}", AssessmentRead, pages::years::file),
            Route::post("/assessment/years/{year}/finalisation", AssessmentRun, pages::years::finalise),
            Route::post("/assessment/years/{year}/consequences", AssessmentRun, pages::years::consequence),
            Route::post("/assessment/years/{year}/report", AssessmentRun, pages::years::issue),
            Route::post("/assessment/years/{year}/submissions", AssessmentRun, pages::years::hand_on),
            Route::get("/assessment/{month}", AssessmentRead, pages::rounds::show),
            Route::get("/assessment/{month}/trial", AssessmentRun, pages::trial::show),
            Route::post("/assessment/{month}/computation", AssessmentRun, pages::rounds::compute),
            Route::post("/assessment/{month}/publication", AssessmentRun, pages::rounds::publish),
            Route::post("/assessment/{month}/finalisation", AssessmentRun, pages::rounds::finalise),
            Route::post("/assessment/{month}/bulletin", AssessmentRun, pages::rounds::issue),
            Route::get("/assessment/{month}/bulletin.pdf", AssessmentRead, pages::rounds::bulletin),
            Route::get("/assessment/{month}/bulletin.docx", AssessmentRead, pages::rounds::bulletin_word),
            Route::get("/assessment/{month}/entries", AssessmentRun, pages::entries::form),
            Route::post("/assessment/{month}/entries", AssessmentRun, pages::entries::save),
            Route::get("/assessment/{month}/committees/{code}", AssessmentRead, pages::committee::show),
            Route::post("/assessment/{month}/committees/{code}/objections", AssessmentObject, pages::committee::object),
            Route::post("/assessment/{month}/objections/{id}/answer", AssessmentRun, pages::committee::answer),
        ],
        api: api::routes(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![NavItem {
            group: NavGroup::Documents,
            order: 10,
            key: "assessment",
            href: "/assessment",
            action: AssessmentRead,
        }],
        templates: vec![Arc::new(wording::Bulletin), Arc::new(wording::Yearly)],
        duties: vec![Arc::new(duties::Objections), Arc::new(duties::Handings)],
        ..Area::default()
    }
}
