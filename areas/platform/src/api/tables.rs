//! The interface's tables. None holds anything of a person.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use crate::store::schema::*;

/// Clients with their scopes and areas, and the answers to what they sent.
pub(crate) fn tables() -> Vec<TableCreateStatement> {
    let client = vec![
        id("client_id"),
        text("name"),
        int("requests_a_minute"),
        text("from_day"),
        text_null("until_day"),
        bytes_null("secret_hash"),
        int_null("secret_at"),
        int_null("revoked_at"),
        int("made_at"),
        // When the requests so far would have been through at the steady rate: what the limit is reckoned from.
        int("paced_at"),
        int_null("used_at"),
    ];
    let sent = vec![
        id("client_id"),
        text("idempotency_key"),
        text("operation"),
        bytes("fingerprint"),
        int("status"),
        text_null("location"),
        text("answer"),
        int("made_at"),
    ];
    let scope = spread_table("api_client_scope", &["client_id", "scope"], vec![id("client_id"), text("scope")]);
    let area = vec![id("client_id"), text("area_kind"), text("area")];
    let area = spread_table("api_client_area", &["client_id", "area_kind", "area"], area);
    vec![
        spread_table("api_client", &["client_id"], client),
        references(scope, "api_client_scope", "client_id", "api_client", "client_id"),
        references(area, "api_client_area", "client_id", "api_client", "client_id"),
        spread_table("api_request", &["client_id", "idempotency_key"], sent),
    ]
}

/// Their indexes.
pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("api_request_made", "api_request", &["made_at"])]
}
