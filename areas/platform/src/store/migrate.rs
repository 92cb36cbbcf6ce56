//! Migrations: forwards only, and a schema newer than the program is refused.

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement, TransactionTrait, Value};

use super::{engine, schema::Migration};
use crate::{clock::At, error::Result};

/// What a database's schema is, seen from this program.
#[derive(Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing there yet.
    Empty,
    /// Up to date.
    Current,
    /// So many steps are missing.
    Behind(usize),
    /// It has a step that this program does not know.
    Newer(String),
}

#[derive(FromQueryResult)]
struct Applied {
    id: String,
}

async fn applied(db: &DatabaseConnection) -> Result<Vec<String>> {
    db.execute_unprepared(
        "CREATE TABLE IF NOT EXISTS schema_migration (id TEXT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )
    .await?;
    let statement = Statement::from_string(db.get_database_backend(), "SELECT id FROM schema_migration ORDER BY id");
    let rows = Applied::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Compares a database with the migrations of this program.
pub async fn state(db: &DatabaseConnection, migrations: &[Migration]) -> Result<SchemaState> {
    let applied = applied(db).await?;
    if applied.is_empty() {
        return Ok(SchemaState::Empty);
    }
    if let Some(unknown) = applied.iter().find(|id| !migrations.iter().any(|m| m.id == id.as_str())) {
        return Ok(SchemaState::Newer(unknown.clone()));
    }
    match migrations.iter().filter(|m| !applied.iter().any(|id| id == m.id)).count() {
        0 => Ok(SchemaState::Current),
        n => Ok(SchemaState::Behind(n)),
    }
}

/// Applies what is missing, each step in a transaction of its own.
pub async fn migrate(db: &DatabaseConnection, migrations: &[Migration], now: At) -> Result<usize> {
    let applied = applied(db).await?;
    let backend = db.get_database_backend();
    let mut count = 0;
    for migration in migrations.iter().filter(|m| !applied.iter().any(|id| id == m.id)) {
        let tx = db.begin_with_options(engine::write_transaction()).await?;
        for table in (migration.tables)() {
            tx.execute_raw(backend.build(&table)).await?;
        }
        for index in (migration.indexes)() {
            tx.execute_raw(backend.build(&index)).await?;
        }
        let mark = Statement::from_sql_and_values(
            backend,
            "INSERT INTO schema_migration (id, applied_at) VALUES ($1, $2)",
            [Value::from(migration.id), now.into()],
        );
        tx.execute_raw(mark).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}
