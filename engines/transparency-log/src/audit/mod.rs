//! The auditor of a published log: files as C2SP tlog-tiles lays them out. It shares nothing with the writer, not
//! even hashing or the reading of notes, and builds the tree row by row from below, where the writer splits it from
//! above: what one of them has wrong, the other finds.

mod note;
mod place;
mod terms;
mod tree;

use note::{Head, Key, Note};
use place::Place;
pub use terms::{Audited, Entries, Expected};
use tree::{Digest32, Rows};

/// Whatever the storage behind [`LogFiles`] reports.
type FileError = Box<dyn std::error::Error + Send + Sync>;

/// The files of a published log.
pub trait LogFiles {
    /// Every file, as its path below the log's folder with `/` between the parts.
    ///
    /// # Errors
    /// Whatever the storage reports.
    fn paths(&self) -> Result<Vec<String>, FileError>;

    /// The bytes of a file, or `None` if there is none of that path.
    ///
    /// # Errors
    /// Whatever the storage reports.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FileError>;
}

/// What is wrong with a published log (审计发现).
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// No file `checkpoint`.
    #[error("there is no checkpoint")]
    NoCheckpoint,
    /// A checkpoint that cannot be read.
    #[error("{which}: {reason}")]
    Checkpoint {
        /// `checkpoint`, or the number of the one kept.
        which: String,
        /// Why.
        reason: &'static str,
    },
    /// A key that cannot be read.
    #[error("{which}: {reason}")]
    Key {
        /// The key as given, or `log.vkey`.
        which: String,
        /// Why.
        reason: &'static str,
    },
    /// No key was given, and the folder has none.
    #[error("no key was given, and there is no file log.vkey")]
    NoKey,
    /// The folder names other keys than those given.
    #[error("log.vkey does not name the key {0}")]
    OtherKey(String),
    /// A key has not signed, or its signature is not genuine.
    #[error("{which} is not signed by {name}")]
    NotSigned {
        /// `checkpoint`, or the number of the one kept.
        which: String,
        /// The key's name.
        name: String,
    },
    /// Two logs.
    #[error("{which} is of the log {found:?}, not of {expected:?}")]
    OtherLog {
        /// `checkpoint`, or the number of the one kept.
        which: String,
        /// The origin in it.
        found: String,
        /// The key's name.
        expected: String,
    },
    /// A file that the tree has is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A file has been cut or extended.
    #[error("{path} is {found_bytes} bytes long instead of {expected_bytes}")]
    Length {
        /// The file.
        path: String,
        /// Its length.
        found_bytes: usize,
        /// What it should be.
        expected_bytes: usize,
    },
    /// A stored hash differs from the one computed from below.
    #[error("hash {position} of {path} differs from what lies below it")]
    Hash {
        /// The file.
        path: String,
        /// From 0.
        position: usize,
    },
    /// An entry is not the one whose hash the leaf is.
    #[error("entry {position} of {path} is not the one that was logged")]
    Entry {
        /// The file.
        path: String,
        /// From 0.
        position: usize,
    },
    /// The tree does not have the signed root.
    #[error("the {size} leaves do not have the signed root")]
    Root {
        /// Leaves by the checkpoint.
        size: u64,
    },
    /// The log is shorter than a checkpoint that was kept.
    #[error("the log had {kept} leaves and has {now} now: it was rolled back")]
    RolledBack {
        /// Leaves by the checkpoint kept.
        kept: u64,
        /// Leaves now.
        now: u64,
    },
    /// The log does not continue a checkpoint that was kept.
    #[error("the first {kept} leaves are not those of the checkpoint kept: the log was forked")]
    Forked {
        /// Leaves by the checkpoint kept.
        kept: u64,
    },
    /// A file that the log of this checkpoint does not have.
    #[error("{0} does not belong to the log of this checkpoint")]
    Stray(String),
    /// A file could not be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file, or nothing for the folder.
        path: String,
        /// What the storage reported.
        source: FileError,
    },
}

/// Audits the files of a published log: signatures, every stored hash of every level, every entry, the root, the
/// growth from every checkpoint kept, and that nothing else lies there. Needs memory for a few tiles and the list of
/// paths.
///
/// # Errors
/// [`Finding`]: the first thing that is wrong, and where.
pub fn audit_files(files: &dyn LogFiles, expected: &Expected) -> Result<Audited, Finding> {
    let (keys, own_key) = keys(files, expected)?;
    let bytes = read(files, "checkpoint")?.ok_or(Finding::NoCheckpoint)?;
    let note = parse_note("checkpoint", bytes)?;
    let head = head_of("checkpoint", &note, &keys)?;
    let mut witnesses = Vec::new();
    for text in &expected.witnesses {
        let witness = parse_key(text, text)?;
        check_signed("checkpoint", &note, &witness)?;
        witnesses.push(witness);
    }
    let unknown = |line: &&note::Line| !keys.iter().chain(&witnesses).any(|key| key.is_named_by(line));
    let unknown_signatures = note.lines.iter().filter(unknown).count();
    let kept = kept_heads(expected, &keys, &head)?;
    let paths = files.paths().map_err(|source| Finding::Unreadable { path: String::new(), source })?;
    let entries = expected.entries == Entries::All || paths.iter().any(|path| path.starts_with("tile/entries/"));
    let mut audit = Audit { files, size: head.size, entries, rows: Rows::new() };
    audit.walk(&head, kept)?;
    audit.nothing_else(&paths)?;
    let files = paths.len() as u64;
    Ok(Audited { origin: head.origin, size: head.size, entries, files, own_key, unknown_signatures })
}

