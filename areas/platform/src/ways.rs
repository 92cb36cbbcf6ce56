//! Other ways to sign in than by password and code (其他登录方式): passkeys and single sign-on, which areas above give.
//!
//! The platform's pages show links to them and ask them three things: does an account have something as good as a second
//! factor, did this session begin with something as good, and what becomes of it when an administrator takes second
//! factors away. What they are the platform does not know.

use futures::future::BoxFuture;

use crate::{
    app::App,
    error::{AppError, Result},
    event::NewEvent,
    ids::AccountId,
    notices, second_factor, sessions,
    store::{Store, Tx},
    texts::T,
};

/// A page of the platform's own that shows links to other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Signing in; nobody is known yet.
    SignIn,
    /// After the password, where the code is asked for.
    Code,
    /// Showing again who it is.
    Proof,
    /// The own account.
    Account,
    /// Setting up the second factor.
    SecondFactor,
    /// An account as the system administrator sees it.
    Administration,
}

/// Where links are shown, for whom, and where somebody wants to go on to.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The page.
    pub place: Place,
    /// The account that the page is about; none at [`Place::SignIn`].
    pub account: Option<AccountId>,
    /// A path of this site.
    pub next: &'a str,
}

/// A link to another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it says, in the page's language.
    pub text: String,
    /// Where it leads on this site.
    pub href: String,
    /// Whether it is in use already.
    pub in_use: bool,
}

/// One other way to sign in.
pub trait SignInWay: Send + Sync {
    /// Its links on a page.
    fn offers<'a>(&'a self, app: &'a App, t: &'a T, shown: Shown<'a>) -> BoxFuture<'a, Result<Vec<Offer>>>;
    /// Whether the account has something of this way that counts as a second factor.
    fn is_factor<'a>(&'a self, store: &'a Store, account: AccountId) -> BoxFuture<'a, Result<bool>>;
    /// Whether the session with this digest of its token began with something as good as two factors.
    fn began_strongly<'a>(&'a self, store: &'a Store, token: &'a [u8]) -> BoxFuture<'a, Result<bool>>;
    /// Takes away what counts as a second factor of the account, with its events; how many there were.
    fn remove_factors<'a>(&'a self, tx: &'a Tx, account: AccountId) -> BoxFuture<'a, Result<u64>>;
    /// A page that somebody should see after signing out of the session with this digest.
    fn after_sign_out<'a>(&'a self, store: &'a Store, token: &'a [u8]) -> BoxFuture<'a, Result<Option<&'static str>>>;
}

/// All links on a page, in the order of the areas.
pub async fn offers(app: &App, t: &T, shown: Shown<'_>) -> Result<Vec<Offer>> {
    let mut all = Vec::new();
    for way in &app.ways {
        all.extend(way.offers(app, t, shown).await?);
    }
    Ok(all)
}

/// Whether the account has something of another way that counts as a second factor.
pub async fn is_factor(app: &App, account: AccountId) -> Result<bool> {
    for way in &app.ways {
        if way.is_factor(&app.store, account).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the account has any second factor: a code, or something of another way.
pub async fn has_factor(app: &App, account: AccountId) -> Result<bool> {
    Ok(second_factor::is_active(&app.store.reads(), account).await? || is_factor(app, account).await?)
}

/// Whether the session with this digest began with something as good as two factors.
pub async fn began_strongly(app: &App, token: &[u8]) -> Result<bool> {
    for way in &app.ways {
        if way.began_strongly(&app.store, token).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The page that somebody should see after signing out, if any way has one.
pub async fn after_sign_out(app: &App, token: &[u8]) -> Result<Option<&'static str>> {
    for way in &app.ways {
        if let Some(page) = way.after_sign_out(&app.store, token).await? {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

/// Takes every second factor of an account away, for somebody who lost them all; the account's sessions end and the
/// security officer hears of it.
///
/// # Errors
/// `second-factor-none` if there is none.
pub async fn remove_factors(app: &App, tx: &Tx, account: AccountId) -> Result<()> {
    let mut removed = 0;
    if second_factor::is_active(tx, account).await? {
        second_factor::drop_code(tx, account).await?;
        tx.event(NewEvent::new("account.second-factor-removed", crate::accounts::subject(account))).await?;
        removed += 1;
    }
    for way in &app.ways {
        removed += way.remove_factors(tx, account).await?;
    }
    if removed == 0 {
        return Err(AppError::rule("second-factor-none"));
    }
    second_factor::drop_recovery(tx, account).await?;
    sessions::end_all(tx, account).await?;
    notices::raise(tx, notices::Kind::FactorRemoved, account, i64::try_from(removed).unwrap_or(i64::MAX)).await
}
