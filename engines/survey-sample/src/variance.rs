//! Weights, linearised variance and effective sample size.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::estimate::{Cluster, Design, DrawnOf, EstimateError};

/// With so few households in error, the worst case counts as much as what was seen.
const FEW: f64 = 4.0;

/// A surveyed household with its weight.
pub(crate) struct Weighted<'a> {
    /// Position among the households given.
    pub position: usize,
    cluster: &'a Cluster<'a>,
    /// Households of the frame that it stands for.
    pub weight: f64,
    /// Share of what it stands for that was not surveyed: the finite population correction.
    pub unseen: f64,
}

/// The surveyed households of one stratum.
pub(crate) struct Stratum<'a>(pub Vec<Weighted<'a>>);

/// What a design says of a stratum: its households, and how many were drawn where chances go by size.
type Size = (u64, Option<u64>);

fn sizes(design: &Design) -> BTreeMap<&str, Size> {
    let by_size = |it: &DrawnOf| (it.households, Some(it.drawn));
    match design {
        Design::Simple { households } => [("", (*households, None))].into(),
        Design::Stratified(strata) => strata.iter().map(|(name, n)| (name.as_str(), (*n, None))).collect(),
        Design::BySize(all) => [("", by_size(all))].into(),
        Design::StratifiedBySize(strata) => strata.iter().map(|(name, it)| (name.as_str(), by_size(it))).collect(),
    }
}

/// The surveyed households by stratum with their weights, and how many households lie in strata
/// where nobody was surveyed.
pub(crate) fn strata_of<'a>(
    clusters: &'a [Cluster<'a>],
    design: &Design,
) -> Result<(Vec<Stratum<'a>>, u64), EstimateError> {
    let is_one = matches!(design, Design::Simple { .. } | Design::BySize(_));
    let mut strata: BTreeMap<&str, (Size, Vec<(usize, &Cluster)>)> =
        sizes(design).into_iter().map(|(name, size)| (name, (size, Vec::new()))).collect();
    for (position, cluster) in clusters.iter().enumerate() {
        if cluster.hits > cluster.total {
            return Err(EstimateError::MoreHitsThanTotal(position));
        }
        let key = if is_one { "" } else { cluster.stratum };
        let unknown = || EstimateError::UnknownStratum(key.to_owned());
        strata.get_mut(key).ok_or_else(unknown)?.1.push((position, cluster));
    }
    let (mut found, mut uncovered) = (Vec::new(), 0);
    for (name, ((frame, drawn), households)) in strata {
        let surveyed = households.len() as u64;
        let most = drawn.unwrap_or(frame).min(frame);
        if surveyed > most {
            return Err(EstimateError::MoreThanFrame { stratum: name.to_owned(), surveyed, frame: most });
        }
        if surveyed == 0 {
            uncovered += frame;
            continue;
        }
        found.push(stratum(&households, frame, drawn)?);
    }
    Ok((found, uncovered))
}

fn stratum<'a>(
    households: &[(usize, &'a Cluster<'a>)],
    frame: u64,
    drawn: Option<u64>,
) -> Result<Stratum<'a>, EstimateError> {
    let surveyed = households.len() as f64;
    let weigh = |(position, cluster): &(usize, &'a Cluster<'a>)| {
        let chance = match drawn {
            None => surveyed / frame as f64,
            // Those who could be surveyed stand for those who could not.
            Some(drawn) => {
                let own = cluster.chance.and_then(|it| it.value()).ok_or(EstimateError::NoChance(*position))?;
                own * surveyed / drawn as f64
            }
        };
        Ok(Weighted { position: *position, cluster, weight: 1.0 / chance, unseen: 1.0 - chance })
    };
    Ok(Stratum(households.iter().map(weigh).collect::<Result<_, _>>()?))
}

/// Weighted sum over all households.
pub(crate) fn weighted(strata: &[Stratum], count: impl Fn(&Cluster) -> u32) -> f64 {
    let all = strata.iter().flat_map(|it| &it.0);
    all.map(|it| it.weight * f64::from(count(it.cluster))).sum()
}

/// Sum over all households of (weight² × unseen share × term), relative to the squared total.
fn relative_variance(strata: &[Stratum], term: impl Fn(&Cluster) -> f64) -> f64 {
    let total = weighted(strata, |it| it.total);
    let all = strata.iter().flat_map(|it| &it.0);
    all.map(|it| it.weight * it.weight * it.unseen * term(it.cluster)).sum::<f64>() / (total * total)
}

/// Size of a simple sample with the same variance. Where the variance cannot be seen (all right or
/// all wrong), members of a household are taken to be right or wrong together.
pub(crate) fn effective_size(strata: &[Stratum], rate: f64, n_items: u64, level: f64) -> f64 {
    let singly = 1.0 / relative_variance(strata, |it| f64::from(it.total));
    let together = 1.0 / relative_variance(strata, |it| f64::from(it.total).powi(2));
    if rate <= 0.0 || rate >= 1.0 || singly.is_infinite() {
        return together;
    }
    let households: usize = strata.iter().map(|it| it.0.len()).sum();
    let freedom = households.saturating_sub(strata.len()).max(1) as f64;
    // Few households tell the variance itself badly: Korn and Graubard's correction by Student's t.
    let t = |freedom: f64| {
        let student = StudentsT::new(0.0, 1.0, freedom).expect("degrees of freedom are positive");
        student.inverse_cdf(0.5 + level / 2.0)
    };
    let correction = (t((n_items as f64 - 1.0).max(freedom)) / t(freedom)).powi(2);
    let seen = (rate * (1.0 - rate) / linearised_variance(strata, rate) * correction).min(singly);
    // A few households with errors say little of whether errors come by household: until there are
    // more of them, what was seen is drawn towards the worst case.
    let rare = households_with_the_rarer(strata, rate);
    let drawn_down = (rare + FEW) / (rare / seen + FEW / together);
    seen.min(drawn_down)
}

/// Households in which the rarer of right and wrong occurs.
fn households_with_the_rarer(strata: &[Stratum], rate: f64) -> f64 {
    let occurs = |it: &&Weighted| if rate < 0.5 { it.cluster.hits > 0 } else { it.cluster.hits < it.cluster.total };
    strata.iter().flat_map(|it| &it.0).filter(occurs).count() as f64
}

/// Variance of the ratio by Taylor linearisation. Where chances go by size, residuals are measured
/// against their mean weighted by what was not seen (Hájek's approximation of the joint chances). A
/// stratum with one household is measured against the mean of all residuals, which is zero.
///
/// Source: Y. Tillé, Sampling Algorithms (2006), 7.5.
fn linearised_variance(strata: &[Stratum], rate: f64) -> f64 {
    let total = weighted(strata, |it| it.total);
    let of_stratum = |stratum: &Stratum| {
        let residual = |it: &Weighted| it.weight * (f64::from(it.cluster.hits) - rate * f64::from(it.cluster.total));
        let open = || stratum.0.iter().filter(|it| it.unseen > 0.0);
        let n = open().count() as f64;
        let unseen: f64 = open().map(|it| it.unseen).sum();
        let (mean, factor) = if n > 1.0 {
            (open().map(|it| it.unseen * residual(it)).sum::<f64>() / unseen, n / (n - 1.0))
        } else {
            (0.0, 1.0)
        };
        factor * open().map(|it| it.unseen * (residual(it) - mean).powi(2)).sum::<f64>()
    };
    strata.iter().map(of_stratum).sum::<f64>() / (total * total)
}
