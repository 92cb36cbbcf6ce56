//! `linli keys`: what wraps what, and exchanging keys while the server runs.

use std::{fs, path::PathBuf};

use linli_platform::{clock::Rng, config::Config, key_rotation, keys::GivenRoot, texts::T};

use crate::{
    failure::{Failure, Outcome},
    start::Started,
};

/// Which keys are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Level {
    /// The key that wraps all others.
    Root,
    /// The division's: a new epoch, in which every subject key is wrapped.
    Division,
    /// The subjects' own: every value is sealed again.
    Subjects,
}

/// Exchanging keys.
#[derive(Debug, clap::Args)]
pub struct Rotate {
    /// Which keys.
    #[arg(value_enum)]
    pub level: Level,
    /// With `root`: file with the new root key, 64 hexadecimal digits, which the environment gives from now on; without
    /// it, a random one in the folder of the keys.
    #[arg(long, value_name = "FILE")]
    pub new_root: Option<PathBuf>,
}

/// Exchanges the root key; the database is not asked.
///
/// # Errors
/// Keys that do not open; a file that is no root key.
pub fn rotate_root(config: &Config, new: Option<&PathBuf>, t: &T) -> Outcome {
    let new = match new {
        Some(file) => Some(GivenRoot::parse(&fs::read_to_string(file).map_err(Failure::file(file))?)?),
        None => None,
    };
    let files = key_rotation::rotate_root(&config.keys(), config.root_key.as_ref(), new.as_ref(), &Rng::system())?;
    crate::say!("{}", t.n("cli-keys-root", files));
    if new.is_some() {
        crate::say!("{}", t.s("cli-keys-root-given"));
    }
    Ok(())
}

/// Exchanges the division's or the subjects' keys.
///
/// # Errors
/// Those of the store; a value that does not open.
pub async fn rotate(started: &Started, level: Level, t: &T) -> Outcome {
    if level == Level::Subjects {
        let count = key_rotation::rotate_subjects(&started.app).await?;
        crate::say!("{}", t.n("cli-keys-subjects", count));
        return Ok(());
    }
    let (epoch, rows) = key_rotation::rotate_division(&started.app.store).await?;
    crate::say!("{}", t.all("cli-keys-division", &[("epoch", epoch), ("rows", rows.to_string())]));
    Ok(())
}

/// Destroys an epoch that wraps nothing any more.
///
/// # Errors
/// `epoch-unknown`, `epoch-in-use`.
pub async fn destroy(started: &Started, epoch: &str, t: &T) -> Outcome {
    key_rotation::destroy_epoch(&started.app.store, epoch).await?;
    crate::say!("{}", t.a("cli-keys-destroyed", "epoch", epoch));
    Ok(())
}
