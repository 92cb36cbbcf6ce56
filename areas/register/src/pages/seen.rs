//! When what is entered was learnt (何时获知): a field of every form that writes a fact. R10's clock starts there, so it is
//! asked for and not taken from the moment of writing.

use linli_platform::{
    clock::{At, shanghai},
    web::FormErrors,
};

use crate::told::SEEN_BACK_DAYS;

/// An instant as the field holds it: a day and a time of Shanghai, to the minute.
pub(super) fn text(at: At) -> String {
    at.minute_text().replace(' ', "T")
}

/// What was typed; now where the field is empty, so that nobody who sends a form without it is refused. An error at the
/// field where it cannot be read, lies in the future, or further back than anything is taken.
pub(super) fn read(now: At, typed: &str, errors: &mut FormErrors) -> At {
    read_at("seen", now, typed, errors)
}

/// The field of one of several forms of a page: its messages stand at `seen-<form>`.
pub(super) fn field(form: impl std::fmt::Display) -> String {
    format!("seen-{form}")
}

/// The same for a field of another name.
pub(super) fn read_at(field: &str, now: At, typed: &str, errors: &mut FormErrors) -> At {
    let typed = typed.trim();
    if typed.is_empty() {
        return now;
    }
    let written = typed.parse::<jiff::civil::DateTime>().ok().filter(|_| typed.len() > "2026-01-05".len());
    let Some(zoned) = written.and_then(|w| w.to_zoned(shanghai()).ok()) else {
        errors.add(field, "form-unreadable");
        return now;
    };
    let at = At::from_timestamp(zoned.timestamp());
    errors.require(at <= now, field, "error-seen-future");
    errors.require(at >= now.plus_hours(-24 * SEEN_BACK_DAYS), field, "error-seen-old");
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learnt_lies_between_a_year_ago_and_now() {
        let now = At::from_timestamp("2026-11-23T08:30:30Z".parse().unwrap());
        assert_eq!(text(now), "2026-11-23T16:30", "Shanghai is eight hours ahead");
        for (typed, error, seen) in [
            ("", None, "2026-11-23T08:30:30Z"),
            ("2026-11-23T16:30", None, "2026-11-23T08:30:00Z"),
            (" 2026-11-22 09:00 ", None, "2026-11-22T01:00:00Z"),
            ("2026-11-23T16:31", Some("error-seen-future"), "2026-11-23T08:31:00Z"),
            ("2025-11-22T16:30", Some("error-seen-old"), "2025-11-22T08:30:00Z"),
            ("2026-11-22", Some("form-unreadable"), "2026-11-23T08:30:30Z"),
            ("gestern", Some("form-unreadable"), "2026-11-23T08:30:30Z"),
        ] {
            let mut errors = FormErrors::new();
            let at = read(now, typed, &mut errors);
            assert_eq!(errors.for_field("seen"), error, "{typed}");
            assert_eq!(at, At::from_timestamp(seen.parse().unwrap()), "{typed}");
        }
    }
}
