//! Which columns the file has, under which headings and in which order: the official register's, not ours.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    free_text,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Column {
    /// Stable name, one of [`DEFAULT`]. Text: `report-column-<name>`.
    pub name: String,
    /// The heading that the official register knows.
    pub heading: String,
    /// Its place from 1; 0 leaves it out.
    pub place: i64,
}

/// The columns and the headings that they have unless the office maps them otherwise. The first two are never left out.
pub const DEFAULT: [(&str, &str); 13] = [
    ("reference", "流水号"),
    ("kind", "变更类型"),
    ("name", "姓名"),
    ("doc-kind", "证件种类"),
    ("doc-no", "证件号码"),
    ("phone", "联系电话"),
    ("sex", "性别"),
    ("birth", "出生日期"),
    ("local", "户籍类型"),
    ("address", "现住址"),
    ("employer", "从业单位"),
    ("source", "信息来源"),
    ("seen", "采集日期"),
];
/// The columns without which no row can be known again.
const NEEDED: [&str; 2] = ["reference", "kind"];
/// The longest heading.
const MAX_CHARS: usize = 40;

/// The mapping in force, in the order of [`DEFAULT`].
pub async fn mapping(q: &impl Query) -> Result<Vec<Column>> {
    let set: Vec<Column> =
        q.rows("SELECT name, heading, place FROM report_column WHERE division_code = $1", vals![q.division()]).await?;
    let column = |(place, (name, heading)): (i64, &(&str, &str))| {
        let set = set.iter().find(|c| c.name == *name).cloned();
        set.unwrap_or_else(|| Column { name: (*name).into(), heading: (*heading).into(), place })
    };
    Ok((1i64..).zip(&DEFAULT).map(column).collect())
}

/// Puts a mapping in force.
///
/// # Errors
/// `report-heading` for an empty or too long heading of a column that is used, or one that stands twice, argument `name`;
/// `report-needed` where a needed column is left out; `free-text-…`.
pub async fn save_mapping(tx: &Tx, columns: Vec<Column>) -> Result<()> {
    let mut headings: Vec<&str> = Vec::new();
    for column in columns.iter().filter(|c| c.place > 0) {
        let heading = column.heading.trim();
        let wrong = heading.is_empty() || heading.chars().count() > MAX_CHARS || headings.contains(&heading);
        if wrong || !DEFAULT.iter().any(|(name, _)| *name == column.name) {
            return Err(AppError::rule("report-heading").arg("name", &column.name));
        }
        free_text::check(heading)?;
        headings.push(heading);
    }
    if NEEDED.iter().any(|n| !columns.iter().any(|c| c.name == *n && c.place > 0)) {
        return Err(AppError::rule("report-needed"));
    }
    for column in &columns {
        tx.execute(
            "INSERT INTO report_column (division_code, name, heading, place) VALUES ($1, $2, $3, $4)
             ON CONFLICT (division_code, name) DO UPDATE SET heading = excluded.heading, place = excluded.place",
            vals![tx.division(), column.name.as_str(), column.heading.trim(), column.place],
        )
        .await?;
    }
    let subject = SubjectRef::new("daily-file", tx.new_id::<uuid::Uuid>(), None);
    tx.event(NewEvent::new("daily-file.mapped", subject)).await?;
    Ok(())
}
