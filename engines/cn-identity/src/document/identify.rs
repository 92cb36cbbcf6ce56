//! Which kind of document a text is the number of.

use super::{DocumentKind, NormalisedDocument, check_clean, foreign, hmt, organisation, passport};
use crate::{
    AreaKnowledge, ForeignPermanentNumber, NumberError, OrgCode, ResidentNumber, TravelPermitNumber, area, check,
    clean, resident,
};

/// What [`identify`] made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// The likeliest kind, `None` where no kind has this shape.
    pub kind: Option<DocumentKind>,
    /// The number in normal form, or the rule of that kind which it breaks.
    pub result: Result<NormalisedDocument, NumberError>,
}

impl Identified {
    /// The kind's code, or `unknown`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.map_or("unknown", DocumentKind::code)
    }

    /// Whether the number is valid.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.result.is_ok()
    }
}

/// Guesses which kind of document a text is the number of, and checks it as that.
///
/// The first kind whose rules all hold wins; where none does, the shape decides which rule is reported. Some
/// numbers have the form of several kinds: one of H or M and eight digits, or of eight or ten digits, is taken
/// for a travel permit; nine digits for an organisation code if its check character holds, for a passport if
/// not; see [`crate::Warning::Ambiguous`].
///
/// ```
/// use cn_identity::identify;
/// assert_eq!(identify("H12345678").code(), "travel-permit");
/// assert_eq!(identify("9.90101E+17").code(), "resident");
/// assert_eq!(identify("大盈村").code(), "unknown");
/// ```
#[must_use]
pub fn identify(input: &str) -> Identified {
    let text = &*clean::compact(input);
    if let Some(kind) = valid_kind(text)
        && let Ok(document) = check_clean(kind, text)
    {
        return Identified { kind: Some(kind), result: Ok(document) };
    }
    let kind = guess(text);
    let checked = check_clean(kind.unwrap_or(DocumentKind::Resident), text);
    Identified { kind, result: checked }
}

/// The kind as which a text is valid, the strictest first.
fn valid_kind(text: &str) -> Option<DocumentKind> {
    if let Ok(number) = ResidentNumber::from_clean(text) {
        let start = number.area_code();
        let fifteen = text.chars().filter(char::is_ascii_alphanumeric).count() == 15;
        return Some(if hmt::is_permit_area(start) {
            DocumentKind::HmtPermit
        } else if !fifteen && foreign::is_new_prefix(start) {
            DocumentKind::ForeignPermanent
        } else if !is_like_person(text) && area::province(start).is_none() && OrgCode::from_clean(text).is_ok() {
            // A number of a province that is none, and a valid code besides that begins as codes do, is the code.
            DocumentKind::Organisation
        } else {
            DocumentKind::Resident
        });
    }
    let kinds = [
        DocumentKind::ForeignPermanent,
        DocumentKind::Organisation,
        DocumentKind::TravelPermit,
        DocumentKind::Passport,
    ];
    kinds.into_iter().find(|kind| match kind {
        DocumentKind::ForeignPermanent => ForeignPermanentNumber::from_clean(text).is_ok(),
        DocumentKind::Organisation => {
            let number = is_like_person(text);
            (!number && OrgCode::from_clean(text).is_ok()) || is_usual_organisation_code(text)
        }
        DocumentKind::TravelPermit => TravelPermitNumber::from_clean(text).is_ok(),
        _ => passport::has_usual_shape(text) && !organisation::has_hyphen(text) && check_clean(*kind, text).is_ok(),
    })
}

/// Whether digits alone speak for a person rather than an organisation: one mistyped number of a person in 341 passes
/// both checks of a credit code.
fn is_like_person(text: &str) -> bool {
    let digits = text.len() == 18 && text.bytes().take(17).all(|b| b.is_ascii_digit());
    digits && (!organisation::has_usual_start(text) || is_dated(text))
}

/// Nine characters of a passport pass the check of an organisation code once in eleven times, so letters must be
/// those of codes.
fn is_usual_organisation_code(text: &str) -> bool {
    let usual = text.len() != 9 || text.bytes().take(8).all(|b| b.is_ascii_digit()) || text.starts_with("MA");
    usual && is_organisation_code(text)
}

