//! What a comparison found, as CSV.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::{RegisterTable, RosterTable};
use crate::{Class, Decision, Lang, RowResult};

/// One line of the results as text.
pub struct ResultLine<'a> {
    /// The row's id as it was read.
    pub row_id: &'a str,
    /// The person's id as it was read; empty when nobody was found.
    pub pid: &'a str,
    /// `match`, `review` or `none`.
    pub decision: &'static str,
    /// `same`, `diff` or empty.
    pub cls: &'static str,
    /// From 0 to 1, six decimals.
    pub probability: &'a str,
    /// Sentences, with `; ` between them.
    pub reason: &'a str,
}

impl std::fmt::Debug for ResultLine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ResultLine({}, masked)", self.decision)
    }
}

/// Hands over each line of the results, for tables of any form.
///
/// # Errors
/// Those of the receiver.
pub fn each_result<E>(
    roster: &RosterTable<'_>,
    register: &RegisterTable,
    results: &[RowResult],
    lang: Lang,
    mut line: impl FnMut(&ResultLine<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut reason, mut probability) = (String::new(), String::new());
    for result in results {
        reason.clear();
        for (n, finding) in result.reasons.iter().enumerate() {
            reason.push_str(if n > 0 { "; " } else { "" });
            finding.reason.push_text(lang, &mut reason);
        }
        probability.clear();
        push_share(result.probability, &mut probability);
        line(&ResultLine {
            row_id: roster.rows.get(result.row as usize).map_or("", |row| &row.id),
            pid: &result.pid.map_or(Cow::Borrowed(""), |pid| register.pid(pid)),
            decision: match result.decision {
                Decision::Match => "match",
                Decision::Review => "review",
                Decision::None => "none",
            },
            cls: match result.class {
                Class::Same => "same",
                Class::Diff => "diff",
                Class::NotGiven => "",
            },
            probability: &probability,
            reason: &reason,
        })?;
    }
    Ok(())
}

/// Hands over employer and person of each who is missing, by their ids as they were read.
///
/// # Errors
/// Those of the receiver.
pub fn each_missing<E>(
    roster: &RosterTable<'_>,
    register: &RegisterTable,
    missing: &[(u32, u64)],
    mut line: impl FnMut(&str, &str) -> Result<(), E>,
) -> Result<(), E> {
    missing.iter().try_for_each(|(employer, pid)| {
        line(roster.employers.get(*employer as usize).map_or("", |id| id), &register.pid(*pid))
    })
}

/// Writes `row_id,pid,decision,cls,probability,reason`, a line for each row.
///
/// # Errors
/// Those of the writer.
pub fn write_results(
    roster: &RosterTable<'_>,
    register: &RegisterTable,
    results: &[RowResult],
    lang: Lang,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut text = String::from("row_id,pid,decision,cls,probability,reason\n");
    each_result(roster, register, results, lang, |line| {
        push_cell(line.row_id, &mut text);
        text.push(',');
        push_cell(line.pid, &mut text);
        for cell in [line.decision, line.cls, line.probability] {
            text.push(',');
            text.push_str(cell);
        }
        text.push_str(",\"");
        // No sentence has a quotation mark.
        text.push_str(line.reason);
        text.push_str("\"\n");
        flush(&mut text, 1 << 16, out)
    })?;
    flush(&mut text, 0, out)
}

/// Writes `employer_id,pid` of those who are registered at an employer of the roster and absent from its list.
///
/// # Errors
/// Those of the writer.
pub fn write_missing(
    roster: &RosterTable<'_>,
    register: &RegisterTable,
    missing: &[(u32, u64)],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut text = String::from("employer_id,pid\n");
    each_missing(roster, register, missing, |employer, pid| {
        push_cell(employer, &mut text);
        text.push(',');
        push_cell(pid, &mut text);
        text.push('\n');
        flush(&mut text, 1 << 16, out)
    })?;
    flush(&mut text, 0, out)
}

/// Writes the text once it is longer than so much.
fn flush(text: &mut String, bytes: usize, out: &mut impl Write) -> io::Result<()> {
    if text.len() > bytes {
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    Ok(())
}

fn push_cell(cell: &str, out: &mut String) {
    if cell.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// Six decimals.
fn push_share(share: f64, out: &mut String) {
    let millionths = (share.clamp(0.0, 1.0) * 1e6).round() as u32;
    let mut digits = [b'0'; 8];
    digits[0] += (millionths / 1_000_000) as u8;
    digits[1] = b'.';
    let mut rest = millionths % 1_000_000;
    for digit in digits[2..].iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    out.extend(digits.map(char::from));
}
