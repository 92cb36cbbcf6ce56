//! One round: its steps, what is missing, and what it found.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    ids::AccountId,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, redirect, render_status},
};

use super::{
    again::AgainView,
    signing::Signing,
    view::{self, ResultView},
};
use crate::{
    answers,
    assign::{self, Burden, Progress},
    codes::{Level, State as RoundState},
    estimate::Targets,
    frame as frames,
    ids::SurveyId,
    locks,
    results::{self, ResultRow},
    rounds::{self, Round},
    seeds::{self, Party},
    surveyors::{self, Surveyor},
};

/// A committee's line while the round is on its way.
pub(super) struct ProgressView {
    name: String,
    progress: Progress,
}

/// A group of committees with its results.
pub(super) struct GroupView {
    code: String,
    own: Option<ResultView>,
    committees: Vec<ResultView>,
}

/// A kind of problem and how often it was found.
pub(super) struct ProblemView {
    key: String,
    n: i64,
}

#[derive(Template)]
#[template(path = "surveys/round.html")]
pub(super) struct RoundPage {
    page: Page,
    errors: FormErrors,
    round: Round,
    state: RoundState,
    committee: Option<String>,
    parties: Vec<Party>,
    /// The reader's own commitment, if there is one.
    own: Option<Party>,
    may_commit: bool,
    may_run: bool,
    needed_parties: i64,
    needed_surveyors: i64,
    progress: Vec<ProgressView>,
    burdens: Vec<Burden>,
    surveyors: Vec<Surveyor>,
    division: Option<ResultView>,
    groups: Vec<GroupView>,
    grids: Vec<ResultView>,
    problems: Vec<ProblemView>,
    left: i64,
    /// Whether the reader may see the figures: everybody once they are countersigned.
    shows_figures: bool,
    pub(super) signing: Signing,
    /// The second interviews, for those who run and sign the round.
    pub(super) again: Option<AgainView>,
    month_over: bool,
    /// A secret made by the program, shown this once.
    pub(super) secret: Option<String>,
}

impl RoundPage {
    /// Before anybody has opened, or when the month is over without a draw.
    fn may_withdraw(&self) -> bool {
        let opened = self.parties.iter().any(|p| p.opening.is_some());
        self.is("framed") || (self.is("committed") && (!opened || self.month_over))
    }
    fn homes(&self) -> i64 {
        self.progress.iter().map(|p| p.progress.homes).sum()
    }
    fn people(&self) -> i64 {
        self.progress.iter().map(|p| p.progress.people).sum()
    }
    fn done(&self) -> i64 {
        self.progress.iter().map(|p| p.progress.answered).sum()
    }
    fn is(&self, code: &str) -> bool {
        self.state.code() == code
    }
    /// Whether a step lies behind: by the place of its state in the round.
    fn past(&self, code: &str) -> bool {
        RoundState::from_code(code).is_some_and(|s| self.state > s && self.state != RoundState::Withdrawn)
    }
}

pub(super) async fn load(
    app: &App,
    reader: &Reader,
    page: Page,
    id: SurveyId,
    errors: FormErrors,
) -> Result<RoundPage> {
    let reads = app.store.reads();
    let round = rounds::find(&reads, id).await?;
    let state = round.state();
    let names = view::names(&reads).await?;
    let parties = seeds::parties(&reads, id).await?;
    let may_run = reader.may(Action::SurveyRun);
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let progress: Vec<ProgressView> = assign::progress(&reads, id)
        .await?
        .into_iter()
        .map(|progress| ProgressView { name: name(&progress.committee_code), progress })
        .collect();
    let drawing = state == RoundState::Drawn && may_run;
    let known = if drawing || (may_run && state == RoundState::Answering) {
        surveyors::on(&reads, app.store.now().day()).await?
    } else {
        Vec::new()
    };
    let burdens = if may_run { assign::burdens(&reads, id).await? } else { Vec::new() };
    let shows_figures = locks::shows(&round, reader);
    let found = if shows_figures { found(app, &page, &round, &names).await? } else { Default::default() };
    let (division, groups, grids) = found;
    let signing = Signing::read(&reads, reader, &round).await?;
    let again = AgainView::read(app, &reads, reader, &round, &names).await?;
    let problems = if shows_figures { problems(app, id).await? } else { Vec::new() };
    let committee = round.committee_code.as_deref().map(name);
    let title = page.t.a("survey-round-title", "month", round.month);
    Ok(RoundPage {
        own: parties.iter().find(|p| p.account_id == reader.account).cloned(),
        may_commit: seeds::party_role(reader).is_some(),
        may_run,
        needed_parties: i64::from(*app.pack.survey.min_seed_parties),
        needed_surveyors: i64::from(*app.pack.survey.min_surveyors),
        month_over: app.store.now() >= round.until_at,
        left: progress.iter().map(|p| p.progress.homes - p.progress.answered - p.progress.not_met).sum(),
        page: page.titled(title),
        surveyors: known,
        secret: None,
        shows_figures,
        signing,
        again,
        errors,
        round,
        state,
        committee,
        parties,
        progress,
        burdens,
        division,
        groups,
        grids,
        problems,
    })
}

type Found = (Option<ResultView>, Vec<GroupView>, Vec<ResultView>);

