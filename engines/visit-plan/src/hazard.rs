//! Which premises are likeliest stale: a discrete hazard by type of premises and days since they were seen.
//!
//! It is estimated from the outcomes of past checks and speaks of premises alone: a type has a rate, a
//! person has none.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::due::days_between;
use crate::route::Point;

/// Last days since seen of the bands in which the hazard is constant; after the last it stays as there.
const BAND_ENDS_DAYS: [u16; 4] = [7, 14, 30, 60];
const BANDS: usize = BAND_ENDS_DAYS.len() + 1;
/// Rounds of the estimation; it has settled long before.
const ROUNDS: usize = 60;
/// Changes a day and place with which the estimation begins, before anything is known.
const FIRST_GUESS: f64 = 0.001;
/// Premises that nobody has seen count as not seen for so long.
const NEVER_SEEN_DAYS: u16 = 365;

/// What a past check found at premises that had been seen before (历次核查结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCheck<K> {
    /// Type of the premises, such as dormitory or owner-occupied flat.
    pub kind: K,
    /// Days since they had last been seen; 0 counts as 1.
    pub gap_days: u16,
    /// Places that could change: people registered there, at least 1.
    pub size: u32,
    /// Registrations, cancellations and changes that the check led to.
    pub changes: u32,
}

/// Changes a day and place in each band.
type Rates = [f64; BANDS];

/// How fast premises of each type go stale (各类房屋信息失准的速率).
#[derive(Clone, Debug, PartialEq)]
pub struct Hazard<K> {
    by_kind: BTreeMap<K, Rates>,
    pooled: Rates,
}

/// Checks of one type, by the days since seen: places checked and changes found.
#[derive(Default)]
struct Tally(BTreeMap<u16, (f64, f64)>);

impl Tally {
    fn add(&mut self, gap_days: u16, size: u32, changes: u32) {
        let sums = self.0.entry(gap_days.max(1)).or_default();
        sums.0 += f64::from(size.max(1));
        sums.1 += f64::from(changes);
    }

    /// How many times as many changes were found as `rates` have expected, drawn towards once as if the expected had been
    /// found on `prior_days` place-days more.
    fn level(&self, rates: &Rates, prior_days: f64) -> f64 {
        let expected_of =
            |gap: u16| -> f64 { rates.iter().zip(days_in_bands(f64::from(gap))).map(|(rate, days)| rate * days).sum() };
        let (mut found, mut expected, mut watched) = (0.0, 0.0, 0.0);
        for (gap, (size, changes)) in &self.0 {
            found += changes;
            expected += size * expected_of(*gap);
            watched += size * f64::from(*gap);
        }
        let prior = prior_days * expected / watched.max(1.0);
        if expected > 0.0 { (found + prior) / (expected + prior) } else { 1.0 }
    }

    /// The likeliest rates, drawn towards `prior` as if it had been watched for `prior_days` place-days in each band.
    /// When within a gap a change fell is not known: its likely share of each band is taken (EM).
    fn rates(&self, prior: &Rates, prior_days: f64) -> Rates {
        let mut rates = *prior;
        for _ in 0..ROUNDS {
            let (mut changes, mut watched) = ([0.0; BANDS], [0.0; BANDS]);
            for (gap, (size, found)) in &self.0 {
                let days = days_in_bands(f64::from(*gap));
                let total: f64 = (0..BANDS).map(|band| rates[band] * days[band]).sum();
                for band in 0..BANDS {
                    let share =
                        if total > 0.0 { rates[band] * days[band] / total } else { days[band] / f64::from(*gap) };
                    changes[band] += found * share;
                    watched[band] += size * days[band];
                }
            }
            for band in 0..BANDS {
                rates[band] = (changes[band] + prior[band] * prior_days) / (watched[band] + prior_days);
            }
        }
        rates
    }
}

/// How many of the first `days` days fall into each band.
fn days_in_bands(days: f64) -> [f64; BANDS] {
    let mut begins = 0.0;
    std::array::from_fn(|band| {
        let ends = BAND_ENDS_DAYS.get(band).map_or(f64::INFINITY, |end| f64::from(*end));
        let inside = (days.min(ends) - begins).max(0.0);
        begins = ends;
        inside
    })
}

