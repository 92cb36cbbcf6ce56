//! Changes of rights: granting a role, and ending an administrator's.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Proposal, ProposalKind};
use crate::{
    access::{Action, Role},
    accounts,
    app::App,
    clock::Day,
    error::{AppError, Result},
    ids::AccountId,
    store::Tx,
    texts::T,
};

/// A role to be granted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// To whom.
    pub account: AccountId,
    /// The role's code.
    pub role: String,
    /// Committee code, grid, employer or division code.
    pub area: String,
    /// First day.
    pub from: Day,
    /// First day on which it no longer holds.
    pub until: Option<Day>,
}

impl Wanted {
    /// Grants it in a transaction; dropping that tells whether it could be, and changes nothing.
    pub async fn grant(&self, tx: &Tx) -> Result<Uuid> {
        let role = Role::from_code(&self.role).ok_or_else(AppError::not_found)?;
        accounts::grant_role(tx, self.account, role, &self.area, self.from, self.until).await
    }
}

/// Granting a role: the security officer proposes, the system administrator decides.
pub struct RoleGrant;

/// The name of [`RoleGrant`].
pub const GRANT: &str = "role-grant";

impl ProposalKind for RoleGrant {
    fn kind(&self) -> &'static str {
        GRANT
    }
    fn decided_by(&self) -> Action {
        Action::AccountAdmin
    }
    fn lines<'a>(&'a self, app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let wanted: Wanted = serde_json::from_str(payload)?;
            let account = accounts::find(&app.store.reads(), wanted.account).await?;
            let last = wanted.until.map(|day| day.plus_days(-1).to_string());
            Ok(vec![
                (t.s("account-name"), account.display_name),
                (t.s("common-role"), t.code("role", &wanted.role)),
                (t.s("common-area"), wanted.area),
                (t.s("common-from"), wanted.from.to_string()),
                (t.s("common-last-day"), last.unwrap_or_else(|| t.s("common-open"))),
            ])
        })
    }
    fn apply<'a>(&'a self, _app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let wanted: Wanted = proposal.payload()?;
            // R38: whoever decides gives nothing to themselves either.
            if wanted.account == tx.reader().account {
                return Err(AppError::rule("account-own"));
            }
            wanted.grant(tx).await.map(|_| ())
        })
    }
}

/// A holding to be ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ended {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub holding: Uuid,
}

/// Ending an administrator's role. Everybody else's is ended at once by the security officer alone (R3): taking a right
/// away opens nothing.
pub struct RoleEnd;

/// The name of [`RoleEnd`].
pub const END: &str = "role-end";

impl ProposalKind for RoleEnd {
    fn kind(&self) -> &'static str {
        END
    }
    fn decided_by(&self) -> Action {
        Action::AccountAdmin
    }
    fn lines<'a>(&'a self, app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let ended: Ended = serde_json::from_str(payload)?;
            let reads = app.store.reads();
            let account = accounts::find(&reads, ended.account).await?;
            let held = accounts::roles_of(&reads, ended.account).await?;
            let held = held.into_iter().find(|h| h.account_role_id == ended.holding).ok_or_else(AppError::not_found)?;
            Ok(vec![
                (t.s("account-name"), account.display_name),
                (t.s("common-role"), t.code("role", &held.role)),
                (t.s("common-area"), held.area),
            ])
        })
    }
    fn apply<'a>(&'a self, _app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ended: Ended = proposal.payload()?;
            accounts::end_role(tx, ended.account, ended.holding, tx.now().day()).await
        })
    }
}
