//! Results locked (锁定) and countersigned (复核): one person closes the answers and has the figures computed, another
//! looks at these very figures and signs them. Only then they are published and count; see ADR 12.

use std::fmt::Write as _;

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    api::instant,
    app::App,
    clock::At,
    event::NewEvent,
    free_text,
    ids::AccountId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use survey_sample::Digest;

use crate::{
    again, answers, bases,
    codes::{Level, Outcome, State},
    estimate::{self, Rate, Targets},
    frame,
    ids::SurveyId,
    listings,
    receipt::{RoundReceipt, Signature, SignedResults},
    results,
    rounds::{self, Round, record, take},
};

/// The longest reason for sending results back.
pub const REASON_MAX_CHARS: usize = 300;

/// Who signs, and in which role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// The account.
    pub account: AccountId,
    /// The role that gives the right to.
    pub role: Role,
}

impl Signer {
    /// The reader as a signer.
    fn of(reader: &Reader, action: Action) -> Result<Signer> {
        let role = reader.role_for(&[action], None).ok_or_else(AppError::forbidden)?;
        Signer { account: reader.account, role }.allowed(action)
    }
    fn allowed(self, action: Action) -> Result<Signer> {
        if self.role.allows(action) { Ok(self) } else { Err(AppError::forbidden()) }
    }
}

/// Results that were locked, and what became of them.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Lock {
    /// The first, the second … lock of the survey.
    pub number: i64,
    /// SHA-256 of the figures as published, in hexadecimal digits.
    pub digest: String,
    /// SHA-256 over the answers that they were computed from.
    pub answers_digest: String,
    /// Homes that two surveyors asked.
    pub asked_twice: i64,
    /// Of those, with different answers.
    pub differing: i64,
    /// When they were locked.
    pub locked_at: At,
    /// By whom.
    pub locked_by: AccountId,
    /// In which role.
    pub locked_role: String,
    /// The name of that person.
    pub locked_name: Option<String>,
    /// [`Outcome`]; none while they wait.
    pub outcome: Option<String>,
    /// When they were countersigned or sent back.
    pub decided_at: Option<At>,
    /// In which role.
    pub decided_role: Option<String>,
    /// The name of that person.
    pub decided_name: Option<String>,
    /// Why they were sent back.
    pub reason: Option<String>,
}

/// The locks of a survey, the latest first.
pub async fn of_survey(q: &impl Query, survey: SurveyId) -> Result<Vec<Lock>> {
    let sql = "SELECT k.number, k.digest, k.answers_digest, k.asked_twice, k.differing, k.locked_at, k.locked_by, k.locked_role,
                 a.display_name AS locked_name, k.outcome, k.decided_at, k.decided_role, d.display_name AS decided_name,
                 k.reason
               FROM survey_lock k
               LEFT JOIN account a ON a.division_code = k.division_code AND a.account_id = k.locked_by
               LEFT JOIN account d ON d.division_code = k.division_code AND d.account_id = k.decided_by
               WHERE k.division_code = $1 AND k.survey_id = $2 ORDER BY k.number DESC";
    q.rows(sql, vals![q.division(), survey]).await
}

/// The lock that waits for a countersignature.
async fn waiting(q: &impl Query, survey: SurveyId) -> Result<Lock> {
    let latest = of_survey(q, survey).await?.into_iter().next().filter(|lock| lock.outcome.is_none());
    latest.ok_or_else(AppError::not_found)
}

/// How many locked rounds wait for somebody: not for whoever locked them.
pub(crate) async fn waiting_for(q: &impl Query, account: AccountId) -> Result<Vec<SurveyId>> {
    #[derive(FromQueryResult)]
    struct Row {
        survey_id: SurveyId,
    }
    let sql = "SELECT survey_id FROM survey_lock
               WHERE division_code = $1 AND outcome IS NULL AND locked_by <> $2 ORDER BY locked_at";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), account]).await?;
    Ok(rows.into_iter().map(|r| r.survey_id).collect())
}

/// Closes the answers of a round and computes its results, which wait for a second person.
///
/// # Errors
/// `survey-unanswered` while a home has neither been answered nor tried; `survey-undecided` while two interviews of a home
/// differ and nobody decided; `survey-state` in another state.
pub async fn lock(app: &App, tx: &Tx, survey: SurveyId) -> Result<()> {
    lock_at(tx, &app.pack, survey, Signer::of(tx.reader(), Action::SurveyRun)?, tx.now()).await?;
    again::ask_the_rest(app, tx, survey).await
}

