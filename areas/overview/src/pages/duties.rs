//! The duty board (履职清单, R4): what is due, done and late, derived from the work itself.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    app::App,
    area::Duty,
    reader::Reader,
    texts::Lang,
    web::{Page, render},
};
use policy_pack::RoleId;

use super::all_duties;
use crate::scheme;

/// A duty of the scheme.
struct Written {
    name: String,
    clause: String,
    /// Key of the text that says how often it falls due.
    period: String,
    /// What the work says of it, where it can tell.
    state: Option<Duty>,
}

#[derive(Template)]
#[template(path = "overview/duties.html")]
struct DutiesPage {
    page: Page,
    duties: Vec<Duty>,
    written: Vec<Written>,
}

/// `GET /duties`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let english = page.lang == Lang::En;
    let duties = all_duties(&app, &reader).await?;
    let written = reader
        .roles
        .iter()
        .filter_map(|r| RoleId::from_code(policy_role(r.code())))
        .flat_map(|role| app.pack.duties_of(role))
        .map(|d| Written {
            name: if english { d.name_en.clone() } else { d.name.clone() },
            clause: d.clause.clone(),
            period: format!("duty-period-{}", d.period.code()),
            state: scheme::state(d.source, &duties),
        })
        .collect();
    let title = page.t.s("duties-title");
    render(&DutiesPage { page: page.titled(title), duties, written })
}

/// The policy pack's name of a role, where it differs from ours.
fn policy_role(code: &str) -> &str {
    match code {
        "officer" => "community-officer",
        "grid-worker" | "volunteer" | "hr-liaison" => "n-member",
        other => other,
    }
}
