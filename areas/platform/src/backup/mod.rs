//! Backups (备份): one encrypted file with the whole database and the settings beside it, and without the keys, which
//! are kept elsewhere. A backup counts only once it was read back.
//!
//! SQLite is copied by `VACUUM INTO`, which sees one moment and lets the server go on; PostgreSQL is read in one
//! repeatable look, table by table, as JSON lines. Both are packed with a manifest of counts and digests.

mod seal;
mod unpack;

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub use seal::BackupSecret;
pub use unpack::{Unpacked, load, unpack};

use crate::{
    clock::At,
    error::{AppError, Result},
    move_store::{self, Summing, TableDigest, as_json, look, shapes},
    store::{DatabaseUrl, Migration, Store},
};

/// The version of the file's form.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// The copy of a SQLite database in a backup.
pub const DATABASE_FILE: &str = "linli.db";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the form; 1.
    pub format: u32,
    /// The program that made it.
    pub program: String,
    /// When.
    pub made_at: At,
    /// Whose it is.
    pub division: String,
    /// Whether it holds a SQLite file or tables as JSON lines.
    pub sqlite: bool,
    /// The steps of its schema.
    pub schema: Vec<String>,
    /// Every table with its rows.
    pub tables: Vec<TableDigest>,
    /// Settings and policy pack: name and SHA-256.
    pub files: Vec<(String, String)>,
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }
}

/// Makes a backup while the server runs, and reads it back. `sqlite` names the database's file, where it is one;
/// `files` are kept beside it. An existing file is not overwritten.
///
/// # Errors
/// `backup-exists`; `backup-differs` if what was read back is not what was written, and nothing is left then.
pub async fn make(
    store: &Store,
    migrations: &[Migration],
    sqlite: Option<&Path>,
    files: Vec<(String, Vec<u8>)>,
    secret: &BackupSecret,
    to: &Path,
) -> Result<Manifest> {
    if to.exists() {
        return Err(AppError::rule("backup-exists").arg("file", to.display()));
    }
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = tempfile::Builder::new().prefix(".linli-backup-").tempdir_in(folder)?;
    let tables = match sqlite {
        Some(file) => copy_sqlite(file, &work.path().join(DATABASE_FILE), migrations).await?,
        None => write_tables(store, migrations, work.path()).await?,
    };
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        made_at: store.now(),
        division: store.division().into(),
        sqlite: sqlite.is_some(),
        schema: move_store::schema_steps(store).await?,
        tables,
        files: files.iter().map(|(name, bytes)| (name.clone(), hex(&Sha256::digest(bytes)))).collect(),
    };
    let (made, secret, sealed) = (manifest.clone(), secret.clone(), work.path().join("sealed"));
    let (folder, rng, to_seal) = (work.path().to_owned(), store.rng().clone(), sealed.clone());
    let profile = store.keys().profile();
    let packed = tokio::task::spawn_blocking(move || {
        let plain = folder.join("plain.zip");
        pack(&made, &files, &folder, &plain)?;
        seal::seal(&secret, profile, &rng, &plain, &to_seal)?;
        fs::remove_file(&plain)?;
        unpack(&to_seal, &secret, &folder.join("again"))
    });
    let again = packed.await.map_err(AppError::internal)??;
    if again.manifest != manifest || again.digests(migrations).await? != manifest.tables {
        return Err(AppError::rule("backup-differs"));
    }
    fs::rename(&sealed, to)?;
    File::open(to)?.sync_all()?;
    Ok(manifest)
}

/// A copy of a SQLite file as of one moment, and its digests.
async fn copy_sqlite(file: &Path, copy: &Path, migrations: &[Migration]) -> Result<Vec<TableDigest>> {
    let running = open_sqlite(file).await?;
    let target = copy.display().to_string().replace('\'', "''");
    running.execute_unprepared(&format!("VACUUM INTO '{target}'")).await?;
    running.close().await?;
    digests_of_file(copy, migrations).await
}

async fn open_sqlite(file: &Path) -> Result<DatabaseConnection> {
    let mut options = sea_orm::ConnectOptions::new(DatabaseUrl(format!("sqlite://{}?mode=rw", file.display())).0);
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

/// The digests of every table in a SQLite file that nothing else uses.
pub(crate) async fn digests_of_file(file: &Path, migrations: &[Migration]) -> Result<Vec<TableDigest>> {
    let db = open_sqlite(file).await?;
    let mut all = Vec::new();
    for shape in shapes(migrations)? {
        all.push(shape.digest(&db).await?);
    }
    db.close().await?;
    Ok(all)
}

/// Every table as JSON lines, in one consistent look.
async fn write_tables(store: &Store, migrations: &[Migration], folder: &Path) -> Result<Vec<TableDigest>> {
    debug_assert_eq!(store.backend(), DbBackend::Postgres);
    let tables = folder.join("tables");
    fs::create_dir_all(&tables)?;
    let tx = look(store.writer()).await?;
    let mut all = Vec::new();
    for shape in shapes(migrations)? {
        let mut sum = Summing::default();
        let mut out = BufWriter::new(File::create(tables.join(format!("{}.jsonl", shape.name)))?);
        shape
            .read(&tx, async |rows| {
                for row in rows {
                    let row = as_json(&row);
                    sum.add(&row);
                    serde_json::to_writer(&mut out, &row)?;
                    out.write_all(b"\n")?;
                }
                Ok(())
            })
            .await?;
        out.flush()?;
        all.push(sum.end(&shape.name));
    }
    Ok(all)
}

/// Packs manifest, database and settings into one compressed file.
fn pack(manifest: &Manifest, files: &[(String, Vec<u8>)], folder: &Path, to: &Path) -> Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut zip = ZipWriter::new(File::create(to)?);
    let fault = |e: zip::result::ZipError| AppError::internal(e);
    zip.start_file(MANIFEST, options).map_err(fault)?;
    zip.write_all(&serde_json::to_vec_pretty(manifest)?)?;
    if manifest.sqlite {
        zip.start_file(DATABASE_FILE, options).map_err(fault)?;
        std::io::copy(&mut File::open(folder.join(DATABASE_FILE))?, &mut zip)?;
    } else {
        for table in &manifest.tables {
            let name = format!("tables/{}.jsonl", table.table);
            zip.start_file(&name, options).map_err(fault)?;
            std::io::copy(&mut File::open(folder.join(&name))?, &mut zip)?;
        }
    }
    for (name, bytes) in files {
        zip.start_file(format!("files/{name}"), options).map_err(fault)?;
        zip.write_all(bytes)?;
    }
    zip.finish().map_err(fault)?.sync_all()?;
    Ok(())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
