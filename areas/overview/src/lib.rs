//! Overview (总览): for each role the answer to "what should I do now", the map, and the duty board (R4).
//!
//! It owns no tables and derives everything from the areas below, within the reader's scope.

mod api;
mod charts;
mod figures;
mod pages;
mod questions;
pub mod scheme;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
};

/// The area.
pub fn area() -> Area {
    Area {
        name: "overview",
        routes: vec![
            Route::get("/overview", Action::Overview, pages::overview::show),
            Route::get("/overview/committees/{code}", Action::TerritoryRead, pages::units::committee),
            Route::get("/overview/grids/{id}", Action::TerritoryRead, pages::units::grid),
            Route::get("/duties", Action::Overview, pages::duties::show),
            Route::get("/map", Action::TerritoryRead, pages::map::show),
            Route::get("/map.geojson", Action::TerritoryRead, pages::map::data),
        ],
        api: api::routes(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: vec![
            NavItem { group: NavGroup::Top, order: 0, key: "overview", href: "/overview", action: Action::Overview },
            NavItem { group: NavGroup::Top, order: 10, key: "map", href: "/map", action: Action::TerritoryRead },
            NavItem { group: NavGroup::Top, order: 20, key: "duties", href: "/duties", action: Action::Overview },
        ],
        ..Area::default()
    }
}
