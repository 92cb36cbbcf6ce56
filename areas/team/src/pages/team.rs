//! The team by committee and grid.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, Page, Paging},
};

use crate::teams::{self, CommitteeTeam};

#[derive(Template)]
#[template(path = "team/team.html")]
struct Show {
    page: Page,
    committees: Vec<CommitteeTeam>,
    choices: Vec<(String, String)>,
    chosen: String,
    only_gaps: bool,
    gap_count: usize,
    fewest_n: u32,
    paging: Paging,
}

/// Committees on a page: their grids with everybody's duty make a page long.
const COMMITTEES_PER_PAGE: i64 = 5;

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let fewest_n = *app.pack.team.n_members_per_committee;
    let today = app.store.now().day();
    let mut committees = teams::teams(&app.store.reads(), &reader, today, fewest_n as usize).await?;
    let gap_count = committees.iter().filter(|c| c.has_gap()).count();
    let name = |c: &CommitteeTeam| (c.committee.committee_code.clone(), c.committee.name.clone());
    let choices = committees.iter().map(name).collect();
    let chosen = query.get("committee").cloned().unwrap_or_default();
    let only_gaps = query.get("gaps").is_some_and(|v| v == "true");
    committees.retain(|c| (chosen.is_empty() || c.committee.committee_code == chosen) && (!only_gaps || c.has_gap()));
    let total = i64::try_from(committees.len()).unwrap_or(i64::MAX);
    let paging = Paging { per_page: COMMITTEES_PER_PAGE, ..Paging::from_query(&query) }.of(total);
    let before = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let committees = committees.into_iter().skip(before).take(COMMITTEES_PER_PAGE as usize).collect();
    let title = page.t.s("team-title");
    web::render(&Show { page: page.titled(title), committees, choices, chosen, only_gaps, gap_count, fewest_n, paging })
}