/// The results of a round: the sub-district's, the groups' with their committees, the grids'.
async fn found(app: &App, page: &Page, round: &Round, names: &HashMap<String, String>) -> Result<Found> {
    let reads = app.store.reads();
    let targets = Targets::of(&app.pack);
    let view = |row: ResultRow, name: String| ResultView::of(&page.t, row, name, &targets);
    let grid_names = linli_territory::grid_names(&reads).await?;
    let group_of = results::groups(&reads).await?;
    let (mut division, mut groups, mut grids) = (None, Vec::<GroupView>::new(), Vec::new());
    let mut committees = Vec::new();
    for row in results::of_survey(&reads, round.survey_id).await? {
        match Level::from_code(&row.level) {
            Some(Level::Division) => division = Some(view(row, String::new())),
            Some(Level::Group) => {
                let code = row.code.clone();
                groups.push(GroupView { code, own: Some(view(row, String::new())), committees: Vec::new() });
            }
            Some(Level::Committee) => committees.push(row),
            Some(Level::Grid) => {
                let grid = row.code.parse().ok().and_then(|id| grid_names.get(&id).cloned());
                let name = grid.unwrap_or_else(|| row.code.clone());
                grids.push(view(row, name));
            }
            None => {}
        }
    }
    for row in committees {
        let code = group_of.get(&row.code).cloned().unwrap_or_default();
        let name = names.get(&row.code).cloned().unwrap_or_else(|| row.code.clone());
        if !groups.iter().any(|g| g.code == code) {
            groups.push(GroupView { code: code.clone(), own: None, committees: Vec::new() });
        }
        if let Some(group) = groups.iter_mut().find(|g| g.code == code) {
            group.committees.push(view(row, name));
        }
    }
    groups.sort_by(|a, b| a.code.cmp(&b.code));
    grids.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((division, groups, grids))
}

async fn problems(app: &App, id: SurveyId) -> Result<Vec<ProblemView>> {
    let mut sums: HashMap<String, i64> = HashMap::new();
    for (kind, n) in answers::problems(&app.store.reads(), id).await?.into_values().flatten() {
        *sums.entry(kind).or_default() += n;
    }
    let mut all: Vec<ProblemView> =
        sums.into_iter().map(|(kind, n)| ProblemView { key: format!("survey-problem-{kind}"), n }).collect();
    all.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.key.cmp(&b.key)));
    Ok(all)
}

/// `GET /surveys/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
) -> Result<Response> {
    linli_platform::web::render(&load(&app, &reader, page, id, FormErrors::new()).await?)
}

/// The page again with what was wrong about a step, or the error itself if no step is at fault.
pub(super) async fn refused(
    app: &App,
    reader: &Reader,
    page: Page,
    id: SurveyId,
    field: &str,
    error: AppError,
) -> Result<Response> {
    refused_with(app, reader, page, id, field, error, |_| ()).await
}

/// The same with what was typed.
pub(super) async fn refused_with(
    app: &App,
    reader: &Reader,
    page: Page,
    id: SurveyId,
    field: &str,
    error: AppError,
    typed: impl FnOnce(&mut RoundPage),
) -> Result<Response> {
    if error.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(error);
    }
    let mut errors = FormErrors::new();
    errors.add_error(&page.t, field, &error);
    let mut shown = load(app, reader, page, id, errors).await?;
    typed(&mut shown);
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `GET /surveys/{id}/receipt.json`
pub(super) async fn receipt(State(app): State<App>, Path(id): Path<SurveyId>) -> Result<Response> {
    let papers = rounds::papers(&app.store.reads(), id).await?;
    let receipt = papers.receipt.ok_or_else(AppError::not_found)?;
    Ok(download("application/json", "receipt.json", receipt))
}

/// `GET /surveys/{id}/frame.csv`
pub(super) async fn frame(State(app): State<App>, Path(id): Path<SurveyId>) -> Result<Response> {
    Ok(download("text/csv; charset=utf-8", "frame.csv", frames::csv(&app.store.reads(), id).await?))
}

pub(super) fn download(kind: &'static str, name: &str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// `POST /surveys/{id}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match rounds::withdraw(&tx, id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect("/surveys"), "survey-withdrawn"))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "", e).await
        }
    }
}

/// `POST /surveys/{id}/assignments`: `surveyor` once for each chosen one.
pub(super) async fn assign(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let chosen: Vec<AccountId> =
        form.iter().filter(|(k, _)| k == "surveyor").filter_map(|(_, v)| v.parse().ok()).collect();
    let tx = app.store.begin(&reader).await?;
    match assign::assign(&tx, &app.pack, id, &chosen).await {
        Ok(n) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/surveys/{id}")), "survey-assigned", n as i64))
        }
        Err(mut e) => {
            drop(tx);
            // The page names the committee as people do.
            let names = view::names(&app.store.reads()).await?;
            for (key, value) in &mut e.args {
                if *key == "committee"
                    && let Some(name) = names.get(value)
                {
                    value.clone_from(name);
                }
            }
            refused(&app, &reader, page, id, "surveyors", e).await
        }
    }
}

/// From whom to whom.
#[derive(serde::Deserialize)]
pub(super) struct HandOver {
    from: AccountId,
    to: AccountId,
}

/// `POST /surveys/{id}/hand-overs`
pub(super) async fn hand_over(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<HandOver>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match assign::hand_over(&tx, id, form.from, form.to).await {
        Ok(n) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/surveys/{id}")), "survey-handed-over", n as i64))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "to", e).await
        }
    }
}
