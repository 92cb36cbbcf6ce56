//! Tables of what guards accounts and readings: second factors, sessions' proofs, notices to the security officer.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::schema::*;

/// Second factors, what a session knows beside its token, notices.
pub(super) fn guard_tables() -> Vec<TableCreateStatement> {
    vec![
        spread_table(
            "second_factor",
            &["account_id"],
            vec![
                id("account_id"),
                bytes("secret_sealed"),
                flag("active"),
                int("last_step"),
                int("made_at"),
                int_null("confirmed_at"),
            ],
        ),
        spread_table(
            "recovery_code",
            &["account_id", "code_hash"],
            vec![id("account_id"), bytes("code_hash"), int_null("used_at")],
        ),
        spread_table(
            "session_proof",
            &["token_hash"],
            vec![bytes("token_hash"), id("session_id"), text("device"), flag("factor_due"), int_null("proved_at")],
        ),
        spread_table(
            "security_notice",
            &["notice_id"],
            vec![
                id("notice_id"),
                text("kind"),
                id("account_id"),
                int("number"),
                int("made_at"),
                int_null("seen_at"),
                id_null("seen_account"),
            ],
        ),
    ]
}

/// Indexes of the same step.
pub(super) fn guard_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("access_account", "access_record", &["account_id", "at"]),
        unique("session_proof_id", "session_proof", &["session_id"]),
        index("security_notice_seen", "security_notice", &["seen_at", "made_at"]),
    ]
}

/// What needs a second person, the policy packs that were approved, and emergency access.
pub(super) fn decision_tables() -> Vec<TableCreateStatement> {
    vec![
        spread_table(
            "proposal",
            &["proposal_id"],
            vec![
                id("proposal_id"),
                text("kind"),
                text("payload"),
                text("state"),
                id("account_id"),
                int("made_at"),
                int("until_at"),
                id_null("decided_account"),
                int_null("decided_at"),
            ],
        ),
        spread_table(
            "policy_version",
            &["digest"],
            vec![text("digest"), text("files"), int("made_at"), int_null("approved_at")],
        ),
        spread_table(
            "emergency",
            &["case_id"],
            vec![
                id("case_id"),
                id("account_id"),
                id("grid_id"),
                text("reason"),
                id("approved_account"),
                int("from_at"),
                int("until_at"),
                int_null("ended_at"),
            ],
        ),
    ]
}

/// Indexes of the same step.
pub(super) fn decision_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("proposal_state", "proposal", &["state", "made_at"]),
        index("proposal_account", "proposal", &["account_id"]),
        index("emergency_account", "emergency", &["account_id", "until_at"]),
        index("emergency_grid", "emergency", &["grid_id", "from_at"]),
    ]
}

/// What was erased for good: an id, a kind, a time.
pub(super) fn erasure_tables() -> Vec<TableCreateStatement> {
    vec![spread_table("erasure", &["subject_id"], vec![id("subject_id"), text("kind"), int("erased_at")])]
}

/// Devices that notices are pushed to.
pub(super) fn push_tables() -> Vec<TableCreateStatement> {
    vec![spread_table(
        "push_device",
        &["push_id"],
        vec![
            id("push_id"),
            id("account_id"),
            bytes("endpoint_digest"),
            bytes("address_sealed"),
            text("host"),
            text("device"),
            int("made_at"),
            int_null("sent_at"),
            text_null("error"),
        ],
    )]
}

/// Indexes of the same step.
pub(super) fn push_indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("push_device_once", "push_device", &["endpoint_digest"]),
        index("push_device_account", "push_device", &["account_id"]),
    ]
}