fn read(files: &dyn LogFiles, path: &str) -> Result<Option<Vec<u8>>, Finding> {
    files.read(path).map_err(|source| Finding::Unreadable { path: path.to_owned(), source })
}

fn parse_key(which: &str, text: &str) -> Result<Key, Finding> {
    Key::parse(text).map_err(|reason| Finding::Key { which: which.to_owned(), reason })
}

/// The log's keys: those given, and those that its folder names.
fn keys(files: &dyn LogFiles, expected: &Expected) -> Result<(Vec<Key>, bool), Finding> {
    let mut texts = expected.keys.clone();
    if let Some(bytes) = read(files, "log.vkey")? {
        let wrong = |reason| Finding::Key { which: "log.vkey".to_owned(), reason };
        let text = String::from_utf8(bytes).map_err(|_| wrong("not UTF-8"))?;
        let lines = text.strip_suffix('\n').ok_or_else(|| wrong("the last line has no end"))?;
        let own: Vec<&str> = lines.split('\n').collect();
        if let Some(key) = expected.keys.iter().find(|key| !own.contains(&key.as_str())) {
            return Err(Finding::OtherKey(key.clone()));
        }
        texts.extend(own.iter().filter(|own| !expected.keys.iter().any(|key| key == *own)).map(|s| (*s).to_owned()));
    }
    if texts.is_empty() {
        return Err(Finding::NoKey);
    }
    let keys = texts.iter().map(|text| parse_key(text, text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(key) = keys.iter().find(|key| !key.is_of_a_log()) {
        return Err(Finding::Key { which: key.name.clone(), reason: "this is the key of a witness" });
    }
    Ok((keys, expected.keys.is_empty()))
}

fn parse_note(which: &str, bytes: Vec<u8>) -> Result<Note, Finding> {
    Note::parse(bytes).map_err(|reason| Finding::Checkpoint { which: which.to_owned(), reason })
}

fn check_signed(which: &str, note: &Note, key: &Key) -> Result<(), Finding> {
    let signed = note.is_signed_by(key);
    signed.then_some(()).ok_or_else(|| Finding::NotSigned { which: which.to_owned(), name: key.name.clone() })
}

/// A checkpoint that every key of the log has signed.
fn head_of(which: &str, note: &Note, keys: &[Key]) -> Result<Head, Finding> {
    let head = note.head().map_err(|reason| Finding::Checkpoint { which: which.to_owned(), reason })?;
    for key in keys {
        check_signed(which, note, key)?;
        if head.origin != key.name {
            let (found, expected) = (head.origin, key.name.clone());
            return Err(Finding::OtherLog { which: which.to_owned(), found, expected });
        }
    }
    Ok(head)
}

/// The checkpoints kept, smallest first. One of the log's keys must have signed each, or a former one: keys may have been
/// added or exchanged since.
fn kept_heads(expected: &Expected, keys: &[Key], now: &Head) -> Result<Vec<Head>, Finding> {
    let former = expected.former.iter().map(|text| parse_key(text, text)).collect::<Result<Vec<_>, _>>()?;
    let mut kept = Vec::new();
    for (number, text) in expected.kept.iter().enumerate() {
        let which = format!("the checkpoint kept, number {}", number + 1);
        let note = parse_note(&which, text.clone().into_bytes())?;
        let signer = keys.iter().chain(&former).find(|key| note.is_signed_by(key)).or(keys.first());
        let head = head_of(&which, &note, &signer.cloned().into_iter().collect::<Vec<_>>())?;
        if head.size > now.size {
            return Err(Finding::RolledBack { kept: head.size, now: now.size });
        }
        kept.push(head);
    }
    kept.sort_by_key(|head| head.size);
    Ok(kept)
}

struct Audit<'a> {
    files: &'a dyn LogFiles,
    size: u64,
    entries: bool,
    rows: Rows,
}

impl Audit<'_> {
    /// The hashes that a tile holds by its file, whose length must be exact.
    fn hashes(&self, place: Place) -> Result<Vec<Digest32>, Finding> {
        let path = place.path();
        let bytes = read(self.files, &path)?.ok_or_else(|| Finding::Missing(path.clone()))?;
        let expected_bytes = place.width * 32;
        if bytes.len() != expected_bytes {
            return Err(Finding::Length { path, found_bytes: bytes.len(), expected_bytes });
        }
        Ok(bytes.chunks_exact(32).map(|chunk| chunk.try_into().expect("32 bytes")).collect())
    }

    /// Goes through the leaves from left to right, and holds against the files whatever gets complete.
    fn walk(&mut self, head: &Head, kept: Vec<Head>) -> Result<(), Finding> {
        let mut kept = kept.into_iter().peekable();
        let mut before = 0;
        for index in 0.. {
            let place = Place::of(0, index, self.size);
            let leaves = place.map(|place| self.hashes(place)).transpose()?.unwrap_or_default();
            while let Some(old) = kept.next_if(|old| old.size <= before + leaves.len() as u64) {
                if self.rows.root(&leaves[..(old.size - before) as usize]) != old.root {
                    return Err(Finding::Forked { kept: old.size });
                }
            }
            let Some(place) = place else { break };
            self.check_entries(place, &leaves)?;
            before += leaves.len() as u64;
            self.rise(&leaves)?;
        }
        let rest = self.rows.unfinished().to_vec();
        for (level, row) in rest.iter().enumerate().skip(1).filter(|(_, row)| !row.is_empty()) {
            self.compare(level, row)?;
        }
        if self.rows.root(&[]) == head.root { Ok(()) } else { Err(Finding::Root { size: head.size }) }
    }

    /// Adds leaves; each tile that gets full by it is compared and gives one hash to the row above.
    fn rise(&mut self, leaves: &[Digest32]) -> Result<(), Finding> {
        let mut added = leaves.to_vec();
        for level in 0.. {
            let Some(full) = self.rows.add(level, &added) else { return Ok(()) };
            if level > 0 {
                self.compare(level, &full)?;
            }
            added = vec![tree::top_of(full)];
        }
        Ok(())
    }

    /// Compares the newest tile of a level with what was computed.
    fn compare(&self, level: usize, computed: &[Digest32]) -> Result<(), Finding> {
        let index = self.rows.tiles_before(level, computed.len());
        let place = Place { entries: false, level: level as u8, index, width: computed.len() };
        let stored = self.hashes(place)?;
        match stored.iter().zip(computed).position(|(stored, computed)| stored != computed) {
            Some(position) => Err(Finding::Hash { path: place.path(), position }),
            None => Ok(()),
        }
    }

    fn check_entries(&self, tile: Place, leaves: &[Digest32]) -> Result<(), Finding> {
        if !self.entries {
            return Ok(());
        }
        let path = Place { entries: true, ..tile }.path();
        let bytes = read(self.files, &path)?.ok_or_else(|| Finding::Missing(path.clone()))?;
        let mut rest = bytes.as_slice();
        for (position, leaf) in leaves.iter().enumerate() {
            let entry = place::next_entry(&mut rest);
            if entry.is_none_or(|entry| tree::leaf(entry) != *leaf) {
                return Err(Finding::Entry { path, position });
            }
        }
        let (found_bytes, expected_bytes) = (bytes.len(), bytes.len() - rest.len());
        if rest.is_empty() { Ok(()) } else { Err(Finding::Length { path, found_bytes, expected_bytes }) }
    }

    /// Looks at every file there is: those of the tree have been compared, narrower ones of the same place must be
    /// their beginnings, and others have no business there.
    fn nothing_else(&self, paths: &[String]) -> Result<(), Finding> {
        for path in paths {
            if path == "checkpoint" || path == "log.vkey" {
                continue;
            }
            let stray = || Finding::Stray(path.clone());
            let found = Place::parse(path).ok_or_else(stray)?;
            let whole = Place::of(found.level, found.index, self.size).ok_or_else(stray)?;
            let whole = Place { entries: found.entries, ..whole };
            if found.width > whole.width {
                return Err(stray());
            }
            if found.width < whole.width {
                self.compare_beginning(found, whole)?;
            }
        }
        Ok(())
    }

    fn compare_beginning(&self, narrow: Place, whole: Place) -> Result<(), Finding> {
        let of = |place: Place| read(self.files, &place.path())?.ok_or_else(|| Finding::Missing(place.path()));
        let (beginning, all) = (of(narrow)?, of(whole)?);
        let mut rest = all.as_slice();
        for _ in 0..narrow.width {
            if narrow.entries {
                place::next_entry(&mut rest);
            } else {
                rest = rest.get(32..).unwrap_or_default();
            }
        }
        if all[..all.len() - rest.len()] == beginning { Ok(()) } else { Err(Finding::Stray(narrow.path())) }
    }
}
