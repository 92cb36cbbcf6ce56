//! What is wrong with a document number, or unusual in it.

use cn_identity::{Detail, Explanation, Warning};
use linli_platform::texts::T;

use super::Said;

/// Why a number is refused: where, what, and by which standard.
pub(crate) fn explained(t: &T, why: &Explanation) -> String {
    let kind = why.kind.code();
    let what = match why.detail {
        Detail::Empty => Said::plain("cli-id-value-empty"),
        Detail::Length { got } => Said::plain("cli-id-length").arg("got", got).arg("kind", kind),
        Detail::Character { found } => Said::plain("cli-id-character").arg("found", found).arg("kind", kind),
        Detail::Month { month } => Said::plain("cli-id-month").arg("month", format!("{month:02}")),
        Detail::Day { month, day } => {
            Said::plain("cli-id-day").arg("month", format!("{month:02}")).arg("day", format!("{day:02}"))
        }
        Detail::Year { year } => Said::plain("cli-id-year").arg("year", format!("{year:04}")),
        Detail::Check { expected, found } => Said::plain("cli-id-check").arg("expected", expected).arg("found", found),
        Detail::OrganisationCheck { expected, found } => {
            Said::plain("cli-id-organisation-check").arg("expected", expected).arg("found", found)
        }
        Detail::Scientific => Said::plain("cli-id-scientific"),
        Detail::Rounded => Said::plain("cli-id-rounded"),
        Detail::Decimal => Said::plain("cli-id-decimal"),
        Detail::OtherKind { looks_like } => Said::plain("cli-id-other-kind").arg("kind", looks_like.code()),
    };
    let place = match why.positions {
        Some((first, last)) if first == last => Said::plain("cli-id-place").arg("first", first).text(t),
        Some((first, last)) => Said::plain("cli-id-places").arg("first", first).arg("last", last).text(t),
        None => String::new(),
    };
    format!("{place}{} ({})", what.text(t), why.standard())
}

/// What a person should look at again in a valid number.
pub(crate) fn warned(t: &T, warning: &Warning) -> String {
    let said = match warning {
        Warning::UnknownArea { code } => Said::plain("cli-id-unknown-area").arg("code", code),
        Warning::Widened => Said::plain("cli-id-widened"),
        Warning::SequenceZero => Said::plain("cli-id-sequence-zero"),
        Warning::Ambiguous { also } => Said::plain("cli-id-ambiguous").arg("kind", also.code()),
    };
    said.text(t)
}
