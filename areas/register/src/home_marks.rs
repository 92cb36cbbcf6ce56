//! What is noted about a home at its door: verified, visited, labelled.

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    store::{Query as _, Tx},
    vals,
};

use crate::{
    care,
    codes::{Label, Occupancy, Tenancy},
    homes::find,
    ids::HomeId,
};

/// Overwrites the day on which the household was last verified. Boundary 11: one date, no trail, so there is no
/// event; the visit's own event belongs to whoever visited. Doubts about the address of whoever is still registered
/// there are settled with it.
pub async fn mark_verified(tx: &Tx, home: HomeId, day: Day) -> Result<()> {
    tx.housekeeping("the last-verified day is overwritten and leaves no trail (boundary 11)");
    tx.execute(
        "UPDATE home SET last_verified_day = $3
         WHERE division_code = $1 AND home_id = $2 AND (last_verified_day IS NULL OR last_verified_day < $4)",
        vals![tx.division(), home, day, day],
    )
    .await?;
    crate::doubts::confirm_at(tx, home).await
}

/// Like [`mark_verified`] for many homes of one day.
pub async fn mark_many_verified(tx: &Tx, homes: &[HomeId], day: Day) -> Result<()> {
    tx.housekeeping("the last-verified day is overwritten and leaves no trail (boundary 11)");
    for chunk in homes.chunks(5_000) {
        let mut values = vals![tx.division(), day, day];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        tx.execute(
            &format!(
                "UPDATE home SET last_verified_day = $2 WHERE division_code = $1
                 AND (last_verified_day IS NULL OR last_verified_day < $3) AND home_id IN ({marks})"
            ),
            values,
        )
        .await?;
    }
    Ok(())
}

/// Overwrites the day on which the premises were last visited (R18's gaps run from it). No trail either.
pub async fn mark_visited(tx: &Tx, home: HomeId, day: Day) -> Result<()> {
    tx.housekeeping("the last-visited day is overwritten (boundary 11)");
    tx.execute(
        "UPDATE home SET last_visited_day = $3
         WHERE division_code = $1 AND home_id = $2 AND (last_visited_day IS NULL OR last_visited_day < $4)",
        vals![tx.division(), home, day, day],
    )
    .await?;
    Ok(())
}

/// A label about to be set or taken away.
#[derive(Debug, Clone)]
pub struct LabelChange {
    /// The label; none takes it away.
    pub label: Option<Label>,
    /// Why, as a code of the policy pack's list of labels (`ten-or-more`, `basement` …) or `facts-changed`.
    pub reason: String,
    /// The day of the residents' consent, which a care label needs (boundary 4).
    pub care_consent_day: Option<Day>,
    /// When the fact that it follows was learnt; none where nobody said.
    pub seen_at: Option<At>,
}

/// Sets or takes away a label (R18): officer and coordinator keep them, each with who, why and when.
///
/// # Errors
/// `label-not-yours` for other roles; `label-reason` if the reason is no code; `care-consent-missing` for a care
/// label without consent on file; `not-found` outside the scope; `stale-version`.
pub async fn set_label(tx: &Tx, home: HomeId, version: i64, change: LabelChange) -> Result<()> {
    let reader = tx.reader();
    if !(reader.is_system() || reader.is(Role::Officer) || reader.is(Role::Coordinator)) {
        return Err(AppError::rule("label-not-yours"));
    }
    if !is_code(&change.reason) {
        return Err(AppError::rule("label-reason"));
    }
    // Given on the own page, or on paper with its day.
    if change.label == Some(Label::Care) && change.care_consent_day.is_none() && !care::agreed(tx, home).await? {
        return Err(AppError::rule("care-consent-missing"));
    }
    let row = find(tx, reader, home).await?;
    let consent = change.care_consent_day.filter(|_| change.label == Some(Label::Care));
    tx.execute_one(
        "UPDATE home SET label = $4, label_reason = $5, label_account = $6, label_at = $7, care_consent_day = $8,
         version = version + 1 WHERE division_code = $1 AND home_id = $2 AND version = $3",
        vals![
            tx.division(),
            home,
            version,
            change.label.map(Label::code),
            change.reason.as_str(),
            reader.account,
            tx.now(),
            consent
        ],
    )
    .await?;
    let body = serde_json::json!({ "from": row.label, "to": change.label.map(Label::code), "reason": change.reason });
    let event = NewEvent::new("home.labelled", SubjectRef::new("home", home, row.grid_id)).seen(change.seen_at);
    tx.event(event.version(version + 1).body(body)).await?;
    Ok(())
}

/// Takes the care label away: nobody there agrees to care visits any more (boundary 4).
pub(crate) async fn end_care(tx: &Tx, home: HomeId) -> Result<()> {
    let row = find(tx, &linli_platform::reader::Reader::system(), home).await?;
    if row.label.as_deref() != Some(Label::Care.code()) {
        return Ok(());
    }
    tx.execute_one(
        "UPDATE home SET label = NULL, label_reason = 'consent-revoked', label_account = NULL, label_at = $4,
         care_consent_day = NULL, version = version + 1
         WHERE division_code = $1 AND home_id = $2 AND version = $3",
        vals![tx.division(), home, row.version, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "from": row.label, "to": null, "reason": "consent-revoked" });
    let event = NewEvent::new("home.labelled", SubjectRef::new("home", home, row.grid_id));
    tx.event(event.version(row.version + 1).body(body)).await?;
    Ok(())
}

/// Notes that a home is let from now on, as its landlord or agent declared and somebody accepted (R8, R13).
///
/// # Errors
/// `not-found` outside the scope; `stale-version`.
pub async fn note_let(tx: &Tx, home: HomeId) -> Result<()> {
    let row = find(tx, tx.reader(), home).await?;
    tx.execute_one(
        "UPDATE home SET tenancy = $4, occupancy = $5, version = version + 1
         WHERE division_code = $1 AND home_id = $2 AND version = $3",
        vals![tx.division(), home, row.version, Tenancy::Let.code(), Occupancy::Occupied.code()],
    )
    .await?;
    let body = serde_json::json!({ "from": row.tenancy, "to": Tenancy::Let.code(), "source": "landlord" });
    let event = NewEvent::new("home.let", SubjectRef::new("home", home, row.grid_id));
    tx.event(event.version(row.version + 1).body(body)).await?;
    Ok(())
}

fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
