//! What a person should look at again in a valid number.

use std::fmt;

use crate::document::{identify, travel::TravelPermitNumber};
use crate::{AreaKnowledge, DocumentKind, NormalisedDocument, area, clean};

/// Something unusual in a valid number. It never makes the number invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No table knows the area code (see [`AreaKnowledge`]).
    UnknownArea {
        /// The six digits.
        code: String,
    },
    /// The number was written with fifteen digits; the century 19 was put in.
    Widened,
    /// The sequence is 000, at which counting does not begin.
    SequenceZero,
    /// The number has the form of another kind as well.
    Ambiguous {
        /// That other kind.
        also: DocumentKind,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownArea { code } => write!(f, "warning: the area code {code} is unknown"),
            Self::Widened => f.write_str("warning: fifteen digits, widened with the century 19"),
            Self::SequenceZero => f.write_str("warning: the sequence is 000"),
            Self::Ambiguous { also } => write!(f, "warning: it may be a number of another kind: {}", also.code()),
        }
    }
}

/// The warnings about a number that was read from `input` and found valid.
///
/// ```
/// use cn_identity::{Warning, identify, warnings};
/// let input = "990101900307002";
/// let document = identify(input).result.unwrap();
/// assert_eq!(warnings(&document, input), [Warning::UnknownArea { code: "990101".into() }, Warning::Widened]);
/// ```
#[must_use]
pub fn warnings(document: &NormalisedDocument, input: &str) -> Vec<Warning> {
    let number = document.as_str();
    let mut found = Vec::new();
    let area = match (document.kind(), number.len()) {
        (DocumentKind::Resident, _) => number.get(..6),
        (DocumentKind::Organisation, 18) => number.get(2..8).filter(|code| *code != "100000"),
        _ => None,
    };
    if let Some(code) = area.filter(|code| area::knowledge(code) == AreaKnowledge::Unknown) {
        found.push(Warning::UnknownArea { code: code.to_owned() });
    }
    let eighteen = number.len() == 18 && document.birth_date().is_some();
    if eighteen && clean::compact(input).chars().filter(char::is_ascii_alphanumeric).count() == 15 {
        found.push(Warning::Widened);
    }
    if eighteen && number.get(14..17) == Some("000") {
        found.push(Warning::SequenceZero);
    }
    // Who writes the hyphen of an organisation code means one.
    if let Some(also) = also(document.kind(), number).filter(|_| !input.contains(clean::is_dash)) {
        found.push(Warning::Ambiguous { also });
    }
    found
}

/// The other kind whose form the number has.
fn also(kind: DocumentKind, number: &str) -> Option<DocumentKind> {
    match kind {
        DocumentKind::TravelPermit if number.len() <= 9 => Some(DocumentKind::Passport),
        DocumentKind::Organisation if number.len() == 9 => Some(DocumentKind::Passport),
        DocumentKind::Passport if TravelPermitNumber::from_clean(number).is_ok() => Some(DocumentKind::TravelPermit),
        DocumentKind::Passport if identify::is_organisation_code(number) => Some(DocumentKind::Organisation),
        _ => None,
    }
}
