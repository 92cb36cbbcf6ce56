//! The tables of the area. None refers to the register's rows by a foreign key: what somebody asked for is kept for a
//! time of its own (policy pack, retention `declaration`).

use linli_platform::store::{
    Migration,
    schema::{bytes, id, id_null, index, int, int_null, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use crate::tables_more;

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "declarations-0001", tables, indexes },
        Migration { id: "declarations-api-0001", tables: crate::api::tables, indexes: crate::api::indexes },
        Migration { id: "declarations-0002", tables: tables_more::tables, indexes: tables_more::indexes },
        Migration { id: "declarations-0003", tables: tables_more::referrals, indexes: tables_more::referral_indexes },
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![attempt(), session(), declaration(), receipt()]
}

/// Asking for a one-time code: blind index of the number that was typed, MACs, no value.
fn attempt() -> TableCreateStatement {
    spread_table(
        "own_attempt",
        &["attempt_id"],
        vec![
            id("attempt_id"),
            bytes("token_hash"),
            bytes("doc_blind"),
            id_null("resident_id"),
            bytes("code_mac"),
            int("made_at"),
            int("until_at"),
            int("tries"),
            text("state"),
        ],
    )
}

fn session() -> TableCreateStatement {
    spread_table(
        "own_session",
        &["session_id"],
        vec![id("session_id"), bytes("token_hash"), id("resident_id"), int("made_at"), int("until_at")],
    )
}

fn declaration() -> TableCreateStatement {
    spread_table(
        "declaration",
        &["declaration_id"],
        vec![
            id("declaration_id"),
            text("kind"),
            text_null("field"),
            text("channel"),
            id("resident_id"),
            id_null("grid_id"),
            text("state"),
            bytes("content_sealed"),
            text("content_masked"),
            int("made_at"),
            int("due_at"),
            int_null("decided_at"),
            id_null("decided_by"),
            text_null("decided_role"),
            text_null("refusal"),
            text_null("outcome"),
            int("version"),
        ],
    )
}

fn receipt() -> TableCreateStatement {
    spread_table(
        "own_receipt",
        &["receipt_id"],
        vec![
            id("receipt_id"),
            bytes("code_hash"),
            bytes("paper_mac"),
            id("resident_id"),
            text("issued_day"),
            text("until_day"),
            int("checks"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("own_attempt_token", "own_attempt", &["token_hash"]),
        index("own_attempt_doc", "own_attempt", &["doc_blind", "made_at"]),
        unique("own_session_token", "own_session", &["token_hash"]),
        index("declaration_by_resident", "declaration", &["resident_id", "made_at"]),
        index("declaration_by_state", "declaration", &["state", "due_at"]),
        unique("own_receipt_code", "own_receipt", &["code_hash"]),
    ]
}
