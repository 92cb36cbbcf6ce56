//! `linli log export DIR`: publishing an installation's log as files (C2SP tlog-tiles).

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use linli_platform::{
    log,
    log_files::{self, Published},
    texts::T,
};
use transparency_log::{Checkpoint, Expected, LogFiles, SignedNote, StorageError, audit_files};

use super::files::Folder;
use crate::{
    failure::{Failure, Outcome},
    said::finding_text,
    start::Started,
};

/// Where the log goes.
#[derive(clap::Args, Debug)]
pub struct Export {
    /// The folder; one that holds an earlier publication of the log is brought up to date.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Sign the checkpoint with SM2 too.
    #[arg(long)]
    pub sm2: bool,
}

/// Publishes the log as of its newest checkpoint, after what waits has been taken in. Files that are there already are never changed, except
/// `checkpoint`, which is replaced last, after the whole has been audited against the one that lies there.
///
/// # Errors
/// `cli-log-none` for a log without leaves; `cli-log-differs` where the folder holds something else than an earlier
/// state of this log; files that cannot be written.
pub async fn export(started: &Started, options: &Export, t: &T) -> Outcome {
    let store = &started.app.store;
    // A server that runs holds the lease and takes leaves in by itself: then there is nothing to do here.
    let holder = store.rng().uuid(store.now()).to_string();
    while log::sequence(store, &holder).await? > 0 {}
    let reads = store.reads();
    let published = log_files::published(&reads, options.sm2).await?;
    let Some(published) = published else { return Err(Failure::say("cli-log-none")) };
    let folder = &options.folder;
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let keys: String = published.keys.iter().map(|key| format!("{key}\n")).collect();
    put_keys(folder, &published, &keys)?;
    let mut after = None;
    loop {
        let page = log_files::tiles(&reads, published.size, after).await?;
        for tile in &page.tiles {
            put(folder, &tile.tile().path(), &tile.bytes)?;
        }
        if page.next.is_none() {
            break;
        }
        after = page.next;
    }
    let (note, audited) = checked(folder, &published, t)?;
    replace(folder, "checkpoint", note.to_string().as_bytes())?;
    let args = [("leaves", published.size.to_string()), ("files", audited.to_string())];
    let args = [args.as_slice(), &[("dir", folder.display().to_string())]].concat();
    crate::say!("{}\n{}", t.all("cli-log-exported", &args), keys.trim_end());
    Ok(())
}

/// Writes which keys have signed. Where others lie there, they must be keys of this log: it exchanged its key.
fn put_keys(folder: &Path, published: &Published, keys: &str) -> Outcome {
    let there = fs::read_to_string(folder.join("log.vkey")).unwrap_or_default();
    let known: Vec<String> = published.keys.iter().chain(&published.former).map(ToString::to_string).collect();
    let own = !there.is_empty() && there.lines().all(|line| known.iter().any(|key| key == line));
    if own { replace(folder, "log.vkey", keys.as_bytes()) } else { put(folder, "log.vkey", keys.as_bytes()) }
}

/// Writes a file that is not there; one that is must be the same.
fn put(folder: &Path, path: &str, bytes: &[u8]) -> Outcome {
    let file = folder.join(path);
    if let Ok(there) = fs::read(&file) {
        let differs = || Failure::say("cli-log-differs").arg("file", file.display()).arg("reason", "");
        return if there == bytes { Ok(()) } else { Err(differs()) };
    }
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(Failure::file(parent))?;
    replace(folder, path, bytes)
}

/// Writes a file so that it is either there as a whole or as it was.
pub(super) fn replace(folder: &Path, path: &str, bytes: &[u8]) -> Outcome {
    let file = folder.join(path);
    let new = file.with_extension("new");
    let written = File::create(&new).and_then(|mut out| {
        out.write_all(bytes)?;
        out.sync_all()
    });
    written.and_then(|()| fs::rename(&new, &file)).map_err(Failure::file(&file))
}

/// The files with another checkpoint than the one that lies there.
struct Next<'a> {
    files: Folder<'a>,
    checkpoint: String,
}

impl LogFiles for Next<'_> {
    fn paths(&self) -> Result<Vec<String>, StorageError> {
        self.files.paths()
    }
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StorageError> {
        if path == "checkpoint" { Ok(Some(self.checkpoint.clone().into_bytes())) } else { self.files.read(path) }
    }
}

/// Audits what was written, and against the checkpoint that lies there. The same checkpoint keeps the cosignatures
/// that it has got since.
fn checked(folder: &Path, published: &Published, t: &T) -> Outcome<(SignedNote, u64)> {
    let there = fs::read_to_string(folder.join("checkpoint")).ok();
    let mut expected = Expected::default();
    expected.keys.extend(published.keys.iter().map(ToString::to_string));
    expected.former.extend(published.former.iter().map(ToString::to_string));
    expected.kept.extend(there.clone());
    let next = Next { files: Folder(folder), checkpoint: published.note.to_string() };
    let audited = audit_files(&next, &expected).map_err(|finding| {
        Failure::say("cli-log-differs").arg("file", folder.display()).arg("reason", finding_text(t, &finding))
    })?;
    let there = there.and_then(|text| SignedNote::parse(&text).ok());
    let same = there.filter(|note| note.text() == published.note.text());
    let note = same.filter(|note| published.keys.iter().all(|key| Checkpoint::of_note(note, key).is_ok()));
    Ok((note.unwrap_or_else(|| published.note.clone()), audited.files))
}
