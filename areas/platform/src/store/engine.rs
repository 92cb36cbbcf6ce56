//! What differs between SQLite and PostgreSQL, and nowhere else.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions,
};

/// Which engine, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    /// A SQLite file.
    pub fn sqlite(path: &Path) -> Self {
        DatabaseUrl(format!("sqlite://{}?mode=rwc", path.display()))
    }
    /// Whether it names PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }
    /// Without user and password, for messages.
    pub fn masked(&self) -> String {
        match (self.0.find("://"), self.0.rfind('@')) {
            (Some(scheme), Some(at)) if at > scheme => {
                format!("{}://***{}", &self.0[..scheme], &self.0[at..])
            }
            _ => self.0.clone(),
        }
    }
}

/// How long a statement may take before we give up on it, on our side.
pub const STATEMENT_DEADLINE: Duration = Duration::from_secs(30);

/// The two pools: one that writes and one that only reads.
pub(crate) async fn connect(url: &DatabaseUrl) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if url.is_postgres() {
        let mut options = ConnectOptions::new(url.0.clone());
        options.max_connections(12).acquire_timeout(STATEMENT_DEADLINE).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        return Ok((pool.clone(), pool));
    }
    let writer = Database::connect(sqlite_options(url, 1, false)).await?;
    writer.execute_unprepared("PRAGMA journal_mode=WAL").await?;
    let readers = Database::connect(sqlite_options(url, 6, true)).await?;
    Ok((writer, readers))
}

fn sqlite_options(url: &DatabaseUrl, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.0.clone());
    // One import or first load may hold the one writer for minutes; others wait for it rather than fail.
    options.max_connections(connections).acquire_timeout(Duration::from_secs(150)).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |o| {
        let o = o
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(20))
            .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
            .pragma("cache_size", "-32000")
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", "268435456");
        if read_only { o.pragma("query_only", "ON") } else { o }
    });
    options
}

/// How a writing transaction begins. On SQLite it takes the write lock at once: a deferred one that reads first
/// fails with "locked" when it comes to write.
pub(crate) fn write_transaction() -> TransactionOptions {
    TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() }
}

/// Whether one process has the database to itself: a SQLite file is served by one; PostgreSQL by any number.
pub(crate) fn has_one_process(backend: DbBackend) -> bool {
    backend == DbBackend::Sqlite
}

/// Lets SQLite commit without waiting for the disk (`false`), or wait again and write down all there is (`true`).
/// PostgreSQL waits as its own settings say.
pub(crate) async fn wait_for_disk(writer: &DatabaseConnection, wait: bool) -> Result<(), DbErr> {
    if writer.get_database_backend() == DbBackend::Sqlite {
        let level = if wait { "FULL" } else { "OFF" };
        writer.execute_unprepared(&format!("PRAGMA synchronous={level}")).await?;
        if wait {
            writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
    }
    Ok(())
}

/// How many values one statement may bind.
pub(crate) fn max_binds(backend: DbBackend) -> usize {
    match backend {
        DbBackend::Sqlite => 30_000,
        _ => 60_000,
    }
}

/// The condition that matches a text column against a prefix the same way on both engines.
pub fn like_escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
