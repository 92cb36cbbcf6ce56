//! What a comparison found, as CSV.

use std::io::{self, Write};

use super::{RegisterTable, RosterTable};
use crate::{Class, Decision, Lang, RowResult};

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
    let mut line = String::from("row_id,pid,decision,cls,probability,reason\n");
    for result in results {
        if let Some(row) = roster.rows.get(result.row as usize) {
            push_cell(&row.id, &mut line);
        }
        line.push(',');
        if let Some(pid) = result.pid {
            push_cell(&register.pid(pid), &mut line);
        }
        line.push_str(match result.decision {
            Decision::Match => ",match,",
            Decision::Review => ",review,",
            Decision::None => ",none,",
        });
        line.push_str(match result.class {
            Class::Same => "same,",
            Class::Diff => "diff,",
            Class::NotGiven => ",",
        });
        push_share(result.probability, &mut line);
        line.push_str(",\"");
        for (n, finding) in result.reasons.iter().enumerate() {
            line.push_str(if n > 0 { "; " } else { "" });
            finding.reason.push_text(lang, &mut line);
        }
        line.push_str("\"\n");
        if line.len() > 1 << 16 {
            out.write_all(line.as_bytes())?;
            line.clear();
        }
    }
    out.write_all(line.as_bytes())
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
    for (employer, pid) in missing {
        push_cell(roster.employers.get(*employer as usize).map_or("", |id| id), &mut text);
        text.push(',');
        push_cell(&register.pid(*pid), &mut text);
        text.push('\n');
    }
    out.write_all(text.as_bytes())
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
