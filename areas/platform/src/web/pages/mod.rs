//! The platform's own pages: signing in, the own account, the administrators' pages, jobs, audit, health.

mod account;
mod accounts;
mod api;
mod audit;
mod audit_findings;
mod audit_rows;
mod clients;
mod devices;
mod factor;
mod jobs;
mod notices;
mod policy;
mod proof;
mod proposals;
mod retention;
mod roles;
mod session;
mod sessions;

use super::redirect;
use crate::{
    access::Action,
    area::{Area, Early, NavGroup, NavItem, Route},
    key_rotation::SealedTable,
    store,
};

/// The platform as an area: its routes, tables, texts and menu.
pub fn area() -> Area {
    Area {
        name: "platform",
        routes: routes(),
        api: crate::api::routes(),
        migrations: store::migrations(),
        texts: Some((
            concat!(
                include_str!("../../../texts/zh-CN.ftl"),
                include_str!("../../../texts/access.zh-CN.ftl"),
                include_str!("../../../texts/api.zh-CN.ftl")
            ),
            concat!(
                include_str!("../../../texts/en.ftl"),
                include_str!("../../../texts/access.en.ftl"),
                include_str!("../../../texts/api.en.ftl")
            ),
        )),
        nav: nav(),
        jobs: vec![std::sync::Arc::new(crate::retention::Expire), std::sync::Arc::new(crate::key_rotation::Rewrap)],
        duties: vec![std::sync::Arc::new(notices::NoticeDuty), std::sync::Arc::new(proposals::ProposalDuty)],
        proposals: crate::proposals::kinds(),
        keyed: vec![crate::api::KEYED],
        sealed: vec![
            SealedTable::new("second_factor", "account_id", &["secret_sealed"]),
            SealedTable::new("push_device", "push_id", &["address_sealed"]),
        ],
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
        Route::get("/sign-in/code", Own, proof::code_form),
        Route::post("/sign-in/code", Own, proof::give_code),
        Route::post("/sign-out", Own, session::sign_out),
        Route::post("/language", Public, session::language),
        Route::get("/account", Own, account::show),
        Route::get("/account/password", Own, account::password_form),
        Route::post("/account/password", Own, account::change_password),
        Route::get("/account/proof", Own, proof::proof_form).early(Early::BeforeEnrolment),
        Route::post("/account/proof", Own, proof::prove).early(Early::BeforeEnrolment),
        Route::get("/account/second-factor", Own, factor::show),
        Route::post("/account/second-factor/secret", Own, factor::begin),
        Route::post("/account/second-factor/confirmation", Own, factor::confirm),
        Route::post("/account/second-factor/recovery", Own, factor::renew),
        Route::post("/account/second-factor/removal", Own, factor::remove),
        Route::get("/account/sessions", Own, sessions::list),
        Route::post("/account/sessions/{id}/end", Own, sessions::end),
        Route::post("/account/sessions/end", Own, sessions::end_all),
        Route::get("/account/devices", Own, devices::list),
        Route::post("/account/devices", Own, devices::join),
        Route::post("/account/devices/{id}/end", Own, devices::end),
        Route::get("/push/sw.js", Public, devices::worker),
        Route::post("/push/renewal", Public, devices::renew),
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
        Route::post("/admin/accounts/{id}/second-factor-removal", AccountAdmin, accounts::remove_factor),
        Route::get("/api", Public, api::show),
        Route::get("/api/v1/openapi.json", Public, api::document),
        Route::get("/admin/clients", AccountAdmin, clients::list),
        Route::get("/admin/clients/new", AccountAdmin, clients::form),
        Route::post("/admin/clients", AccountAdmin, clients::propose),
        Route::get("/admin/clients/{id}", AccountAdmin, clients::show),
        Route::post("/admin/clients/{id}/tokens", AccountAdmin, clients::make_token),
        Route::post("/admin/clients/{id}/revocation", AccountAdmin, clients::revoke),
        Route::get("/security/notices", RoleAdmin, notices::list),
        Route::post("/security/notices/{id}/acknowledgement", RoleAdmin, notices::seen),
        Route::get("/admin/roles", RoleAdmin, roles::list),
        Route::post("/admin/roles/search", RoleAdmin, roles::search),
        Route::get("/admin/roles/{id}", RoleAdmin, roles::show),
        Route::post("/admin/roles/{id}", RoleAdmin, roles::grant),
        Route::post("/admin/roles/{id}/{holding}/end", RoleAdmin, roles::end),
        Route::get("/admin/retention", SystemAdmin, retention::show),
        Route::post("/admin/retention/runs", SystemAdmin, retention::run),
        Route::get("/audit/patterns", Audit, audit_findings::patterns),
        Route::get("/audit/erasures", Audit, audit_findings::erasures),
        Route::get("/audit/erasures/{id}/proof.json", Audit, audit_findings::erasure_proof),
        Route::get("/audit/access/{id}/proof.json", Audit, audit_findings::access_proof),
        Route::get("/audit/events/{id}/proof.json", Audit, audit_findings::event_proof),
        Route::get("/admin/policy", SystemAdmin, policy::show),
        Route::post("/admin/policy/proposals", SystemAdmin, policy::propose),
        Route::get("/proposals", SecondPerson, proposals::list),
        Route::get("/proposals/{id}", SecondPerson, proposals::show),
        Route::post("/proposals/{id}/approval", SecondPerson, proposals::approve),
        Route::post("/proposals/{id}/refusal", SecondPerson, proposals::refuse),
        Route::post("/proposals/{id}/withdrawal", SecondPerson, proposals::withdraw),
        Route::get("/audit/events", Audit, audit::events),
        Route::post("/audit/events", Audit, audit::search_events),
        Route::get("/audit/access", Audit, audit::access),
        Route::post("/audit/access", Audit, audit::search_access),
        Route::get("/audit/log", Audit, audit::log),
    ]
}

fn nav() -> Vec<NavItem> {
    let entry = |group, order, key, href, action| NavItem { group, order, key, href, action };
    let system = |order, key, href, action| entry(NavGroup::System, order, key, href, action);
    let audit = |order, key, href| entry(NavGroup::Audit, order, key, href, Action::Audit);
    vec![
        system(10, "accounts", "/admin/accounts", Action::AccountAdmin),
        system(15, "clients", "/admin/clients", Action::AccountAdmin),
        system(20, "jobs", "/admin/jobs", Action::SystemAdmin),
        system(22, "retention", "/admin/retention", Action::SystemAdmin),
        system(25, "policy", "/admin/policy", Action::SystemAdmin),
        system(30, "roles", "/admin/roles", Action::RoleAdmin),
        system(35, "security-notices", "/security/notices", Action::RoleAdmin),
        system(37, "proposals", "/proposals", Action::SecondPerson),
        audit(40, "audit-events", "/audit/events"),
        audit(50, "audit-access", "/audit/access"),
        audit(54, "audit-patterns", "/audit/patterns"),
        audit(56, "audit-erasures", "/audit/erasures"),
        audit(60, "audit-log", "/audit/log"),
    ]
}
