//! The draw: ranks by SHA-256(seed ‖ pseudonym), lowest first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::estimate::Design;
use crate::frame::{Frame, Unit};
use crate::seed::Seed;

/// Households at least drawn in a stratum that has so many; two show its spread.
const MIN_IN_STRATUM: u64 = 2;

/// How households are drawn (抽样方法).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Method {
    /// Every household with the same chance (简单随机抽样).
    Simple,
    /// In each stratum in proportion to its households, by the divisor method of Sainte-Laguë,
    /// with at least two from each that has two (分层抽样).
    Stratified,
}

/// What to draw. R25 asks for 15 households and 30 people from each committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// How households are drawn.
    pub method: Method,
    /// The committee to draw from; the whole frame if `None`.
    pub committee: Option<String>,
    /// Households at least.
    pub min_households: u32,
    /// Registered people at least in the drawn households; all people in them are surveyed.
    pub min_people: u32,
}

/// A drawn household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Its stratum.
    pub stratum: String,
    /// People registered there.
    pub people: u32,
    /// Its rank: SHA-256(seed ‖ pseudonym in UTF-8).
    pub rank: Digest,
}

/// How many households of a stratum were there and were drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumDraw {
    /// The stratum.
    pub stratum: String,
    /// Households in the frame.
    pub households: u64,
    /// Households drawn.
    pub drawn: u64,
}

/// By how much a frame is too small for the minimums; all of it is drawn then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortfall {
    /// Households missing.
    pub households: u64,
    /// People missing.
    pub people: u64,
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// No household in the frame, or none in the committee.
    #[error("there is no household to draw from")]
    NothingToDraw,
    /// Neither households nor people are asked for.
    #[error("the plan asks for no household and for nobody")]
    EmptyPlan,
}

/// A drawn sample (样本).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// How it was drawn.
    pub method: Method,
    /// Strata by name.
    pub strata: Vec<StratumDraw>,
    /// Drawn households by rank.
    pub households: Vec<Drawn>,
    /// Present if the frame is too small for the minimums.
    pub shortfall: Option<Shortfall>,
}

impl Draw {
    /// People registered in the drawn households.
    pub fn people(&self) -> u64 {
        self.households.iter().map(|it| u64::from(it.people)).sum()
    }

    /// What the estimators need to know of the draw.
    pub fn design(&self) -> Design {
        let sizes = self.strata.iter().map(|it| (it.stratum.clone(), it.households));
        match self.method {
            Method::Simple => Design::Simple { households: self.strata.iter().map(|it| it.households).sum() },
            Method::Stratified => Design::Stratified(sizes.collect()),
        }
    }
}

/// Rank of a household: SHA-256(seed ‖ pseudonym in UTF-8).
pub fn rank(seed: &Seed, pseudonym: &str) -> Digest {
    Digest::of(&[seed.0.0.as_slice(), pseudonym.as_bytes()].concat())
}

/// Draws households in the order of their ranks until both minimums are reached, the number of
/// households in each stratum following the plan's method. The stop depends on the frame's sizes
/// only, never on what the survey finds.
///
/// # Errors
/// [`DrawError`].
pub fn draw(frame: &Frame, seed: &Seed, plan: &Plan) -> Result<Draw, DrawError> {
    if plan.min_households == 0 && plan.min_people == 0 {
        return Err(DrawError::EmptyPlan);
    }
    let wanted = |unit: &&Unit| plan.committee.is_none() || unit.committee == plan.committee;
    let mut queues = Queues::new(frame.units().iter().filter(wanted), seed, plan.method);
    if queues.0.is_empty() {
        return Err(DrawError::NothingToDraw);
    }
    if plan.method == Method::Stratified {
        queues.0.values_mut().for_each(|queue| queue.drawn = MIN_IN_STRATUM.min(queue.len()));
    }
    let (mut households, mut people) = queues.drawn();
    while households < u64::from(plan.min_households) || people < u64::from(plan.min_people) {
        let Some(drawn) = queues.next_to_draw().and_then(Queue::take) else { break };
        households += 1;
        people += u64::from(drawn.people);
    }
    let shortfall = Shortfall {
        households: u64::from(plan.min_households).saturating_sub(households),
        people: u64::from(plan.min_people).saturating_sub(people),
    };
    let enough = shortfall == Shortfall { households: 0, people: 0 };
    Ok(queues.into_draw(plan.method, (!enough).then_some(shortfall)))
}

/// The households of one stratum by rank, the first `drawn` of them drawn.
#[derive(Default)]
struct Queue {
    households: Vec<Drawn>,
    drawn: u64,
}

impl Queue {
    fn len(&self) -> u64 {
        self.households.len() as u64
    }

    /// Draws the next one.
    fn take(&mut self) -> Option<&Drawn> {
        let next = self.households.get(self.drawn as usize)?;
        self.drawn += 1;
        Some(next)
    }

    fn taken(&self) -> &[Drawn] {
        &self.households[..self.drawn as usize]
    }
}

/// Queues by stratum; a simple draw has a single one, named by nothing.
struct Queues(BTreeMap<String, Queue>);

impl Queues {
    fn new<'a>(units: impl Iterator<Item = &'a Unit>, seed: &Seed, method: Method) -> Queues {
        let mut queues: BTreeMap<String, Queue> = BTreeMap::new();
        for unit in units {
            let key = match method {
                Method::Simple => String::new(),
                Method::Stratified => unit.stratum.clone(),
            };
            queues.entry(key).or_default().households.push(Drawn {
                pseudonym: unit.pseudonym.clone(),
                stratum: unit.stratum.clone(),
                people: unit.people,
                rank: rank(seed, &unit.pseudonym),
            });
        }
        for queue in queues.values_mut() {
            queue.households.sort_by(|a, b| (a.rank, &a.pseudonym).cmp(&(b.rank, &b.pseudonym)));
        }
        Queues(queues)
    }

    /// Households and people drawn so far.
    fn drawn(&self) -> (u64, u64) {
        let households = self.0.values().map(|queue| queue.drawn).sum();
        let taken = self.0.values().flat_map(Queue::taken);
        (households, taken.map(|household| u64::from(household.people)).sum())
    }

    /// The stratum whose turn it is by Sainte-Laguë: the largest households / (2 × drawn + 1),
    /// the first by name among equals. `None` when all are drawn.
    fn next_to_draw(&mut self) -> Option<&mut Queue> {
        let open = self.0.values_mut().filter(|queue| queue.drawn < queue.len());
        open.reduce(|best, queue| {
            let claim = u128::from(queue.len()) * u128::from(2 * best.drawn + 1);
            let best_claim = u128::from(best.len()) * u128::from(2 * queue.drawn + 1);
            if claim > best_claim { queue } else { best }
        })
    }

    fn into_draw(self, method: Method, shortfall: Option<Shortfall>) -> Draw {
        let mut strata: BTreeMap<String, StratumDraw> = BTreeMap::new();
        let mut households = Vec::new();
        for queue in self.0.into_values() {
            for (position, household) in queue.households.into_iter().enumerate() {
                let stratum = household.stratum.clone();
                let empty = StratumDraw { stratum: stratum.clone(), households: 0, drawn: 0 };
                let count = strata.entry(stratum).or_insert(empty);
                count.households += 1;
                if (position as u64) < queue.drawn {
                    count.drawn += 1;
                    households.push(household);
                }
            }
        }
        households.sort_by(|a, b| (a.rank, &a.pseudonym).cmp(&(b.rank, &b.pseudonym)));
        Draw { method, strata: strata.into_values().collect(), households, shortfall }
    }
}
