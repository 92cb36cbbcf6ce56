//! The sealed columns of the program, each with what it is, whose, on what ground, and how long.

use linli_platform::{
    Result,
    app::App,
    move_store,
    texts::{Lang, T},
};
use policy_pack::RetentionId;

use crate::areas::migrations;

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// As the policy pack has it.
    Pack(RetentionId),
    /// As the program has it; the text `privacy-kept-<table>`.
    Words,
}

/// A sealed column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Table and column, as in the database.
    pub code: String,
    /// The table.
    pub table: String,
    /// What it is, in words; empty where nobody has said it yet.
    pub what: String,
    /// Whose it is.
    pub whose: String,
    /// What for, and on what ground.
    pub ground: String,
    /// How long, in words.
    pub kept: String,
}

/// How long the rows of a table are kept.
fn kept(table: &str) -> Kept {
    match table {
        "resident" | "record_merge" => Kept::Pack(RetentionId::FormerResident),
        "declaration" | "representative" | "letting_liaison" => Kept::Pack(RetentionId::Declaration),
        "finding_photo" => Kept::Pack(RetentionId::FindingPhoto),
        "roster_chunk" => Kept::Pack(RetentionId::RosterFile),
        "roster_result" => Kept::Pack(RetentionId::RosterRow),
        _ => Kept::Words,
    }
}

/// A text, or nothing where there is none.
fn told(app: &App, t: &T, key: &str) -> String {
    if app.texts.has(key) { t.s(key) } else { String::new() }
}

/// A time of the policy pack in words, with its clause.
pub(super) fn months(app: &App, t: &T, id: RetentionId) -> String {
    let kept = app.pack.retention(id);
    let name = if t.lang == Lang::Zh { &kept.name } else { &kept.name_en };
    t.all(
        "privacy-kept-months",
        &[("n", kept.keep_months.to_string()), ("name", name.clone()), ("clause", kept.clause.clone())],
    )
}

/// Every sealed column that the program's tables have, in the order of the tables.
///
/// # Errors
/// `internal` where a migration cannot be read.
pub fn fields(app: &App, t: &T) -> Result<Vec<Field>> {
    let mut all = Vec::new();
    for shape in move_store::shapes(&migrations())? {
        let table = shape.name().to_owned();
        for column in shape.columns().filter(|c| c.ends_with("_sealed")) {
            let short = column.trim_end_matches("_sealed").replace('_', "-");
            let key = table.replace('_', "-");
            all.push(Field {
                code: format!("{table}.{column}"),
                what: told(app, t, &format!("privacy-column-{key}-{short}")),
                whose: told(app, t, &format!("privacy-whose-{key}")),
                ground: told(app, t, &format!("privacy-ground-{key}")),
                kept: match kept(&table) {
                    Kept::Pack(id) => months(app, t, id),
                    Kept::Words => told(app, t, &format!("privacy-kept-{key}")),
                },
                table: table.clone(),
            });
        }
    }
    Ok(all)
}
