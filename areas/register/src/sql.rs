//! Small help for writing SQL.

use linli_platform::{Result, reader::Scope, store::Tx};
use sea_orm::Value;

/// Pushes values and gives their marks: `$3, $4, $5`. Of no values, a list that nothing is in.
pub(crate) fn marks<T: Into<Value>>(values: &mut Vec<Value>, items: impl IntoIterator<Item = T>) -> String {
    let first = values.len() + 1;
    values.extend(items.into_iter().map(Into::into));
    if values.len() < first {
        return "NULL".into();
    }
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    marks.join(", ")
}

/// As [`marks`], but the last value is repeated up to the next power of two, so that lists of many lengths share a few
/// prepared statements. For `IN (…)` only.
pub(crate) fn marks_in<T: Into<Value> + Clone>(values: &mut Vec<Value>, items: &[T]) -> String {
    let Some(last) = items.last() else {
        return marks::<T>(values, []);
    };
    let missing = items.len().next_power_of_two() - items.len();
    let padding = std::iter::repeat_n(last.clone(), missing);
    marks(values, items.iter().cloned().chain(padding))
}

/// Pushes one value and gives its mark.
pub(crate) fn mark(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// Columns to set, with their marks.
pub(crate) struct Setting {
    columns: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Setting {
    /// Nothing yet; the values are those of the statement's condition.
    pub(crate) fn of(values: Vec<Value>) -> Self {
        Setting { columns: Vec::new(), values }
    }
    pub(crate) fn set(&mut self, column: &str, value: impl Into<Value>) {
        let mark = mark(&mut self.values, value);
        self.columns.push(format!("{column} = {mark}"));
    }
    /// `a = $4, b = $5`
    pub(crate) fn sql(&self) -> String {
        self.columns.join(", ")
    }
}

/// The reader's scope on rows that are found by a surer way: the column stands in an expression, so that an engine
/// without statistics does not walk the whole grid instead.
pub(crate) fn scope_of_found(scope: &Scope, column: &str, values: &mut Vec<Value>) -> String {
    scope.sql(&format!("COALESCE({column}, NULL)"), values)
}

/// From so many rows on, a load changes what an engine should know of a table.
const BULK: usize = 2_000;

/// Lets the engine count its tables after a bulk load. Without it SQLite takes a division for ten rows, and would
/// rather walk all of it than look up a list of ids.
pub(crate) async fn count_after_load(tx: &Tx, rows: usize, tables: &[&str]) -> Result<()> {
    if rows >= BULK {
        for table in tables {
            tx.execute(&format!("ANALYZE {table}"), Vec::new()).await?;
        }
    }
    Ok(())
}
