//! Asking at a pace: when each question is due, and how long its answer takes from then on.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use linli_platform::AppError;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::{Client, StatusCode, header, redirect::Policy};

use super::{
    sample::{Question, Samples},
    server::Server,
};
use crate::failure::Outcome;

/// How questions arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Arrivals {
    /// Independently of each other, as people do.
    Poisson,
    /// Evenly.
    Even,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Searching by the number of a document.
    Number,
    /// Searching by the beginning of a name.
    Name,
    /// Searching by an address.
    Address,
    /// The page of a household.
    Household,
    /// Registering somebody, with the event and its entry for the log.
    Registration,
}

impl Kind {
    /// All, in the order in which they are told.
    pub const ALL: [Kind; 5] = [Kind::Number, Kind::Name, Kind::Address, Kind::Household, Kind::Registration];
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Number => "search by number",
            Kind::Name => "search by name prefix",
            Kind::Address => "search by address",
            Kind::Household => "household page",
            Kind::Registration => "registration",
        }
    }
    /// Of a hundred questions, so many are of this kind.
    pub fn share(self) -> u32 {
        match self {
            Kind::Number => 30,
            Kind::Name => 20,
            Kind::Address => 15,
            Kind::Household => 25,
            Kind::Registration => 10,
        }
    }
    /// What 95 of a hundred are to keep, in milliseconds.
    pub fn target_ms(self) -> Option<u32> {
        match self {
            Kind::Number => Some(10),
            Kind::Name | Kind::Address => Some(25),
            Kind::Household => None,
            Kind::Registration => Some(35),
        }
    }
    fn drawn(rng: &mut StdRng) -> Kind {
        let mut left = rng.random_range(0..100);
        for kind in Kind::ALL {
            if left < kind.share() {
                return kind;
            }
            left -= kind.share();
        }
        Kind::Number
    }
}

/// One answer: what was asked, and how long after it was due it had come whole.
pub struct Answer {
    /// What was asked.
    pub kind: Kind,
    /// How long.
    pub took: Duration,
}

/// What a run at one pace gave, in order of the waits.
pub struct Run {
    /// The answers, the quickest first.
    pub answers: Vec<Answer>,
}

impl Run {
    /// The waits of one kind, or of all, the shortest first.
    pub fn of(&self, kind: Option<Kind>) -> impl Iterator<Item = Duration> {
        self.answers.iter().filter(move |a| kind.is_none_or(|k| k == a.kind)).map(|a| a.took)
    }
    /// The wait that this share of the answers kept.
    pub fn at(&self, kind: Option<Kind>, share: f64) -> Duration {
        let count = self.of(kind).count();
        let place = (count.saturating_sub(1) as f64 * share).ceil() as usize;
        self.of(kind).nth(place).unwrap_or_default()
    }
}

/// When each question is due, from the beginning, and what it is.
fn plan(samples: &Samples, arrivals: Arrivals, rate: f64, lasting: Duration, seed: u64) -> Vec<(Duration, Question)> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut plan = Vec::new();
    let mut due_s = 0.0;
    loop {
        due_s += match arrivals {
            Arrivals::Even => 1.0 / rate,
            Arrivals::Poisson => -(1.0 - rng.random::<f64>()).ln() / rate,
        };
        if due_s >= lasting.as_secs_f64() {
            return plan;
        }
        let kind = Kind::drawn(&mut rng);
        plan.push((Duration::from_secs_f64(due_s), samples.question(kind, &mut rng)));
    }
}

/// Asks at this pace for so long, and waits for the last answer.
///
/// # Errors
/// An answer with another status than a good one.
pub async fn run(
    server: &Server,
    samples: &Samples,
    arrivals: Arrivals,
    rate: f64,
    lasting: Duration,
    seed: u64,
) -> Outcome<Run> {
    let plan = plan(samples, arrivals, rate, lasting, seed);
    let client = Client::builder().redirect(Policy::none()).build().map_err(AppError::internal)?;
    let (client, base): (_, Arc<str>) = (Arc::new(client), server.address.as_str().into());
    let handle = tokio::runtime::Handle::current();
    // A thread of its own keeps the time more closely than the runtime's clock of milliseconds.
    let asking = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let mut asked = Vec::with_capacity(plan.len());
        for (due, question) in plan {
            let due = begun + due;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let (client, base) = (client.clone(), base.clone());
            asked.push(handle.spawn(async move { answer(&client, &base, question, due).await }));
        }
        asked
    });
    let mut answers = Vec::new();
    for answered in asking.await.map_err(AppError::internal)? {
        answers.push(answered.await.map_err(AppError::internal)??);
    }
    answers.sort_by_key(|a| a.took);
    Ok(Run { answers })
}

async fn answer(client: &Client, base: &str, question: Question, due: Instant) -> Outcome<Answer> {
    let url = format!("{base}{}", question.path);
    let request = match question.form {
        None => client.get(url),
        Some(form) => client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form),
    };
    // Browsers ask for it compressed; taking it apart is theirs.
    let request = request.header(header::COOKIE, &*question.cookie).header(header::ACCEPT_ENCODING, "gzip");
    let answer = request.send().await.map_err(AppError::internal)?;
    let status = answer.status();
    answer.bytes().await.map_err(AppError::internal)?;
    let took = due.elapsed();
    let good = if question.kind == Kind::Registration { StatusCode::SEE_OTHER } else { StatusCode::OK };
    if status != good {
        return Err(AppError::internal(format!("{} was answered with {status}", question.kind.label())).into());
    }
    Ok(Answer { kind: question.kind, took })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_the_mix_are_a_hundred() {
        assert_eq!(Kind::ALL.map(Kind::share).iter().sum::<u32>(), 100);
    }

    #[test]
    fn the_wait_that_a_share_kept_is_the_next_longer_one() {
        let answers = (1..=100).map(|n| Answer { kind: Kind::Number, took: Duration::from_millis(n) }).collect();
        let run = Run { answers };
        assert_eq!(run.at(None, 0.5), Duration::from_millis(51));
        assert_eq!(run.at(None, 0.95), Duration::from_millis(96));
        assert_eq!(run.at(Some(Kind::Number), 1.0), Duration::from_millis(100));
        assert_eq!(run.at(Some(Kind::Name), 0.5), Duration::ZERO);
    }
}
