//! A push service gives a browser another address now and then (`pushsubscriptionchange`). The worker that hears of it is
//! in charge of no page and has no session, so the exchange is proved by what the push service and this installation alone
//! know of the device: the old address and the secret that went with it.

use sea_orm::FromQueryResult;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Subscription, accepted, bind, drop_where, open};
use crate::{
    accounts,
    app::App,
    error::{AppError, Result},
    event::NewEvent,
    ids::{AccountId, PushId},
    reader::Reader,
    store::{Query as _, Tx},
    vals,
};

/// An exchange, as the worker asks for it. `Debug` is masked.
#[derive(Clone, Deserialize)]
pub struct Renewal {
    /// The address that held until now.
    pub old_endpoint: String,
    /// Its secret, base64url.
    pub old_auth: String,
    /// The new address.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// Its secret, base64url.
    pub auth: String,
}

impl std::fmt::Debug for Renewal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Renewal(***)")
    }
}

#[derive(FromQueryResult)]
struct Known {
    push_id: PushId,
    account_id: AccountId,
}

/// Exchanges a device's address; it stays the same device of the same account.
///
/// # Errors
/// Those of [`join`](super::join) for the new address, before anything is looked up; `not-found` for an old address that is
/// no device's and for a secret that is not its own alike.
pub async fn renew(app: &App, asked: &Renewal) -> Result<()> {
    let new = Subscription { endpoint: asked.endpoint.clone(), p256dh: asked.p256dh.clone(), auth: asked.auth.clone() };
    let host = accepted(app, &new)?;
    let tx = app.store.begin(&Reader::system()).await?;
    let sql = "SELECT push_id, account_id FROM push_device WHERE division_code = $1 AND endpoint_digest = $2";
    let old: Vec<u8> = Sha256::digest(asked.old_endpoint.as_bytes()).to_vec();
    let known: Option<Known> = tx.row(sql, vals![tx.division(), old]).await?;
    let Some(known) = known else { return Err(AppError::not_found()) };
    if !proves(&tx, known.push_id, &asked.old_auth).await? {
        // The address was opened all the same, and that stays on record.
        tx.commit().await?;
        return Err(AppError::not_found());
    }
    exchange(&tx, &known, &new, &host).await?;
    tx.commit().await
}

/// Whether somebody knows a device's secret; compared by digests, whose time tells nothing.
async fn proves(tx: &Tx, id: PushId, secret: &str) -> Result<bool> {
    let opened = open(tx, &[id]).await?;
    let said = |secret: &str| Sha256::digest(secret.trim_end_matches('=').as_bytes());
    Ok(opened.first().is_some_and(|(_, device)| said(&device.auth) == said(secret)))
}

async fn exchange(tx: &Tx, known: &Known, new: &Subscription, host: &str) -> Result<()> {
    // As with joining: one browser tells one person. The device itself is left alone.
    let own = "SELECT COUNT(*) FROM push_device WHERE division_code = $1 AND endpoint_digest = $2 AND push_id = $3";
    if tx.number(own, vals![tx.division(), new.digest(), known.push_id]).await? == 0 {
        drop_where(tx, "endpoint_digest = $2", new.digest().into()).await?;
    }
    let key = tx.key_of(known.push_id.0).await?;
    let sql = "UPDATE push_device SET endpoint_digest = $3, address_sealed = $4, host = $5, error = NULL
         WHERE division_code = $1 AND push_id = $2";
    let sealed = key.seal(bind(known.push_id), &serde_json::to_string(new)?);
    tx.execute_one(sql, vals![tx.division(), known.push_id, new.digest(), sealed, host.to_owned()]).await?;
    tx.event(NewEvent::new("account.push-renewed", accounts::subject(known.account_id))).await?;
    Ok(())
}
