//! Every table of an installation, read and written without knowing what is in it: for moving from one database
//! engine to another, and for backups.
//!
//! A table's digest is the sum of its rows' SHA-256, so it is the same on both engines whatever the order. Sealed
//! values are copied as they are; nothing is opened.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, FromQueryResult, QueryResult, Statement,
    TransactionTrait, Value,
    sea_query::{Alias, ColumnType, Expr, Query as SeaQuery, TableCreateStatement, TableRef},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    error::{AppError, Result},
    store::{Migration, SchemaState, Store, engine},
};

/// Rows read or written at once.
const CHUNK: usize = 2_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    Int,
    Float,
    Flag,
    Id,
    Bytes,
}

/// A table as its migration made it.
#[derive(Debug, Clone)]
pub struct TableShape {
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, Holds)>,
    key: Vec<usize>,
}

impl TableShape {
    /// Name of the table.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Names of its columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

/// How full a table is, and a digest of its rows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Sum of the rows' SHA-256, in hexadecimal digits.
    pub digest: String,
}

/// Sums up rows whatever their order.
#[derive(Default)]
pub(crate) struct Summing {
    rows: u64,
    sum: [u8; 32],
}

impl Summing {
    pub(crate) fn add(&mut self, row: &[serde_json::Value]) {
        let text = serde_json::Value::from(row.to_vec()).to_string();
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let mut carry = 0u16;
        for (sum, byte) in self.sum.iter_mut().zip(digest).rev() {
            let total = u16::from(*sum) + u16::from(byte) + carry;
            *sum = total.to_le_bytes()[0];
            carry = total >> 8;
        }
        self.rows += 1;
    }
    pub(crate) fn end(self, table: &str) -> TableDigest {
        let digest = self.sum.iter().map(|b| format!("{b:02x}")).collect();
        TableDigest { table: table.into(), rows: self.rows, digest }
    }
}

/// The tables of these migrations in the order in which they were made, so that a row comes after those it names.
///
/// # Errors
/// If a migration uses a type of column that the schema's words do not have.
pub fn shapes(migrations: &[Migration]) -> Result<Vec<TableShape>> {
    migrations.iter().flat_map(|m| (m.tables)()).map(|t| shape(&t)).collect()
}

