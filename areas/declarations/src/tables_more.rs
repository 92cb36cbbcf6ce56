//! Tables of those who are not on the own page: newcomers, landlords and agents, people appointed, and the notices of
//! duty.

use linli_platform::store::schema::{
    bytes, bytes_null, id, id_null, index, int, int_null, spread_table, text, text_null, unique, unique_where,
};
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, TableCreateStatement};

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        door_visit(),
        door_source(),
        declaration_place(),
        representative(),
        own_session_by(),
        letting_liaison(),
        letting_home(),
        duty_notice(),
    ]
}

/// A visit from the asking for a code to its end: blind indexes, MACs, and what a newcomer typed, sealed.
fn door_visit() -> TableCreateStatement {
    spread_table(
        "door_visit",
        &["visit_id"],
        vec![
            id("visit_id"),
            text("door"),
            bytes("token_hash"),
            bytes("doc_blind"),
            bytes_null("phone_blind"),
            id_null("subject_id"),
            bytes_null("identity_sealed"),
            bytes("code_mac"),
            int("tries"),
            text("state"),
            id_null("declaration_id"),
            int("made_at"),
            int("until_at"),
        ],
    )
}

/// Askings by the address they came from: a blind index of it, so that no address is kept.
fn door_source() -> TableCreateStatement {
    spread_table("door_source", &["source_id"], vec![id("source_id"), bytes("source_blind"), int("made_at")])
}

/// What a declaration of a home has beside the others: the home, and who may follow it.
fn declaration_place() -> TableCreateStatement {
    spread_table(
        "declaration_place",
        &["declaration_id"],
        vec![id("declaration_id"), id("home_id"), text("name_masked"), bytes_null("doc_blind"), id_null("liaison_id")],
    )
}

/// Name, document and mobile of somebody who is no resident to us, sealed under the row's own key.
fn person() -> Vec<ColumnDef> {
    vec![
        bytes("name_sealed"),
        text("name_masked"),
        text("doc_kind"),
        bytes("doc_sealed"),
        text("doc_masked"),
        bytes("doc_blind"),
        bytes("phone_sealed"),
        text("phone_masked"),
    ]
}

fn representative() -> TableCreateStatement {
    let mut columns = vec![id("representative_id"), id("resident_id")];
    columns.extend(person());
    columns.extend([
        text("from_day"),
        text("until_day"),
        id("appointed_by"),
        int("appointed_at"),
        int_null("ended_at"),
        text_null("ended_role"),
        int("version"),
    ]);
    spread_table("representative", &["representative_id"], columns)
}

/// Which visits of the own page are those of somebody appointed.
fn own_session_by() -> TableCreateStatement {
    spread_table("own_session_by", &["session_id"], vec![id("session_id"), id("representative_id")])
}

fn letting_liaison() -> TableCreateStatement {
    let mut columns = vec![id("liaison_id"), text("kind"), text_null("organisation")];
    columns.extend(person());
    columns.extend([
        int_null("terms_at"),
        text_null("terms_digest"),
        id("added_by"),
        int("added_at"),
        int_null("ended_at"),
        int("version"),
    ]);
    spread_table("letting_liaison", &["liaison_id"], columns)
}

fn letting_home() -> TableCreateStatement {
    spread_table(
        "letting_home",
        &["letting_id"],
        vec![id("letting_id"), id("liaison_id"), id("home_id"), text("from_day"), text_null("until_day")],
    )
}

/// A notice of duty, served and receipted (R13).
fn duty_notice() -> TableCreateStatement {
    spread_table(
        "duty_notice",
        &["notice_id"],
        vec![
            id("notice_id"),
            text("kind"),
            text("to_kind"),
            id("to_id"),
            id_null("grid_id"),
            id("served_by"),
            int("served_at"),
            int_null("receipted_at"),
            id_null("receipted_by"),
        ],
    )
}

/// A neglected duty that was referred: number and date, of premises or an employer (R13).
pub(crate) fn referrals() -> Vec<TableCreateStatement> {
    let columns = vec![
        id("referral_id"),
        text("subject_kind"),
        id("subject_id"),
        text("duty"),
        text("authority"),
        text("number"),
        text("day"),
        id("written_by"),
        int("written_at"),
    ];
    vec![spread_table("duty_referral", &["referral_id"], columns)]
}

pub(crate) fn referral_indexes() -> Vec<IndexCreateStatement> {
    vec![unique("duty_referral_of", "duty_referral", &["subject_id", "duty", "number"])]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("door_visit_token", "door_visit", &["token_hash"]),
        index("door_visit_doc", "door_visit", &["doc_blind", "made_at"]),
        index("door_visit_phone", "door_visit", &["phone_blind", "made_at"]),
        index("door_source_made", "door_source", &["source_blind", "made_at"]),
        index("declaration_place_doc", "declaration_place", &["doc_blind"]),
        index("declaration_place_liaison", "declaration_place", &["liaison_id"]),
        index("representative_resident", "representative", &["resident_id"]),
        index("representative_doc", "representative", &["doc_blind"]),
        unique_where("letting_liaison_doc", "letting_liaison", &["doc_blind"], "ended_at IS NULL"),
        unique_where("letting_home_current", "letting_home", &["liaison_id", "home_id"], "until_day IS NULL"),
        index("letting_home_home", "letting_home", &["home_id"]),
        index("duty_notice_to", "duty_notice", &["to_id", "served_at"]),
    ]
}
