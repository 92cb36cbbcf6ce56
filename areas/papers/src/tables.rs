//! The tables of the area. A document holds what was published: figures of organisations, colleagues by name and post;
//! nothing of a resident is issued under a number.

use linli_platform::store::{
    Migration,
    schema::{
        bytes, bytes_null, flag, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique,
    },
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "papers-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![series(), paper(), version(), wording()]
}

/// The last number taken of a series in a year: the row that two documents at once wait for.
fn series() -> TableCreateStatement {
    spread_table("paper_series", &["series", "year"], vec![text("series"), int("year"), int("last")])
}

fn paper() -> TableCreateStatement {
    let columns = vec![
        id("paper_id"),
        text("kind"),
        // What it is of, so that the same is issued under one number: a month, a meeting's id, a grid's.
        text("subject"),
        text("series"),
        int("year"),
        int("running"),
        text("number"),
        text("number_key"),
        text("title"),
        id_null("grid_id"),
        // Whether whoever may read the register sees it wherever they work: bulletins.
        flag("for_all"),
        int("made_at"),
        int_null("withdrawn_at"),
        id_null("withdrawn_by"),
        text_null("withdrawn_why"),
        int("version"),
    ];
    spread_table("paper", &["paper_id"], columns)
}

fn version() -> TableCreateStatement {
    let columns = vec![
        id("paper_id"),
        int("edition"),
        bytes("digest"),
        bytes("salt"),
        text("check_code"),
        text("content"),
        text_null("wording"),
        text("mark"),
        int("made_at"),
        bytes_null("file"),
        text_null("file_sha256"),
        int_null("issued_at"),
        id_null("issued_by"),
    ];
    let table = spread_table("paper_version", &["paper_id", "edition"], columns);
    references(table, "paper_version", "paper_id", "paper", "paper_id")
}

/// Sentences that the office changed: the whole of a document's, in one language, each time anew.
fn wording() -> TableCreateStatement {
    let columns = vec![
        text("template"),
        text("lang"),
        int("edition"),
        text("words"),
        flag("is_original"),
        int("made_at"),
        id("made_by"),
    ];
    spread_table("paper_wording", &["template", "lang", "edition"], columns)
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("paper_once", "paper", &["kind", "subject"]),
        unique("paper_number", "paper", &["series", "year", "running"]),
        unique("paper_by_key", "paper", &["number_key"]),
        index("paper_by_time", "paper", &["made_at"]),
        index("paper_by_grid", "paper", &["grid_id"]),
    ]
}
