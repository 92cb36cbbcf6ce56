//! The seed (种子): each party commits to a secret of its own, all is announced, and only then they open.

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Rng},
    event::NewEvent,
    ids::AccountId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use survey_sample::{Commitment, Digest, Opening, PartyCommitment, PartyOpening};

use crate::{
    codes::State,
    draw,
    ids::SurveyId,
    rounds::{record, take},
};

/// Roles that may be a party to the seed: the office, and whoever has an interest in its not choosing.
const PARTIES: [Role; 5] =
    [Role::PopulationOffice, Role::CommitteeSecretary, Role::Assessor, Role::Station, Role::TaskForce];
/// Characters of a secret in words at least, so that nobody can try them all.
const WORDS_MIN_CHARS: usize = 20;

/// A party to the seed (承诺方).
#[derive(Debug, Clone, FromQueryResult)]
pub struct Party {
    /// The account that committed and alone can open.
    pub account_id: AccountId,
    /// The role it committed in.
    pub role: String,
    /// The party's name as published: role and name.
    pub party: String,
    /// SHA-256 of its secret, in hexadecimal digits.
    pub commitment: String,
    /// When it committed.
    pub committed_at: At,
    /// The secret, once opened.
    pub opening: Option<String>,
    /// When it opened.
    pub opened_at: Option<At>,
}

impl Party {
    /// Who it is, without the role.
    pub fn name(&self) -> &str {
        self.party.split_once('/').map_or(self.party.as_str(), |(_, name)| name)
    }
    /// Whether it is the population office.
    pub fn is_office(&self) -> bool {
        self.role == Role::PopulationOffice.code()
    }
    pub(crate) fn commitment(&self) -> Result<PartyCommitment> {
        let digest = Digest::parse(&self.commitment).map_err(AppError::internal)?;
        Ok(PartyCommitment { party: self.party.clone(), commitment: Commitment(digest) })
    }
    pub(crate) fn opening(&self) -> Result<Option<PartyOpening>> {
        let Some(opening) = &self.opening else { return Ok(None) };
        let bytes = Digest::parse(opening).map_err(AppError::internal)?.0;
        Ok(Some(PartyOpening { party: self.party.clone(), opening: Opening::new(bytes) }))
    }
}

/// The parties of a survey in the order in which they committed.
pub async fn parties(q: &impl Query, survey: SurveyId) -> Result<Vec<Party>> {
    let sql = "SELECT account_id, role, party, commitment, committed_at, opening, opened_at FROM survey_commitment
               WHERE division_code = $1 AND survey_id = $2 ORDER BY committed_at, account_id";
    q.rows(sql, vals![q.division(), survey]).await
}

/// The role in which a reader can be a party.
pub fn party_role(reader: &Reader) -> Option<Role> {
    PARTIES.into_iter().find(|role| reader.is(*role))
}

/// A secret made by the program: 32 random bytes. It is shown once to the party and kept nowhere here.
pub fn new_secret(rng: &Rng) -> Opening {
    Opening::new(rng.bytes())
}

/// A secret as a party writes it: 64 hexadecimal digits stand for themselves, other words for their SHA-256.
///
/// # Errors
/// `survey-secret-short` for fewer than 20 characters.
pub fn read_secret(written: &str) -> Result<Opening> {
    let written = written.trim();
    if let Ok(digest) = Digest::parse(&written.to_ascii_lowercase()) {
        return Ok(Opening::new(digest.0));
    }
    if written.chars().count() < WORDS_MIN_CHARS {
        return Err(AppError::rule("survey-secret-short").arg("least", WORDS_MIN_CHARS));
    }
    Ok(Opening::new(Digest::of(written.as_bytes()).0))
}

/// A secret as 64 hexadecimal digits, for the party to keep.
pub fn secret_text(secret: &Opening) -> String {
    Digest(*secret.bytes()).to_string()
}

