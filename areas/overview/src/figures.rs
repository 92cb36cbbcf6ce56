//! Figures of grids and committees side by side, for the dashboard and the map.

use std::collections::HashMap;

use linli_fieldwork::overdue;
use linli_platform::{Result, access::Action, app::App, clock::Month, ids::GridId, reader::Reader};
use linli_register::figures::{self, Counts};
use linli_surveys::{
    codes::{RateKind, Verdict},
    estimate::Rate,
    results,
};
use linli_territory::store::{committees, grids};

/// A grid with its figures of the month.
pub(crate) struct GridFigures {
    pub id: GridId,
    pub code: String,
    pub name: String,
    pub committee_code: String,
    pub counts: Counts,
    pub overdue: i64,
}

/// A committee with its figures of the month and its last survey.
pub(crate) struct CommitteeFigures {
    pub code: String,
    pub name: String,
    pub group: String,
    pub counts: Counts,
    pub overdue: i64,
    pub registration: Option<Rate>,
    pub verdict: Option<Verdict>,
}

/// The grids in the reader's scope.
pub(crate) async fn by_grid(app: &App, reader: &Reader, month: Month) -> Result<Vec<GridFigures>> {
    let q = app.store.reads();
    let counts: HashMap<Option<GridId>, Counts> =
        figures::month(&q, reader, month).await?.into_iter().map(|g| (g.grid_id, g.counts)).collect();
    let overdue = overdue::by_grid(&q, reader, &app.pack, app.store.clock().today()).await?;
    let of = |g: grids::Grid| GridFigures {
        counts: counts.get(&Some(g.grid_id)).copied().unwrap_or_default(),
        overdue: overdue.get(&Some(g.grid_id)).copied().unwrap_or(0),
        id: g.grid_id,
        code: g.code,
        name: g.name,
        committee_code: g.committee_code,
    };
    Ok(grids::in_scope(&q, reader).await?.into_iter().map(of).collect())
}

/// How far the month has come, in percent: on the way to everything by its end, coverage is held against this.
pub(crate) fn pace(app: &App) -> f64 {
    let today = app.store.clock().today();
    f64::from(today.0.day()) * 100.0 / f64::from(today.0.days_in_month())
}

/// The newest month with a locked round, this month or one of the three before it.
pub(crate) async fn survey_month(app: &App, month: Month) -> Result<Option<Month>> {
    let q = app.store.reads();
    let mut at = month;
    for _ in 0..4 {
        if !results::for_month(&q, at).await?.is_empty() {
            return Ok(Some(at));
        }
        at = at.previous();
    }
    Ok(None)
}

/// The committees of the reader's grids, by group; rates only for whoever may see surveys.
pub(crate) async fn by_committee(
    app: &App,
    reader: &Reader,
    grids: &[GridFigures],
    survey: Option<Month>,
) -> Result<Vec<CommitteeFigures>> {
    let q = app.store.reads();
    let rates = match survey {
        Some(month) if reader.may(Action::SurveyRead) => results::for_month(&q, month).await?,
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for committee in committees::all(&q).await? {
        let mut figures = CommitteeFigures {
            code: committee.committee_code,
            name: committee.name,
            group: committee.group_code,
            counts: Counts::default(),
            overdue: 0,
            registration: None,
            verdict: None,
        };
        let mut any = false;
        for grid in grids.iter().filter(|g| g.committee_code == figures.code) {
            any = true;
            figures.counts.add(&grid.counts);
            figures.overdue += grid.overdue;
        }
        if !any {
            continue;
        }
        if let Some(rate) = rates.iter().find(|r| r.committee_code == figures.code) {
            figures.registration = rate.result.registration();
            figures.verdict = rate.result.verdict(RateKind::Registration);
        }
        all.push(figures);
    }
    all.sort_by(|a, b| (&a.group, &a.code).cmp(&(&b.group, &b.code)));
    Ok(all)
}

/// A percentage without decimals that never says 100 where something is missing, nor 0 where something is done.
pub(crate) fn whole_percent(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let rounded = (part * 200 + whole).div_euclid(whole * 2);
    Some(if part < whole { rounded.min(99) } else { rounded }.max(i64::from(part > 0)))
}

#[cfg(test)]
mod tests {
    use super::whole_percent;

    #[test]
    fn a_percentage_is_not_rounded_to_all_or_nothing() {
        let table = [
            (0, 0, None),
            (0, 9, Some(0)),
            (1, 1000, Some(1)),
            (999, 1000, Some(99)),
            (5, 5, Some(100)),
            (1, 3, Some(33)),
        ];
        for (part, whole, expected) in table {
            assert_eq!(whole_percent(part, whole), expected, "{part}/{whole}");
        }
    }
}
