//! The platform's own tables.

use super::{access_tables, schema::*};

/// The platform's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "platform-0001", tables, indexes },
        Migration { id: "platform-0002", tables: erased_tables, indexes: Vec::new },
        Migration { id: "platform-0003", tables: access_tables::guard_tables, indexes: access_tables::guard_indexes },
        Migration {
            id: "platform-0004",
            tables: access_tables::decision_tables,
            indexes: access_tables::decision_indexes,
        },
        Migration { id: "platform-0005", tables: access_tables::erasure_tables, indexes: Vec::new },
        Migration { id: "platform-0006", tables: access_tables::push_tables, indexes: access_tables::push_indexes },
        Migration { id: "platform-api-0001", tables: crate::api::tables, indexes: crate::api::indexes },
    ]
}

/// What is left of events and readings whose time is over: enough for the log, and nothing to read.
fn erased_tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    let columns = vec![id("record_id"), text("kind"), id("leaf_id"), bytes("digest"), int("erased_at")];
    vec![spread_table("erased_record", &["record_id"], columns)]
}

fn tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    let mut all = account_tables();
    all.extend(record_tables());
    all.extend(work_tables());
    all
}

fn account_tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    vec![
        spread_table(
            "account",
            &["account_id"],
            vec![
                id("account_id"),
                text("sign_in_name"),
                text("display_name"),
                text("password_hash"),
                flag("must_change"),
                flag("disabled"),
                int("failures"),
                int_null("locked_until"),
                int("made_at"),
                text("language"),
                int("version"),
            ],
        ),
        spread_table(
            "account_role",
            &["account_role_id"],
            vec![
                id("account_role_id"),
                id("account_id"),
                text("role"),
                text("area_kind"),
                text("area"),
                text("from_day"),
                text_null("until_day"),
            ],
        ),
        spread_table(
            "session",
            &["token_hash"],
            vec![bytes("token_hash"), id("account_id"), int("made_at"), int("seen_at")],
        ),
        spread_table("setting", &["name"], vec![text("name"), text("value")]),
    ]
}

fn record_tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    vec![
        spread_table("subject_key", &["subject_id"], vec![id("subject_id"), text("epoch"), bytes("wrapped")]),
        spread_table(
            "basis",
            &["basis_id"],
            vec![
                id("basis_id"),
                text("subject_kind"),
                id("subject_id"),
                text("purpose"),
                id("task_id"),
                id_null("account_id"),
                int("opened_at"),
                int_null("until_at"),
                int_null("closed_at"),
            ],
        ),
        spread_table(
            "event",
            &["event_id"],
            vec![
                id("event_id"),
                text("kind"),
                text("subject_kind"),
                id("subject_id"),
                id_null("grid_id"),
                id("account_id"),
                text("role"),
                int_null("seen_at"),
                int_null("received_at"),
                int("entered_at"),
                int("version"),
                text("body"),
                id("leaf_id"),
            ],
        ),
        spread_table(
            "access_record",
            &["access_id"],
            vec![
                id("access_id"),
                int("at"),
                id("account_id"),
                text("role"),
                text("purpose"),
                id("basis_id"),
                text("subject_kind"),
                id("subject_id"),
                id_null("grid_id"),
                text("fields"),
                id("leaf_id"),
            ],
        ),
        spread_table(
            "machine_run",
            &["run_id"],
            vec![id("run_id"), text("kind"), id("account_id"), int("at"), id("leaf_id")],
        ),
        spread_table(
            "log_leaf",
            &["leaf_id"],
            vec![
                id("leaf_id"),
                text("kind"),
                bytes("salt"),
                bytes("hash"),
                flag("sequenced"),
                int_null("position"),
                int("made_at"),
            ],
        ),
        spread_table(
            "log_tile",
            &["level", "tile_index"],
            vec![int("level"), int("tile_index"), int("width"), bytes("hashes")],
        ),
        spread_table("log_checkpoint", &["size"], vec![int("size"), bytes("root"), text("note"), int("at")]),
    ]
}

fn work_tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    vec![
        spread_table("lease", &["name"], vec![text("name"), text("holder"), int("until_at")]),
        spread_table(
            "job",
            &["job_id"],
            vec![
                id("job_id"),
                text("kind"),
                text("period"),
                text("state"),
                text("payload"),
                id("account_id"),
                int("done"),
                int("total"),
                text("stage"),
                text_null("result"),
                text_null("error_code"),
                int("attempts"),
                int("made_at"),
                int_null("leased_until"),
                int_null("ended_at"),
            ],
        ),
        spread_table(
            "import_case",
            &["import_id"],
            vec![
                id("import_id"),
                text("kind"),
                text("state"),
                text("file_name"),
                id("account_id"),
                int("made_at"),
                text("headers"),
                text("mapping"),
                text("dropped"),
                int("row_count"),
                int("bad_count"),
                text("summary"),
                int_null("ended_at"),
                id_null("job_id"),
                text("params"),
            ],
        ),
        spread_table(
            "import_chunk",
            &["import_id", "chunk"],
            vec![id("import_id"), int("chunk"), bytes("rows_sealed"), text("problems")],
        ),
    ]
}

fn indexes() -> Vec<sea_orm::sea_query::IndexCreateStatement> {
    vec![
        unique("account_name", "account", &["sign_in_name"]),
        index("account_role_account", "account_role", &["account_id"]),
        index("session_account", "session", &["account_id"]),
        index("basis_subject", "basis", &["subject_id", "purpose"]),
        index("basis_task", "basis", &["task_id"]),
        index("event_subject", "event", &["subject_id", "entered_at"]),
        index("event_kind", "event", &["kind", "entered_at"]),
        index("access_subject", "access_record", &["subject_id", "at"]),
        index("log_leaf_sequenced", "log_leaf", &["sequenced", "leaf_id"]),
        index("log_leaf_position", "log_leaf", &["position"]),
        unique("job_period", "job", &["kind", "period"]),
        index("job_state", "job", &["state", "made_at"]),
    ]
}