pub(crate) async fn lock_at(tx: &Tx, pack: &Pack, survey: SurveyId, by: Signer, at: At) -> Result<()> {
    let by = by.allowed(Action::SurveyRun)?;
    let round = take(tx, survey, State::Answering).await?;
    let rows = answers::rows(tx, survey).await?;
    let (again_untried, undecided) = again::open(tx, survey).await?;
    let untried = rows.iter().filter(|r| r.state == "assigned" || r.state == "drawn").count() + again_untried;
    if untried > 0 {
        return Err(AppError::rule("survey-unanswered").arg("n", untried));
    }
    if undecided > 0 {
        return Err(AppError::rule("survey-undecided").arg("n", undecided));
    }
    bases::close(tx, survey).await?;
    let strata = frame::strata(tx, survey).await?;
    let groups = results::groups(tx).await?;
    let figures = estimate::figures(tx.division(), &groups, &strata, &rows, &Targets::of(pack))?;
    // A re-survey of one committee says nothing of its group or of the sub-district.
    let figures = figures
        .into_iter()
        .filter(|f| round.committee_code.is_none() || matches!(f.level, Level::Committee | Level::Grid))
        .collect::<Vec<_>>();
    results::write(tx, survey, round.month, &figures).await?;
    set_state(tx, survey, State::Locked, Some(at)).await?;
    let (digest, answers) = digests(tx, survey).await?;
    let compared = again::agreement(tx, survey, Targets::of(pack).level).await?;
    let twice = (compared.homes.len() as i64, compared.differing() as i64);
    let number = of_survey(tx, survey).await?.len() as i64 + 1;
    let columns = [
        "division_code",
        "survey_id",
        "number",
        "digest",
        "answers_digest",
        "asked_twice",
        "differing",
        "locked_at",
        "locked_by",
        "locked_role",
    ];
    let row = vals![
        tx.division(),
        survey,
        number,
        digest.as_str(),
        answers.as_str(),
        twice.0,
        twice.1,
        at,
        by.account,
        by.role.code()
    ];
    tx.insert_many("survey_lock", &columns, vec![row]).await?;
    let body = serde_json::json!({
        "results": digest, "answers": answers, "homes": rows.len(), "pack": pack.digest(), "lock": number,
    });
    record(tx, at, vec![NewEvent::new("survey.locked", round.subject()).version(round.version).body(body)]).await
}

/// Signs locked results as the second person, who has seen the figures with this digest. From here on they are
/// published and count, and the receipt names them.
///
/// # Errors
/// `survey-own-lock` for whoever locked them; `survey-own-decision` for whoever decided on differing homes; `survey-figures-other` where the figures seen are not those that are
/// locked; `survey-state` in another state.
pub async fn countersign(tx: &Tx, pack: &Pack, survey: SurveyId, seen: &str) -> Result<()> {
    let by = Signer::of(tx.reader(), Action::SurveyCountersign)?;
    countersign_at(tx, pack, survey, by, seen, tx.now()).await
}

pub(crate) async fn countersign_at(
    tx: &Tx,
    pack: &Pack,
    survey: SurveyId,
    by: Signer,
    seen: &str,
    at: At,
) -> Result<()> {
    let by = by.allowed(Action::SurveyCountersign)?;
    let round = take(tx, survey, State::Locked).await?;
    let lock = waiting(tx, survey).await?;
    if lock.locked_by == by.account {
        return Err(AppError::rule("survey-own-lock"));
    }
    if again::has_decided(tx, survey, by.account).await? {
        return Err(AppError::rule("survey-own-decision"));
    }
    // Computed again from what is stored: what is signed is what will be shown.
    let (digest, answers) = digests(tx, survey).await?;
    if lock.digest != seen || lock.digest != digest || lock.answers_digest != answers {
        return Err(AppError::rule("survey-figures-other"));
    }
    decide(tx, survey, &lock, by, Outcome::Countersigned, None, at).await?;
    set_state(tx, survey, State::Countersigned, Some(lock.locked_at)).await?;
    let receipt = sign_receipt(tx, survey, &lock, by, at).await?;
    let body = serde_json::json!({ "results": digest, "receipt": receipt, "lock": lock.number });
    let event = NewEvent::new("survey.countersigned", round.subject()).version(round.version).body(body);
    record(tx, at, vec![event]).await?;
    if round.committee_code.is_none() {
        listings::look(tx, pack, round.month, Some(survey), at).await?;
    }
    Ok(())
}

