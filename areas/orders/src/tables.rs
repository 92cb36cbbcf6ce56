//! The tables of the area. None refers to the register's rows by a foreign key: a list for a data check goes when the
//! check is closed, whatever became of the records.

use linli_platform::store::{
    Migration,
    schema::{
        bytes, flag, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique, unique_where,
    },
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "orders-0001", tables, indexes },
        Migration { id: "orders-0002", tables: || vec![brought()], indexes: brought_indexes },
    ]
}

/// Orders that other systems brought. It holds nothing of a person; what was not taken stays here alone.
fn brought() -> TableCreateStatement {
    spread_table(
        "order_brought",
        &["order_id"],
        vec![
            id("order_id"),
            id("client_id"),
            text("kind"),
            // Codes of committees, with blanks between.
            text("committees"),
            int("brought_at"),
            int_null("refused_at"),
            id_null("refused_by"),
            text_null("refusal"),
        ],
    )
}

fn brought_indexes() -> Vec<IndexCreateStatement> {
    vec![index("order_brought_by_client", "order_brought", &["client_id", "order_id"])]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![order(), part(), check(), row(), count()]
}

fn order() -> TableCreateStatement {
    spread_table(
        "work_order",
        &["order_id"],
        vec![
            id("order_id"),
            text("kind"),
            text("body"),
            id_null("check_id"),
            text("state"),
            text("role"),
            id("account_id"),
            int("made_at"),
            int_null("issued_at"),
            int_null("due_at"),
            int_null("closed_at"),
            id_null("closed_by"),
            int("version"),
        ],
    )
}

fn part() -> TableCreateStatement {
    let table = spread_table(
        "order_part",
        &["part_id"],
        vec![
            id("part_id"),
            id("order_id"),
            id_null("parent_id"),
            id_null("came_from"),
            text("level"),
            // Police team, committee code or the grid's id, by level.
            text("area"),
            id_null("grid_id"),
            text("state"),
            text("held_level"),
            int("sent_at"),
            id("sent_by"),
            int("receipt_due_at"),
            int("due_at"),
            int_null("received_at"),
            id_null("received_by"),
            int_null("distributed_at"),
            int_null("answered_at"),
            id_null("answered_by"),
            text_null("feedback"),
            text("note"),
            int_null("closed_at"),
            id_null("closed_by"),
            flag("receipt_climbed"),
            flag("due_climbed"),
            text_null("raised"),
            int("version"),
        ],
    );
    references(table, "order_part", "order_id", "work_order", "order_id")
}

fn check() -> TableCreateStatement {
    spread_table(
        "data_check",
        &["check_id"],
        vec![
            id("check_id"),
            text("day"),
            int("number"),
            text("state"),
            id("account_id"),
            id_null("order_id"),
            int("row_count"),
            int("received_at"),
            int_null("returned_at"),
            int_null("closed_at"),
            id_null("closed_by"),
            int("version"),
        ],
    )
}

fn row() -> TableCreateStatement {
    let table = spread_table(
        "check_row",
        &["row_id"],
        vec![
            id("row_id"),
            id("check_id"),
            int("row_no"),
            text("ref"),
            text("kind"),
            text("state"),
            text("name_masked"),
            text("doc_masked"),
            text("road"),
            bytes("content_sealed"),
            bytes("doc_blind"),
            id_null("resident_id"),
            id_null("address_id"),
            id_null("home_id"),
            id_null("grid_id"),
            id_null("near_grid_id"),
            id_null("task_id"),
            text_null("first_found"),
            text_null("second_found"),
            text_null("result"),
            int_null("due_at"),
            int_null("settled_at"),
            int("version"),
        ],
    );
    references(table, "check_row", "check_id", "data_check", "check_id")
}

/// What is left of a closed check: how often each kind ended how.
fn count() -> TableCreateStatement {
    spread_table(
        "check_count",
        &["check_id", "kind", "result"],
        vec![id("check_id"), text("kind"), text("result"), int("row_count")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("work_order_by_state", "work_order", &["state", "made_at"]),
        index("order_part_by_order", "order_part", &["order_id", "level"]),
        index("order_part_by_state", "order_part", &["state", "due_at"]),
        index("order_part_by_parent", "order_part", &["parent_id"]),
        // A place has an order once at a time.
        unique_where(
            "order_part_once",
            "order_part",
            &["order_id", "level", "area"],
            "state NOT IN ('closed', 'elsewhere')",
        ),
        unique("data_check_number", "data_check", &["day", "number"]),
        index("check_row_by_check", "check_row", &["check_id", "row_no"]),
        index("check_row_by_grid", "check_row", &["grid_id", "state"]),
        index("check_row_by_resident", "check_row", &["resident_id"]),
    ]
}
