//! How many people neither list has: dual-system estimation (双系统估计, capture–recapture).

use serde::{Deserialize, Serialize};

use statrs::function::gamma::ln_gamma;

use crate::interval::normal_quantile;

/// With so few groups in which a list has a gap, the worst case counts as much as what was seen.
const FEW_GAPS: f64 = 2.0;
/// Halvings of an interval when an end is searched for; more than a double has digits.
const HALVINGS: u32 = 100;

/// People of one household, or of any group that lists have or miss together, by the lists they are
/// on: those found by the survey, and those on rosters with this address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// On both lists.
    pub both: u32,
    /// Found by the survey alone.
    pub survey_only: u32,
    /// On a roster alone.
    pub roster_only: u32,
}

/// How many people there are, with those on neither list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DualEstimate {
    /// People on at least one list.
    pub listed: u64,
    /// People in all, by Chapman's estimator.
    pub people: f64,
    /// Lower end of the interval; never below `listed`.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Level of the interval, two-sided.
    pub level: f64,
    /// How many times the variance exceeds that of people who are listed singly; at least 1.
    pub deff: f64,
}

impl DualEstimate {
    /// People on neither list (两表均漏).
    pub fn missed(&self) -> f64 {
        (self.people - self.listed as f64).max(0.0)
    }
}

/// Why there is no dual-system estimate.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DualError {
    /// Nobody is on both lists, so that they say nothing of each other.
    #[error("nobody is on both lists")]
    NobodyOnBoth,
    /// The level is not within (0, 1).
    #[error("the level {0} is not between 0 and 1")]
    Level(f64),
}

/// Sums over the households.
struct Sums {
    both: f64,
    survey_only: f64,
    roster_only: f64,
}

/// People on both lists, on one and on none, of those who could be on both: people who by their work
/// belong on a roster, at homes that were surveyed. Being on one list is taken to say nothing of
/// being on the other; where the same people are missed by both, the estimate is too low.
///
/// The estimate is Chapman's; the interval is that of the profile likelihood (M. A. Evans, H.-M. Kim,
/// T. E. O'Brien, JABES 1 (1996) 131–140), widened by the design effect of the groups given: members
/// of a household are listed or missed together.
///
/// ```
/// use survey_sample::{Listed, dual_system};
///
/// // 50 homes, each with one person on both lists; 20 people found only at the door, 10 only on rosters.
/// let homes: Vec<Listed> = (0..50).map(|n| Listed {
///     both: 1, survey_only: u32::from(n < 20), roster_only: u32::from(n >= 40),
/// }).collect();
/// let it = dual_system(&homes, 0.95)?;
/// assert_eq!((it.listed, it.missed().round()), (80, 4.0));
/// assert!(it.low >= 80.0 && it.high < 95.0);
/// # Ok::<(), survey_sample::DualError>(())
/// ```
///
/// # Errors
/// [`DualError`].
pub fn dual_system(groups: &[Listed], level: f64) -> Result<DualEstimate, DualError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(DualError::Level(level));
    }
    let sum = |count: fn(&Listed) -> u32| groups.iter().map(|it| u64::from(count(it))).sum::<u64>();
    let (both, survey_only, roster_only) = (sum(|it| it.both), sum(|it| it.survey_only), sum(|it| it.roster_only));
    if both == 0 {
        return Err(DualError::NobodyOnBoth);
    }
    let listed = both + survey_only + roster_only;
    let sums = Sums { both: both as f64, survey_only: survey_only as f64, roster_only: roster_only as f64 };
    let people = (sums.surveyed() + 1.0) * (sums.rostered() + 1.0) / (sums.both + 1.0) - 1.0;
    let deff = design_effect(groups, &sums);
    let z = normal_quantile(0.5 + level / 2.0);
    let (low, high) = sums.profile(z * z * deff / 2.0);
    Ok(DualEstimate { listed, people, low: low.min(people), high: high.max(people), level, deff })
}

