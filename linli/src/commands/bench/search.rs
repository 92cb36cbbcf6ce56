//! How long somebody who searches waits for the page, while others search too.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use linli_platform::{AppError, app::App, reader::Reader, sessions, store::Query as _, vals};
use reqwest::{Client, StatusCode, header};
use townsim::Town;

use super::{rate, ratio};
use crate::{failure::Outcome, serve, start::Started};

/// People who search at the same time, and how often each does.
const SEARCHERS: usize = 20;
const SEARCHES: usize = 50;
/// Whose sessions they use: the office sees the whole sub-district, the officer some grids, the coordinator one.
const ROLES: [&str; 3] = ["population-office", "officer", "coordinator"];
/// Beginnings of names, in characters and in pinyin.
const NAMES: [&str; 8] = ["wx", "zh", "lim", "王明", "李小", "chenx", "zx", "张静"];

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Number,
    Mobile,
    Address,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Name, Kind::Number, Kind::Mobile, Kind::Address];
    fn label(self) -> &'static str {
        match self {
            Kind::Name => "  by name or pinyin",
            Kind::Number => "  by document number",
            Kind::Mobile => "  by mobile",
            Kind::Address => "  by address",
        }
    }
}

/// Questions of every kind, as people ask them: half by name, the rest by number, mobile and address.
fn questions(town: &Town) -> Vec<(Kind, String)> {
    let people: Vec<_> = town.register().residents().collect();
    let step = (people.len() / 101).max(1);
    let mut asked = Vec::new();
    for (n, person) in people.iter().step_by(step).enumerate() {
        let address = town.homes()[person.facts.home as usize].address as usize;
        let mobile = person.facts.mobile.as_ref().map(|m| m.as_str().to_owned());
        asked.push((Kind::Name, NAMES[n % NAMES.len()].to_owned()));
        asked.push((Kind::Number, person.facts.doc_no.as_str().to_owned()));
        asked.push((Kind::Name, NAMES[(n + 3) % NAMES.len()].to_owned()));
        asked.push(match mobile.filter(|_| n % 2 == 0) {
            Some(mobile) => (Kind::Mobile, mobile),
            None => (Kind::Address, town.addresses()[address].text.to_string()),
        });
    }
    asked
}

/// Measures the page of the search with [`SEARCHERS`] people, over HTTP, with sessions of three roles.
pub(super) async fn run(started: Started, town: &Town) -> Outcome {
    let app = started.app.clone();
    crate::areas::warm_up(&app).await?;
    let cookies = cookies(&app).await?;
    let (address, server) = serve_here(started).await?;
    let asked = questions(town);
    let begun = Instant::now();
    let searchers = (0..SEARCHERS).map(|n| {
        let (cookie, asked) = (cookies[n % cookies.len()].clone(), asked.clone());
        tokio::spawn(async move { searcher(n, address, &cookie, &asked).await })
    });
    let mut took: Vec<(Kind, Duration)> = Vec::new();
    for searcher in futures::future::join_all(searchers).await {
        took.extend(searcher.map_err(AppError::internal)??);
    }
    let whole = begun.elapsed();
    server.abort();
    say("search page, 20 people at once", &took, |_| true);
    for kind in Kind::ALL {
        say(kind.label(), &took, |k| k == kind);
    }
    let fast = rate("  searches", took.len(), whole);
    let plain = plain(&app).await?;
    ratio(fast, plain);
    Ok(())
}

fn say(what: &str, took: &[(Kind, Duration)], of: impl Fn(Kind) -> bool) {
    let mut times: Vec<Duration> = took.iter().filter(|(k, _)| of(*k)).map(|(_, t)| *t).collect();
    times.sort();
    let at = |share: f64| {
        let place = (times.len().saturating_sub(1) as f64 * share) as usize;
        times.get(place).map_or(0.0, |t| t.as_secs_f64() * 1_000.0)
    };
    crate::say!("{what:<58} p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms", at(0.5), at(0.95), at(0.99));
}

/// The masked names looked through by the database, by one person alone.
async fn plain(app: &App) -> Result<f64, AppError> {
    let store = &app.store;
    let sql = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND state = 'current' AND name_masked LIKE $2";
    let begun = Instant::now();
    for name in NAMES {
        store.reads().number(sql, vals![store.division(), format!("%{name}%")]).await?;
    }
    Ok(rate("  plain: scan of the masked names, one person alone", NAMES.len(), begun.elapsed()))
}

/// Sessions of the three roles.
async fn cookies(app: &App) -> Result<Vec<String>, AppError> {
    let mut cookies = Vec::new();
    for role in ROLES {
        let account = linli_platform::accounts::find_by_name(&app.store.reads(), role).await?;
        let account = account.ok_or_else(AppError::not_found)?.account_id;
        let tx = app.store.begin(&Reader::system()).await?;
        let token = sessions::begin(&tx, account).await?;
        tx.commit().await?;
        cookies.push(format!("{}={token}", sessions::cookie_name(app.secure_cookies)));
    }
    Ok(cookies)
}

async fn serve_here(started: Started) -> Outcome<(SocketAddr, tokio::task::JoinHandle<Outcome>)> {
    serve::install_crypto();
    let (ready, listening) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(serve::serve(started, move |address| {
        // Nobody waits any more only if the measurement was given up.
        let _ = ready.send(address);
    }));
    Ok((listening.await.map_err(AppError::internal)?, server))
}

async fn searcher(
    n: usize,
    address: SocketAddr,
    cookie: &str,
    asked: &[(Kind, String)],
) -> Result<Vec<(Kind, Duration)>, AppError> {
    let client = Client::builder().build().map_err(AppError::internal)?;
    let url = format!("http://{address}/residents/search");
    let mut took = Vec::with_capacity(SEARCHES);
    for turn in 0..SEARCHES {
        let (kind, question) = &asked[(n * 37 + turn) % asked.len()];
        let body = format!("q={}", linli_platform::web::encode_query(question));
        let begun = Instant::now();
        let answer = client
            .post(&url)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .map_err(AppError::internal)?;
        let status = answer.status();
        answer.bytes().await.map_err(AppError::internal)?;
        took.push((*kind, begun.elapsed()));
        if status != StatusCode::OK {
            return Err(AppError::internal(format!("a search was answered with {status}")));
        }
    }
    Ok(took)
}