/// Sends locked results back with a reason: the homes can be answered again until the month is over, and another lock is
/// needed. The lock stays on record with its digest.
///
/// # Errors
/// `survey-reason` without a reason or with one that is too long; `free-text-number`, `free-text-word`; `survey-state` in
/// another state.
pub async fn send_back(tx: &Tx, survey: SurveyId, reason: &str) -> Result<()> {
    let by = Signer::of(tx.reader(), Action::SurveyCountersign)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX_CHARS {
        return Err(AppError::rule("survey-reason").arg("max", REASON_MAX_CHARS));
    }
    free_text::check(reason)?;
    let round = take(tx, survey, State::Locked).await?;
    let lock = waiting(tx, survey).await?;
    decide(tx, survey, &lock, by, Outcome::SentBack, Some(reason), tx.now()).await?;
    let removed = "DELETE FROM survey_result WHERE division_code = $1 AND survey_id = $2";
    tx.execute(removed, vals![tx.division(), survey]).await?;
    set_state(tx, survey, State::Answering, None).await?;
    bases::reopen(tx, &round).await?;
    let body = serde_json::json!({ "results": lock.digest, "lock": lock.number });
    let event = NewEvent::new("survey.sent-back", round.subject()).version(round.version).body(body);
    record(tx, tx.now(), vec![event]).await
}

async fn set_state(tx: &Tx, survey: SurveyId, state: State, locked_at: Option<At>) -> Result<()> {
    tx.execute_one(
        "UPDATE survey SET state = $3, locked_at = $4 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), survey, state.code(), locked_at],
    )
    .await
}

async fn decide(
    tx: &Tx,
    survey: SurveyId,
    lock: &Lock,
    by: Signer,
    outcome: Outcome,
    reason: Option<&str>,
    at: At,
) -> Result<()> {
    tx.execute_one(
        "UPDATE survey_lock SET outcome = $4, decided_at = $5, decided_by = $6, decided_role = $7, reason = $8
         WHERE division_code = $1 AND survey_id = $2 AND number = $3 AND outcome IS NULL",
        vals![tx.division(), survey, lock.number, outcome.code(), at, by.account, by.role.code(), reason],
    )
    .await
}

/// Adds to the receipt what was locked, by roles and times; the digest of the receipt.
async fn sign_receipt(tx: &Tx, survey: SurveyId, lock: &Lock, by: Signer, at: At) -> Result<Digest> {
    let text = rounds::papers(tx, survey).await?.receipt.ok_or_else(AppError::not_found)?;
    let mut receipt: RoundReceipt = serde_json::from_str(&text)?;
    receipt.results = Some(SignedResults {
        digest: Digest::parse(&lock.digest).map_err(AppError::internal)?,
        answers: Digest::parse(&lock.answers_digest).map_err(AppError::internal)?,
        locked: Signature { role: lock.locked_role.clone(), at: instant(lock.locked_at) },
        countersigned: Signature { role: by.role.code().to_owned(), at: instant(at) },
        again: again::for_receipt(tx, survey).await?,
    });
    let text = receipt.to_json();
    tx.execute_one(
        "UPDATE survey SET receipt = $3 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), survey, text.as_str()],
    )
    .await?;
    Ok(Digest::of(text.as_bytes()))
}

/// The digests of the figures as published, and of the answers.
async fn digests(q: &impl Query, survey: SurveyId) -> Result<(String, String)> {
    let figures = Digest::of(figures_csv(q, survey).await?.as_bytes()).to_string();
    Ok((figures, again::digest(q, survey).await?.to_string()))
}

/// The figures as a file, whose SHA-256 the receipt names: the sub-district, its groups and committees. A grid is too
/// small for its figures to be published.
pub async fn figures_csv(q: &impl Query, survey: SurveyId) -> Result<String> {
    let mut csv = String::from(
        "level,code,homes,homes_answered,people_found,complete,registration,registration_low,registration_high,\
         accuracy,accuracy_low,accuracy_high,over_registration,over_registration_low,over_registration_high\n",
    );
    let parts = |rate: Option<Rate>| {
        rate.map_or_else(|| ",,".to_owned(), |r| format!("{:.6},{:.6},{:.6}", r.value, r.low, r.high))
    };
    for row in results::of_survey(q, survey).await?.iter().filter(|r| r.level != Level::Grid.code()) {
        let rates = [row.registration(), row.accuracy(), row.over()].map(parts).join(",");
        let (level, code) = (&row.level, &row.code);
        let counts = format!("{},{},{}", row.homes, row.homes_answered, row.found);
        let _ = writeln!(csv, "{level},{code},{counts},{},{rates}", row.complete);
    }
    Ok(csv)
}

/// Whether somebody may see the figures of a round: everybody once they are countersigned, before that those who have to.
pub fn shows(round: &Round, reader: &Reader) -> bool {
    match round.state() {
        State::Countersigned => true,
        State::Locked => reader.may(Action::SurveyRun) || reader.may(Action::SurveyCountersign),
        _ => false,
    }
}
