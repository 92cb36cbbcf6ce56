//! Replicate weights (重复权数): variances of any statistic, in any statistics program.

use crate::estimate::{Cluster, Design, EstimateError, Surveyed};
use crate::variance::strata_of;

/// The weights with one household left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicate {
    /// Position of the household that is left out.
    pub left_out: usize,
    /// Weights in the order of the households given; 0 for the one that is left out.
    pub weights: Vec<f64>,
    /// What the squared difference of this replicate counts: (n − 1) / n of its stratum, times the share of the household's
    /// weight that stands for households not surveyed.
    pub factor: f64,
}

/// Weights of the surveyed households and their delete-one jackknife, stratum by stratum (JKn).
#[derive(Clone, Debug, PartialEq)]
pub struct Replicates {
    /// Households of the frame that each surveyed household stands for, in the order given.
    pub weights: Vec<f64>,
    /// One for each household whose stratum has more than one; a stratum with one household adds nothing, so that
    /// variances are too small where there is such a stratum.
    pub replicates: Vec<Replicate>,
}

impl Replicates {
    /// The variance of a statistic of the weights.
    pub fn variance(&self, statistic: impl Fn(&[f64]) -> f64) -> f64 {
        let whole = statistic(&self.weights);
        self.replicates.iter().map(|it| it.factor * (statistic(&it.weights) - whole).powi(2)).sum()
    }
}

/// Weights and jackknife replicates of a surveyed sample, with its design's finite population correction.
///
/// Source: K. M. Wolter, Introduction to Variance Estimation (2007), 4.5.
///
/// ```
/// use survey_sample::{Design, Surveyed, replicate_weights};
///
/// let home = |found, found_registered| Surveyed { found, found_registered, ..Surveyed::default() };
/// let homes = [home(2, 2), home(3, 1), home(1, 1), home(4, 4)];
/// let it = replicate_weights(&homes, &Design::Simple { households: 40 })?;
/// let sum = |weights: &[f64], count: fn(&Surveyed) -> u32| -> f64 {
///     homes.iter().zip(weights).map(|(home, weight)| weight * f64::from(count(home))).sum()
/// };
/// let variance = it.variance(|weights| sum(weights, |it| it.found_registered) / sum(weights, |it| it.found));
/// assert!((variance.sqrt() - 0.2025).abs() < 0.001);
/// # Ok::<(), survey_sample::EstimateError>(())
/// ```
///
/// # Errors
/// [`EstimateError::UnknownStratum`], [`EstimateError::MoreThanFrame`], [`EstimateError::NoChance`];
/// [`EstimateError::NothingSurveyed`] without any household.
pub fn replicate_weights(surveyed: &[Surveyed], design: &Design) -> Result<Replicates, EstimateError> {
    let cluster = |it| {
        let Surveyed { stratum, found, chance, .. }: &Surveyed = it;
        Cluster { stratum, people: *found, hits: 0, total: *found, chance: *chance }
    };
    let clusters: Vec<Cluster> = surveyed.iter().map(cluster).collect();
    if clusters.is_empty() {
        return Err(EstimateError::NothingSurveyed);
    }
    let (strata, _) = strata_of(&clusters, design)?;
    let mut weights = vec![0.0; clusters.len()];
    for household in strata.iter().flat_map(|it| &it.0) {
        weights[household.position] = household.weight;
    }
    let mut replicates = Vec::new();
    for stratum in strata.iter().filter(|it| it.0.len() > 1) {
        let n = stratum.0.len() as f64;
        for out in &stratum.0 {
            let mut own = weights.clone();
            for household in &stratum.0 {
                own[household.position] *= n / (n - 1.0);
            }
            own[out.position] = 0.0;
            replicates.push(Replicate { left_out: out.position, weights: own, factor: out.unseen * (n - 1.0) / n });
        }
    }
    replicates.sort_by_key(|it| it.left_out);
    Ok(Replicates { weights, replicates })
}
