//! Listing for rectification (挂牌整治, R27): either rate of a committee below the sub-district's two months running.
//!
//! The sub-district's rate of a month is the one estimated for its whole frame, every home with its weight. Whether a
//! committee's difference is more than chance stands beside the listing; the rule itself does not ask for it.

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;

use crate::{
    codes::RateKind,
    ids::{ListingId, SurveyId},
    rectification,
    results::{self, CommitteeResult, ResultRow},
    rounds::record,
};

/// The pack's cause for a rate below the mean.
pub const RATE_BELOW_MEAN: &str = "rate-below-mean";

/// A listing.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Listing {
    /// Id.
    pub listing_id: ListingId,
    /// The committee.
    pub committee_code: String,
    /// The month it was listed for.
    pub month: Month,
    /// Cause, a code of the pack's `listing_cause`.
    pub cause: String,
    /// The rates it rests on, [`RateKind`] codes parted by commas; empty for other causes.
    pub rates: String,
    /// Whether one of the rates lay below by more than chance in every one of the months.
    pub beyond_chance: bool,
    /// `listed` or `delisted`.
    pub state: String,
    /// The survey that showed it.
    pub survey_id: Option<SurveyId>,
    /// When it was listed.
    pub listed_at: At,
    /// When it was delisted.
    pub delisted_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl Listing {
    /// Whether it is still open.
    pub fn is_open(&self) -> bool {
        self.state == "listed"
    }
    /// The rates it rests on.
    pub fn rates(&self) -> Vec<RateKind> {
        self.rates.split(',').filter_map(RateKind::from_code).collect()
    }
}

const COLUMNS: &str = "listing_id, committee_code, month, cause, rates, beyond_chance, state, survey_id, listed_at,
 delisted_at, version";

/// All listings, open ones first, the latest first.
pub async fn all(q: &impl Query) -> Result<Vec<Listing>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM listing WHERE division_code = $1
         ORDER BY CASE state WHEN 'listed' THEN 0 ELSE 1 END, month DESC, committee_code"
    );
    q.rows(&sql, vals![q.division()]).await
}

/// One of them.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, id: ListingId) -> Result<Listing> {
    let sql = format!("SELECT {COLUMNS} FROM listing WHERE division_code = $1 AND listing_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// The listings that stood in a month: made up to then and not ended before it. Those new in it have its `month`.
pub async fn open(q: &impl Query, month: Month) -> Result<Vec<Listing>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM listing WHERE division_code = $1 AND month <= $2
           AND (delisted_at IS NULL OR delisted_at >= $3) ORDER BY committee_code, listed_at"
    );
    q.rows(&sql, vals![q.division(), month, month.start()]).await
}

/// What speaks for listing a committee: rates below the sub-district's in every one of the months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ground {
    pub committee_code: String,
    pub rates: Vec<RateKind>,
    pub beyond_chance: bool,
}

/// The committees whose rates lay below the sub-district's in every one of the months. Months in which a survey did
/// not reach its least numbers speak for nothing.
pub(crate) fn grounds(months: &[(ResultRow, Vec<CommitteeResult>)]) -> Vec<Ground> {
    let Some((_, latest)) = months.first() else { return Vec::new() };
    let mut grounds = Vec::new();
    for committee in latest {
        let (mut rates, mut beyond_chance) = (Vec::new(), false);
        for kind in RateKind::ALL {
            let below = |(mean, all): &(ResultRow, Vec<CommitteeResult>)| {
                let own = all.iter().find(|c| c.committee_code == committee.committee_code && c.result.complete)?;
                let (own, mean) = (own.result.rate(*kind)?, mean.rate(*kind)?);
                (own.value < mean.value).then(|| own.surely_below(mean.value))
            };
            let Some(sure) = months.iter().map(below).collect::<Option<Vec<bool>>>() else { continue };
            rates.push(*kind);
            beyond_chance |= sure.into_iter().all(|s| s);
        }
        if !rates.is_empty() {
            grounds.push(Ground { committee_code: committee.committee_code.clone(), rates, beyond_chance });
        }
    }
    grounds
}

