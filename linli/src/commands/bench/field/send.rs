//! Sending the outboxes, each part when it is due.

use std::{
    collections::BTreeMap,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use linli_fieldwork::{DeviceId, phone::entry::Envelope};
use linli_platform::AppError;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::{Client, StatusCode, header};
use serde::Deserialize;

use super::{Field, outbox::Phones};
use crate::failure::Outcome;

/// So often an entry that the server could not take is sent again.
const AGAIN_MAX: usize = 50;
/// After so long.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What came of it.
pub(super) struct Run {
    /// From the first sending that was due to the last answer.
    pub took: Duration,
    /// How many entries became what.
    pub states: BTreeMap<String, usize>,
    /// Entries sent again.
    pub again: usize,
    /// Waits of sendings, the shortest first.
    waits: Vec<Duration>,
}

impl Run {
    /// The wait that this share of the sendings kept, in milliseconds.
    pub fn at_ms(&self, share: f64) -> f64 {
        let place = (self.waits.len().saturating_sub(1) as f64 * share).ceil() as usize;
        self.waits.get(place).map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
    }
}

#[derive(Deserialize)]
struct Told {
    results: Vec<Became>,
}

#[derive(Deserialize)]
struct Became {
    state: String,
}

/// One sending of a phone.
struct Sending {
    due: Duration,
    device: DeviceId,
    cookie: Arc<str>,
    entries: Vec<Envelope>,
}

/// Every phone begins at a moment of its own, and its sendings follow evenly until the end.
fn plan(phones: &Phones, options: &Field) -> Vec<Sending> {
    let mut rng = StdRng::seed_from_u64(options.seed);
    let mut plan = Vec::new();
    for phone in &phones.phones {
        let parts: Vec<&[Envelope]> = phone.outbox.chunks(options.batch as usize).collect();
        let step_s = options.seconds as f64 / parts.len().max(1) as f64;
        let first_s = rng.random::<f64>() * step_s;
        for (n, part) in parts.into_iter().enumerate() {
            let due = Duration::from_secs_f64(first_s + step_s * n as f64);
            plan.push(Sending { due, device: phone.device, cookie: phone.cookie.clone(), entries: part.to_vec() });
        }
    }
    plan.sort_by_key(|sending| sending.due);
    plan
}

/// Sends everything and waits for the last answer.
///
/// # Errors
/// An answer with another status than 200.
pub(super) async fn all(address: &str, phones: &Phones, options: &Field) -> Outcome<Run> {
    let plan = plan(phones, options);
    let client = Client::builder().build().map_err(AppError::internal)?;
    let (client, url): (_, Arc<str>) = (Arc::new(client), format!("{address}/field/entries").into());
    let handle = tokio::runtime::Handle::current();
    let begun = Instant::now();
    // A thread of its own keeps the time more closely than the runtime's clock of milliseconds.
    let sending = tokio::task::spawn_blocking(move || {
        let mut sent = Vec::with_capacity(plan.len());
        for sending in plan {
            let due = begun + sending.due;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let (client, url) = (client.clone(), url.clone());
            sent.push(handle.spawn(async move { send(&client, &url, sending, due).await }));
        }
        sent
    });
    let mut run = Run { took: Duration::ZERO, states: BTreeMap::new(), again: 0, waits: Vec::new() };
    for sent in sending.await.map_err(AppError::internal)? {
        let (wait, states, again) = sent.await.map_err(AppError::internal)??;
        run.waits.push(wait);
        run.again += again;
        for state in states {
            *run.states.entry(state).or_default() += 1;
        }
    }
    run.took = begun.elapsed();
    run.waits.sort_unstable();
    Ok(run)
}

/// As a phone does it: what could not be taken is sent again. The wait is that of the first answer.
async fn send(client: &Client, url: &str, sending: Sending, due: Instant) -> Outcome<(Duration, Vec<String>, usize)> {
    let (mut left, mut wait, mut states, mut again) = (sending.entries, None, Vec::new(), 0);
    for _ in 0..AGAIN_MAX {
        let body = serde_json::json!({ "device_id": sending.device, "epoch": "first", "entries": left });
        let request = client
            .post(url)
            .header(header::COOKIE, &*sending.cookie)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        let answer = request.send().await.map_err(AppError::internal)?;
        let status = answer.status();
        let text = answer.bytes().await.map_err(AppError::internal)?;
        wait.get_or_insert(due.elapsed());
        if status != StatusCode::OK {
            return Err(AppError::internal(format!("a sending was answered with {status}")).into());
        }
        let told: Told = serde_json::from_slice(&text).map_err(AppError::from)?;
        let mut retry = Vec::new();
        for (entry, result) in left.into_iter().zip(told.results) {
            if result.state == "retry" {
                retry.push(entry);
            } else {
                states.push(result.state);
            }
        }
        left = retry;
        if left.is_empty() {
            break;
        }
        again += left.len();
        tokio::time::sleep(AGAIN_AFTER).await;
    }
    states.extend(left.iter().map(|_| "retry".to_owned()));
    Ok((wait.unwrap_or_default(), states, again))
}
