//! The tables of the area. Colleagues stand in them by id; nothing of a resident does.

use linli_platform::store::{
    Migration,
    schema::{bytes, flag, id, id_null, index, int, int_null, references, spread_table, text, text_null},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "supervision-0001", tables, indexes },
        Migration { id: "supervision-0002", tables: photo_tables, indexes: photo_indexes },
    ]
}

/// The photos of findings: sealed, beside them when and by whom.
fn photo_tables() -> Vec<TableCreateStatement> {
    let columns = vec![
        id("photo_id"),
        id("finding_id"),
        text("photo_of"),
        id("account_id"),
        int("taken_at"),
        int("size_bytes"),
        bytes("photo_sealed"),
        bytes("small_sealed"),
    ];
    let table = spread_table("finding_photo", &["photo_id"], columns);
    vec![references(table, "finding_photo", "finding_id", "finding", "finding_id")]
}

fn photo_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("finding_photo_by_finding", "finding_photo", &["finding_id"]),
        index("finding_photo_by_time", "finding_photo", &["taken_at"]),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![inspection(), grid(), member(), check(), finding(), suggestion(), measure()]
}

fn inspection() -> TableCreateStatement {
    let columns = vec![
        id("inspection_id"),
        text("mode"),
        text("day"),
        text("state"),
        text("summary"),
        id("account_id"),
        int("made_at"),
        int_null("closed_at"),
        int("version"),
    ];
    spread_table("inspection", &["inspection_id"], columns)
}

/// The grids that are inspected; they decide, with the group, who sees it.
fn grid() -> TableCreateStatement {
    let columns = vec![id("inspection_id"), id("grid_id")];
    let table = spread_table("inspection_grid", &["inspection_id", "grid_id"], columns);
    references(table, "inspection_grid", "inspection_id", "inspection", "inspection_id")
}

fn member() -> TableCreateStatement {
    let columns = vec![id("inspection_id"), id("staff_id"), id_null("account_id"), text("post")];
    let table = spread_table("inspection_member", &["inspection_id", "staff_id"], columns);
    references(table, "inspection_member", "inspection_id", "inspection", "inspection_id")
}

/// What was looked at and is in order, by grid and item of the checklist; what is not in order is a finding.
fn check() -> TableCreateStatement {
    let columns = vec![id("inspection_id"), id("grid_id"), text("item"), id("account_id"), int("made_at")];
    let table = spread_table("inspection_check", &["inspection_id", "grid_id", "item"], columns);
    references(table, "inspection_check", "inspection_id", "inspection", "inspection_id")
}

fn finding() -> TableCreateStatement {
    let columns = vec![
        id("finding_id"),
        id("inspection_id"),
        id("grid_id"),
        text("kind"),
        text("item"),
        int("records"),
        text("words"),
        flag("serious"),
        // The how manieth time within the months in which repeats count.
        int("time_found"),
        flag("raised"),
        text("state"),
        int_null("due_at"),
        text("feedback"),
        int_null("corrected_at"),
        id_null("corrected_by"),
        int("sent_back"),
        int_null("settled_at"),
        id_null("settled_by"),
        int("made_at"),
        id("made_by"),
        int("version"),
    ];
    let table = spread_table("finding", &["finding_id"], columns);
    references(table, "finding", "inspection_id", "inspection", "inspection_id")
}

fn suggestion() -> TableCreateStatement {
    let columns = vec![
        id("suggestion_id"),
        text("kind"),
        text("words"),
        id("account_id"),
        int("made_at"),
        int("due_at"),
        text("state"),
        text("answer"),
        int_null("answered_at"),
        id_null("answered_by"),
        int("version"),
    ];
    spread_table("suggestion", &["suggestion_id"], columns)
}

fn measure() -> TableCreateStatement {
    let columns = vec![
        id("measure_id"),
        id("staff_id"),
        id_null("account_id"),
        text("post"),
        text("kind"),
        text("neglect"),
        id_null("finding_id"),
        text("words"),
        text("state"),
        id("proposed_by"),
        int("proposed_at"),
        int("hear_by"),
        text("statement"),
        int_null("heard_at"),
        id_null("decided_by"),
        int_null("decided_at"),
        text_null("decision"),
        int("version"),
    ];
    spread_table("staff_measure", &["measure_id"], columns)
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("inspection_by_day", "inspection", &["day"]),
        index("inspection_grid_by_grid", "inspection_grid", &["grid_id"]),
        index("inspection_member_by_account", "inspection_member", &["account_id"]),
        index("finding_by_inspection", "finding", &["inspection_id"]),
        index("finding_by_grid", "finding", &["grid_id", "item"]),
        index("finding_by_made", "finding", &["made_at"]),
        index("suggestion_by_account", "suggestion", &["account_id"]),
        index("suggestion_by_state", "suggestion", &["state", "due_at"]),
        index("staff_measure_by_account", "staff_measure", &["account_id"]),
        index("staff_measure_by_state", "staff_measure", &["state"]),
    ]
}
