//! Words for writing migrations: column shapes that mean the same on both engines, and tables whose every key
//! starts with `division_code` (invariant 7), so that data can be spread by it.

use sea_orm::ConditionalStatement as _;
use sea_orm::sea_query::{ColumnDef, Expr, ForeignKey, Index, IndexCreateStatement, Table, TableCreateStatement};

/// One step of the schema, forwards only. Ids are sorted by floor and number: `platform-0001`.
pub struct Migration {
    /// Stable id, never reused.
    pub id: &'static str,
    /// Tables it creates, in order.
    pub tables: fn() -> Vec<TableCreateStatement>,
    /// Indexes it creates after them.
    pub indexes: fn() -> Vec<IndexCreateStatement>,
}

/// A text that is always there.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}
/// A text that may be missing.
pub fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().take()
}
/// A whole number (instants included); every integer is 64 bits on both engines.
pub fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}
/// A whole number that may be missing.
pub fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}
/// A floating number.
pub fn float(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().not_null().take()
}
/// A floating number that may be missing.
pub fn float_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().take()
}
/// Yes or no.
pub fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}
/// An identifier.
pub fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}
/// An identifier that may be missing.
pub fn id_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().take()
}
/// Bytes (sealed values, hashes).
pub fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}
/// Bytes that may be missing.
pub fn bytes_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().take()
}

/// A table whose primary key is the division and `key`.
pub fn spread_table(name: &'static str, key: &[&'static str], columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut primary = Index::create();
    primary.col("division_code");
    for column in key {
        primary.col(*column);
    }
    let mut table = Table::create();
    table.table(name).col(text("division_code"));
    for column in columns {
        table.col(column);
    }
    table.primary_key(&mut primary);
    table
}

/// Adds a foreign key within the division to a table under construction.
pub fn references(
    mut table: TableCreateStatement,
    from: &'static str,
    column: &'static str,
    to: &'static str,
    to_column: &'static str,
) -> TableCreateStatement {
    let mut key = ForeignKey::create();
    key.from(from, ("division_code", column)).to(to, ("division_code", to_column));
    table.foreign_key(&mut key);
    table
}

/// An index within the division.
pub fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table).col("division_code");
    for column in columns {
        index.col(*column);
    }
    index.take()
}

/// A unique constraint within the division.
pub fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// A unique constraint within the division over the rows that meet a condition, e.g. `until_day IS NULL`.
pub fn unique_where(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    condition: &'static str,
) -> IndexCreateStatement {
    unique(name, table, columns).and_where(Expr::cust(condition)).take()
}
