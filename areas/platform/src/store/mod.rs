//! The one store, on SQLite or PostgreSQL.
//!
//! SQL is plain and written once: numbered marks (`$1`, `$2` …) mean the same on both engines, `$1` is by custom
//! the division, integers are 64 bits, days are `YYYY-MM-DD` texts, instants are microseconds. Sums need
//! `CAST(SUM(x) AS BIGINT)`. What is peculiar to an engine lives in `engine.rs`.
//!
//! Reading goes through [`Store::reads`] or a [`Tx`]; writing only through a [`Tx`], which refuses to commit a
//! write that has neither an event nor an access record beside it.

mod access_tables;
pub mod engine;
mod freshness;
pub mod migrate;
pub mod schema;
mod tables;
mod tx;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

pub use engine::DatabaseUrl;
pub use freshness::{Freshness, Look};
pub use migrate::SchemaState;
pub use schema::Migration;
pub use tables::migrations;
pub use tx::{SealedField, Tx};

use crate::{
    clock::{At, Clock, Rng},
    error::{AppError, Result},
    keys::KeyRing,
    reader::Reader,
};

/// Values for a statement's marks, each converted: `vals![store.division(), grid_id, day]`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$(::sea_orm::Value::from($value)),*] };
}

struct Inner {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    division: String,
    keys: Arc<KeyRing>,
    clock: Clock,
    rng: Rng,
    commits: AtomicU64,
    statements: AtomicU64,
}

/// The store of one division (sub-district). Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.0.division)
    }
}

impl Store {
    /// Connects; the schema is left as it is.
    pub async fn connect(
        url: &DatabaseUrl,
        division: &str,
        keys: Arc<KeyRing>,
        clock: Clock,
        rng: Rng,
    ) -> Result<Self> {
        let (writer, readers) = engine::connect(url).await?;
        Ok(Store(Arc::new(Inner {
            writer,
            readers,
            division: division.into(),
            keys,
            clock,
            rng,
            commits: AtomicU64::new(0),
            statements: AtomicU64::new(0),
        })))
    }
    /// What the schema is, seen from these migrations.
    pub async fn schema_state(&self, migrations: &[Migration]) -> Result<SchemaState> {
        migrate::state(&self.0.writer, migrations).await
    }
    /// Applies what is missing. Refuses a newer schema.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<usize> {
        if let SchemaState::Newer(step) = self.schema_state(migrations).await? {
            return Err(AppError::rule("schema-newer").arg("step", step));
        }
        migrate::migrate(&self.0.writer, migrations, self.now()).await
    }
    /// The sub-district's code, first in every key.
    pub fn division(&self) -> &str {
        &self.0.division
    }
    /// The keys.
    pub fn keys(&self) -> &Arc<KeyRing> {
        &self.0.keys
    }
    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// Randomness.
    pub fn rng(&self) -> &Rng {
        &self.0.rng
    }
    /// Now.
    pub fn now(&self) -> At {
        self.0.clock.now()
    }
    /// A new identifier.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.0.rng.uuid(self.now()))
    }
    /// How many transactions this process has committed: when it has grown, what is kept in memory may be out of date.
    pub fn commits(&self) -> u64 {
        self.0.commits.load(Ordering::Acquire)
    }
    /// How many statements this process has sent. What is hidden and what is not there must cost the same number of them.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }
    /// A statement about to be sent.
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        self.sends();
        Statement::from_sql_and_values(self.backend(), sql, values)
    }
    /// One more is sent.
    fn sends(&self) {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
    }
    fn committed(&self) {
        self.0.commits.fetch_add(1, Ordering::AcqRel);
    }
    /// Which engine it is.
    pub fn backend(&self) -> DbBackend {
        self.0.writer.get_database_backend()
    }
    /// Whether no other process works on the same database.
    pub(crate) fn has_one_process(&self) -> bool {
        engine::has_one_process(self.backend())
    }
    /// For reading only.
    pub fn reads(&self) -> Reads<'_> {
        Reads { store: self, db: &self.0.readers }
    }
    /// Begins a writing transaction in the name of a reader.
    pub async fn begin(&self, reader: &Reader) -> Result<Tx> {
        Tx::begin(self.clone(), &self.0.writer, reader.clone()).await
    }
    /// Commits without waiting for the disk, until [`Store::wait_for_disk`]. A power cut then loses what was written or
    /// breaks the file: only for filling a database that is thrown away unless the filling was finished.
    pub async fn fill_without_waiting(&self) -> Result<()> {
        Ok(engine::wait_for_disk(&self.0.writer, false).await?)
    }
    /// Everything written is on the disk when this returns, and each further commit waits for it again.
    pub async fn wait_for_disk(&self) -> Result<()> {
        Ok(engine::wait_for_disk(&self.0.writer, true).await?)
    }
    /// The raw writing connection: for backups and moves between engines in this crate only.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }
}

/// A read-only look at the store.
pub struct Reads<'a> {
    store: &'a Store,
    db: &'a DatabaseConnection,
}

/// Running a query, outside ([`Reads`]) or inside ([`Tx`]) a transaction.
pub trait Query: Sync {
    /// The connection it runs on.
    type Conn: ConnectionTrait;
    /// The connection it runs on.
    fn connection(&self) -> &Self::Conn;
    /// The store it belongs to.
    fn store(&self) -> &Store;

    /// The sub-district's code.
    fn division(&self) -> &str {
        self.store().division()
    }
    /// All rows.
    fn rows<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        let statement = self.store().statement(sql, values);
        async move { deadline(T::find_by_statement(statement).all(self.connection())).await }
    }
    /// The first row, if any.
    fn row<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        let statement = self.store().statement(sql, values);
        async move { deadline(T::find_by_statement(statement).one(self.connection())).await }
    }
    /// The first column of the first row, which must be a number (a count, a sum); 0 if there is no row or it is null.
    fn number(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<i64>> + Send {
        let statement = self.store().statement(sql, values);
        async move {
            let row = deadline(self.connection().query_one_raw(statement)).await?;
            match row {
                Some(row) => Ok(row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0)),
                None => Ok(0),
            }
        }
    }
}

impl Query for Reads<'_> {
    type Conn = DatabaseConnection;
    fn connection(&self) -> &DatabaseConnection {
        self.db
    }
    fn store(&self) -> &Store {
        self.store
    }
}

impl Query for Tx {
    type Conn = DatabaseTransaction;
    fn connection(&self) -> &DatabaseTransaction {
        self.raw()
    }
    fn store(&self) -> &Store {
        self.store_ref()
    }
}

pub(crate) async fn deadline<T>(call: impl Future<Output = Result<T, sea_orm::DbErr>>) -> Result<T> {
    match tokio::time::timeout(engine::STATEMENT_DEADLINE, call).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(AppError::with("database-slow", http::StatusCode::SERVICE_UNAVAILABLE)),
    }
}
