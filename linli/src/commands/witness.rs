//! `linli witness`: a witness of transparency logs as a process of its own (C2SP tlog-witness). It cosigns only what
//! continues all it cosigned before, and keeps that on disk before it answers.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use linli_platform::{
    clock::{Clock, Rng},
    texts::T,
};
use transparency_log::{Cosigner, VerifierKey, WitnessState, judge};

use crate::failure::{Failure, Outcome};

/// A proof of 63 hashes and a checkpoint with many signatures.
const MOST_BYTES: usize = 256 << 10;
const KEY_FILE: &str = "witness.key";
const STATE_FILE: &str = "witness.state";
const LOCK_FILE: &str = "witness.lock";

/// Which logs are witnessed, as whom.
#[derive(clap::Args, Debug)]
pub struct Witness {
    /// The witness's own folder: its key, and what it has cosigned. Made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub state: PathBuf,
    /// The witness's name, as `witness.example/w1`.
    #[arg(long)]
    pub name: String,
    /// The public key of a log, or a file of such; may be given several times.
    #[arg(long, value_name = "KEY")]
    pub log: Vec<String>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8471")]
    pub listen: SocketAddr,
}

/// The witness at work.
struct Office {
    folder: PathBuf,
    cosigner: Cosigner,
    logs: Vec<VerifierKey>,
    clock: Clock,
    /// One request at a time: what is judged and what is stored must not come apart.
    state: Mutex<WitnessState>,
    /// Held as long as the process lives, so that no second one answers from the same state.
    _lock: File,
}

/// Serves until the process is told to end.
///
/// # Errors
/// `cli-witness-state` for a state that is damaged, gone or in use; a key that is none; an address that is taken.
pub async fn serve(options: &Witness, t: &T) -> Outcome {
    let office = Arc::new(open(options)?);
    let listener = tokio::net::TcpListener::bind(options.listen).await;
    let cannot = |e: std::io::Error| Failure::say("cli-cannot-listen").arg("address", options.listen).arg("reason", e);
    let listener = listener.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let args = [("address", format!("http://{address}")), ("key", office.cosigner.verifier().to_string())];
    crate::say!("{}", t.all("cli-witness-ready", &args));
    let router = Router::new()
        .route("/add-checkpoint", routing::post(add_checkpoint))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(office);
    axum::serve(listener, router).with_graceful_shutdown(crate::serve::asked_to_end()).await.map_err(cannot)
}

fn open(options: &Witness) -> Outcome<Office> {
    let folder = &options.state;
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let lock = lock(folder)?;
    let (key_file, state_file) = (folder.join(KEY_FILE), folder.join(STATE_FILE));
    let broken =
        |reason: String| Failure::say("cli-witness-state").arg("file", state_file.display()).arg("reason", reason);
    if !state_file.exists() {
        // Without its state a witness would cosign any history: a key without one is never used again.
        if key_file.exists() {
            return Err(Failure::say("cli-witness-gone").arg("file", state_file.display()));
        }
        store(folder, &WitnessState::default()).map_err(Failure::file(&state_file))?;
    }
    let text = fs::read_to_string(&state_file).map_err(Failure::file(&state_file))?;
    let state = WitnessState::parse(&text).map_err(|e| broken(e.to_string()))?;
    let wrong = |e: transparency_log::KeyError| Failure::say("cli-key-wrong").arg("reason", e);
    let cosigner = Cosigner::from_seed(&options.name, &seed(&key_file)?).map_err(wrong)?;
    let keys = super::log::keys(&options.log)?;
    let logs = keys.iter().map(|key| VerifierKey::parse(key)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    if logs.is_empty() {
        return Err(Failure::say("cli-witness-no-log"));
    }
    Ok(Office { folder: folder.clone(), cosigner, logs, clock: Clock::system(), state: Mutex::new(state), _lock: lock })
}

fn lock(folder: &Path) -> Outcome<File> {
    let path = folder.join(LOCK_FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(Failure::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::say("cli-witness-in-use").arg("dir", folder.display())),
        Err(TryLockError::Error(e)) => Err(Failure::File(path, e)),
    }
}

/// The witness's secret: made once, readable for its owner alone.
fn seed(path: &Path) -> Outcome<[u8; 32]> {
    if !path.exists() {
        let written = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path).and_then(|mut file| {
            file.write_all(&Rng::system().bytes::<32>())?;
            file.sync_all()
        });
        written.map_err(Failure::file(path))?;
    }
    let bytes = fs::read(path).map_err(Failure::file(path))?;
    bytes
        .try_into()
        .map_err(|_| Failure::say("cli-key-wrong").arg("reason", format!("{}: not 32 bytes", path.display())))
}

/// Stores the state so that it survives a power cut: a new file, synced, in the place of the old one.
fn store(folder: &Path, state: &WitnessState) -> std::io::Result<()> {
    let new = folder.join("witness.state.new");
    let mut file = File::create(&new)?;
    file.write_all(state.to_string().as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, folder.join(STATE_FILE))?;
    File::open(folder)?.sync_all()
}

impl Office {
    /// Judges a request, stores what follows, and only then answers.
    fn answer(&self, body: &str) -> Response {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let accepted = match judge(body, &self.logs, &state) {
            Ok(accepted) => accepted,
            Err(refusal) => {
                let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
                let (media_type, text) = refusal.body();
                return (status, [(header::CONTENT_TYPE, media_type)], text).into_response();
            }
        };
        let next = state.with(&accepted.checkpoint);
        if next != *state {
            if let Err(e) = store(&self.folder, &next) {
                eprintln!("{}: {e}", self.folder.display());
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            *state = next;
        }
        let time_s = u64::try_from(self.clock.now().0 / 1_000_000).unwrap_or(0);
        let media_type = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (media_type, accepted.answer(&self.cosigner, time_s)).into_response()
    }
}

async fn add_checkpoint(State(office): State<Arc<Office>>, body: String) -> Response {
    let answered = tokio::task::spawn_blocking(move || office.answer(&body)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
