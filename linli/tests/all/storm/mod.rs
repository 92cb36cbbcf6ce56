//! Mixed work while the server is killed again and again: nothing personal is answered without its record in the log,
//! and nothing that was acknowledged is lost. Some 2,000 requests in the ordinary run, 100,000 with `LINLI_LONG=1`
//! (`cargo xtask long crashes`).

mod afterwards;
mod worker;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::sync::watch;
use uuid::Uuid;

use super::world::{Demo, Server};

/// Who works: the sign-in names, each at several screens.
const WORKERS: [&str; 6] =
    ["population-office", "coordinator", "station", "population-office", "coordinator", "coordinator"];
/// The server is killed after so many requests more, at random.
const BETWEEN_KILLS: std::ops::Range<usize> = 150..650;

fn long() -> bool {
    std::env::var_os("LINLI_LONG").is_some()
}

/// What everybody knows and notes.
struct Storm {
    /// Where the server is now.
    address: watch::Receiver<String>,
    asked: AtomicUsize,
    total: usize,
    /// Records that are opened; not more than one may open within an hour.
    people: Mutex<Vec<Uuid>>,
    /// Homes of the coordinator's grid, and written addresses of others.
    homes: Vec<Uuid>,
    own_addresses: Vec<String>,
    addresses: Vec<String>,
    notes: Mutex<Notes>,
}

/// What the screens showed.
#[derive(Default)]
struct Notes {
    /// Answers with somebody's number in clear, by sign-in name and record.
    opened: BTreeMap<(&'static str, Uuid), i64>,
    /// Registrations that were acknowledged: number and record.
    registered: Vec<(String, Uuid)>,
    /// Numbers of registrations whose answer never came.
    uncertain: Vec<String>,
    /// Visits that were acknowledged, and those that were sent twice because no answer came.
    visits: Vec<Uuid>,
    sent_again: usize,
    /// Labels that were acknowledged: home and the version it then had.
    labels: Vec<(Uuid, i64)>,
    /// Clear values where none may be.
    leaks: Vec<String>,
    /// Answers that nobody should get.
    strange: Vec<String>,
    /// Answers by kind of question, and requests whose answer was cut off.
    answers: BTreeMap<&'static str, usize>,
    cut: usize,
}

impl Storm {
    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap()
    }
    /// Whether there is more to ask; counts the question.
    fn next(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) < self.total
    }
}

/// Kills the server whenever so many requests more were sent, and starts another at once; the last one.
async fn kill_again_and_again(demo: &Demo, storm: &Storm, mut server: Server, tell: &watch::Sender<String>) -> Server {
    let mut rng = StdRng::seed_from_u64(4);
    let mut at = rng.random_range(BETWEEN_KILLS);
    while at < storm.total {
        while storm.asked.load(Ordering::Relaxed) < at {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        server.kill();
        server = Server::start(demo.path());
        tell.send_replace(server.address.clone());
        at += rng.random_range(BETWEEN_KILLS);
    }
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_the_server_loses_no_acknowledged_write_and_answers_no_clear_value_without_its_record() {
    let begun = Instant::now();
    let demo = Demo::of(if long() { 6_000 } else { 600 }).await;
    let store = demo.store().await;
    let before = afterwards::Before::look(&store).await;
    let server = Server::start(demo.path());
    let (tell, address) = watch::channel(server.address.clone());
    let known = worker::known(&store).await;
    let storm = Arc::new(Storm {
        address,
        asked: AtomicUsize::new(0),
        total: if long() { 100_000 } else { 2_000 },
        people: Mutex::new(known.people),
        homes: known.homes,
        own_addresses: known.own_addresses,
        addresses: known.addresses,
        notes: Mutex::default(),
    });
    let mut screens = Vec::new();
    for (n, name) in (0u64..).zip(WORKERS) {
        let (_, cookie) = super::crashes::signed_in(&server, name).await;
        screens.push(tokio::spawn(worker::work(storm.clone(), name, cookie, n)));
    }
    let server = kill_again_and_again(&demo, &storm, server, &tell).await;
    for screen in screens {
        screen.await.unwrap();
    }
    say(&storm, begun);
    assert!(storm.notes().cut > 0, "the server was killed while it answered");
    afterwards::compare(&demo, &store, &storm, before, server).await;
}

/// Says what happened, for whoever runs it alone.
fn say(storm: &Storm, begun: Instant) {
    let notes = storm.notes();
    let opened: i64 = notes.opened.values().sum();
    eprintln!(
        "{} requests in {:.0} s, {} of them cut off; answered: {:?}; {opened} readings, {} registrations ({} uncertain), \
         {} visits ({} sent again), {} labels",
        storm.total,
        begun.elapsed().as_secs_f64(),
        notes.cut,
        notes.answers,
        notes.registered.len(),
        notes.uncertain.len(),
        notes.visits.len(),
        notes.sent_again,
        notes.labels.len(),
    );
}
