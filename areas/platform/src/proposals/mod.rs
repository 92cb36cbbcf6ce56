//! What needs a second person (双人审批): somebody proposes, somebody else who may decide on it approves or refuses.
//!
//! Nothing has happened while a proposal is open. Approving does it in the transaction of the approval, in the name of
//! whoever approves; both are on record. Nobody decides on the own proposal, whatever roles they hold, and one that
//! nobody decided lapses after the policy pack's days.

mod roles;

use std::sync::Arc;

use futures::future::BoxFuture;
use sea_orm::FromQueryResult;

pub use roles::{END, Ended, GRANT, RoleEnd, RoleGrant, Wanted};

use crate::{
    access::Action,
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, ProposalId},
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    vals,
};

/// A kind of what needs a second person. Areas implement it; pages, record and rules are common.
pub trait ProposalKind: Send + Sync {
    /// Stable name. Fluent text: `proposal-<kind>`.
    fn kind(&self) -> &'static str;
    /// Whoever may do this decides on it.
    fn decided_by(&self) -> Action;
    /// What is asked for, as names and values in words.
    fn lines<'a>(&'a self, app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>>;
    /// Does it, in the transaction of the approval.
    fn apply<'a>(&'a self, app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>>;
    /// After the commit: what is outside of the database.
    fn applied<'a>(&'a self, _app: &'a App) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// The platform's own kinds.
pub fn kinds() -> Vec<Arc<dyn ProposalKind>> {
    vec![
        Arc::new(RoleGrant),
        Arc::new(RoleEnd),
        Arc::new(crate::policy::PolicyChange),
        Arc::new(crate::emergency::EmergencyAccess),
        Arc::new(crate::api::ClientAdmission),
    ]
}

/// A proposal.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Proposal {
    /// Id.
    pub proposal_id: ProposalId,
    /// Name of its [`ProposalKind`].
    pub kind: String,
    /// Ids and codes, as JSON; never personal values.
    pub payload: String,
    /// `open`, `approved`, `refused`, `withdrawn`.
    pub state: String,
    /// Who proposed it.
    pub account_id: AccountId,
    /// Their name.
    pub proposer: Option<String>,
    /// When.
    pub made_at: At,
    /// From then on it has lapsed.
    pub until_at: At,
    /// Who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<At>,
}

impl Proposal {
    /// The payload.
    pub fn payload<P: serde::de::DeserializeOwned>(&self) -> Result<P> {
        Ok(serde_json::from_str(&self.payload)?)
    }
    /// Its state at an instant: as stored, or `lapsed`.
    pub fn state_at(&self, now: At) -> &str {
        if self.state == "open" && self.until_at <= now { "lapsed" } else { &self.state }
    }
    /// Whether somebody can still decide on it.
    pub fn is_open(&self, now: At) -> bool {
        self.state_at(now) == "open"
    }
}

fn subject(id: ProposalId) -> SubjectRef {
    SubjectRef::new("proposal", id, None)
}

/// The kind with a name.
pub fn kind_of(app: &App, kind: &str) -> Result<Arc<dyn ProposalKind>> {
    app.proposals.iter().find(|k| k.kind() == kind).cloned().ok_or_else(AppError::not_found)
}

/// Proposes something in the name of the transaction's reader.
pub async fn propose(app: &App, tx: &Tx, kind: &'static str, payload: serde_json::Value) -> Result<ProposalId> {
    let id: ProposalId = tx.new_id();
    let until = tx.now().plus_s(86_400 * i64::from(*app.pack.governance.access.proposal_days));
    let columns = [
        "division_code",
        "proposal_id",
        "kind",
        "payload",
        "state",
        "account_id",
        "made_at",
        "until_at",
        "decided_account",
        "decided_at",
    ];
    let row = vals![
        tx.division(),
        id,
        kind,
        payload.to_string(),
        "open",
        tx.reader().account,
        tx.now(),
        until,
        None::<uuid::Uuid>,
        None::<At>
    ];
    tx.insert_many("proposal", &columns, vec![row]).await?;
    let body = serde_json::json!({ "proposal": kind });
    tx.event(NewEvent::new("proposal.made", subject(id)).body(body)).await?;
    Ok(id)
}

const SELECT: &str = "SELECT p.proposal_id, p.kind, p.payload, p.state, p.account_id, a.display_name AS proposer,
        p.made_at, p.until_at, d.display_name AS decider, p.decided_at
 FROM proposal p
 LEFT JOIN account a ON a.division_code = p.division_code AND a.account_id = p.account_id
 LEFT JOIN account d ON d.division_code = p.division_code AND d.account_id = p.decided_account
 WHERE p.division_code = $1";

