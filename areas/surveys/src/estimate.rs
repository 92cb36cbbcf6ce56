//! From counts to rates with intervals (R26), for committees, groups, grids and the sub-district. All rates are
//! stated for the frame: homes that nobody knows of are in none.

use std::collections::{BTreeMap, HashMap};

use linli_platform::{AppError, Result};
use policy_pack::Pack;
use survey_sample::{
    Design, Estimate, EstimateError, Surveyed, accuracy, over_registration, registration_rate, sample_needed, verdict,
};

use crate::{
    answers::AnswerRow,
    codes::{HomeState, Level, Verdict},
    frame::StratumCount,
};

/// Chance with which the suggested number of homes would tell.
const POWER: f64 = 0.8;
/// A true rate nearer to the target than this cannot be told from it by any survey of a sub-district.
const NEAREST: f64 = 0.005;

/// What the rates are held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    /// Registration rate, 0–1.
    pub registration: f64,
    /// Accuracy rate, 0–1.
    pub accuracy: f64,
    /// Level of the intervals, 0–1, two-sided.
    pub level: f64,
    /// Homes that a committee's survey must hold at least.
    pub households: i64,
    /// People that it must hold at least.
    pub people: i64,
}

impl Targets {
    /// Those of the policy pack.
    pub fn of(pack: &Pack) -> Self {
        let share = |percent: u32| f64::from(percent) / 100.0;
        Targets {
            registration: share(*pack.survey.target_registration_percent),
            accuracy: share(*pack.survey.target_accuracy_percent),
            level: share(*pack.survey.confidence_percent),
            households: i64::from(*pack.survey.min_households),
            people: i64::from(*pack.survey.min_people),
        }
    }
}

/// A rate with its interval, 0–1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Estimated rate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Design effect of households.
    pub deff: f64,
}

impl Rate {
    /// What the interval says about a target.
    pub fn verdict(&self, target: f64) -> Verdict {
        if self.high < target {
            Verdict::Below
        } else if self.low >= target {
            Verdict::Above
        } else {
            Verdict::Unclear
        }
    }
    /// Whether it lies below another rate by more than chance makes likely.
    pub fn surely_below(&self, other: f64) -> bool {
        self.high < other
    }
}

impl From<&Estimate> for Rate {
    fn from(e: &Estimate) -> Self {
        Rate { value: e.value, low: e.low, high: e.high, deff: e.deff }
    }
}

/// Sums over the answered homes of an area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Homes in the frame.
    pub frame_homes: i64,
    /// Homes drawn.
    pub homes: i64,
    /// Homes answered.
    pub homes_answered: i64,
    /// People found.
    pub found: i64,
    /// Of those, registered there.
    pub found_registered: i64,
    /// People registered there.
    pub registered: i64,
    /// Of those, gone.
    pub gone: i64,
    /// Items checked.
    pub items: i64,
    /// Of those, correct.
    pub items_correct: i64,
}

/// The figures of one area.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What it is about.
    pub level: Level,
    /// Division or committee code, group letter, or grid id.
    pub code: String,
    /// Sums.
    pub counts: Counts,
    /// Whether the least numbers of homes and people were reached, or the whole frame was surveyed.
    pub complete: bool,
    /// Registration rate (登记率).
    pub registration: Option<Rate>,
    /// Accuracy rate (准确率).
    pub accuracy: Option<Rate>,
    /// Over-registration (应销未销).
    pub over: Option<Rate>,
    /// Verdict on the registration rate.
    pub registration_verdict: Option<Verdict>,
    /// Verdict on the accuracy rate.
    pub accuracy_verdict: Option<Verdict>,
}

/// One area under construction: its frame by stratum and its surveyed homes. A stratum is one of a committee, so that
/// committees keep their weight in a group.
#[derive(Default)]
struct Area {
    frame: BTreeMap<String, u64>,
    surveyed: Vec<Surveyed>,
    counts: Counts,
}

/// The figures of every area of a survey, of the sub-district first.
pub(crate) fn figures(
    division: &str,
    groups: &HashMap<String, String>,
    strata: &[StratumCount],
    rows: &[AnswerRow],
    targets: &Targets,
) -> Result<Vec<Figures>> {
    let mut areas: BTreeMap<(Level, String), Area> = BTreeMap::new();
    let keys = |committee: &str, grid: Option<linli_platform::ids::GridId>| {
        let mut keys = vec![(Level::Division, division.to_owned()), (Level::Committee, committee.to_owned())];
        keys.extend(groups.get(committee).map(|g| (Level::Group, g.clone())));
        keys.extend(grid.map(|g| (Level::Grid, g.to_string())));
        keys
    };
    for stratum in strata {
        let name = format!("{}/{}", stratum.committee_code, stratum.stratum);
        for key in keys(&stratum.committee_code, stratum.grid_id) {
            let area = areas.entry(key).or_default();
            *area.frame.entry(name.clone()).or_default() += u64::try_from(stratum.homes).unwrap_or(0);
            area.counts.frame_homes += stratum.homes;
        }
    }
    for row in rows {
        let surveyed = surveyed(row)?;
        for key in keys(&row.committee_code, row.grid_id) {
            let area = areas.entry(key).or_default();
            area.counts.homes += 1;
            if let Some(surveyed) = &surveyed {
                add(&mut area.counts, row);
                area.surveyed.push(surveyed.clone());
            }
        }
    }
    // A grid in which nothing was drawn has no figures.
    areas.retain(|(level, _), area| *level != Level::Grid || !area.surveyed.is_empty());
    areas.into_iter().map(|((level, code), area)| of_area(level, code, area, targets)).collect()
}