/// Lists whoever the locked rounds up to a month give grounds to list, unless listed for it already.
pub(crate) async fn look(tx: &Tx, pack: &Pack, month: Month, survey: Option<SurveyId>, at: At) -> Result<()> {
    let mut months = Vec::new();
    let mut one = month;
    for _ in 0..*pack.scoring.listing.months_running {
        let Some(mean) = results::division_for_month(tx, one).await? else { return Ok(()) };
        months.push((mean, results::for_month(tx, one).await?));
        one = one.previous();
    }
    let open: Vec<Listing> = all(tx).await?.into_iter().filter(Listing::is_open).collect();
    for ground in grounds(&months) {
        let same = |l: &Listing| l.committee_code == ground.committee_code && l.cause == RATE_BELOW_MEAN;
        if !open.iter().any(same) {
            let rates = ground.rates.iter().map(|r| r.code()).collect::<Vec<_>>().join(",");
            write(tx, &ground.committee_code, month, RATE_BELOW_MEAN, (rates, ground.beyond_chance), survey, at)
                .await?;
        }
    }
    Ok(())
}

/// Lists a committee for another of the pack's causes, such as a weak spot shown by data checks.
///
/// # Errors
/// `listing-cause` for a cause that the pack does not have; `listing-elsewhere` for a committee that the reader has no
/// part in; `listing-open` if it is listed for it already.
pub async fn list(tx: &Tx, pack: &Pack, committee: &str, cause: &str) -> Result<ListingId> {
    if !pack.scoring.listing_causes.iter().any(|c| c.id == cause) {
        return Err(AppError::rule("listing-cause"));
    }
    if !rectification::within(tx, tx.reader(), committee).await? {
        return Err(AppError::rule("listing-elsewhere"));
    }
    if all(tx).await?.iter().any(|l| l.is_open() && l.committee_code == committee && l.cause == cause) {
        return Err(AppError::rule("listing-open"));
    }
    write(tx, committee, tx.now().day().month(), cause, (String::new(), false), None, tx.now()).await
}

async fn write(
    tx: &Tx,
    committee: &str,
    month: Month,
    cause: &str,
    (rates, beyond_chance): (String, bool),
    survey: Option<SurveyId>,
    at: At,
) -> Result<ListingId> {
    let id: ListingId = tx.new_id();
    let body = serde_json::json!({ "committee": committee, "cause": cause, "rates": rates });
    tx.insert_many(
        "listing",
        &[
            "division_code",
            "listing_id",
            "committee_code",
            "month",
            "cause",
            "rates",
            "beyond_chance",
            "state",
            "survey_id",
            "listed_at",
            "version",
        ],
        vec![vals![tx.division(), id, committee, month, cause, rates, beyond_chance, "listed", survey, at, 1_i64]],
    )
    .await?;
    record(tx, at, vec![NewEvent::new("listing.listed", SubjectRef::new("listing", id, None)).body(body)]).await?;
    if at == tx.now() {
        rectification::tell(tx, id, committee).await?;
    }
    Ok(id)
}

/// Ends a listing (摘牌), after plan, work and another survey.
///
/// # Errors
/// `not-found`; `listing-elsewhere`; `listing-over`; what it still [needs](rectification::missing): `listing-needs-plan`,
/// `listing-needs-steps`, `listing-needs-survey`, `listing-still-below`; `stale-version` if it was ended in the meantime.
pub async fn delist(tx: &Tx, id: ListingId) -> Result<()> {
    let listing = find(tx, id).await?;
    if !rectification::within(tx, tx.reader(), &listing.committee_code).await? {
        return Err(AppError::rule("listing-elsewhere"));
    }
    if !listing.is_open() {
        return Err(AppError::rule("listing-over"));
    }
    if let Some(missing) = rectification::missing(tx, &listing).await?.first() {
        return Err(AppError::rule(missing.code()));
    }
    tx.execute_one(
        "UPDATE listing SET state = 'delisted', delisted_at = $3, version = version + 1
         WHERE division_code = $1 AND listing_id = $2 AND state = 'listed'",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "committee": listing.committee_code, "cause": listing.cause });
    let event = NewEvent::new("listing.delisted", SubjectRef::new("listing", id, None));
    tx.event(event.version(listing.version + 1).body(body)).await?;
    Ok(())
}
