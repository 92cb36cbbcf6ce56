//! The tables of the area.

use linli_platform::store::{
    Migration,
    schema::{bytes, bytes_null, id, id_null, index, int, int_null, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "work-0001", tables, indexes },
        Migration { id: "work-0002", tables: outward_tables, indexes: outward_indexes },
        Migration { id: "work-0003", tables: push_tables, indexes: push_indexes },
    ]
}

/// Announcements, robots, and what goes out through them.
fn outward_tables() -> Vec<TableCreateStatement> {
    vec![
        spread_table(
            "announcement",
            &["announcement_id"],
            vec![
                id("announcement_id"),
                id("grid_id"),
                id("account_id"),
                text("kind"),
                text("body"),
                text_null("day"),
                text_null("time"),
                text_null("place"),
                int("made_at"),
                int_null("withdrawn_at"),
            ],
        ),
        spread_table(
            "announcement_receipt",
            &["announcement_id", "account_id"],
            vec![id("announcement_id"), id("account_id"), int("read_at")],
        ),
        spread_table(
            "channel_robot",
            &["robot_id"],
            vec![
                id("robot_id"),
                bytes("key_sealed"),
                text("key_masked"),
                text("state"),
                id("account_id"),
                int("made_at"),
                int("leased_until"),
            ],
        ),
        spread_table("channel_robot_grid", &["grid_id"], vec![id("grid_id"), id("robot_id")]),
        spread_table(
            "outward",
            &["outward_id"],
            vec![
                id("outward_id"),
                id("robot_id"),
                id("grid_id"),
                id("origin_id"),
                text("text_key"),
                text("args"),
                text("state"),
                int("attempts"),
                text_null("error"),
                int("made_at"),
                int("next_at"),
                int_null("tried_at"),
                int_null("ended_at"),
            ],
        ),
    ]
}

fn outward_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("announcement_by_grid", "announcement", &["grid_id", "made_at"]),
        index("channel_robot_grid_by_robot", "channel_robot_grid", &["robot_id"]),
        // What comes from one post or announcement goes out once.
        unique("outward_once", "outward", &["origin_id"]),
        index("outward_due", "outward", &["state", "next_at"]),
        index("outward_by_robot", "outward", &["robot_id", "tried_at"]),
        index("outward_by_grid", "outward", &["grid_id", "state", "ended_at"]),
    ]
}

/// Notices that are to be pushed, and messages to devices: one of each kind at most.
fn push_tables() -> Vec<TableCreateStatement> {
    vec![
        spread_table("push_waiting", &["notice_id"], vec![id("notice_id"), int("made_at")]),
        spread_table(
            "push_message",
            &["push_id", "kind"],
            vec![
                id("push_id"),
                text("kind"),
                id("account_id"),
                id("notice_id"),
                int("attempts"),
                int("made_at"),
                int("next_at"),
            ],
        ),
    ]
}

fn push_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("push_waiting_time", "push_waiting", &["made_at"]),
        index("push_message_due", "push_message", &["next_at"]),
    ]
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
