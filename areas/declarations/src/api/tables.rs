//! The table of what other systems brought.

use linli_platform::store::schema::{bytes_null, id, id_null, index, int, int_null, spread_table, text, text_null};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    let columns = vec![
        id("inbound_id"),
        id("client_id"),
        text("kind"),
        text("state"),
        // Why it fits no record; told to staff alone.
        text_null("stopped"),
        id_null("declaration_id"),
        bytes_null("content_sealed"),
        text("name_masked"),
        text("doc_masked"),
        int("made_at"),
        int("due_at"),
        int_null("decided_at"),
        id_null("decided_by"),
        int("version"),
    ];
    vec![spread_table("inbound_declaration", &["inbound_id"], columns)]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("inbound_declaration_state", "inbound_declaration", &["state", "due_at"]),
        index("inbound_declaration_filed", "inbound_declaration", &["declaration_id"]),
    ]
}
