//! Single sign-on on the platform's pages.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    ids::AccountId,
    store::{Store, Tx},
    texts::T,
    ways::{self, Offer, Place, Shown, SignInWay},
    web::encode_query,
};

use super::{Provider, identity, session};
use crate::settings::Settings;

/// The way.
pub struct SingleSignOn;

/// Whether signing in there anew can show who somebody is: linked, and with a second factor where one is wanted.
async fn proves(app: &App, provider: &Provider, account: AccountId) -> Result<bool> {
    let linked = identity::of_account(&app.store.reads(), account, provider.issuer()).await?.is_some();
    Ok(linked && (provider.knows_second_factors() || !ways::has_factor(app, account).await?))
}

impl SignInWay for SingleSignOn {
    fn offers<'a>(&'a self, app: &'a App, t: &'a T, shown: Shown<'a>) -> BoxFuture<'a, Result<Vec<Offer>>> {
        Box::pin(async move {
            let settings = Settings::of(app);
            let Some(provider) = &settings.provider else { return Ok(Vec::new()) };
            let linked = async |account| {
                let found = identity::of_account(&app.store.reads(), account, provider.issuer()).await?;
                Ok::<bool, linli_platform::AppError>(found.is_some())
            };
            let by_proof = match (shown.place, shown.account) {
                (Place::Proof, Some(account)) => proves(app, provider, account).await?,
                _ => false,
            };
            let offer = match (shown.place, shown.account) {
                (Place::SignIn, _) => Offer {
                    text: t.a("sso-sign-in", "name", provider.shown_name(t)),
                    href: format!("/sign-in/sso?next={}", encode_query(shown.next)),
                    in_use: false,
                },
                (Place::Proof, Some(_)) if by_proof => Offer {
                    text: t.a("sso-prove", "name", provider.shown_name(t)),
                    href: format!("/account/proof/sso?next={}", encode_query(shown.next)),
                    in_use: true,
                },
                (Place::Account, Some(account)) => {
                    Offer { text: t.s("sso-title"), href: "/account/sso".into(), in_use: linked(account).await? }
                }
                (Place::Administration, Some(account)) => Offer {
                    text: t.s("sso-title"),
                    href: format!("/admin/accounts/{account}/sso"),
                    in_use: linked(account).await?,
                },
                _ => return Ok(Vec::new()),
            };
            Ok(vec![offer])
        })
    }
    fn is_factor<'a>(&'a self, _: &'a Store, _: AccountId) -> BoxFuture<'a, Result<bool>> {
        // Being known elsewhere is a first factor; what the provider asked beside is decided session by session.
        Box::pin(std::future::ready(Ok(false)))
    }
    fn began_strongly<'a>(&'a self, store: &'a Store, token: &'a [u8]) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(session::count(store, token, true).await? > 0) })
    }
    fn remove_factors<'a>(&'a self, _: &'a Tx, _: AccountId) -> BoxFuture<'a, Result<u64>> {
        Box::pin(std::future::ready(Ok(0)))
    }
    fn after_sign_out<'a>(&'a self, store: &'a Store, token: &'a [u8]) -> BoxFuture<'a, Result<Option<&'static str>>> {
        Box::pin(async move {
            let by_provider = session::count(store, token, false).await? > 0;
            Ok(by_provider.then_some("/sign-in/sso/ended"))
        })
    }
}
