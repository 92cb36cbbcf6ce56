//! Sessions that began by single sign-on: whether the provider's own second factor counts, and that signing out here
//! leaves somebody signed in there.

use linli_platform::{
    Result, sessions,
    store::{Query as _, Store, Tx},
    vals,
};

/// Notes that the session of a token began by single sign-on, and clears away what is known of those that ended.
pub async fn note(tx: &Tx, token: &str, strong: bool) -> Result<()> {
    tx.execute(
        "DELETE FROM sso_session WHERE division_code = $1 AND NOT EXISTS (
             SELECT 1 FROM session s WHERE s.division_code = sso_session.division_code
             AND s.token_hash = sso_session.token_hash)",
        vals![tx.division()],
    )
    .await?;
    let row = vals![tx.division(), sessions::digest(token), strong];
    tx.insert_many("sso_session", &["division_code", "token_hash", "strong"], vec![row]).await?;
    tx.housekeeping("signing in has its own event");
    Ok(())
}

pub(super) async fn count(store: &Store, token: &[u8], strong_only: bool) -> Result<i64> {
    let condition = if strong_only { " AND strong = TRUE" } else { "" };
    let sql = format!("SELECT COUNT(*) FROM sso_session WHERE division_code = $1 AND token_hash = $2{condition}");
    store.reads().number(&sql, vals![store.division(), token.to_vec()]).await
}
