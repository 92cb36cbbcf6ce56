//! Work (日常工作): tasks with their clocks and deadlines, notices, and each grid's channel (R15, R16, R20, R23).
//!
//! A task lies on premises, on a piece of work or on an organisation, never on a person (boundary 8). While it is open
//! it is the basis on which its record may be opened (boundary 7).

pub mod channel;
pub mod deadline;
mod duties;
pub mod escalate;
mod ids;
mod kinds;
pub mod notices;
mod pages;
mod premises;
mod tables;
pub mod tasks;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
    key_rotation::SealedTable,
};

pub use deadline::{due_at, task_due_at};
pub use ids::{NoticeId, PostId, TaskId};
pub use kinds::{DueBy, Outcome, TaskKind};
pub use premises::WorkPremises;
pub use tables::migrations;

/// The area.
pub fn area() -> Area {
    Area {
        name: "work",
        routes: vec![
            Route::get("/tasks", Action::TaskRead, pages::tasks::list),
            Route::get("/tasks/{id}", Action::TaskRead, pages::tasks::show),
            Route::post("/tasks/{id}/closure", Action::FieldWork, pages::tasks::close),
            Route::post("/tasks/{id}/assignment", Action::FieldWork, pages::tasks::take),
            Route::post("/tasks/{id}/reading", Action::RegisterUnmask, pages::tasks::read_note),
            Route::get("/channel", Action::TeamRead, pages::channel::list),
            Route::post("/channel/days", Action::FieldWork, pages::channel::post_day),
            Route::get("/notices", Action::Own, pages::notices::list),
            Route::post("/notices/{id}/receipt", Action::Own, pages::notices::read),
        ],
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![
            NavItem { group: NavGroup::Daily, order: 10, key: "tasks", href: "/tasks", action: Action::TaskRead },
            NavItem { group: NavGroup::Daily, order: 60, key: "channel", href: "/channel", action: Action::TeamRead },
            NavItem { group: NavGroup::Daily, order: 70, key: "notices", href: "/notices", action: Action::Own },
        ],
        jobs: vec![Arc::new(channel::DailyReport), Arc::new(escalate::Escalate)],
        duties: vec![Arc::new(duties::TaskDuties)],
        erased_with: vec![Arc::new(tasks::WithResident)],
        sealed: vec![SealedTable::new("task", "task_id", &["note_sealed"])],
        ..Area::default()
    }
}
