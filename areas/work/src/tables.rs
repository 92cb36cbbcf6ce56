//! The tables of the area.

use linli_platform::store::{
    Migration,
    schema::{bytes_null, id, id_null, index, int, int_null, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "work-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![task(), notice(), notice_receipt(), channel_post()]
}

fn task() -> TableCreateStatement {
    // No key to home: a task outlives a home that is taken out of the register.
    spread_table(
        "task",
        &["task_id"],
        vec![
            id("task_id"),
            text("kind"),
            text("subject_kind"),
            id("subject_id"),
            id_null("home_id"),
            id("grid_id"),
            text("role"),
            id_null("account_id"),
            text("state"),
            text("origin_kind"),
            id("origin_id"),
            int_null("due_at"),
            int("made_at"),
            int_null("done_at"),
            text_null("outcome"),
            text("note_masked"),
            bytes_null("note_sealed"),
            int("version"),
        ],
    )
}

fn notice() -> TableCreateStatement {
    spread_table(
        "notice",
        &["notice_id"],
        vec![
            id("notice_id"),
            id_null("account_id"),
            text_null("role"),
            id_null("grid_id"),
            text("text_key"),
            text("args"),
            text("href"),
            int("made_at"),
        ],
    )
}

fn notice_receipt() -> TableCreateStatement {
    spread_table(
        "notice_receipt",
        &["notice_id", "account_id"],
        vec![id("notice_id"), id("account_id"), int("read_at")],
    )
}

fn channel_post() -> TableCreateStatement {
    spread_table(
        "channel_post",
        &["post_id"],
        vec![
            id("post_id"),
            id("grid_id"),
            id("account_id"),
            text("kind"),
            text("topic"),
            text("day"),
            text("args"),
            int("made_at"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("task_by_grid", "task", &["grid_id", "state", "due_at"]),
        index("task_by_state", "task", &["state", "due_at"]),
        index("task_by_home", "task", &["home_id", "state"]),
        index("task_by_subject", "task", &["subject_id"]),
        index("task_by_origin", "task", &["origin_id"]),
        index("notice_by_account", "notice", &["account_id", "made_at"]),
        index("notice_by_grid", "notice", &["grid_id", "role", "made_at"]),
        // One post per grid, author, kind, topic and day: posting again corrects it.
        unique("channel_post_once", "channel_post", &["grid_id", "account_id", "kind", "topic", "day"]),
        index("channel_post_by_grid", "channel_post", &["grid_id", "made_at"]),
    ]
}
