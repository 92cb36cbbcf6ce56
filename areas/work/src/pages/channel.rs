//! The channels of the reader's grids.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    reader::Reader,
    web::{Page, Paging, flash, flash_n, redirect, render},
};

use crate::{
    announcements::{self, Announcement},
    channel::{self, PostRow},
    notices,
};

/// How many announcements stand above the posts.
const ANNOUNCED: Paging = Paging { page: 1, per_page: 10, total: 0 };

#[derive(Template)]
#[template(path = "work/channel.html")]
struct ChannelPage {
    page: Page,
    announcements: Vec<Announcement>,
    posts: Vec<(PostRow, String)>,
    paging: Paging,
    can_post: bool,
}

/// `GET /channel`.
pub(crate) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let grid = query.get("grid").and_then(|g| g.parse().ok());
    let q = app.store.reads();
    let (posts, total) = channel::list(&q, &reader, grid, &paging).await?;
    // Those of the first page: what is older is found by its notice.
    let announcements = match paging.page {
        1 => announcements::list(&q, &reader, &ANNOUNCED).await?.0,
        _ => Vec::new(),
    };
    let shown = |post: PostRow| {
        let text = notices::show(&page.t, &post.kind, &post.args);
        (post, text)
    };
    let posts = posts.into_iter().map(shown).collect();
    let page = page.clone().titled(page.t.s("channel-title"));
    let can_post = reader.may(Action::FieldWork);
    render(&ChannelPage { page, announcements, posts, paging: paging.of(total), can_post })
}

/// `POST /channel/days`: the reader's own day so far.
pub(crate) async fn post_day(State(app): State<App>, reader: Reader) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let made = channel::post_day(&tx, tx.now().day(), Some(reader.account)).await?;
    tx.commit().await?;
    let back = redirect("/channel");
    Ok(match i64::try_from(made).unwrap_or(i64::MAX) {
        0 => flash(back, "channel-nothing-today"),
        n => flash_n(back, "channel-posted", n),
    })
}