fn shape(table: &TableCreateStatement) -> Result<TableShape> {
    let name = match table.get_table_name() {
        Some(TableRef::Table(name, _)) => name.1.to_string(),
        _ => return Err(AppError::internal("a migration makes a table without a name")),
    };
    let columns = table.get_columns().iter().map(|c| {
        let holds = match c.get_column_type() {
            Some(ColumnType::Text) => Holds::Text,
            Some(ColumnType::BigInteger) => Holds::Int,
            Some(ColumnType::Double) => Holds::Float,
            Some(ColumnType::Boolean) => Holds::Flag,
            Some(ColumnType::Uuid) => Holds::Id,
            Some(ColumnType::Blob) => Holds::Bytes,
            other => return Err(AppError::internal(format!("{name}: a column of type {other:?}"))),
        };
        Ok((c.get_column_name(), holds))
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let named =
        table.get_indexes().iter().filter(|i| i.is_primary_key()).flat_map(|i| i.get_index_spec().get_column_names());
    let key: Vec<usize> = named.filter_map(|k| columns.iter().position(|(c, _)| *c == k)).collect();
    if key.is_empty() {
        return Err(AppError::internal(format!("{name}: no primary key")));
    }
    Ok(TableShape { name, columns, key })
}

impl TableShape {
    fn page(&self, after: Option<&[Value]>) -> (String, Vec<Value>) {
        let quoted = |n: &usize| format!("\"{}\"", self.columns[*n].0);
        let all: Vec<String> = (0..self.columns.len()).map(|n| quoted(&n)).collect();
        let key: Vec<String> = self.key.iter().map(quoted).collect();
        let key = key.join(", ");
        let (mut condition, mut values) = (String::new(), Vec::new());
        if let Some(after) = after {
            let marks: Vec<String> = (1..=after.len()).map(|n| format!("${n}")).collect();
            condition = format!(" WHERE ({key}) > ({})", marks.join(", "));
            values = after.to_vec();
        }
        let (all, name) = (all.join(", "), &self.name);
        (format!("SELECT {all} FROM \"{name}\"{condition} ORDER BY {key} LIMIT {CHUNK}"), values)
    }

    /// Reads the whole table, part by part in the order of its key.
    pub(crate) async fn read<C: ConnectionTrait>(
        &self,
        db: &C,
        mut take: impl AsyncFnMut(Vec<Vec<Value>>) -> Result<()>,
    ) -> Result<()> {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let (sql, values) = self.page(after.as_deref());
            let found =
                db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
            let full = found.len() == CHUNK;
            let rows = found.iter().map(|r| self.values(r)).collect::<Result<Vec<_>, DbErr>>()?;
            after = rows.last().map(|row| self.key.iter().map(|n| row[*n].clone()).collect());
            if !rows.is_empty() {
                take(rows).await?;
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn values(&self, row: &QueryResult) -> Result<Vec<Value>, DbErr> {
        let read = |(n, (_, holds)): (usize, &(String, Holds))| {
            Ok(match holds {
                Holds::Text => row.try_get_by_index::<Option<String>>(n)?.into(),
                Holds::Int => row.try_get_by_index::<Option<i64>>(n)?.into(),
                Holds::Float => row.try_get_by_index::<Option<f64>>(n)?.into(),
                Holds::Flag => row.try_get_by_index::<Option<bool>>(n)?.into(),
                Holds::Id => row.try_get_by_index::<Option<Uuid>>(n)?.into(),
                Holds::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(n)?.into(),
            })
        };
        self.columns.iter().enumerate().map(read).collect()
    }

    pub(crate) async fn digest<C: ConnectionTrait>(&self, db: &C) -> Result<TableDigest> {
        let mut sum = Summing::default();
        self.read(db, async |rows| {
            rows.iter().for_each(|row| sum.add(&as_json(row)));
            Ok(())
        })
        .await?;
        Ok(sum.end(&self.name))
    }

    pub(crate) async fn write<C: ConnectionTrait>(&self, db: &C, rows: Vec<Vec<Value>>) -> Result<()> {
        let backend = db.get_database_backend();
        let at_once = (engine::max_binds(backend) / self.columns.len().max(1)).clamp(1, CHUNK);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = SeaQuery::insert();
            insert.into_table(Alias::new(&self.name)).columns(self.columns.iter().map(|(c, _)| Alias::new(c)));
            for row in rows.by_ref().take(at_once) {
                insert.values(row.into_iter().map(Expr::value)).map_err(AppError::internal)?;
            }
            db.execute_raw(backend.build(&insert)).await?;
        }
        Ok(())
    }

    /// A row as JSON has it, back into values.
    pub(crate) fn values_of(&self, row: &[serde_json::Value]) -> Result<Vec<Value>> {
        let wrong = || AppError::internal(format!("{}: a row of the backup does not fit its table", self.name));
        if row.len() != self.columns.len() {
            return Err(wrong());
        }
        let read = |(cell, (_, holds)): (&serde_json::Value, &(String, Holds))| -> Result<Value> {
            let missing = cell.is_null();
            let text = || cell.as_str().map(str::to_owned).ok_or_else(wrong);
            Ok(match holds {
                Holds::Text if missing => None::<String>.into(),
                Holds::Int if missing => None::<i64>.into(),
                Holds::Float if missing => None::<f64>.into(),
                Holds::Flag if missing => None::<bool>.into(),
                Holds::Id if missing => None::<Uuid>.into(),
                Holds::Bytes if missing => None::<Vec<u8>>.into(),
                Holds::Text => text()?.into(),
                Holds::Int => cell.as_i64().ok_or_else(wrong)?.into(),
                Holds::Float => f64::from_bits(text()?.parse::<u64>().map_err(|_| wrong())?).into(),
                Holds::Flag => cell.as_bool().ok_or_else(wrong)?.into(),
                Holds::Id => text()?.parse::<Uuid>().map_err(|_| wrong())?.into(),
                Holds::Bytes => from_hex(&text()?).ok_or_else(wrong)?.into(),
            })
        };
        row.iter().zip(&self.columns).map(read).collect()
    }
}

/// A row as JSON: floats as their bits, bytes in hexadecimal digits, so that both engines give the very same text.
pub(crate) fn as_json(row: &[Value]) -> Vec<serde_json::Value> {
    row.iter()
        .map(|value| match value {
            Value::String(Some(text)) => text.to_string().into(),
            Value::BigInt(Some(n)) => (*n).into(),
            Value::Double(Some(x)) => x.to_bits().to_string().into(),
            Value::Bool(Some(b)) => (*b).into(),
            Value::Uuid(Some(id)) => id.to_string().into(),
            Value::Bytes(Some(bytes)) => bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into(),
            _ => serde_json::Value::Null,
        })
        .collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(pair).collect()
}

/// Digests of every table, read in one consistent look.
pub async fn digests(store: &Store, migrations: &[Migration]) -> Result<Vec<TableDigest>> {
    let tx = look(store.writer()).await?;
    let mut all = Vec::new();
    for shape in shapes(migrations)? {
        all.push(shape.digest(&tx).await?);
    }
    Ok(all)
}

/// A transaction in which every table is seen as of one moment.
pub(crate) async fn look(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let tx = db.begin().await?;
    if tx.get_database_backend() == sea_orm::DbBackend::Postgres {
        tx.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    }
    Ok(tx)
}

/// Copies every table into another database, which must be empty, in one transaction there, and compares counts and
/// digests. `progress` hears each table and its rows.
///
/// # Errors
/// `move-target-not-empty`; `schema-newer`; `move-differs` with the table whose copy differs: nothing is left in the
/// target then but empty tables.
pub async fn copy(
    from: &Store,
    to: &Store,
    migrations: &[Migration],
    progress: &(dyn Fn(&TableDigest) + Send + Sync),
) -> Result<Vec<TableDigest>> {
    prepare_target(to, migrations).await?;
    // Whoever moves has stopped the server; the write lock makes sure of it on SQLite.
    let source = from.writer().begin_with_options(engine::write_transaction()).await?;
    let target = to.writer().begin_with_options(engine::write_transaction()).await?;
    let mut all = Vec::new();
    for shape in shapes(migrations)? {
        let mut sum = Summing::default();
        shape
            .read(&source, async |rows| {
                rows.iter().for_each(|row| sum.add(&as_json(row)));
                shape.write(&target, rows).await
            })
            .await?;
        let read = sum.end(&shape.name);
        if shape.digest(&target).await? != read {
            return Err(AppError::rule("move-differs").arg("table", &shape.name));
        }
        progress(&read);
        all.push(read);
    }
    target.commit().await?;
    Ok(all)
}

/// Makes the tables, and refuses a database in which there is a row already.
pub(crate) async fn prepare_target(to: &Store, migrations: &[Migration]) -> Result<()> {
    if matches!(to.schema_state(migrations).await?, SchemaState::Empty | SchemaState::Behind(_)) {
        to.migrate(migrations).await?;
    } else if let SchemaState::Newer(step) = to.schema_state(migrations).await? {
        return Err(AppError::rule("schema-newer").arg("step", step));
    }
    for shape in shapes(migrations)? {
        let sql = format!("SELECT 1 FROM \"{}\" LIMIT 1", shape.name);
        let statement = Statement::from_string(to.backend(), sql);
        if to.writer().query_one_raw(statement).await?.is_some() {
            return Err(AppError::rule("move-target-not-empty").arg("table", &shape.name));
        }
    }
    Ok(())
}

/// The steps that a database's schema has taken, in order.
pub async fn schema_steps(store: &Store) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Step {
        id: String,
    }
    let statement = Statement::from_string(store.backend(), "SELECT id FROM schema_migration ORDER BY id");
    let rows = Step::find_by_statement(statement).all(store.writer()).await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
