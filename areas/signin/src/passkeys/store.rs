//! The table of passkeys.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    Result,
    clock::At,
    error::AppError,
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use webauthn_rs::prelude::Passkey;

use super::Kept;
use crate::ids::PasskeyId;

const COLUMNS: &str = "passkey_id, account_id, name, made_at, used_at, credential";

/// The passkeys of an account, the oldest first.
pub async fn of_account(q: &impl Query, account: AccountId) -> Result<Vec<Kept>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM passkey WHERE division_code = $1 AND account_id = $2 ORDER BY made_at, passkey_id"
    );
    q.rows(&sql, vals![q.division(), account]).await
}

/// The passkey with an id that its device gave it.
pub async fn find(q: &impl Query, credential_id: &[u8]) -> Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM passkey WHERE division_code = $1 AND credential_id = $2");
    q.row(&sql, vals![q.division(), URL_SAFE_NO_PAD.encode(credential_id)]).await
}

pub(super) async fn insert(tx: &Tx, key: &Passkey, name: &str) -> Result<()> {
    let id: PasskeyId = tx.new_id();
    let columns =
        ["division_code", "passkey_id", "account_id", "credential_id", "credential", "name", "made_at", "used_at"];
    let row = vals![
        tx.division(),
        id,
        tx.reader().account,
        URL_SAFE_NO_PAD.encode(key.cred_id()),
        serde_json::to_string(key)?,
        name,
        tx.now(),
        None::<At>
    ];
    tx.insert_many("passkey", &columns, vec![row]).await
}

pub(super) async fn update(tx: &Tx, id: PasskeyId, key: &Passkey) -> Result<()> {
    tx.execute_one(
        "UPDATE passkey SET credential = $3, used_at = $4 WHERE division_code = $1 AND passkey_id = $2",
        vals![tx.division(), id, serde_json::to_string(key)?, tx.now()],
    )
    .await
}

pub(super) async fn delete(tx: &Tx, account: AccountId, id: PasskeyId) -> Result<()> {
    let sql = "DELETE FROM passkey WHERE division_code = $1 AND account_id = $2 AND passkey_id = $3";
    match tx.execute(sql, vals![tx.division(), account, id]).await? {
        1 => Ok(()),
        _ => Err(AppError::not_found()),
    }
}

pub(super) async fn delete_all(tx: &Tx, account: AccountId) -> Result<u64> {
    tx.execute("DELETE FROM passkey WHERE division_code = $1 AND account_id = $2", vals![tx.division(), account]).await
}
