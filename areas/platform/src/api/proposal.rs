//! Admitting a client needs a second person (R38): the system administrator proposes it, the security officer decides.

use futures::future::BoxFuture;

use super::clients::{self, NewClient};
use crate::{
    access::Action,
    app::App,
    error::Result,
    proposals::{Proposal, ProposalKind},
    store::Tx,
    texts::T,
};

/// Admitting a client.
pub struct ClientAdmission;

/// The name of [`ClientAdmission`].
pub const ADMIT: &str = "client-admission";

impl ProposalKind for ClientAdmission {
    fn kind(&self) -> &'static str {
        ADMIT
    }
    fn decided_by(&self) -> Action {
        Action::RoleAdmin
    }
    fn lines<'a>(&'a self, _app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let new: NewClient = serde_json::from_str(payload)?;
            let scopes: Vec<String> = new.scopes.iter().map(|s| t.code("api-scope", s)).collect();
            let last = new.until.map(|day| day.plus_days(-1).to_string());
            Ok(vec![
                (t.s("client-name"), new.name),
                (t.s("client-scopes"), scopes.join("\u{3001}")),
                (t.s("common-area"), format!("{} {}", t.code("area-kind", &new.area_kind), new.areas.join(" "))),
                (t.s("client-requests"), new.requests_a_minute.to_string()),
                (t.s("common-from"), new.from.to_string()),
                (t.s("common-last-day"), last.unwrap_or_else(|| t.s("common-open"))),
            ])
        })
    }
    fn apply<'a>(&'a self, _app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { clients::admit(tx, &proposal.payload()?).await.map(|_| ()) })
    }
}