/// The kind whose shape a wrong number has.
fn guess(text: &str) -> Option<DocumentKind> {
    if let Some((digits, lost)) = clean::from_float(text) {
        return lost.then(|| of_digits(&digits));
    }
    if organisation::has_hyphen(text) {
        return Some(DocumentKind::Organisation);
    }
    let text = &*clean::without_dashes(text);
    let length = text.chars().count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    if foreign::has_old_shape(text) {
        return Some(DocumentKind::ForeignPermanent);
    }
    if (17..=19).contains(&length) && digits + letters == length && is_like_code(text, letters) {
        return Some(DocumentKind::Organisation);
    }
    if passport::is_line(text) {
        return Some(DocumentKind::Passport);
    }
    let meant = text.chars().filter(|c| resident::digit_meant(*c).is_ascii_digit()).count();
    if (14..=20).contains(&length) && meant + 2 >= length && text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Some(of_digits(text));
    }
    let permit = text.starts_with(['H', 'M']) && digits + 2 >= length && (7..=12).contains(&length);
    permit.then_some(DocumentKind::TravelPermit)
}

/// The kind that digits of eighteen speak for; a spreadsheet may have left fewer.
fn of_digits(digits: &str) -> DocumentKind {
    let start = digits.get(..6).unwrap_or(digits);
    let date = Date::of(digits);
    let near_permit = area::knowledge(start) == AreaKnowledge::Unknown && hmt::is_near_permit_area(start);
    if hmt::is_permit_area(start) || (near_permit && (date.year || date.day)) {
        DocumentKind::HmtPermit
    } else if is_code_of_digits(digits) {
        DocumentKind::Organisation
    } else if start.len() == 6 && foreign::is_new_prefix(start) {
        DocumentKind::ForeignPermanent
    } else {
        DocumentKind::Resident
    }
}

/// Whether digits speak for an organisation: they begin as codes do, no date of birth stands among them, and nothing
/// comes near one either, unless the inner check character holds and the first six are no area.
fn is_code_of_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let checked = bytes.len() == 18 && bytes.is_ascii();
    let inner = checked && check::organisation(&bytes[8..16]) == bytes[16];
    let person = checked && bytes[..17].iter().all(u8::is_ascii_digit) && check::resident(&bytes[..17]) == bytes[17];
    let usual = bytes.len() > 15 && organisation::has_usual_start(text);
    let date = Date::of(text);
    let area_unknown = text.get(..6).is_some_and(|start| area::knowledge(start) == AreaKnowledge::Unknown);
    usual && !person && !(date.year && date.day) && ((inner && area_unknown) || !(date.year || date.day))
}

/// Whether letters among digits speak for an organisation: not the X of a check, not one letter that the alphabet
/// of GB 32100 lacks (a slip for a digit), and no date of birth in its place.
fn is_like_code(text: &str, letters: usize) -> bool {
    let Some((place, letter)) = text.bytes().enumerate().find(|(_, b)| b.is_ascii_uppercase()) else {
        return false;
    };
    if letters > 1 {
        let slip = |b: u8| !b.is_ascii_uppercase() || matches!(b, b'O' | b'I' | b'L' | b'S' | b'Z' | b'B' | b'X');
        return !(is_dated(text) && text.bytes().all(slip));
    }
    let last = place + 1 == text.len();
    let of_alphabet = check::credit_value(letter).is_some() && !(last && letter == b'X');
    (of_alphabet || (last && letter != b'X' && is_code_of_digits(text))) && !is_dated(text)
}

/// What of a date of birth stands at places 7 to 14, a slip of a letter for a digit allowed for.
struct Date {
    /// A year of people who live.
    year: bool,
    /// A month and a day.
    day: bool,
}

impl Date {
    fn of(text: &str) -> Self {
        let plain: String = text.chars().take(14).map(resident::digit_meant).collect();
        let number = |range| plain.get(range).and_then(|part: &str| part.parse::<i16>().ok()).unwrap_or(0);
        let (month, day) = (number(10..12), number(12..14));
        Self { year: (1880..2100).contains(&number(6..10)), day: (1..=12).contains(&month) && (1..=31).contains(&day) }
    }
}

/// Whether a date of birth may stand at places 7 to 14.
fn is_dated(text: &str) -> bool {
    let date = Date::of(text);
    date.year && date.day
}

/// Whether a number is also a valid organisation code of nine characters.
pub(crate) fn is_organisation_code(number: &str) -> bool {
    organisation::OrganisationCode::from_clean(number).is_ok()
}