impl<K: Clone + Ord> Hazard<K> {
    /// Estimates the hazard of each type. A type's level is drawn towards that of all premises together as if that had
    /// been found on `prior_days` place-days (a place for a day), and its course over time towards theirs as if it had
    /// been watched for as long in each band: the fewer checks a type has, the more. At least 1; 1,000 is a good
    /// start.
    pub fn estimate(past: &[PastCheck<K>], prior_days: f64) -> Hazard<K> {
        let prior_days = if prior_days >= 1.0 { prior_days } else { 1.0 };
        let (mut all, mut kinds) = (Tally::default(), BTreeMap::<K, Tally>::new());
        for PastCheck { kind, gap_days, size, changes } in past {
            all.add(*gap_days, *size, *changes);
            kinds.entry(kind.clone()).or_default().add(*gap_days, *size, *changes);
        }
        // One rate at all times first, so that bands that nobody has watched take after the others.
        let watched: f64 = all.0.iter().map(|(gap, (size, _))| f64::from(*gap) * size).sum();
        let found: f64 = all.0.values().map(|(_, changes)| changes).sum();
        let flat = [(found + FIRST_GUESS) / (watched + 1.0); BANDS];
        let pooled = all.rates(&flat, prior_days);
        let of_kind = |(kind, tally): (K, Tally)| {
            let level = tally.level(&pooled, prior_days);
            (kind, tally.rates(&pooled.map(|rate| rate * level), prior_days))
        };
        let by_kind = kinds.into_iter().map(of_kind).collect();
        Hazard { by_kind, pooled }
    }

    fn rates(&self, kind: &K) -> &Rates {
        self.by_kind.get(kind).unwrap_or(&self.pooled)
    }

    /// Changes to be expected for each place of premises of a type that were last seen so many days ago. A type without
    /// checks has the rates of all premises together.
    pub fn expected_changes(&self, kind: &K, days: u16) -> f64 {
        let days = days_in_bands(f64::from(days));
        self.rates(kind).iter().zip(days).map(|(rate, days)| rate * days).sum()
    }

    /// The chance that something has changed at premises with so many places since they were seen, 0 to 1.
    pub fn staleness(&self, kind: &K, size: u32, days: u16) -> f64 {
        -(-f64::from(size.max(1)) * self.expected_changes(kind, days)).exp_m1()
    }

    /// What a visit is worth: the wrong record-days that it saves by the time when the premises will again be as long
    /// unseen as they are now. It grows faster than the expected changes, so that premises which change slowly
    /// have their turn too.
    ///
    /// It is the index t · c(t) − ∫₀ᵗ c(s) ds of expected changes c, known for cost that grows with age from
    /// P. Whittle, Journal of Applied Probability 25A (1988) 287–298.
    pub fn gain(&self, kind: &K, size: u32, days: u16) -> f64 {
        let t = f64::from(days);
        let (mut so_far, mut area) = (0.0, 0.0);
        for (rate, days) in self.rates(kind).iter().zip(days_in_bands(t)) {
            area += days * (so_far + rate * days / 2.0);
            so_far += rate * days;
        }
        f64::from(size.max(1)) * (t * so_far - area)
    }
}

/// Premises as the hazard sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<I, K> {
    /// Identifier.
    pub id: I,
    /// Type of the premises.
    pub kind: K,
    /// Places that could change: people registered there, at least 1.
    pub size: u32,
    /// When everyone there was last checked.
    pub last_seen: Option<Date>,
    /// Where they lie, if known.
    pub location: Option<Point>,
}

/// Premises with what a visit is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked<I> {
    /// Identifier.
    pub id: I,
    /// The chance that something has changed since they were seen, 0 to 1.
    pub staleness: f64,
    /// What a visit is worth, see [`Hazard::gain`].
    pub gain: f64,
    /// Where they lie, if known.
    pub location: Option<Point>,
}

/// Orders premises by what a visit today is worth, the most first; equals stay in the order given. Premises that nobody
/// has seen count as not seen for a year.
pub fn likeliest_stale<I: Clone, K: Clone + Ord>(
    premises: &[Seen<I, K>],
    hazard: &Hazard<K>,
    today: Date,
) -> Vec<Ranked<I>> {
    let rank = |place: &Seen<I, K>| {
        let ago = |day: Date| u16::try_from(days_between(day, today).max(0)).unwrap_or(u16::MAX);
        let days = place.last_seen.map_or(NEVER_SEEN_DAYS, ago);
        Ranked {
            id: place.id.clone(),
            staleness: hazard.staleness(&place.kind, place.size, days),
            gain: hazard.gain(&place.kind, place.size, days),
            location: place.location,
        }
    };
    let mut list: Vec<Ranked<I>> = premises.iter().map(rank).collect();
    list.sort_by(|a, b| b.gain.total_cmp(&a.gain));
    list
}