fn surveyed(row: &AnswerRow) -> Result<Option<Surveyed>> {
    if row.state != HomeState::Answered.code() {
        return Ok(None);
    }
    let number = |n: Option<i64>| {
        n.and_then(|n| u32::try_from(n).ok()).ok_or_else(|| AppError::internal("an answered home without its counts"))
    };
    Ok(Some(Surveyed {
        stratum: format!("{}/{}", row.committee_code, row.stratum),
        found: number(row.found)?,
        found_registered: number(row.found_registered)?,
        registered: number(row.registered)?,
        gone: number(row.gone)?,
        items: number(row.items)?,
        items_correct: number(row.items_correct)?,
        // Rounds draw homes of a stratum with equal chances.
        chance: None,
    }))
}

fn add(counts: &mut Counts, row: &AnswerRow) {
    counts.homes_answered += 1;
    counts.found += row.found.unwrap_or(0);
    counts.found_registered += row.found_registered.unwrap_or(0);
    counts.registered += row.registered.unwrap_or(0);
    counts.gone += row.gone.unwrap_or(0);
    counts.items += row.items.unwrap_or(0);
    counts.items_correct += row.items_correct.unwrap_or(0);
}

fn of_area(level: Level, code: String, area: Area, targets: &Targets) -> Result<Figures> {
    // A home that moved to another grid after the frame was fixed would be one more than the grid's frame has.
    let mut frame = area.frame;
    for (stratum, n) in count_by_stratum(&area.surveyed) {
        let known = frame.entry(stratum).or_default();
        *known = (*known).max(n);
    }
    let design = Design::Stratified(frame);
    let estimate = |e: Result<Estimate, EstimateError>, target: f64| match e {
        Ok(e) => Ok(Some((Rate::from(&e), Verdict::from(verdict(&e, target))))),
        Err(EstimateError::NothingSurveyed) => Ok(None),
        Err(e) => Err(AppError::internal(e)),
    };
    let registration = estimate(registration_rate(&area.surveyed, &design, targets.level), targets.registration)?;
    let right = estimate(accuracy(&area.surveyed, &design, targets.level), targets.accuracy)?;
    let over = estimate(over_registration(&area.surveyed, &design, targets.level), 0.0)?;
    let c = area.counts;
    let enough = c.homes_answered >= targets.households && c.found.max(c.registered) >= targets.people;
    Ok(Figures {
        level,
        code,
        counts: c,
        complete: enough || (c.homes_answered > 0 && c.homes_answered == c.frame_homes),
        registration: registration.map(|r| r.0),
        accuracy: right.map(|r| r.0),
        over: over.map(|r| r.0),
        registration_verdict: registration.map(|r| r.1),
        accuracy_verdict: right.map(|r| r.1),
    })
}

fn count_by_stratum(surveyed: &[Surveyed]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for home in surveyed {
        *counts.entry(home.stratum.clone()).or_default() += 1;
    }
    counts
}

/// How many homes a survey would need so that a rate like this one is told from the target, with a chance of four in
/// five. `None` where it is told already, or where no survey of a sub-district could.
pub fn homes_needed(rate: &Rate, target: f64, level: f64, per_home: f64) -> Option<i64> {
    if rate.verdict(target) != Verdict::Unclear || per_home <= 0.0 {
        return None;
    }
    // The interval is two-sided; one of its ends decides.
    let one_sided = f64::midpoint(1.0, level);
    let deff = if rate.deff.is_finite() { rate.deff.max(1.0) } else { 1.0 };
    let people = if rate.value >= target {
        sample_needed(target, (rate.value).max(target + NEAREST).min(1.0), deff, one_sided, POWER)?
    } else {
        // That a rate lies below its target is that errors lie above what the target leaves.
        let errors = (1.0 - rate.value).max(1.0 - target + 2.0 * NEAREST).min(1.0);
        sample_needed(1.0 - target, errors, deff, one_sided, POWER)?
    };
    Some((people as f64 / per_home).ceil() as i64)
}

