//! `linli survey`: the steps of a month's round, and the verification that needs no installation.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use linli_platform::{AppError, access::Action, clock::Month, reader::Reader, texts::T};
use linli_surveys::{SurveyId, VerifyError, codes::RateKind, results, rounds, seeds, verify_files};
use survey_sample::{Commitment, Opening};

use super::{engines::samples, reader_of, text, toml_file};
use crate::{
    failure::{Failure, Outcome},
    said::draw_text,
    start::Started,
};

/// A secret is a sentence; what is longer is not read.
const SECRET_MAX_BYTES: u64 = 4096;

/// A step.
#[derive(Debug, clap::Subcommand)]
pub enum Survey {
    /// Fix the frame of a month's round.
    Frame {
        /// The month, `2026-11`.
        month: Month,
        /// The account in whose name.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Commit to a secret; without one, a new secret is made and printed once.
    Commit {
        /// The month.
        month: Month,
        /// File with the secret, at least 20 characters or 64 hexadecimal digits; `-` reads it from standard input.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// The account in whose name.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Announce frame and commitments; afterwards the parties may open.
    Announce {
        /// The month.
        month: Month,
        /// The account in whose name.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Open one's secret; the last to open draws.
    Draw {
        /// The month.
        month: Month,
        /// File with the secret committed to; without it, it is read from standard input.
        #[arg(long, value_name = "FILE", default_value = "-")]
        secret_file: PathBuf,
        /// The account in whose name.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Both rates of a locked round with their intervals.
    Results {
        /// The month.
        month: Month,
        /// The account in whose name.
        #[arg(long = "as", value_name = "ACCOUNT")]
        account: String,
    },
    /// Draw from a frame and the parties' secrets, all in files; needs no installation.
    Sample(samples::Sample),
    /// Rates with their intervals from what was found at the homes of a draw; needs no installation.
    Estimate(samples::Estimates),
    /// Weights of those homes with jackknife replicates, for another statistics program; needs no installation.
    Weights(samples::Weights),
    /// People missed by survey and rosters alike; needs no installation.
    Missed(samples::Missed),
    /// How many people a survey needs to show a rate; needs no installation.
    Size(samples::Size),
    /// Draw again from a receipt and a frame, and compare everything; needs no installation.
    Verify {
        /// The receipt, JSON.
        receipt: PathBuf,
        /// The frame, CSV.
        frame: PathBuf,
    },
}

/// Does the steps that need no installation; hands back those that do.
///
/// # Errors
/// Those of the step.
pub fn from_files(step: Survey, t: &T) -> Result<Option<Survey>, Failure> {
    match step {
        Survey::Sample(asked) => samples::sample(&asked, t)?,
        Survey::Estimate(asked) => samples::estimate(&asked)?,
        Survey::Weights(asked) => samples::weights(&asked)?,
        Survey::Missed(asked) => samples::missed(&asked)?,
        Survey::Size(asked) => samples::size(&asked, t)?,
        Survey::Verify { receipt, frame } => verify(&receipt, &frame, t)?,
        other => return Ok(Some(other)),
    }
    Ok(None)
}

/// Verifies a draw; needs no installation.
///
/// # Errors
/// The first thing that does not hold.
fn verify(receipt: &Path, frame: &Path, t: &T) -> Outcome {
    let (receipt_text, frame_text) = (text::small(receipt)?, text::small(frame)?);
    let v = verify_files(&receipt_text, &frame_text).map_err(|e| match e {
        VerifyError::Frame(e) => samples::frame_failure(frame, &e),
        VerifyError::Receipt(e) => toml_file::json(receipt, &e),
        other => Failure::say("cli-survey-differs").arg("reason", draw_text(t, &other)),
    })?;
    let args = [("draws", v.draws.to_string()), ("homes", v.households.to_string()), ("digest", v.frame_digest)];
    crate::say!("{}", t.all("cli-survey-holds", &args));
    Ok(())
}

/// Does one step of a round.
///
/// # Errors
/// `forbidden`; those of the step.
pub async fn run(started: &Started, step: Survey, t: &T) -> Outcome {
    match step {
        Survey::Frame { month, account } => frame(started, month, &account, t).await,
        Survey::Commit { month, secret_file, account } => commit(started, month, secret_file, &account, t).await,
        Survey::Announce { month, account } => {
            let reader = allowed(started, &account, Action::SurveyRun).await?;
            let survey = of_month(started, month).await?;
            let tx = started.app.store.begin(&reader).await?;
            rounds::announce(&tx, &started.app.pack, survey).await?;
            tx.commit().await?;
            crate::say!("{}", t.s("cli-survey-announced"));
            Ok(())
        }
        Survey::Draw { month, secret_file, account } => draw(started, month, &secret_file, &account, t).await,
        Survey::Results { month, account } => show(started, month, &account, t).await,
        files => from_files(files, t).map(|_| ()),
    }
}

async fn allowed(started: &Started, account: &str, action: Action) -> Outcome<Reader> {
    let reader = reader_of(&started.app, account).await?;
    if reader.may(action) { Ok(reader) } else { Err(AppError::forbidden().into()) }
}

/// The month's round of the whole sub-district.
async fn of_month(started: &Started, month: Month) -> Outcome<SurveyId> {
    let all = rounds::list(&started.app.store.reads()).await?;
    let withdrawn = linli_surveys::codes::State::Withdrawn;
    let found = all.iter().find(|r| r.month == month && r.committee_code.is_none() && r.state() != withdrawn);
    found.map(|r| r.survey_id).ok_or_else(|| Failure::say("cli-survey-none").arg("month", month))
}

async fn frame(started: &Started, month: Month, account: &str, t: &T) -> Outcome {
    let reader = allowed(started, account, Action::SurveyRun).await?;
    let (app, pack) = (&started.app, &started.app.pack);
    let tx = app.store.begin(&reader).await?;
    let survey = rounds::frame(&tx, pack, month, None, rounds::usual_households(pack)).await?;
    tx.commit().await?;
    let round = rounds::find(&app.store.reads(), survey).await?;
    let args = [("homes", round.frame_homes.to_string()), ("digest", round.frame_digest)];
    crate::say!("{}", t.all("cli-survey-framed", &args));
    Ok(())
}

/// A secret is never an argument: other accounts of the machine see those, and the shell keeps them.
pub(super) fn secret_in(file: &Path) -> Outcome<Opening> {
    let written = if file == Path::new("-") {
        io::read_to_string(io::stdin().take(SECRET_MAX_BYTES)).map_err(Failure::file(file))?
    } else {
        fs::read_to_string(file).map_err(Failure::file(file))?
    };
    Ok(seeds::read_secret(&written)?)
}

async fn commit(started: &Started, month: Month, secret: Option<PathBuf>, account: &str, t: &T) -> Outcome {
    let reader = allowed(started, account, Action::SurveyRead).await?;
    let survey = of_month(started, month).await?;
    let store = &started.app.store;
    let opening = match &secret {
        Some(file) => secret_in(file)?,
        None => seeds::new_secret(store.rng()),
    };
    let tx = store.begin(&reader).await?;
    seeds::commit(&tx, survey, Commitment::of(&opening)).await?;
    tx.commit().await?;
    if secret.is_none() {
        crate::say!("{}", t.a("cli-survey-secret", "secret", seeds::secret_text(&opening)));
    }
    crate::say!("{}", t.s("cli-survey-committed"));
    Ok(())
}

async fn draw(started: &Started, month: Month, secret: &Path, account: &str, t: &T) -> Outcome {
    let reader = allowed(started, account, Action::SurveyRead).await?;
    let survey = of_month(started, month).await?;
    let opening = secret_in(secret)?;
    let tx = started.app.store.begin(&reader).await?;
    let drawn = seeds::open(&tx, survey, &opening).await?;
    tx.commit().await?;
    crate::say!("{}", t.s(if drawn { "cli-survey-drawn" } else { "cli-survey-opened" }));
    Ok(())
}

async fn show(started: &Started, month: Month, account: &str, t: &T) -> Outcome {
    allowed(started, account, Action::SurveyRead).await?;
    let known = linli_territory::committees(&started.app.store.reads()).await?;
    let rows = results::for_month(&started.app.store.reads(), month).await?;
    if rows.is_empty() {
        return Err(Failure::say("cli-survey-none").arg("month", month));
    }
    crate::say!("{}", t.s("cli-survey-columns"));
    for row in rows {
        let rate = |kind| match row.result.rate(kind) {
            Some(r) => format!("{:.2} % ({:.2}–{:.2})", r.value * 100.0, r.low * 100.0, r.high * 100.0),
            None => "-".into(),
        };
        let name = known.name(&row.committee_code).unwrap_or(&row.committee_code);
        crate::say!("{name}\t{}\t{}", rate(RateKind::Registration), rate(RateKind::Accuracy));
    }
    Ok(())
}
