//! Work (日常工作): tasks with their clocks and deadlines, notices, and each grid's channel (R15, R16, R20, R23).
//!
//! A task lies on premises, on a piece of work or on an organisation, never on a person (boundary 8). While it is open
//! it is the basis on which its record may be opened (boundary 7).

pub mod announcements;
pub mod channel;
pub mod deadline;
mod duties;
pub mod escalate;
pub mod expire;
mod ids;
mod kinds;
mod ledger;
pub mod notices;
pub mod outward;
mod pages;
mod premises;
pub mod push;
mod tables;
pub mod tasks;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
    key_rotation::SealedTable,
};

pub use deadline::{due_at, task_due_at};
pub use ids::{AnnouncementId, NoticeId, OutwardId, PostId, RobotId, TaskId};
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
            Route::get("/channel/announcements/new", Action::Announce, pages::announcements::new),
            Route::post("/channel/announcements", Action::Announce, pages::announcements::announce),
            Route::get("/channel/announcements/{id}", Action::TeamRead, pages::announcements::show),
            Route::post("/channel/announcements/{id}/receipt", Action::TeamRead, pages::announcements::receipt),
            Route::post("/channel/announcements/{id}/withdrawal", Action::Announce, pages::announcements::withdraw),
            Route::get("/channel/robots", Action::ChannelRobot, pages::robots::list),
            Route::post("/channel/robots/{id}", Action::ChannelRobot, pages::robots::enter),
            Route::post("/channel/robots/{id}/removal", Action::ChannelRobot, pages::robots::remove),
            Route::post("/channel/outward/{id}/attempts", Action::ChannelRobot, pages::robots::again),
            Route::get("/notices", Action::Own, pages::notices::list),
            Route::get("/notices/{id}", Action::Own, pages::notices::show),
            Route::post("/notices/{id}/receipt", Action::Own, pages::notices::read),
        ],
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![
            NavItem { group: NavGroup::Daily, order: 10, key: "tasks", href: "/tasks", action: Action::TaskRead },
            NavItem { group: NavGroup::Daily, order: 60, key: "channel", href: "/channel", action: Action::TeamRead },
            NavItem { group: NavGroup::Daily, order: 70, key: "notices", href: "/notices", action: Action::Own },
        ],
        jobs: vec![Arc::new(channel::DailyReport), Arc::new(escalate::Escalate), Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::TaskDuties), Arc::new(duties::ChannelDuties)],
        erased_with: vec![Arc::new(tasks::WithResident)],
        sealed: vec![
            SealedTable::new("task", "task_id", &["note_sealed"]),
            SealedTable::new("channel_robot", "robot_id", &["key_sealed"]),
        ],
        ledgers: vec![Arc::new(ledger::Announcements)],
        ..Area::default()
    }
}
