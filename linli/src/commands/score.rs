//! `linli score`, `linli bulletin`.

use std::{fs, path::Path};

use linli_assessment::{bulletin, scores};
use linli_platform::{AppError, access::Action, clock::Month, texts::T};

use super::reader_of;
use crate::{
    failure::{Failure, Outcome},
    start::Started,
};

/// Computes a month's scores and prints them by group.
///
/// # Errors
/// `forbidden` for an account that may not; those of the computation.
pub async fn score(started: &Started, month: Month, account: &str, t: &T) -> Outcome {
    let app = &started.app;
    let reader = reader_of(app, account).await?;
    if !reader.may(Action::AssessmentRun) {
        return Err(AppError::forbidden().into());
    }
    let tx = app.store.begin(&reader).await?;
    let committees = scores::compute(app, &tx, month).await?;
    tx.commit().await?;
    for row in scores::of_month(&app.store.reads(), month).await? {
        crate::say!("{}\t{}\t{}\t{}", row.group_code, row.rank_in_group, row.total_text(), row.name);
    }
    crate::say!("{}", t.n("cli-scored", committees));
    Ok(())
}

/// Writes the month's bulletin as PDF.
///
/// # Errors
/// `forbidden`; without fonts `fonts-missing`.
pub async fn write_bulletin(started: &Started, month: Month, out: &Path, account: &str) -> Outcome {
    let reader = reader_of(&started.app, account).await?;
    if !reader.may(Action::AssessmentRead) {
        return Err(AppError::forbidden().into());
    }
    let pdf = bulletin::pdf(&started.app, month).await?;
    fs::write(out, pdf).map_err(Failure::file(out))
}
