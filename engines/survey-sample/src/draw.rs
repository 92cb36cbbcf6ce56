//! The draw: ranks by SHA-256(seed ‖ pseudonym), lowest first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::by_size::{self, Chance};
use crate::digest::Digest;
use crate::estimate::{Design, DrawnOf};
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
    /// Every household with a chance in proportion to its size (与规模成比例的概率抽样, PPS).
    ProportionalToSize,
    /// In each stratum in proportion to its people, and within it with a chance in proportion to
    /// size (分层 PPS 抽样).
    StratifiedProportionalToSize,
}

impl Method {
    /// Whether each stratum is drawn from apart.
    pub fn is_stratified(self) -> bool {
        matches!(self, Method::Stratified | Method::StratifiedProportionalToSize)
    }

    /// Whether a household's chance goes by its size.
    pub fn goes_by_size(self) -> bool {
        matches!(self, Method::ProportionalToSize | Method::StratifiedProportionalToSize)
    }
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
    /// With what chance it was drawn, where chances go by size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
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
        let all = |count: fn(&StratumDraw) -> u64| self.strata.iter().map(count).sum();
        let drawn_of = |it: &StratumDraw| DrawnOf { households: it.households, drawn: it.drawn };
        let by_name = |it: &StratumDraw| (it.stratum.clone(), it.households);
        match self.method {
            Method::Simple => Design::Simple { households: all(|it| it.households) },
            Method::Stratified => Design::Stratified(self.strata.iter().map(by_name).collect()),
            Method::ProportionalToSize => {
                Design::BySize(DrawnOf { households: all(|it| it.households), drawn: all(|it| it.drawn) })
            }
            Method::StratifiedProportionalToSize => {
                Design::StratifiedBySize(self.strata.iter().map(|it| (it.stratum.clone(), drawn_of(it))).collect())
            }
        }
    }
}

/// Rank of a household: SHA-256(seed ‖ pseudonym in UTF-8).
pub fn rank(seed: &Seed, pseudonym: &str) -> Digest {
    Digest::of(&[seed.0.0.as_slice(), pseudonym.as_bytes()].concat())
}

/// Draws households until both minimums are reached, the number of households in each stratum
/// following the plan's method. How many are drawn depends on the frame's sizes only, never on what
/// the survey finds.
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
    let (min_households, min_people) = (u64::from(plan.min_households), u64::from(plan.min_people));
    while queues.households() < min_households {
        let Some(queue) = queues.next_to_draw() else { break };
        queue.wanted += 1;
    }
    queues.0.values_mut().for_each(Queue::choose);
    while queues.people() < min_people {
        let Some(queue) = queues.next_to_draw() else { break };
        queue.wanted += 1;
        queue.choose();
    }
    let shortfall = Shortfall {
        households: min_households.saturating_sub(queues.households()),
        people: min_people.saturating_sub(queues.people()),
    };
    let enough = shortfall == Shortfall { households: 0, people: 0 };
    Ok(queues.into_draw(plan.method, (!enough).then_some(shortfall)))
}

/// The households of one stratum by rank, some of them drawn.
struct Queue {
    households: Vec<Drawn>,
    /// What its share goes by: households, or the sum of their sizes.
    weight: u64,
    /// How many are to be drawn.
    wanted: u64,
    /// Positions of the drawn ones, ascending, and people registered there.
    chosen: Vec<usize>,
    people: u64,
    /// Where the systematic draw starts, before it is taken modulo the sum of sizes.
    start: Option<Digest>,
}

impl Queue {
    fn len(&self) -> u64 {
        self.households.len() as u64
    }

    /// Chooses as many as are wanted: the first by rank, or systematically by size.
    fn choose(&mut self) {
        self.chosen = match &self.start {
            None => (0..self.wanted as usize).collect(),
            Some(start) => by_size::choose(&mut self.households, self.wanted, start),
        };
        self.people = self.chosen.iter().map(|position| u64::from(self.households[*position].people)).sum();
    }
}

/// Queues by stratum; a draw that is not stratified has a single one, named by nothing.
struct Queues(BTreeMap<String, Queue>);

impl Queues {
    fn new<'a>(units: impl Iterator<Item = &'a Unit>, seed: &Seed, method: Method) -> Queues {
        let mut strata: BTreeMap<String, Vec<Drawn>> = BTreeMap::new();
        for unit in units {
            let key = if method.is_stratified() { unit.stratum.clone() } else { String::new() };
            strata.entry(key).or_default().push(Drawn {
                pseudonym: unit.pseudonym.clone(),
                stratum: unit.stratum.clone(),
                people: unit.people,
                rank: rank(seed, &unit.pseudonym),
                chance: None,
            });
        }
        let queue = |(name, mut households): (String, Vec<Drawn>)| {
            households.sort_by(|a, b| (a.rank, &a.pseudonym).cmp(&(b.rank, &b.pseudonym)));
            let len = households.len() as u64;
            let by_size = method.goes_by_size();
            let weight = if by_size { households.iter().map(|it| by_size::size(it.people)).sum() } else { len };
            let wanted = if method.is_stratified() { MIN_IN_STRATUM.min(len) } else { 0 };
            let start = by_size.then(|| by_size::start(seed, &name));
            (name, Queue { households, weight, wanted, chosen: Vec::new(), people: 0, start })
        };
        Queues(strata.into_iter().map(queue).collect())
    }

    fn households(&self) -> u64 {
        self.0.values().map(|queue| queue.wanted).sum()
    }

    fn people(&self) -> u64 {
        self.0.values().map(|queue| queue.people).sum()
    }

    /// The stratum whose turn it is by Sainte-Laguë: the largest weight / (2 × drawn + 1), the
    /// first by name among equals. `None` when all are drawn.
    fn next_to_draw(&mut self) -> Option<&mut Queue> {
        let open = self.0.values_mut().filter(|queue| queue.wanted < queue.len());
        open.reduce(|best, queue| {
            let claim = u128::from(queue.weight) * u128::from(2 * best.wanted + 1);
            let best_claim = u128::from(best.weight) * u128::from(2 * queue.wanted + 1);
            if claim > best_claim { queue } else { best }
        })
    }

    fn into_draw(self, method: Method, shortfall: Option<Shortfall>) -> Draw {
        let mut strata: BTreeMap<String, StratumDraw> = BTreeMap::new();
        let mut households = Vec::new();
        for Queue { households: all, chosen, .. } in self.0.into_values() {
            let mut chosen = chosen.into_iter().peekable();
            for (position, household) in all.into_iter().enumerate() {
                let stratum = household.stratum.clone();
                let empty = StratumDraw { stratum: stratum.clone(), households: 0, drawn: 0 };
                let count = strata.entry(stratum).or_insert(empty);
                count.households += 1;
                if chosen.next_if_eq(&position).is_some() {
                    count.drawn += 1;
                    households.push(household);
                }
            }
        }
        households.sort_by(|a, b| (a.rank, &a.pseudonym).cmp(&(b.rank, &b.pseudonym)));
        Draw { method, strata: strata.into_values().collect(), households, shortfall }
    }
}
