//! The tables of the area. Nothing in them is personal but what an account is: public keys, blind indexes, masked labels.

use linli_platform::store::{
    Migration,
    schema::{bytes, flag, id, id_null, index, int, int_null, spread_table, text, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "signin-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![passkey(), ceremony(), identity(), session()]
}

/// A public key with its counter, as the library reads and writes it.
fn passkey() -> TableCreateStatement {
    let columns = vec![
        id("passkey_id"),
        id("account_id"),
        text("credential_id"),
        text("credential"),
        text("name"),
        int("made_at"),
        int_null("used_at"),
    ];
    spread_table("passkey", &["passkey_id"], columns)
}

/// A question that waits for its answer; both sides of the browser's part are kept as digests.
fn ceremony() -> TableCreateStatement {
    let columns = vec![
        bytes("token_hash"),
        text("kind"),
        id_null("account_id"),
        bytes("browser_hash"),
        text("state"),
        int("made_at"),
    ];
    spread_table("sign_in_ceremony", &["token_hash"], columns)
}

/// Which account an identity of the single sign-on is.
fn identity() -> TableCreateStatement {
    let columns = vec![
        id("identity_id"),
        id("account_id"),
        text("issuer"),
        bytes("subject_blind"),
        text("label_masked"),
        int("made_at"),
        id("made_account"),
        int_null("used_at"),
    ];
    spread_table("sso_identity", &["identity_id"], columns)
}

/// Sessions that began by single sign-on.
fn session() -> TableCreateStatement {
    spread_table("sso_session", &["token_hash"], vec![bytes("token_hash"), flag("strong")])
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("passkey_credential", "passkey", &["credential_id"]),
        index("passkey_account", "passkey", &["account_id"]),
        index("sign_in_ceremony_made", "sign_in_ceremony", &["made_at"]),
        unique("sso_identity_subject", "sso_identity", &["issuer", "subject_blind"]),
        unique("sso_identity_account", "sso_identity", &["account_id", "issuer"]),
    ]
}