/// A share of a hundred as pages and papers show it: `97.3%`.
pub(crate) fn percent(value: f64) -> String {
    format!("{value:.1}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_platform::ids::GridId;
    use uuid::Uuid;

    const TARGETS: Targets = Targets { registration: 0.98, accuracy: 0.98, level: 0.95, households: 15, people: 30 };

    fn row(committee: &str, found: i64, found_registered: i64) -> AnswerRow {
        AnswerRow {
            committee_code: committee.into(),
            grid_id: Some(GridId(Uuid::from_u128(1))),
            stratum: "dwelling".into(),
            state: "answered".into(),
            found: Some(found),
            found_registered: Some(found_registered),
            registered: Some(found_registered + 1),
            gone: Some(1),
            items: Some(4 * found_registered),
            items_correct: Some(4 * found_registered - 1),
        }
    }
    fn strata(committee: &str, homes: i64) -> StratumCount {
        StratumCount {
            committee_code: committee.into(),
            grid_id: Some(GridId(Uuid::from_u128(1))),
            stratum: "dwelling".into(),
            homes,
            people: 2 * homes,
        }
    }
    fn groups() -> HashMap<String, String> {
        [("c1", "A"), ("c2", "A")].map(|(c, g)| (c.to_owned(), g.to_owned())).into()
    }
    fn of<'a>(all: &'a [Figures], level: Level, code: &str) -> &'a Figures {
        all.iter().find(|f| f.level == level && f.code == code).unwrap()
    }

    #[test]
    fn rates_are_what_can_be_counted_by_hand() {
        // 20 homes of 2 people, 19 of them with both registered and one with one: 39 of 40.
        let mut rows: Vec<_> = (0..19).map(|_| row("c1", 2, 2)).collect();
        rows.push(row("c1", 2, 1));
        let all = figures("d", &groups(), &[strata("c1", 400)], &rows, &TARGETS).unwrap();
        let c1 = of(&all, Level::Committee, "c1");
        let registration = c1.registration.unwrap();
        assert!((registration.value - 39.0 / 40.0).abs() < 1e-12);
        assert!(registration.low < 0.90 && registration.high > 0.99, "{registration:?}");
        assert_eq!(c1.registration_verdict, Some(Verdict::Unclear));
        // 39 people registered, of 59 on the register 20 have gone: 20 / 59.
        assert!((c1.over.unwrap().value - 20.0 / 59.0).abs() < 1e-12);
        // Four items each of 39 people, one wrong in each of 20 homes: 136 of 156.
        assert!((c1.accuracy.unwrap().value - 136.0 / 156.0).abs() < 1e-12);
        assert_eq!(c1.accuracy_verdict, Some(Verdict::Below));
        assert!(c1.complete);
        assert_eq!(c1.counts.frame_homes, 400);
    }

    #[test]
    fn a_committee_keeps_its_weight_in_its_group() {
        // c1 has 900 homes and all are registered, c2 has 100 and none: 90 %, whatever was drawn in each.
        let mut rows: Vec<_> = (0..15).map(|_| row("c1", 2, 2)).collect();
        rows.extend((0..15).map(|_| AnswerRow { items_correct: Some(0), ..row("c2", 2, 0) }));
        let all = figures("d", &groups(), &[strata("c1", 900), strata("c2", 100)], &rows, &TARGETS).unwrap();
        for (level, code) in [(Level::Group, "A"), (Level::Division, "d")] {
            assert!((of(&all, level, code).registration.unwrap().value - 0.9).abs() < 1e-12, "{level}");
        }
    }

    #[test]
    fn homes_where_nobody_was_met_are_drawn_and_not_counted() {
        let mut rows: Vec<_> = (0..14).map(|_| row("c1", 3, 3)).collect();
        rows.push(AnswerRow { state: "not-met".into(), found: None, ..row("c1", 0, 0) });
        let all = figures("d", &groups(), &[strata("c1", 400)], &rows, &TARGETS).unwrap();
        let c1 = of(&all, Level::Committee, "c1");
        assert_eq!((c1.counts.homes, c1.counts.homes_answered), (15, 14));
        assert!(!c1.complete, "14 homes are fewer than 15");
    }

    #[test]
    fn more_homes_are_suggested_only_where_the_target_is_not_told() {
        let rate = |value, low, high| Rate { value, low, high, deff: 1.2 };
        let unclear = homes_needed(&rate(0.995, 0.95, 0.999), 0.98, 0.95, 2.0).unwrap();
        assert!((150..600).contains(&unclear), "{unclear}");
        let below = homes_needed(&rate(0.93, 0.85, 0.985), 0.98, 0.95, 2.0).unwrap();
        assert!((50..300).contains(&below), "{below}");
        assert_eq!(homes_needed(&rate(0.90, 0.85, 0.95), 0.98, 0.95, 2.0), None);
        assert_eq!(homes_needed(&rate(0.995, 0.99, 1.0), 0.98, 0.95, 2.0), None);
    }
}
