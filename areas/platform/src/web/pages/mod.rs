//! The platform's own pages: signing in, the own account, the administrators' pages, jobs, audit, health.

mod account;
mod accounts;
mod audit;
mod audit_rows;
mod jobs;
mod roles;
mod session;

use super::redirect;
use crate::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
    store,
};

/// The platform as an area: its routes, tables, texts and menu.
pub fn area() -> Area {
    Area {
        name: "platform",
        routes: routes(),
        migrations: store::migrations(),
        texts: Some((include_str!("../../../texts/zh-CN.ftl"), include_str!("../../../texts/en.ftl"))),
        nav: nav(),
        jobs: vec![std::sync::Arc::new(crate::retention::Expire)],
        ..Area::default()
    }
}

fn routes() -> Vec<Route> {
    use Action::*;
    vec![
        Route::get("/", Own, async || redirect("/overview")),
        Route::get("/healthz", Public, session::health),
        Route::get("/sign-in", Public, session::form),
        Route::post("/sign-in", Public, session::sign_in),
        Route::post("/sign-out", Own, session::sign_out),
        Route::post("/language", Public, session::language),
        Route::get("/account", Own, account::show),
        Route::get("/account/password", Own, account::password_form),
        Route::post("/account/password", Own, account::change_password),
        Route::get("/jobs/{id}", Own, jobs::show),
        Route::post("/jobs/{id}/attempts", Own, jobs::restart),
        Route::get("/admin/jobs", SystemAdmin, jobs::list),
        Route::get("/admin/accounts", AccountAdmin, accounts::list),
        Route::post("/admin/accounts/search", AccountAdmin, accounts::search),
        Route::get("/admin/accounts/new", AccountAdmin, accounts::form),
        Route::post("/admin/accounts", AccountAdmin, accounts::create),
        Route::get("/admin/accounts/{id}", AccountAdmin, accounts::show),
        Route::post("/admin/accounts/{id}/disabling", AccountAdmin, accounts::disable),
        Route::post("/admin/accounts/{id}/enabling", AccountAdmin, accounts::enable),
        Route::post("/admin/accounts/{id}/password", AccountAdmin, accounts::reset_password),
        Route::get("/admin/roles", RoleAdmin, roles::list),
        Route::post("/admin/roles/search", RoleAdmin, roles::search),
        Route::get("/admin/roles/{id}", RoleAdmin, roles::show),
        Route::post("/admin/roles/{id}", RoleAdmin, roles::grant),
        Route::post("/admin/roles/{id}/{holding}/end", RoleAdmin, roles::end),
        Route::get("/audit/events", Audit, audit::events),
        Route::post("/audit/events", Audit, audit::search_events),
        Route::get("/audit/access", Audit, audit::access),
        Route::post("/audit/access", Audit, audit::search_access),
        Route::get("/audit/log", Audit, audit::log),
    ]
}

fn nav() -> Vec<NavItem> {
    let entry = |order, key, href, action| NavItem { group: NavGroup::System, order, key, href, action };
    vec![
        entry(10, "accounts", "/admin/accounts", Action::AccountAdmin),
        entry(20, "jobs", "/admin/jobs", Action::SystemAdmin),
        entry(30, "roles", "/admin/roles", Action::RoleAdmin),
        entry(40, "audit-events", "/audit/events", Action::Audit),
        entry(50, "audit-access", "/audit/access", Action::Audit),
        entry(60, "audit-log", "/audit/log", Action::Audit),
    ]
}
