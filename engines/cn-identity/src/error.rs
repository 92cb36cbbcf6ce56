//! What can be wrong with a number, a mobile or a name.
//!
//! The variants carry data, so that an application can write the message in its own language. None of
//! them carries the number itself.

use crate::DocumentKind;

/// Why a document number is refused.
///
/// Positions are counted from 1 in the number after cleaning (see [`crate::ResidentNumber::parse`]), as a
/// person counts them on a card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Nothing is left after cleaning.
    #[error("the number is empty")]
    Empty,
    /// The count of characters fits no form of the number.
    #[error("the number has {got} characters, which fits no form of it")]
    WrongLength {
        /// How many characters were found.
        got: usize,
    },
    /// A character that cannot stand in its place.
    #[error("the character {found:?} cannot stand at position {position}")]
    BadCharacter {
        /// Place in the cleaned number, from 1.
        position: usize,
        /// What was found there.
        found: char,
    },
    /// The date of birth within the number is not a date of the calendar (years 1800 to 2199).
    #[error("the date of birth in the number is not a date of the calendar")]
    BadDate,
    /// The check character does not follow from the others.
    #[error("the check character should be {expected}, not {found}")]
    WrongCheck {
        /// What the standard's sum gives.
        expected: char,
        /// What was written.
        found: char,
    },
    /// The check digit of the organisation code within a unified social credit code (places 9 to 17,
    /// GB 11714) does not follow.
    #[error("the check character of the organisation code (place 17) should be {expected}, not {found}")]
    WrongOrganisationCheck {
        /// What the standard's sum gives.
        expected: char,
        /// What was written.
        found: char,
    },
    /// A spreadsheet kept 15 significant digits and lost the rest: scientific notation, a decimal tail,
    /// or 18 digits that end in 000.
    #[error("a spreadsheet has rounded this number; its last digits are lost")]
    ExcelDamage {
        /// Whether the check digit holds nevertheless, so that a person may confirm the number from the
        /// card (see [`crate::ResidentNumber::parse_confirmed`]).
        check_holds: bool,
    },
    /// The number has the form of another kind of document.
    #[error("the number is of another kind of document ({})", .looks_like.code())]
    OtherKind {
        /// The kind it has the form of.
        looks_like: DocumentKind,
    },
}

/// Why a mobile number (手机号码) is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MobileError {
    /// Nothing is left after cleaning.
    #[error("the mobile number is empty")]
    Empty,
    /// Not eleven digits, the country code left out.
    #[error("a mobile number has 11 digits, not {got}")]
    WrongLength {
        /// How many were found.
        got: usize,
    },
    /// A character that is no digit.
    #[error("the character {found:?} cannot stand at position {position}")]
    BadCharacter {
        /// Place in the cleaned number, from 1.
        position: usize,
        /// What was found there.
        found: char,
    },
    /// The number does not begin with 13 to 19.
    #[error("a mobile number begins with 13 to 19")]
    BadPrefix,
    /// Scientific notation that has lost digits.
    #[error("a spreadsheet has rounded this number; its last digits are lost")]
    ExcelDamage,
}

/// Why a name (姓名) is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is left after trimming.
    #[error("the name is empty")]
    Empty,
    /// More than [`crate::name::MAX_CHARS`] characters.
    #[error("a name has at most {max} characters, not {got}", max = crate::name::MAX_CHARS)]
    TooLong {
        /// How many characters were found.
        got: usize,
    },
    /// A control character, or one that turns the direction of writing.
    #[error("a control character stands at position {position}")]
    ControlCharacter {
        /// Place in the trimmed name, from 1.
        position: usize,
    },
}
