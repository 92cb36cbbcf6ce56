//! `linli keys`: what is held, what wraps what, and exchanging keys while the server runs.

use std::{fs, path::PathBuf};

use linli_platform::{
    clock::Rng,
    config::Config,
    key_rotation::{self, NewRoot},
    keys::GivenRoot,
    texts::T,
};

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
    /// That of the blind indexes: every index is computed anew.
    Blind,
    /// That which signs the log's checkpoints.
    Log,
}

/// Exchanging keys.
#[derive(Debug, clap::Args)]
pub struct Rotate {
    /// Which keys.
    #[arg(value_enum)]
    pub level: Level,
    /// With `root`: file with the new root key, 64 hexadecimal digits (with `sm:` before them for SM4), which the
    /// environment gives from now on.
    #[arg(long, value_name = "FILE")]
    pub new_root: Option<PathBuf>,
    /// With `root`: where the new root key is; without it, where the present one is.
    #[arg(long, value_enum, value_name = "PLACE", conflicts_with = "new_root")]
    pub to: Option<Place>,
}

/// Where a root key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Place {
    /// In the folder of the keys.
    File,
    /// In the token that the settings name.
    Token,
}

/// Exchanges the root key; the database is not asked.
///
/// # Errors
/// Keys that do not open; a file that is no root key; those of the token.
pub fn rotate_root(config: &Config, asked: &Rotate, t: &T) -> Outcome {
    let settings = config.key_settings();
    let new = match (&asked.new_root, asked.to) {
        (Some(file), _) => NewRoot::Given(GivenRoot::parse(&fs::read_to_string(file).map_err(Failure::file(file))?)?),
        (None, Some(Place::Token)) => NewRoot::Token,
        (None, Some(Place::File)) => NewRoot::File,
        (None, None) if settings.in_token() => NewRoot::Token,
        (None, None) => NewRoot::File,
    };
    let was_in_token = settings.in_token();
    let files = key_rotation::rotate_root(&settings, &new, &Rng::system())?;
    crate::say!("{}", t.n("cli-keys-root", files));
    match new {
        NewRoot::Given(_) => crate::say!("{}", t.s("cli-keys-root-given")),
        NewRoot::File if config.root_key.is_some() => crate::say!("{}", t.s("cli-keys-root-file")),
        NewRoot::File => {}
        NewRoot::Token => crate::say!("{}", t.a("cli-keys-root-token", "place", settings.root_place())),
    }
    if was_in_token {
        crate::say!("{}", t.s("cli-keys-root-former"));
    }
    Ok(())
}

/// Exchanges the keys of a level that the database knows of.
///
/// # Errors
/// Those of the store; a value that does not open.
pub async fn rotate(started: &Started, level: Level, t: &T) -> Outcome {
    let app = &started.app;
    match level {
        Level::Subjects => crate::say!("{}", t.n("cli-keys-subjects", key_rotation::rotate_subjects(app).await?)),
        Level::Blind => {
            crate::say!("{}", t.s("cli-keys-blind-waits"));
            crate::say!("{}", t.n("cli-keys-blind", key_rotation::rotate_blind(app).await?));
        }
        Level::Log => crate::say!("{}", t.a("cli-keys-log", "key", key_rotation::rotate_log(&app.store).await?)),
        Level::Root | Level::Division => {
            let (epoch, rows) = key_rotation::rotate_division(&app.store).await?;
            crate::say!("{}", t.all("cli-keys-division", &[("epoch", epoch), ("rows", rows.to_string())]));
        }
    }
    Ok(())
}

/// Destroys what an exchange has left: an epoch that wraps nothing any more, or the former keys of `blind` or `log`.
///
/// # Errors
/// `epoch-unknown`, `epoch-in-use`; those of [`key_rotation::end_blind`] and [`key_rotation::end_log`].
pub async fn destroy(started: &Started, name: &str, t: &T) -> Outcome {
    let app = &started.app;
    match name {
        "blind" => {
            key_rotation::end_blind(app).await?;
            crate::say!("{}", t.s("cli-keys-blind-ended"));
        }
        "log" => {
            for key in key_rotation::end_log(&app.store).await? {
                crate::say!("{}", t.a("cli-keys-log-ended", "key", key));
            }
        }
        epoch => {
            key_rotation::destroy_epoch(&app.store, epoch).await?;
            crate::say!("{}", t.a("cli-keys-destroyed", "epoch", epoch));
        }
    }
    Ok(())
}

/// Says which keys are held, of which profile, and how many subject keys each epoch wraps.
///
/// # Errors
/// Those of the store.
pub async fn list(started: &Started, t: &T) -> Outcome {
    let store = &started.app.store;
    crate::say!("{}", t.a("cli-keys-root-place", "place", started.config.key_settings().root_place()));
    for key in store.keys().held() {
        let wraps = match key.level {
            "division" => key_rotation::wrapped_in(&store.reads(), &key.name).await?.to_string(),
            _ => String::new(),
        };
        let current = if key.current { "*" } else { "" };
        crate::say!("  {current:<1} {:<9} {:<16} {:<4} {wraps:>9}", key.level, key.name, key.profile.code());
    }
    Ok(())
}
