//! The tables of the area.

use linli_platform::store::{
    Migration,
    schema::{
        bytes, bytes_null, flag, float, id, id_null, index, int, int_null, references, spread_table, text, text_null,
        unique_where,
    },
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "rosters-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![roster(), chunk(), result(), task(), count()]
}

fn roster() -> TableCreateStatement {
    let table = spread_table(
        "roster",
        &["roster_id"],
        vec![
            id("roster_id"),
            id("employer_id"),
            text("kind"),
            text("as_of_day"),
            text("state"),
            text("file_name"),
            text("headers"),
            text("mapping"),
            text("dropped"),
            int("row_count"),
            int("bad_count"),
            int("task_count"),
            int("received_at"),
            id("account_id"),
            id_null("job_id"),
            int_null("compared_at"),
            int_null("closed_at"),
            id_null("closed_by"),
            int("version"),
        ],
    );
    references(table, "roster", "employer_id", "employer", "employer_id")
}

fn chunk() -> TableCreateStatement {
    let table = spread_table(
        "roster_chunk",
        &["roster_id", "chunk"],
        vec![id("roster_id"), int("chunk"), bytes("rows_sealed"), text("problems")],
    );
    references(table, "roster_chunk", "roster_id", "roster", "roster_id")
}

fn result() -> TableCreateStatement {
    // No key to resident: the comparison of a month outlives a record that is deleted after its retention time.
    let table = spread_table(
        "roster_result",
        &["roster_id", "row_no"],
        vec![
            id("roster_id"),
            int("row_no"),
            text("class"),
            text("decision"),
            flag("has_left"),
            id_null("resident_id"),
            int_null("resident_version"),
            float("probability"),
            text("reasons"),
            text("name_masked"),
            text("doc_masked"),
            text("phone_masked"),
            text("road"),
            bytes_null("row_sealed"),
            id_null("grid_id"),
            id_null("home_grid_id"),
            id_null("home_id"),
            id_null("address_id"),
            text_null("decided"),
            id_null("decided_by"),
            int_null("decided_at"),
        ],
    );
    references(table, "roster_result", "roster_id", "roster", "roster_id")
}

fn task() -> TableCreateStatement {
    spread_table("roster_task", &["roster_id", "row_no"], vec![id("roster_id"), int("row_no"), id("task_id")])
}

fn count() -> TableCreateStatement {
    spread_table(
        "roster_count",
        &["roster_id", "grid_id", "class"],
        vec![id("roster_id"), id("grid_id"), text("class"), int("row_count")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("roster_by_employer", "roster", &["employer_id", "as_of_day"]),
        index("roster_by_state", "roster", &["state", "received_at"]),
        // Saying twice that nothing changed says it once.
        unique_where("roster_no_change_once", "roster", &["employer_id", "as_of_day"], "kind = 'no-change'"),
        index("roster_result_by_class", "roster_result", &["roster_id", "class"]),
        index("roster_result_by_grid", "roster_result", &["grid_id"]),
        index("roster_result_by_home_grid", "roster_result", &["home_grid_id"]),
    ]
}
