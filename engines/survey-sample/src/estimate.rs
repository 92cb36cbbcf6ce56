//! Rates of a surveyed sample, with households as clusters of a finite frame.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::by_size::Chance;
use crate::interval::{Interval, clopper_pearson_effective, wilson_effective};
use crate::variance::{effective_size, strata_of, weighted};

/// What the survey found in one household (入户核查结果). Counts only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surveyed {
    /// Stratum the household was drawn in.
    pub stratum: String,
    /// People found living there.
    pub found: u32,
    /// Of those, registered at this address.
    pub found_registered: u32,
    /// People registered at this address.
    pub registered: u32,
    /// Of those, no longer living there.
    pub gone: u32,
    /// Items of the records that were checked.
    pub items: u32,
    /// Of those, correct.
    pub items_correct: u32,
    /// With what chance the household was drawn, where chances go by size ([`crate::Drawn::chance`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
}

/// What the survey found of one item of the records, such as the mobile, in one household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemsOf {
    /// Stratum the household was drawn in.
    pub stratum: String,
    /// Records checked and records correct, by item; an item that nobody checked here is left out.
    pub items: BTreeMap<String, (u32, u32)>,
    /// With what chance the household was drawn, where chances go by size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
}

/// Hits among a total in one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// Stratum the household was drawn in.
    pub stratum: &'a str,
    /// People behind the total.
    pub people: u32,
    /// People or items that count as a hit.
    pub hits: u32,
    /// People or items looked at.
    pub total: u32,
    /// With what chance the household was drawn, where chances go by size.
    pub chance: Option<Chance>,
}

/// Households of a frame or stratum, and how many of them were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnOf {
    /// Households in the frame.
    pub households: u64,
    /// Households drawn, those that could not be surveyed included.
    pub drawn: u64,
}

/// How the sample was drawn (抽样设计): how many households there were to draw from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Every household with the same chance.
    Simple {
        /// Households in the frame.
        households: u64,
    },
    /// Households in the frame by stratum.
    Stratified(BTreeMap<String, u64>),
    /// Chances in proportion to size; each household brings its own.
    BySize(DrawnOf),
    /// The same within each stratum.
    StratifiedBySize(BTreeMap<String, DrawnOf>),
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntervalMethod {
    /// Clopper–Pearson with the effective sample size of the design; errs on the safe side.
    /// Source: E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193–201.
    KornGraubard,
    /// Wilson with the effective sample size of the design; shorter.
    WilsonEffective,
}

/// A rate with its interval (估计值与置信区间).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The rate, within [0, 1].
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Level of the interval, two-sided.
    pub level: f64,
    /// People looked at.
    pub n_people: u64,
    /// People or items in the denominator.
    pub n_items: u64,
    /// Households with at least one of them.
    pub n_households: u64,
    /// Design effect (设计效应): how many times more people or items this sample needs than a simple
    /// one from an endless population; below 1 where much of the frame was surveyed, 0 for all.
    pub deff: f64,
    /// Households of the frame in strata where nobody was surveyed; the rate says nothing of them.
    pub uncovered_households: u64,
    /// How the interval was made.
    pub method: IntervalMethod,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// Nothing was looked at.
    #[error("nothing was surveyed that the rate could rest on")]
    NothingSurveyed,
    /// More hits than were looked at; households counted from 0.
    #[error("household {0}: more hits than were looked at")]
    MoreHitsThanTotal(usize),
    /// A stratum that the design does not have.
    #[error("the design has no stratum {0:?}")]
    UnknownStratum(String),
    /// More households surveyed than the frame has.
    #[error("{surveyed} households surveyed of {frame} in stratum {stratum:?}")]
    MoreThanFrame {
        /// The stratum, empty for a simple draw.
        stratum: String,
        /// Households surveyed.
        surveyed: u64,
        /// Households in the frame.
        frame: u64,
    },
    /// Chances go by size and this household has none, or one outside (0, 1]; counted from 0.
    #[error("household {0}: the chance with which it was drawn is missing or impossible")]
    NoChance(usize),
    /// The level is not within (0, 1).
    #[error("the level {0} is not between 0 and 1")]
    Level(f64),
}

/// Registration rate (登记率): of the people found living there, those registered there. Its
/// complement is under-registration (漏登).
///
/// # Errors
/// [`EstimateError`].
pub fn registration_rate(surveyed: &[Surveyed], design: &Design, level: f64) -> Result<Estimate, EstimateError> {
    let cluster = |it: &Surveyed| (it.found, it.found_registered, it.found);
    ratio_of(surveyed, cluster, design, level)
}

