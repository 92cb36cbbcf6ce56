//! A committee's rate beside the sub-district's in one survey (R27): whether it lies below, and whether by more than chance.

use linli_platform::{Result, clock::Month, store::Query};
use policy_pack::Pack;

use crate::{
    codes::RateKind,
    estimate::{Rate, percent},
    ids::SurveyId,
    listings::Listing,
    rectification::{self, Plan},
    results::{self, ResultRow},
};

/// The axis of the bars begins here, in percent, unless a rate lies lower.
const AXIS_FROM: f64 = 80.0;

/// A rate of the committee in one survey, beside the sub-district's.
pub(crate) struct Beside {
    pub month: Month,
    pub survey: SurveyId,
    pub kind: RateKind,
    own: Rate,
    mean: f64,
}

impl Beside {
    fn of(own: &ResultRow, mean: &ResultRow, kind: RateKind) -> Option<Beside> {
        let (rate, mean) = (own.rate(kind)?, mean.rate(kind)?.value);
        Some(Beside { month: own.month, survey: own.survey_id, kind, own: rate, mean })
    }
    pub fn is_below(&self) -> bool {
        self.own.value < self.mean
    }
    pub fn is_sure(&self) -> bool {
        self.own.surely_below(self.mean)
    }
    /// Percent.
    pub fn low(&self) -> f64 {
        self.own.low * 100.0
    }
    pub fn value(&self) -> f64 {
        self.own.value * 100.0
    }
    pub fn high(&self) -> f64 {
        self.own.high * 100.0
    }
    pub fn mean_percent(&self) -> f64 {
        self.mean * 100.0
    }
    pub fn axis_from(&self) -> f64 {
        let low = self.low().min(self.mean_percent());
        if low < AXIS_FROM { (low / 10.0).floor() * 10.0 } else { AXIS_FROM }
    }
    pub fn text(&self) -> String {
        format!("{}（{}–{}）", percent(self.value()), percent(self.low()), percent(self.high()))
    }
    pub fn mean_text(&self) -> String {
        percent(self.mean_percent())
    }
    /// What the difference is. Text: `listing-<code>`.
    pub fn difference(&self) -> &'static str {
        match (self.is_below(), self.is_sure()) {
            (false, _) => "not-below",
            (true, true) => "beyond-chance",
            (true, false) => "within-chance",
        }
    }
}

/// The months that a listing for its rates rests on, the earliest first.
pub(crate) async fn grounds(q: &impl Query, pack: &Pack, listing: &Listing) -> Result<Vec<Beside>> {
    let mut found = Vec::new();
    let mut month = listing.month;
    for _ in 0..*pack.scoring.listing.months_running {
        let mean = results::division_for_month(q, month).await?;
        let all = results::for_month(q, month).await?;
        let own = all.iter().find(|c| c.committee_code == listing.committee_code);
        if let (Some(own), Some(mean)) = (own, mean) {
            found.extend(listing.rates().iter().rev().filter_map(|kind| Beside::of(&own.result, &mean, *kind)));
        }
        month = month.previous();
    }
    found.reverse();
    Ok(found)
}

/// What the survey after the plan says of the listed rates.
pub(crate) async fn after(q: &impl Query, listing: &Listing, plan: Option<&Plan>) -> Result<Vec<Beside>> {
    let Some(plan) = plan else { return Ok(Vec::new()) };
    let shown = rectification::shown_by(q, listing, plan).await?;
    let (Some(own), Some(mean)) = (shown, rectification::latest_mean(q).await?) else { return Ok(Vec::new()) };
    Ok(listing.rates().iter().filter_map(|kind| Beside::of(&own, &mean, *kind)).collect())
}