/// Commits the transaction's reader to a secret.
///
/// # Errors
/// `survey-party` if no role of the reader makes it a party; `survey-party-twice`; `survey-commitment-copied` if
/// another party has published the same; `survey-state` once it is announced.
pub async fn commit(tx: &Tx, survey: SurveyId, commitment: Commitment) -> Result<()> {
    let reader = tx.reader();
    let role = party_role(reader).ok_or_else(|| AppError::rule("survey-party"))?;
    commit_as(tx, survey, reader.account, role, &reader.name, commitment, tx.now()).await
}

pub(crate) async fn commit_as(
    tx: &Tx,
    survey: SurveyId,
    account: AccountId,
    role: Role,
    name: &str,
    commitment: Commitment,
    at: At,
) -> Result<()> {
    let round = take(tx, survey, State::Framed).await?;
    let present = parties(tx, survey).await?;
    // The published name of a party; commas or quotes in it would do no harm in JSON.
    let party = format!("{role}/{name}");
    let text = commitment.0.to_string();
    if present.iter().any(|p| p.account_id == account || p.party == party) {
        return Err(AppError::rule("survey-party-twice"));
    }
    if present.iter().any(|p| p.commitment == text) {
        return Err(AppError::rule("survey-commitment-copied"));
    }
    tx.insert_many(
        "survey_commitment",
        &["division_code", "survey_id", "account_id", "role", "party", "commitment", "committed_at"],
        vec![vals![tx.division(), survey, account, role.code(), party, text.as_str(), at]],
    )
    .await?;
    let body = serde_json::json!({ "party": role.code(), "commitment": text });
    record(tx, at, vec![NewEvent::new("survey.committed", round.subject()).version(round.version).body(body)]).await
}

/// Opens the commitment of the transaction's reader. The last opening draws the homes at once, so that nobody
/// has a moment to choose in. `true` if it was the last.
///
/// # Errors
/// `survey-not-announced` before the announcement; `survey-not-party` for an account that has not committed;
/// `survey-opened` a second time; `survey-opening-wrong` if it is not what was committed to.
pub async fn open(tx: &Tx, survey: SurveyId, secret: &Opening) -> Result<bool> {
    let last = open_as(tx, survey, tx.reader().account, secret, tx.now()).await?;
    if last {
        let round = crate::rounds::find(tx, survey).await?;
        let keyed = crate::frame::load(tx, survey, round.committee_code.as_deref()).await?;
        draw::draw_at(tx, &round, &keyed, tx.now()).await?;
    }
    Ok(last)
}

/// Opens without drawing. `true` if all have opened now.
pub(crate) async fn open_as(tx: &Tx, survey: SurveyId, account: AccountId, secret: &Opening, at: At) -> Result<bool> {
    let round = take(tx, survey, State::Committed).await?;
    let present = parties(tx, survey).await?;
    let own = present.iter().find(|p| p.account_id == account).ok_or_else(|| AppError::rule("survey-not-party"))?;
    if own.opening.is_some() {
        return Err(AppError::rule("survey-opened"));
    }
    if Commitment::of(secret).0.to_string() != own.commitment {
        return Err(AppError::rule("survey-opening-wrong"));
    }
    tx.execute_one(
        "UPDATE survey_commitment SET opening = $4, opened_at = $5
         WHERE division_code = $1 AND survey_id = $2 AND account_id = $3",
        vals![tx.division(), survey, account, secret_text(secret), at],
    )
    .await?;
    let body = serde_json::json!({ "party": own.role });
    record(tx, at, vec![NewEvent::new("survey.opened", round.subject()).version(round.version).body(body)]).await?;
    Ok(present.iter().all(|p| p.opening.is_some() || p.account_id == account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_64_digits_or_a_sentence() {
        let digits = "0A".repeat(32);
        assert_eq!(secret_text(&read_secret(&format!(" {digits} ")).unwrap()), digits.to_lowercase());
        let sentence = "河边的三棵柳树今年又高了许多，鸟都回来了";
        assert_eq!(*read_secret(sentence).unwrap().bytes(), Digest::of(sentence.as_bytes()).0);
        assert!(read_secret("柳树").is_err_and(|e| e.is("survey-secret-short")));
    }
}