impl Sums {
    fn surveyed(&self) -> f64 {
        self.both + self.survey_only
    }

    fn rostered(&self) -> f64 {
        self.both + self.roster_only
    }

    fn listed(&self) -> f64 {
        self.surveyed() + self.roster_only
    }

    /// Logarithm of the likelihood of `people` in all, each list at its likeliest rate.
    fn likelihood(&self, people: f64) -> f64 {
        let of_list = |listed: f64| {
            let missed = people - listed;
            let gap = if missed > 0.0 { missed * (missed / people).ln() } else { 0.0 };
            listed * (listed / people).ln() + gap
        };
        let ways = ln_gamma(people + 1.0) - ln_gamma(people - self.listed() + 1.0);
        ways + of_list(self.surveyed()) + of_list(self.rostered())
    }

    /// The numbers of people whose likelihood falls short of the highest by no more than `most`.
    fn profile(&self, most: f64) -> (f64, f64) {
        let least = self.listed();
        let petersen = self.surveyed() * self.rostered() / self.both;
        // The likeliest number lies just below Petersen's; the likelihood has one peak.
        let (mut left, mut right) = (least, petersen + 1.0);
        for _ in 0..HALVINGS {
            let third = (right - left) / 3.0;
            if self.likelihood(left + third) < self.likelihood(right - third) { left += third } else { right -= third }
        }
        let peak = f64::midpoint(left, right);
        let enough = self.likelihood(peak) - most;
        let holds = |people: f64| self.likelihood(people) >= enough;
        let end = |mut inside: f64, mut outside: f64| {
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(inside, outside);
                if holds(middle) { inside = middle } else { outside = middle }
            }
            inside
        };
        let low = if holds(least) { least } else { end(peak, least) };
        let mut far = peak + 1.0;
        while holds(far) && far < 1e12 {
            far = least + 2.0 * (far - least);
        }
        (low, end(peak, far))
    }
}

/// Linearised variance of log(people / listed) over the groups, against that over single people. The
/// fewer groups a list has gaps in, the more it is drawn to the worst case: members of a group always
/// listed or missed together.
fn design_effect(groups: &[Listed], sums: &Sums) -> f64 {
    let (surveyed, rostered, listed) = (sums.surveyed(), sums.rostered(), sums.listed());
    // What one person more of each kind does to the logarithm.
    let both = 1.0 / surveyed + 1.0 / rostered - 1.0 / sums.both - 1.0 / listed;
    let (survey_only, roster_only) = (1.0 / surveyed - 1.0 / listed, 1.0 / rostered - 1.0 / listed);
    let parts = [(sums.both, both), (sums.survey_only, survey_only), (sums.roster_only, roster_only)];
    let singly: f64 = parts.map(|(n, effect)| n * effect * effect).iter().sum();
    let of_group = |it: &Listed| {
        let parts = [(it.both, both), (it.survey_only, survey_only), (it.roster_only, roster_only)];
        parts.map(|(n, effect)| f64::from(n) * effect).iter().sum::<f64>()
    };
    let size = |it: &Listed| f64::from(it.both) + f64::from(it.survey_only) + f64::from(it.roster_only);
    let counted: Vec<&Listed> = groups.iter().filter(|it| size(it) > 0.0).collect();
    let n = counted.len() as f64;
    let worst = counted.iter().map(|it| size(it).powi(2)).sum::<f64>() / listed;
    let together: f64 = counted.iter().map(|it| of_group(it).powi(2)).sum();
    let seen = if singly > 0.0 && n > 1.0 { together / singly * n / (n - 1.0) } else { worst };
    let gaps = |count: fn(&Listed) -> u32| counted.iter().filter(|it| count(it) > 0).count();
    let gaps = gaps(|it| it.survey_only).min(gaps(|it| it.roster_only)) as f64;
    ((gaps * seen + FEW_GAPS * worst) / (gaps + FEW_GAPS)).max(seen).max(1.0)
}
