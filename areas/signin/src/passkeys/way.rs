//! Passkeys on the platform's pages.

use futures::future::BoxFuture;
use linli_platform::{
    Result, accounts,
    app::App,
    event::NewEvent,
    ids::AccountId,
    store::{Store, Tx},
    texts::T,
    ways::{Offer, Place, Shown, SignInWay},
    web::encode_query,
};

use super::{count, store};
use crate::settings::Settings;

/// The way.
pub struct Passkeys;

fn offer(t: &T, key: &str, path: &str, next: &str) -> Offer {
    let href = if next == "/" { path.to_owned() } else { format!("{path}?next={}", encode_query(next)) };
    Offer { text: t.s(key), href, in_use: false }
}

async fn has(store: &Store, account: Option<AccountId>) -> Result<bool> {
    match account {
        Some(account) => Ok(count(&store.reads(), account).await? > 0),
        None => Ok(false),
    }
}

impl SignInWay for Passkeys {
    fn offers<'a>(&'a self, app: &'a App, t: &'a T, shown: Shown<'a>) -> BoxFuture<'a, Result<Vec<Offer>>> {
        Box::pin(async move {
            let usable = Settings::of(app).party.is_some();
            let offers = match shown.place {
                Place::SignIn if usable => vec![offer(t, "passkey-sign-in", "/sign-in/passkey", shown.next)],
                Place::Code if usable && has(&app.store, shown.account).await? => {
                    vec![offer(t, "passkey-use", "/sign-in/code/passkey", shown.next)]
                }
                Place::Proof if usable && has(&app.store, shown.account).await? => {
                    vec![offer(t, "passkey-use", "/account/proof/passkey", shown.next)]
                }
                Place::Account => {
                    let in_use = has(&app.store, shown.account).await?;
                    vec![Offer { in_use, ..offer(t, "passkeys-title", "/account/passkeys", "/") }]
                }
                Place::SecondFactor if usable => vec![offer(t, "passkeys-title", "/account/passkeys", "/")],
                _ => Vec::new(),
            };
            Ok(offers)
        })
    }
    fn is_factor<'a>(&'a self, store: &'a Store, account: AccountId) -> BoxFuture<'a, Result<bool>> {
        Box::pin(has(store, Some(account)))
    }
    fn began_strongly<'a>(&'a self, _: &'a Store, _: &'a [u8]) -> BoxFuture<'a, Result<bool>> {
        // Whoever began with a passkey has one, which is asked before.
        Box::pin(std::future::ready(Ok(false)))
    }
    fn remove_factors<'a>(&'a self, tx: &'a Tx, account: AccountId) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let removed = store::delete_all(tx, account).await?;
            if removed > 0 {
                let body = serde_json::json!({ "count": removed });
                tx.event(NewEvent::new("account.passkey-removed", accounts::subject(account)).body(body)).await?;
            }
            Ok(removed)
        })
    }
    fn after_sign_out<'a>(&'a self, _: &'a Store, _: &'a [u8]) -> BoxFuture<'a, Result<Option<&'static str>>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
