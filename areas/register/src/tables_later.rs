//! The tables of hand-overs from other jurisdictions, and of what is overdue and has climbed a level.

use linli_platform::store::schema::{
    bytes_null, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique_where,
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![inward(), escalation()]
}

fn inward() -> TableCreateStatement {
    let columns = vec![
        id("transfer_id"),
        text("from_office"),
        text("reference"),
        bytes_null("name_sealed"),
        text("name_masked"),
        text("doc_kind"),
        bytes_null("doc_sealed"),
        text("doc_masked"),
        bytes_null("doc_blind"),
        bytes_null("phone_sealed"),
        text_null("phone_masked"),
        id("address_id"),
        id_null("grid_id"),
        text("state"),
        text("offered_day"),
        id("entered_by"),
        int("entered_at"),
        int("due_at"),
        id_null("decided_by"),
        int_null("decided_at"),
        text_null("refusal"),
        id_null("resident_id"),
        int("version"),
    ];
    let table = spread_table("inward_transfer", &["transfer_id"], columns);
    references(table, "inward_transfer", "address_id", "address", "address_id")
}

fn escalation() -> TableCreateStatement {
    let columns =
        vec![text("kind"), id("subject_id"), int("due_at"), id_null("grid_id"), text("role"), int("climbed_at")];
    spread_table("escalation", &["kind", "subject_id", "due_at"], columns)
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("inward_by_state", "inward_transfer", &["state", "due_at"]),
        index("inward_by_resident", "inward_transfer", &["resident_id"]),
        unique_where("inward_one_open", "inward_transfer", &["doc_blind"], "state = 'offered'"),
    ]
}
