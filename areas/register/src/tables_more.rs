//! The tables of a record's later life: merged and split records, doubts, old names of addresses, hand-overs to other
//! jurisdictions, and the daily files for the official register.

use linli_platform::store::schema::{
    bytes, bytes_null, flag, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique,
    unique_where,
};
use sea_orm::{
    ConditionalStatement as _,
    sea_query::{ColumnDef, Expr, IndexCreateStatement, TableCreateStatement},
};

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![merge(), split(), doubt(), address_name(), outward(), daily_file(), daily_row(), report_column()]
}

fn of_resident(table: TableCreateStatement, name: &'static str, column: &'static str) -> TableCreateStatement {
    references(table, name, column, "resident", "resident_id")
}

/// What the kept record was before, so that a merge can be undone: sealed values as they were sealed.
fn before() -> Vec<ColumnDef> {
    vec![
        bytes("name_sealed"),
        text("name_masked"),
        text("doc_kind"),
        bytes("doc_sealed"),
        text("doc_masked"),
        bytes("doc_blind"),
        bytes_null("phone_sealed"),
        text_null("phone_masked"),
        bytes_null("phone_blind"),
        bytes("facts_sealed"),
        text("sex"),
        int_null("birth_year"),
        flag("is_local"),
        id_null("home_id"),
        id_null("employer_id"),
    ]
}

fn merge() -> TableCreateStatement {
    let mut columns = vec![
        id("merge_id"),
        id("kept_id"),
        id("absorbed_id"),
        text("state"),
        text("taken"),
        int("kept_version"),
        id("made_by"),
        int("made_at"),
        id_null("undone_by"),
        int_null("undone_at"),
        id("absorbed_home_id"),
        id_null("absorbed_employer_id"),
        id("absorbed_residence_id"),
        id("kept_residence_id"),
        id_null("made_residence_id"),
        int("version"),
    ];
    columns.extend(before());
    let table = spread_table("record_merge", &["merge_id"], columns);
    of_resident(of_resident(table, "record_merge", "kept_id"), "record_merge", "absorbed_id")
}

fn split() -> TableCreateStatement {
    let columns = vec![id("split_id"), id("from_id"), id("new_id"), id("made_by"), int("made_at")];
    let table = spread_table("record_split", &["split_id"], columns);
    of_resident(of_resident(table, "record_split", "from_id"), "record_split", "new_id")
}

fn doubt() -> TableCreateStatement {
    let columns = vec![
        id("doubt_id"),
        id("resident_id"),
        id("home_id"),
        text("cause"),
        text("state"),
        id("raised_by"),
        int("raised_at"),
        int("due_at"),
        text_null("outcome"),
        id_null("settled_by"),
        int_null("settled_at"),
        int("version"),
    ];
    of_resident(spread_table("doubt", &["doubt_id"], columns), "doubt", "resident_id")
}

fn address_name() -> TableCreateStatement {
    let columns = vec![
        id("name_id"),
        id("address_id"),
        text("text"),
        text("match_key"),
        text("until_day"),
        text("source"),
        int("entered_at"),
    ];
    let table = spread_table("address_name", &["name_id"], columns);
    references(table, "address_name", "address_id", "address", "address_id")
}

fn outward() -> TableCreateStatement {
    let columns = vec![
        id("transfer_id"),
        id("resident_id"),
        text("to_office"),
        text("state"),
        id("offered_by"),
        int("offered_at"),
        int("due_at"),
        id_null("decided_by"),
        int_null("decided_at"),
        text_null("refusal"),
        text_null("receipt"),
        int("version"),
    ];
    of_resident(spread_table("outward_transfer", &["transfer_id"], columns), "outward_transfer", "resident_id")
}

fn daily_file() -> TableCreateStatement {
    let columns = vec![
        id("file_id"),
        text("day"),
        text("state"),
        int("row_count"),
        id("made_by"),
        int("made_at"),
        id_null("receipt_by"),
        int_null("receipt_at"),
        int("version"),
    ];
    spread_table("daily_file", &["file_id"], columns)
}

fn daily_row() -> TableCreateStatement {
    let columns = vec![
        id("file_id"),
        int("row_no"),
        id("resident_id"),
        text("kind"),
        int("record_version"),
        text_null("result"),
        text_null("reason"),
    ];
    let table = spread_table("daily_row", &["file_id", "row_no"], columns);
    references(table, "daily_row", "file_id", "daily_file", "file_id")
}

fn report_column() -> TableCreateStatement {
    spread_table("report_column", &["name"], vec![text("name"), text("heading"), int("place")])
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("merge_by_kept", "record_merge", &["kept_id"]),
        unique_where("merge_one_open", "record_merge", &["absorbed_id"], "state = 'merged'"),
        index("split_by_new", "record_split", &["new_id"]),
        index("split_by_from", "record_split", &["from_id"]),
        unique_where("doubt_one_open", "doubt", &["resident_id"], "state = 'open'"),
        index("doubt_by_state", "doubt", &["state", "due_at"]),
        index("doubt_by_home", "doubt", &["home_id", "state"]),
        // Few houses are gone; figures leave them out without walking all addresses.
        index("address_gone", "address", &["address_id"]).and_where(Expr::cust("state = 'demolished'")).take(),
        index("address_name_by_key", "address_name", &["match_key"]),
        index("address_name_by_address", "address_name", &["address_id"]),
        unique_where("outward_one_open", "outward_transfer", &["resident_id"], "state = 'offered'"),
        index("outward_by_state", "outward_transfer", &["state", "due_at"]),
        unique("daily_file_by_day", "daily_file", &["day"]),
        index("daily_row_by_resident", "daily_row", &["resident_id", "record_version"]),
    ]
}
