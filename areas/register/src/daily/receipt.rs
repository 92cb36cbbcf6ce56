//! The receipt of the official register: read back, row by row.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    sheet::{Sheet, normalise_heading},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{Column, make::find, reference};
use crate::{
    codes::{ReportReason, ReportResult},
    ids::{DailyFileId, ResidentId},
};

/// One row of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The row's number in the file.
    pub row_no: i64,
    /// What became of it.
    pub result: ReportResult,
    /// Why it was refused.
    pub reason: Option<ReportReason>,
}

/// Headings of the column with the result.
const RESULT: [&str; 5] = ["处理结果", "结果", "状态", "result", "status"];
/// Headings of the column with the reason.
const REASON: [&str; 5] = ["退回原因", "失败原因", "原因", "reason", "message"];
const ACCEPTED: [&str; 8] = ["成功", "通过", "接收", "已接收", "accepted", "ok", "success", "1"];
const REJECTED: [&str; 8] = ["失败", "退回", "不通过", "已退回", "rejected", "failed", "error", "0"];

fn result_of(word: &str) -> Option<ReportResult> {
    let word = word.trim().to_lowercase();
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(&ACCEPTED) { Some(ReportResult::Accepted) } else { is(&REJECTED).then_some(ReportResult::Rejected) }
}

/// What is kept of a reason: its code. The words themselves may name somebody.
fn reason_of(text: &str) -> ReportReason {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if has(&["证件", "号码", "身份证"]) {
        ReportReason::Number
    } else if has(&["姓名", "名字"]) {
        ReportReason::Name
    } else if has(&["地址", "住址", "门牌"]) {
        ReportReason::Address
    } else if has(&["已登记", "重复", "已存在"]) {
        ReportReason::KnownElsewhere
    } else {
        ReportReason::Other
    }
}

/// Reads a receipt's table. Columns other than reference, result and reason are not looked at.
///
/// # Errors
/// `receipt-columns` where reference or result is missing, `receipt-row` for a row of another file or without a result that
/// can be read, argument `row`.
pub fn read(sheet: &Sheet, mapping: &[Column], file: &super::DailyFile) -> Result<Vec<Answer>> {
    let own = mapping.iter().find(|c| c.name == "reference").map_or("", |c| c.heading.as_str());
    let at = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|n| normalise_heading(n)).collect();
        sheet.headers.iter().position(|h| names.contains(&normalise_heading(h)))
    };
    let (Some(by), Some(result)) = (at(&[own]), at(&RESULT)) else {
        return Err(AppError::rule("receipt-columns").arg("heading", own));
    };
    let reason = at(&REASON);
    let mut answers: Vec<Answer> = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let wrong = || AppError::rule("receipt-row").arg("row", row.number);
        let row_no = row.text(by).rsplit_once('-').and_then(|(_, n)| n.parse().ok()).ok_or_else(wrong)?;
        let here = reference(file.day, row_no) == row.text(by) && (1..=file.row_count).contains(&row_no);
        if !here || answers.iter().any(|a| a.row_no == row_no) {
            return Err(wrong());
        }
        let result = result_of(row.text(result)).ok_or_else(wrong)?;
        let reason = (result == ReportResult::Rejected).then(|| reason_of(reason.map_or("", |r| row.text(r))));
        answers.push(Answer { row_no, result, reason });
    }
    Ok(answers)
}

/// Notes what the official register answered. A later receipt may answer more rows, or the same ones anew.
///
/// # Errors
/// `not-found`, `stale-version`.
pub async fn receive(tx: &Tx, id: DailyFileId, version: i64, answers: &[Answer]) -> Result<()> {
    find(tx, id).await?;
    for answer in answers {
        tx.execute_one(
            "UPDATE daily_row SET result = $4, reason = $5
             WHERE division_code = $1 AND file_id = $2 AND row_no = $3",
            vals![tx.division(), id, answer.row_no, answer.result.code(), answer.reason.map(ReportReason::code)],
        )
        .await?;
    }
    tx.execute_one(
        "UPDATE daily_file SET state = 'answered', receipt_by = $4, receipt_at = $5, version = version + 1
         WHERE division_code = $1 AND file_id = $2 AND version = $3",
        vals![tx.division(), id, version, tx.reader().account, tx.now()],
    )
    .await?;
    let rejected = answers.iter().filter(|a| a.result == ReportResult::Rejected).count();
    let body = serde_json::json!({ "accepted": answers.len() - rejected, "rejected": rejected });
    let event = NewEvent::new("daily-file.answered", SubjectRef::new("daily-file", id, None));
    tx.event(event.version(version + 1).body(body)).await?;
    Ok(())
}

/// How many rows of a file were answered how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Accepted.
    pub accepted: i64,
    /// Refused.
    pub rejected: i64,
    /// Not answered yet.
    pub waiting: i64,
}

/// The counts of a file.
pub async fn counts(q: &impl Query, id: DailyFileId) -> Result<Counts> {
    let counted: Option<Counts> = q
        .row(
            "SELECT CAST(COALESCE(SUM(CASE WHEN result = 'accepted' THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted,
               CAST(COALESCE(SUM(CASE WHEN result = 'rejected' THEN 1 ELSE 0 END), 0) AS BIGINT) AS rejected,
               CAST(COALESCE(SUM(CASE WHEN result IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting
             FROM daily_row WHERE division_code = $1 AND file_id = $2",
            vals![q.division(), id],
        )
        .await?;
    counted.ok_or_else(AppError::not_found)
}

/// A refused row, masked, with whether its record was changed since.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Refused {
    /// The row's number.
    pub row_no: i64,
    /// The record.
    pub resident_id: ResidentId,
    /// Name, masked.
    pub name_masked: String,
    /// [`ReportReason`].
    pub reason: Option<String>,
    /// The version that was reported.
    pub record_version: i64,
    /// The version now.
    pub version: i64,
}

/// The refused rows of a file.
pub async fn refused(q: &impl Query, id: DailyFileId) -> Result<Vec<Refused>> {
    q.rows(
        "SELECT d.row_no, d.resident_id, r.name_masked, d.reason, d.record_version, r.version FROM daily_row d
         JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
         WHERE d.division_code = $1 AND d.file_id = $2 AND d.result = 'rejected' ORDER BY d.row_no",
        vals![q.division(), id],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_reason_the_code_is_kept_and_not_its_words() {
        for (text, reason) in [
            ("公民身份号码校验不通过", ReportReason::Number),
            ("姓名与证件不符：王小明", ReportReason::Number),
            ("姓名有误", ReportReason::Name),
            ("标准地址不存在", ReportReason::Address),
            ("该人员已登记", ReportReason::KnownElsewhere),
            ("", ReportReason::Other),
        ] {
            assert_eq!(reason_of(text), reason, "{text}");
        }
        assert_eq!(
            (result_of(" OK "), result_of("退回"), result_of("?")),
            (Some(ReportResult::Accepted), Some(ReportResult::Rejected), None)
        );
    }
}
