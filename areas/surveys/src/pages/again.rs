//! How far the second interviews agree with the first, and deciding where they differ.

use std::collections::HashMap;

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    reader::Reader,
    store::Query,
    web::{Page, flash, redirect},
};
use serde::Deserialize;

use super::round;
use crate::{
    again::{self, Compared},
    codes::{Compare, Kept, KeptWhy, State as RoundState},
    estimate::{Targets, percent},
    ids::SurveyId,
    rounds::Round,
};

/// An item with how many homes differ in it.
pub(super) struct ItemView {
    pub key: String,
    pub share: String,
}

/// A home whose two answers differ.
pub(super) struct DifferView {
    pub compared: Compared,
    pub committee: String,
    /// What it differs in: text, first count, second count.
    pub items: Vec<(String, i64, i64)>,
}

/// The second interviews of a round, for those who run it and sign it.
pub(super) struct AgainView {
    pub drawn: i64,
    pub untried: i64,
    pub asked: i64,
    pub undecided: i64,
    pub share: String,
    pub items: Vec<ItemView>,
    pub homes: Vec<DifferView>,
    /// Whether the reader can decide now.
    pub may_decide: bool,
    /// What was chosen, if it was refused.
    pub typed: Decision,
}

impl AgainView {
    /// Before the second person has signed, for those who run the round or sign it; nothing else may show it.
    pub async fn read(
        app: &App,
        q: &impl Query,
        reader: &Reader,
        round: &Round,
        names: &HashMap<String, String>,
    ) -> Result<Option<AgainView>> {
        let runs = reader.may(Action::SurveyRun);
        let seen = match round.state() {
            RoundState::Answering => runs,
            RoundState::Locked | RoundState::Countersigned => runs || reader.may(Action::SurveyCountersign),
            _ => false,
        };
        if !seen {
            return Ok(None);
        }
        let all = again::agreement(q, round.survey_id, Targets::of(&app.pack).level).await?;
        if all.drawn == 0 {
            return Ok(None);
        }
        let share = |n: usize| {
            let interval = all.interval(n);
            let value = n as f64 / all.homes.len().max(1) as f64;
            let [value, low, high] = [value, interval.low, interval.high].map(|x| percent(x * 100.0));
            format!("{n}/{} · {value}（{low}–{high}）", all.homes.len())
        };
        let item =
            |item: &Compare| ItemView { key: format!("survey-problem-{item}"), share: share(all.differing_in(*item)) };
        let differ = |c: &Compared| DifferView {
            committee: names.get(&c.committee_code).cloned().unwrap_or_else(|| c.committee_code.clone()),
            items: c.items().map(|i| (format!("survey-problem-{i}"), c.first.count(i), c.second.count(i))).collect(),
            compared: c.clone(),
        };
        Ok(Some(AgainView {
            drawn: all.drawn,
            untried: all.untried,
            asked: all.homes.len() as i64,
            undecided: all.undecided() as i64,
            share: share(all.differing()),
            items: Compare::ALL.iter().map(item).collect(),
            homes: all.homes.iter().filter(|c| c.differs()).map(differ).collect(),
            may_decide: runs && round.state() == RoundState::Answering,
            typed: Decision::default(),
        }))
    }
    /// Whether a choice stands in a home's form.
    pub fn chosen(&self, home: &DifferView, field: &str, code: &str) -> bool {
        let typed = if self.typed.place == home.compared.place.to_string() { Some(&self.typed) } else { None };
        let stored = if field == "kept" { &home.compared.kept } else { &home.compared.reason };
        match typed {
            Some(typed) => (if field == "kept" { &typed.kept } else { &typed.reason }) == code,
            None => stored.as_deref() == Some(code),
        }
    }
    pub fn kept(&self) -> &'static [Kept] {
        Kept::ALL
    }
    pub fn reasons(&self) -> &'static [KeptWhy] {
        KeptWhy::ALL
    }
}

/// A decision as typed.
#[derive(Default, Deserialize)]
pub(super) struct Decision {
    #[serde(default)]
    place: String,
    #[serde(default)]
    kept: String,
    #[serde(default)]
    reason: String,
}

/// `POST /surveys/{id}/decisions`
pub(super) async fn decide(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Decision>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let chosen = (form.place.parse().ok(), Kept::from_code(&form.kept), KeptWhy::from_code(&form.reason));
    let done = match chosen {
        (Some(place), Some(kept), Some(why)) => again::decide(&app, &tx, id, place, kept, why).await,
        _ => Err(AppError::rule("survey-decision-missing")),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/{id}#again")), "survey-decided-now"))
        }
        Err(e) => {
            drop(tx);
            let field = format!("again-{}", form.place.parse::<i64>().unwrap_or(0));
            let typed = |shown: &mut round::RoundPage| {
                if let Some(again) = &mut shown.again {
                    again.typed = form;
                }
            };
            round::refused_with(&app, &reader, page, id, &field, e, typed).await
        }
    }
}
