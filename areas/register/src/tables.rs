//! The tables of the register.

use linli_platform::store::{
    Migration,
    schema::{
        bytes, bytes_null, flag, float_null, id, id_null, index, int, int_null, references, spread_table, text,
        text_null, unique, unique_where,
    },
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use crate::{tables_later, tables_more};

/// The register's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "register-0001", tables, indexes },
        Migration { id: "register-0002", tables: tables_more::tables, indexes: tables_more::indexes },
        Migration { id: "register-0003", tables: tables_later::tables, indexes: tables_later::indexes },
        crate::care::migration(),
        crate::hazards::migration(),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![address(), employer(), home(), resident(), residence(), counter_case(), transfer()]
}

fn address() -> TableCreateStatement {
    spread_table(
        "address",
        &["address_id"],
        vec![
            id("address_id"),
            text("text"),
            text("match_key"),
            text("committee_code"),
            id_null("grid_id"),
            float_null("lon"),
            float_null("lat"),
            text("state"),
            text("source"),
            int("entered_at"),
            int("changed_at"),
            int("version"),
        ],
    )
}

fn employer() -> TableCreateStatement {
    let table = spread_table(
        "employer",
        &["employer_id"],
        vec![
            id("employer_id"),
            text("org_code"),
            text("name"),
            text("business"),
            text("site"),
            id_null("address_id"),
            id_null("grid_id"),
            int("staff_declared"),
            flag("roster_duty"),
            bytes_null("liaison_sealed"),
            text_null("liaison_masked"),
            bytes_null("liaison_phone_sealed"),
            text_null("liaison_phone_masked"),
            text("state"),
            text("source"),
            int("entered_at"),
            int("version"),
        ],
    );
    references(table, "employer", "address_id", "address", "address_id")
}

fn home() -> TableCreateStatement {
    let table = spread_table(
        "home",
        &["home_id"],
        vec![
            id("home_id"),
            id("address_id"),
            id_null("grid_id"),
            text("kind"),
            text("tenancy"),
            text("occupancy"),
            int_null("places"),
            bytes_null("owner_sealed"),
            text_null("owner_masked"),
            bytes_null("landlord_sealed"),
            text_null("landlord_masked"),
            bytes_null("landlord_phone_sealed"),
            text_null("landlord_phone_masked"),
            text_null("agent_name"),
            id_null("employer_id"),
            text_null("label"),
            text_null("label_reason"),
            id_null("label_account"),
            int_null("label_at"),
            text_null("care_consent_day"),
            text_null("last_verified_day"),
            text_null("last_visited_day"),
            text("source"),
            int_null("seen_at"),
            int("entered_at"),
            int("version"),
        ],
    );
    let table = references(table, "home", "address_id", "address", "address_id");
    references(table, "home", "employer_id", "employer", "employer_id")
}

fn resident() -> TableCreateStatement {
    let table = spread_table(
        "resident",
        &["resident_id"],
        vec![
            id("resident_id"),
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
            text("state"),
            id_null("home_id"),
            id_null("grid_id"),
            id_null("employer_id"),
            text("source"),
            int_null("seen_at"),
            int("entered_at"),
            text_null("cancel_reason"),
            text_null("cancelled_day"),
            int("changed_at"),
            int("version"),
        ],
    );
    let table = references(table, "resident", "home_id", "home", "home_id");
    references(table, "resident", "employer_id", "employer", "employer_id")
}

fn residence() -> TableCreateStatement {
    let table = spread_table(
        "residence",
        &["residence_id"],
        vec![
            id("residence_id"),
            id("resident_id"),
            id("home_id"),
            id_null("grid_id"),
            flag("is_main"),
            text("from_day"),
            text_null("until_day"),
            text("source"),
        ],
    );
    let table = references(table, "residence", "resident_id", "resident", "resident_id");
    references(table, "residence", "home_id", "home", "home_id")
}

fn counter_case() -> TableCreateStatement {
    let table = spread_table(
        "counter_case",
        &["case_id"],
        vec![
            id("case_id"),
            id("resident_id"),
            id("account_id"),
            text("state"),
            int("opened_at"),
            int("until_at"),
            int_null("closed_at"),
        ],
    );
    references(table, "counter_case", "resident_id", "resident", "resident_id")
}

fn transfer() -> TableCreateStatement {
    let table = spread_table(
        "transfer",
        &["transfer_id"],
        vec![
            id("transfer_id"),
            id("resident_id"),
            id_null("from_grid_id"),
            id_null("to_grid_id"),
            id_null("to_home_id"),
            text("state"),
            id("offered_by"),
            int("offered_at"),
            int("due_at"),
            id_null("decided_by"),
            int_null("decided_at"),
            text_null("refusal"),
            int("version"),
        ],
    );
    references(table, "transfer", "resident_id", "resident", "resident_id")
}

/// SQLite plans without statistics: it takes the index with the most columns that a query binds to one value. So
/// `state`, which says little, leads nowhere, and stands in the indexes that say much.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("address_by_key", "address", &["match_key"]),
        index("address_by_grid", "address", &["grid_id"]),
        index("address_by_committee", "address", &["committee_code"]),
        index("address_by_change", "address", &["changed_at"]),
        index("home_by_address", "home", &["address_id"]),
        index("home_by_grid", "home", &["grid_id", "label"]),
        index("home_by_verified", "home", &["last_verified_day", "home_id"]),
        unique("employer_one_per_site", "employer", &["org_code", "site"]),
        index("employer_by_grid", "employer", &["grid_id"]),
        // One current record per document number; cancelled ones may repeat.
        unique_where("resident_one_current_record", "resident", &["doc_blind"], "state = 'current'"),
        index("resident_by_number", "resident", &["doc_blind"]),
        index("resident_by_mobile", "resident", &["phone_blind"]),
        index("resident_by_home", "resident", &["home_id", "state"]),
        index("resident_by_grid", "resident", &["grid_id", "state", "entered_at", "resident_id"]),
        index("resident_by_entry", "resident", &["entered_at", "resident_id", "state"]),
        index("resident_by_employer", "resident", &["employer_id", "state"]),
        index("resident_by_change", "resident", &["changed_at", "version"]),
        // Invariant 3: the database itself refuses a second current main residence.
        unique_where("residence_one_main", "residence", &["resident_id"], "is_main = TRUE AND until_day IS NULL"),
        index("residence_by_resident", "residence", &["resident_id", "from_day"]),
        index("residence_by_home", "residence", &["home_id"]),
        index("counter_case_by_resident", "counter_case", &["resident_id", "state"]),
        index("transfer_by_state", "transfer", &["state", "to_grid_id"]),
        index("transfer_by_resident", "transfer", &["resident_id"]),
        unique_where("transfer_one_open", "transfer", &["resident_id"], "state = 'offered'"),
    ]
}
