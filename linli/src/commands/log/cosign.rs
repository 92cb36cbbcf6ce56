//! `linli log cosign DIR`: having a published checkpoint witnessed (C2SP tlog-witness).

use std::{fs, path::PathBuf, time::Duration};

use linli_platform::texts::T;
use transparency_log::{
    AddCheckpoint, Checkpoint, LogFiles as _, SignedNote, StorageError, Tile, TileReader, VerifierKey,
    consistency_proof,
};

use super::{export::replace, files::Folder};
use crate::{
    failure::{Failure, Outcome},
    serve,
};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Which witness is asked.
#[derive(clap::Args, Debug)]
pub struct Cosign {
    /// The folder of the published log.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Where the witness listens: `http://host:port`, without `/add-checkpoint`.
    #[arg(long, value_name = "URL")]
    pub witness: String,
    /// The witness's public key, or a file with it.
    #[arg(long, value_name = "KEY", required = true)]
    pub witness_key: Vec<String>,
}

/// Asks the witness, and adds its cosignature to the checkpoint.
///
/// # Errors
/// `cli-cosign-refused` with the witness's answer; `cli-log-fault` for a folder that is no log; no answer.
pub async fn cosign(options: &Cosign, t: &T) -> Outcome {
    let fault = |fault: String| Failure::say("cli-log-fault").arg("fault", fault);
    let file = options.folder.join("checkpoint");
    let text = fs::read_to_string(&file).map_err(Failure::file(&file))?;
    let mut note = SignedNote::parse(&text).map_err(|e| fault(e.to_string()))?;
    let checkpoint = Checkpoint::parse_text(note.text()).map_err(|e| fault(e.to_string()))?;
    let keys = super::keys(&options.witness_key)?;
    let keys: Result<Vec<_>, _> = keys.iter().map(|key| VerifierKey::parse(key)).collect();
    let keys = keys.map_err(|e| Failure::say("cli-key-wrong").arg("reason", e))?;

    // A witness that has seen nothing of the log takes a request from nothing; another says what it has seen.
    let mut answer = ask(options, &AddCheckpoint { old_size: 0, proof: Vec::new(), note: note.clone() }).await?;
    if answer.status == 409 {
        let old_size = answer.body.trim_end().parse().map_err(|_| refused(&answer))?;
        if old_size > checkpoint.size {
            return Err(fault(format!("the witness has seen {old_size} leaves, there are {} now", checkpoint.size)));
        }
        let tiles = Tiles(Folder(&options.folder));
        let proof = consistency_proof(old_size, checkpoint.size, &tiles).map_err(|e| fault(e.to_string()))?;
        answer = ask(options, &AddCheckpoint { old_size, proof, note: note.clone() }).await?;
    }
    if answer.status != 200 {
        return Err(refused(&answer));
    }
    let taken = note.take_cosignatures(&answer.body, &keys).map_err(|e| fault(e.to_string()))?;
    if taken == 0 {
        return Err(Failure::say("cli-cosign-other-key"));
    }
    replace(&options.folder, "checkpoint", note.to_string().as_bytes())?;
    crate::say!("{}", t.all("cli-cosigned", &[("leaves", checkpoint.size.to_string())]));
    Ok(())
}

struct Answer {
    status: u16,
    body: String,
}

fn refused(answer: &Answer) -> Failure {
    Failure::say("cli-cosign-refused").arg("status", answer.status).arg("body", answer.body.trim_end())
}

async fn ask(options: &Cosign, request: &AddCheckpoint) -> Outcome<Answer> {
    let no_answer = |e: reqwest::Error| {
        Failure::say("cli-cosign-no-answer").arg("url", &options.witness).arg("reason", e.without_url())
    };
    serve::install_crypto();
    let client = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build().map_err(no_answer)?;
    let url = format!("{}/add-checkpoint", options.witness.trim_end_matches('/'));
    let response = client.post(url).body(request.to_string()).send().await.map_err(no_answer)?;
    let status = response.status().as_u16();
    Ok(Answer { status, body: response.text().await.map_err(no_answer)? })
}

/// The tiles of a published log.
struct Tiles<'a>(Folder<'a>);

impl TileReader for Tiles<'_> {
    fn read_tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StorageError> {
        self.0.read(&tile.path())
    }
}
