//! Scenes (场景, R22) and publicity (宣传, R24): clues about premises that go to whoever can solve them, and campaigns
//! with their reach. Neither holds anything of a person.

mod api;
pub mod brought;
pub mod codes;
mod duties;
pub mod expire;
mod ids;
pub mod import;
mod ledger;
mod pages;
mod premises;
pub mod publicity;
pub mod scenes;
mod tables;

use std::sync::Arc;

use linli_platform::area::Area;

pub use ids::{CampaignId, SceneId};
pub use tables::migrations;

/// The area.
pub fn area() -> Area {
    Area {
        name: "scenes",
        routes: pages::routes(),
        api: api::routes(),
        imports: vec![Arc::new(import::SceneImport)],
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: pages::nav(),
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::SceneDuties)],
        ledgers: vec![Arc::new(ledger::Publicity), Arc::new(ledger::Scenes)],
        ..Area::default()
    }
}