/// The names of the kinds on which a reader may decide.
fn deciding(app: &App, reader: &Reader) -> Vec<&'static str> {
    app.proposals.iter().filter(|k| reader.may(k.decided_by())).map(|k| k.kind()).collect()
}

/// The condition on proposals that a reader sees: the own ones, and those of the kinds the reader decides on.
fn visible(app: &App, reader: &Reader, values: &mut Vec<sea_orm::Value>) -> String {
    values.push(reader.account.into());
    let mut parts = vec![format!("p.account_id = ${}", values.len())];
    for kind in deciding(app, reader) {
        values.push(kind.into());
        parts.push(format!("p.kind = ${}", values.len()));
    }
    format!("({})", parts.join(" OR "))
}

/// What a reader proposed or may decide on, open ones first; the last hundred.
pub async fn list(app: &App, q: &impl Query, reader: &Reader) -> Result<Vec<Proposal>> {
    let mut values = vals![q.division()];
    let visible = visible(app, reader, &mut values);
    let sql = format!(
        "{SELECT} AND {visible}
         ORDER BY CASE WHEN p.state = 'open' THEN 0 ELSE 1 END, p.made_at DESC, p.proposal_id LIMIT 100"
    );
    q.rows(&sql, values).await
}

/// One of them.
///
/// # Errors
/// `not-found` for everybody whom it does not concern.
pub async fn find(app: &App, q: &impl Query, reader: &Reader, id: ProposalId) -> Result<Proposal> {
    let mut values = vals![q.division()];
    let visible = visible(app, reader, &mut values);
    values.push(id.into());
    let sql = format!("{SELECT} AND {visible} AND p.proposal_id = ${}", values.len());
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// How many wait for the reader's decision.
pub async fn waiting(app: &App, q: &impl Query, reader: &Reader) -> Result<i64> {
    let kinds = deciding(app, reader);
    if kinds.is_empty() {
        return Ok(0);
    }
    let mut values = vals![q.division(), q.store().now(), reader.account];
    let marks: Vec<String> = (4..4 + kinds.len()).map(|n| format!("${n}")).collect();
    values.extend(kinds.into_iter().map(sea_orm::Value::from));
    let sql = format!(
        "SELECT COUNT(*) FROM proposal WHERE division_code = $1 AND state = 'open' AND until_at > $2
         AND account_id <> $3 AND kind IN ({})",
        marks.join(", ")
    );
    q.number(&sql, values).await
}

/// Whether a reader may decide on a proposal: the right to, and not the own one.
pub fn may_decide(app: &App, reader: &Reader, proposal: &Proposal) -> bool {
    proposal.account_id != reader.account && kind_of(app, &proposal.kind).is_ok_and(|k| reader.may(k.decided_by()))
}

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is done.
    Approve,
    /// It is not.
    Refuse,
    /// Whoever proposed it takes it back.
    Withdraw,
}

impl Decision {
    fn state(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Refuse => "refused",
            Decision::Withdraw => "withdrawn",
        }
    }
    fn event(self) -> &'static str {
        match self {
            Decision::Approve => "proposal.approved",
            Decision::Refuse => "proposal.refused",
            Decision::Withdraw => "proposal.withdrawn",
        }
    }
}

/// Decides on a proposal in the name of the transaction's reader; approving does what it asks for.
///
/// # Errors
/// `not-found` for whom it does not concern; `proposal-own` for the own one; `forbidden` without the right;
/// `proposal-closed` if it was decided or has lapsed; those of what it asks for.
pub async fn decide(app: &App, tx: &Tx, id: ProposalId, decision: Decision) -> Result<()> {
    let reader = tx.reader();
    let proposal = find(app, tx, reader, id).await?;
    let own = proposal.account_id == reader.account;
    match decision {
        Decision::Withdraw if !own => return Err(AppError::forbidden()),
        Decision::Approve | Decision::Refuse if own => return Err(AppError::rule("proposal-own")),
        Decision::Approve | Decision::Refuse if !may_decide(app, reader, &proposal) => {
            return Err(AppError::forbidden());
        }
        _ => {}
    }
    let taken = tx
        .execute(
            "UPDATE proposal SET state = $3, decided_account = $4, decided_at = $5
             WHERE division_code = $1 AND proposal_id = $2 AND state = 'open' AND until_at > $5",
            vals![tx.division(), id, decision.state(), reader.account, tx.now()],
        )
        .await?;
    if taken != 1 {
        return Err(AppError::rule("proposal-closed"));
    }
    let body = serde_json::json!({ "proposal": proposal.kind, "proposed_by": proposal.account_id });
    tx.event(NewEvent::new(decision.event(), subject(id)).body(body)).await?;
    if decision == Decision::Approve {
        kind_of(app, &proposal.kind)?.apply(app, tx, &proposal).await?;
    }
    Ok(())
}
