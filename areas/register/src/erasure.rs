//! Erasing one resident's record before its time (彻底删除, PIPL 47): somebody of the office or the station proposes,
//! another one decides, and the record, its history and its key are gone for good.

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    codes, erasures,
    ids::ProposalId,
    proposals::{self, Proposal, ProposalKind},
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    vals,
};
use serde::{Deserialize, Serialize};

use crate::{expire, ids::ResidentId, residents};

codes! {
    /// Why a record is erased. Fluent text: `erasure-reason-<code>`.
    ErasureReason {
        /// The resident asked, and there is no longer a ground to keep it.
        Asked = "asked",
        /// It was registered without a ground.
        NoGround = "no-ground",
        /// Nobody is behind it: entered by mistake.
        Mistake = "mistake",
    }
}

/// The name of [`ResidentErasure`].
pub const ERASE: &str = "resident-erasure";

/// What is proposed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    resident: ResidentId,
    reason: String,
}

/// Proposes to erase a record that the transaction's reader sees.
///
/// # Errors
/// `forbidden`; `not-found` outside the scope; `erasure-reason`.
pub async fn propose(app: &App, tx: &Tx, resident: ResidentId, reason: &str) -> Result<ProposalId> {
    if !tx.reader().may(Action::ResidentErase) {
        return Err(AppError::forbidden());
    }
    residents::find(tx, tx.reader(), resident).await?;
    if ErasureReason::from_code(reason).is_none() {
        return Err(AppError::rule("erasure-reason"));
    }
    let asked = Asked { resident, reason: reason.into() };
    proposals::propose(app, tx, ERASE, serde_json::to_value(asked)?).await
}

/// Erasing one record: two people of the office or the station.
pub struct ResidentErasure;

impl ProposalKind for ResidentErasure {
    fn kind(&self) -> &'static str {
        ERASE
    }
    fn decided_by(&self) -> Action {
        Action::ResidentErase
    }
    fn lines<'a>(&'a self, app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let asked: Asked = serde_json::from_str(payload)?;
            // Masked, for whoever proposed it or decides on it; both have the whole sub-district.
            let row = residents::find(&app.store.reads(), &Reader::system(), asked.resident).await;
            let shown = match row {
                Ok(row) => format!("{} {}", row.name_masked, row.doc_masked),
                Err(e) if e.is("not-found") => t.s("erasure-gone"),
                Err(e) => return Err(e),
            };
            Ok(vec![(t.s("erasure-record"), shown), (t.s("erasure-reason"), t.code("erasure-reason", &asked.reason))])
        })
    }
    fn apply<'a>(&'a self, app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let asked: Asked = proposal.payload()?;
            let sql = "SELECT COUNT(*) FROM basis WHERE division_code = $1 AND subject_id = $2 AND closed_at IS NULL
                       AND (until_at IS NULL OR until_at > $3)";
            let open = tx.number(sql, vals![tx.division(), asked.resident, tx.now()]).await?;
            if open > 0 {
                return Err(AppError::rule("erasure-open-work"));
            }
            residents::find(tx, tx.reader(), asked.resident).await?;
            expire::delete(app, tx, &[asked.resident]).await
        })
    }
    fn applied<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { erasures::keep(app).await.map(|_| ()) })
    }
}