/// Over-registration (应销未销): of the people registered there, those no longer living there.
///
/// # Errors
/// [`EstimateError`].
pub fn over_registration(surveyed: &[Surveyed], design: &Design, level: f64) -> Result<Estimate, EstimateError> {
    let cluster = |it: &Surveyed| (it.registered, it.gone, it.registered);
    ratio_of(surveyed, cluster, design, level)
}

/// Accuracy rate (准确率): of the items checked, those correct.
///
/// # Errors
/// [`EstimateError`].
pub fn accuracy(surveyed: &[Surveyed], design: &Design, level: f64) -> Result<Estimate, EstimateError> {
    let cluster = |it: &Surveyed| (it.found_registered, it.items_correct, it.items);
    ratio_of(surveyed, cluster, design, level)
}

/// Accuracy of each item by itself (各项准确率): of the records checked for it, those correct. Every
/// interval holds at `level` by itself; that all of k hold together, ask for 1 − (1 − level) / k.
///
/// # Errors
/// [`EstimateError`].
pub fn accuracy_by_item(
    surveyed: &[ItemsOf],
    design: &Design,
    level: f64,
) -> Result<BTreeMap<String, Estimate>, EstimateError> {
    let names: BTreeSet<&String> = surveyed.iter().flat_map(|it| it.items.keys()).collect();
    let estimate = |name: &String| {
        let counts = |it: &ItemsOf| it.items.get(name).copied().unwrap_or_default();
        let clusters: Vec<_> = surveyed
            .iter()
            .map(|it| {
                let (total, hits) = counts(it);
                Cluster { stratum: &it.stratum, people: total, hits, total, chance: it.chance }
            })
            .collect();
        Ok((name.clone(), ratio(&clusters, design, level, IntervalMethod::KornGraubard)?))
    };
    names.into_iter().map(estimate).collect()
}

fn ratio_of(
    surveyed: &[Surveyed],
    people_hits_total: impl Fn(&Surveyed) -> (u32, u32, u32),
    design: &Design,
    level: f64,
) -> Result<Estimate, EstimateError> {
    let cluster = |it| {
        let (people, hits, total) = people_hits_total(it);
        Cluster { stratum: &it.stratum, people, hits, total, chance: it.chance }
    };
    let clusters: Vec<_> = surveyed.iter().map(cluster).collect();
    ratio(&clusters, design, level, IntervalMethod::KornGraubard)
}

/// The rate of hits over households as clusters: the combined ratio estimator with linearised
/// variance and finite population correction, and an interval from its effective sample size, so
/// that it stays within [0, 1] and keeps a width where every household was right.
///
/// Households that could not be surveyed are left out by the caller; the others of their stratum
/// then stand for them. A household with a total of 0 still counts as drawn.
///
/// # Errors
/// [`EstimateError`].
pub fn ratio(
    clusters: &[Cluster],
    design: &Design,
    level: f64,
    method: IntervalMethod,
) -> Result<Estimate, EstimateError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(EstimateError::Level(level));
    }
    let (strata, uncovered_households) = strata_of(clusters, design)?;
    let n_items: u64 = clusters.iter().map(|it| u64::from(it.total)).sum();
    if n_items == 0 {
        return Err(EstimateError::NothingSurveyed);
    }
    let value = weighted(&strata, |it| it.hits) / weighted(&strata, |it| it.total);
    let n_effective = effective_size(&strata, value, n_items, level);
    let Interval { low, high } = match method {
        _ if n_effective.is_infinite() => Interval { low: value, high: value },
        IntervalMethod::KornGraubard => clopper_pearson_effective(value, n_effective, level),
        IntervalMethod::WilsonEffective => wilson_effective(value, n_effective, level),
    };
    Ok(Estimate {
        value,
        low,
        high,
        level,
        n_people: clusters.iter().map(|it| u64::from(it.people)).sum(),
        n_items,
        n_households: clusters.iter().filter(|it| it.total > 0).count() as u64,
        deff: n_items as f64 / n_effective,
        uncovered_households,
        method,
    })
}

/// What an estimate says about a target (R26: 98 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole interval lies below (未达标).
    BelowTarget,
    /// The whole interval lies at or above (达标).
    AboveTarget,
    /// The sample is too small to tell (样本不足以判断).
    CannotTell,
}

/// Compares the interval with a target.
pub fn verdict(estimate: &Estimate, target: f64) -> Verdict {
    match () {
        () if estimate.high < target => Verdict::BelowTarget,
        () if estimate.low >= target => Verdict::AboveTarget,
        () => Verdict::CannotTell,
    }
}
