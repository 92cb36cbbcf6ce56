//! Reading a backup: decrypted, unpacked, checked against its manifest, and put into an empty database.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use sea_orm::TransactionTrait as _;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::{DATABASE_FILE, FORMAT, MANIFEST, Manifest, digests_of_file, hex, seal};
use crate::{
    error::{AppError, Result},
    move_store::{Summing, TableDigest, TableShape, prepare_target, shapes},
    store::{Migration, Store, engine},
};

/// Rows written at once.
const CHUNK: usize = 2_000;

/// A backup in clear, in a folder of its own.
pub struct Unpacked {
    /// What it holds.
    pub manifest: Manifest,
    /// Settings and policy pack, by name.
    pub files: Vec<(String, Vec<u8>)>,
    folder: PathBuf,
}

/// Decrypts and unpacks a backup into a folder that is made for it.
///
/// # Errors
/// `backup-form`, `backup-opens-not`, `backup-other-secret`; `backup-newer` for a later form.
pub fn unpack(from: &Path, secret: &super::BackupSecret, folder: &Path) -> Result<Unpacked> {
    fs::create_dir_all(folder)?;
    let plain = folder.join("plain.zip");
    seal::open(secret, from, &plain)?;
    let broken = |_| AppError::rule("backup-form");
    let mut zip = ZipArchive::new(BufReader::new(File::open(&plain)?)).map_err(broken)?;
    let mut manifest: Option<Manifest> = None;
    let mut files = Vec::new();
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        if name == MANIFEST {
            manifest = Some(serde_json::from_reader(&mut entry).map_err(|_| AppError::rule("backup-newer"))?);
        } else if let Some(name) = name.strip_prefix("files/") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.push((name.to_owned(), bytes));
        } else {
            let path = entry.enclosed_name().ok_or_else(|| AppError::rule("backup-form"))?;
            let path = folder.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            std::io::copy(&mut entry, &mut File::create(path)?)?;
        }
    }
    fs::remove_file(&plain)?;
    let manifest = manifest.ok_or_else(|| AppError::rule("backup-form"))?;
    if manifest.format != FORMAT {
        return Err(AppError::rule("backup-newer"));
    }
    let named: Vec<(String, String)> = files.iter().map(|(n, b)| (n.clone(), hex(&Sha256::digest(b)))).collect();
    if named != manifest.files {
        return Err(AppError::rule("backup-form"));
    }
    Ok(Unpacked { manifest, files, folder: folder.to_owned() })
}

impl Unpacked {
    /// The copy of a SQLite database, where it holds one.
    pub fn database(&self) -> Option<PathBuf> {
        self.manifest.sqlite.then(|| self.folder.join(DATABASE_FILE))
    }
    /// The digests of what it really holds, to be compared with the manifest.
    pub(super) async fn digests(&self, migrations: &[Migration]) -> Result<Vec<TableDigest>> {
        if let Some(file) = self.database() {
            return digests_of_file(&file, migrations).await;
        }
        let mut all = Vec::new();
        for shape in shapes(migrations)? {
            let mut sum = Summing::default();
            for line in self.lines(&shape)? {
                sum.add(&serde_json::from_str::<Vec<serde_json::Value>>(&line?)?);
            }
            all.push(sum.end(&shape.name));
        }
        Ok(all)
    }
    fn lines(&self, shape: &TableShape) -> Result<std::io::Lines<BufReader<File>>> {
        let file = self.folder.join("tables").join(format!("{}.jsonl", shape.name));
        Ok(BufReader::new(File::open(file)?).lines())
    }
}

/// Puts the tables of a backup that holds them as JSON lines into an empty database, and compares.
///
/// # Errors
/// `move-target-not-empty`; `backup-differs`, and nothing is written then.
pub async fn load(backup: &Unpacked, to: &Store, migrations: &[Migration]) -> Result<()> {
    prepare_target(to, migrations).await?;
    let target = to.writer().begin_with_options(engine::write_transaction()).await?;
    for shape in shapes(migrations)? {
        let mut rows = Vec::with_capacity(CHUNK);
        for line in backup.lines(&shape)? {
            rows.push(shape.values_of(&serde_json::from_str::<Vec<serde_json::Value>>(&line?)?)?);
            if rows.len() == CHUNK {
                shape.write(&target, std::mem::take(&mut rows)).await?;
            }
        }
        shape.write(&target, rows).await?;
        let written = shape.digest(&target).await?;
        if !backup.manifest.tables.contains(&written) {
            return Err(AppError::rule("backup-differs"));
        }
    }
    Ok(target.commit().await?)
}
