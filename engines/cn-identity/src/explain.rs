//! What is wrong with a number in words: which characters, which rule, from which standard.

use std::fmt;

use crate::{DocumentKind, NumberError, check_document, clean, resident};

/// Why a number is refused, with the places concerned and the standard's name. `Display` is one English sentence
/// that does not contain the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The kind it was checked as.
    pub kind: DocumentKind,
    /// The rule broken.
    pub error: NumberError,
    /// First and last place concerned, from 1, in the cleaned number; `None` where it is the whole.
    pub positions: Option<(usize, usize)>,
    /// What is wrong there.
    pub detail: Detail,
}

/// What is wrong at the places of an [`Explanation`], as data, so that an application can say it in its own language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing was written.
    Empty,
    /// So many characters, which no form of the kind has.
    Length {
        /// How many characters were found.
        got: usize,
    },
    /// A character that cannot stand there.
    Character {
        /// What was found.
        found: char,
    },
    /// There is no such month.
    Month {
        /// The two digits.
        month: i16,
    },
    /// The month of that year has no such day.
    Day {
        /// The month.
        month: i16,
        /// The two digits.
        day: i16,
    },
    /// The year lies outside 1800 to 2199.
    Year {
        /// The year.
        year: i16,
    },
    /// The check character does not follow from the others.
    Check {
        /// What the standard's sum gives.
        expected: char,
        /// What was written.
        found: char,
    },
    /// The check character of the organisation code within a unified code does not follow.
    OrganisationCheck {
        /// What the standard's sum gives.
        expected: char,
        /// What was written.
        found: char,
    },
    /// A spreadsheet wrote the number in scientific notation.
    Scientific,
    /// A spreadsheet rounded the number: it ends in 000.
    Rounded,
    /// A spreadsheet wrote a decimal number.
    Decimal,
    /// The area is that of another kind.
    OtherKind {
        /// That kind.
        looks_like: DocumentKind,
    },
}

impl Explanation {
    /// The standard or publication whose rule it is.
    #[must_use]
    pub fn standard(&self) -> &'static str {
        match (self.kind, &self.error) {
            (_, NumberError::WrongOrganisationCheck { .. }) => "GB 11714-1997",
            (DocumentKind::Resident | DocumentKind::HmtPermit, _) => "GB 11643-1999",
            (DocumentKind::ForeignPermanent, _) => "National Immigration Administration; check by GB 11643-1999",
            (DocumentKind::Organisation, _) => "GB 32100-2015",
            (DocumentKind::Passport, _) => "ICAO Doc 9303",
            (DocumentKind::TravelPermit, _) => "National Immigration Administration",
            (DocumentKind::Other, _) => "this register",
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.positions {
            Some((first, last)) if first == last => write!(f, "position {first}: ")?,
            Some((first, last)) => write!(f, "positions {first} to {last}: ")?,
            None => {}
        }
        self.write_detail(f)?;
        write!(f, " ({})", self.standard())
    }
}

impl Explanation {
    fn write_detail(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = "damaged by a spreadsheet (Excel keeps 15 digits)";
        let from_card = "the last digits are lost, take the number from the document";
        match self.detail {
            Detail::Empty => f.write_str("the value is empty"),
            Detail::Length { got } => write!(f, "{got} characters; {}", lengths(self.kind)),
            Detail::Character { found } => write!(f, "{found:?} cannot stand here; {}", characters(self.kind)),
            Detail::Month { month } => write!(f, "there is no month {month:02}"),
            Detail::Day { month, day } => write!(f, "there is no day {day:02} in month {month:02} of that year"),
            Detail::Year { year } => write!(f, "the year {year:04} is not in 1800 to 2199"),
            Detail::Check { expected, found } => write!(f, "the check character should be {expected}, not {found}"),
            Detail::OrganisationCheck { expected, found } => {
                write!(f, "the check character of places 9 to 17 should be {expected}, not {found}")
            }
            Detail::Scientific => write!(f, "{rounded}: scientific notation; {from_card}"),
            Detail::Rounded => write!(f, "{rounded}: it ends in 000; {from_card}"),
            Detail::Decimal => write!(f, "{rounded}: written as a decimal number; {from_card}"),
            Detail::OtherKind { looks_like } => {
                write!(f, "the area is that of another kind of document: {}", looks_like.code())
            }
        }
    }
}

/// Says what is wrong with a number as one of the given kind; `None` where it is valid.
///
/// ```
/// use cn_identity::{DocumentKind, explain};
/// let why = explain(DocumentKind::Resident, "990101199013070023").unwrap();
/// assert_eq!(why.positions, Some((11, 12)));
/// assert_eq!(why.to_string(), "positions 11 to 12: there is no month 13 (GB 11643-1999)");
/// ```
#[must_use]
pub fn explain(kind: DocumentKind, input: &str) -> Option<Explanation> {
    let error = check_document(kind, input).err()?;
    let text = clean::compact(input);
    let text = clean::without_dashes(&text);
    let (positions, detail) = match error {
        NumberError::Empty => (None, Detail::Empty),
        NumberError::WrongLength { got } => (None, Detail::Length { got }),
        NumberError::BadCharacter { position, found } => (Some((position, position)), Detail::Character { found }),
        NumberError::BadDate => date_part(&text),
        NumberError::WrongCheck { expected, found } => {
            let place = check_place(kind, &text);
            (Some((place, place)), Detail::Check { expected, found })
        }
        NumberError::WrongOrganisationCheck { expected, found } => {
            (Some((17, 17)), Detail::OrganisationCheck { expected, found })
        }
        NumberError::ExcelDamage { .. } => damage(&text),
        NumberError::OtherKind { looks_like } => (Some((1, 6)), Detail::OtherKind { looks_like }),
    };
    Some(Explanation { kind, error, positions, detail })
}

fn lengths(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Resident => "a resident number has 18, before 1999 15",
        DocumentKind::HmtPermit => "a permit number has 18",
        DocumentKind::ForeignPermanent => "a card number has 18, before December 2023 15",
        DocumentKind::TravelPermit => "a permit has H or M and 8 or 10 digits, or 8 or 10 digits alone",
        DocumentKind::Passport => "a passport number has at most 20",
        DocumentKind::Organisation => "a unified social credit code has 18, an organisation code 9",
        DocumentKind::Other => "a number has at most 30",
    }
}

fn characters(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Resident | DocumentKind::HmtPermit => "digits, and X in the last place alone",
        DocumentKind::ForeignPermanent => "9, a province and digits; or before, three letters and digits",
        DocumentKind::TravelPermit => "H or M in the first place, digits after it",
        DocumentKind::Passport => "letters and digits",
        DocumentKind::Organisation => "digits in places 3 to 8, elsewhere digits and letters except I, O, S, V, Z",
        DocumentKind::Other => "letters, digits and - / . ( )",
    }
}

/// Where the check character stands: last, except in a machine-readable line.
fn check_place(kind: DocumentKind, text: &str) -> usize {
    if kind == DocumentKind::Passport { 10 } else { text.chars().count() }
}

/// Which part of the date is wrong, in the places of the number as it was written.
fn date_part(text: &str) -> (Option<(usize, usize)>, Detail) {
    let short = text.chars().count() == 15;
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    // Places of the year's last digit by form: 18 characters, the old card, 15 digits.
    let (first, year_end) = match (short, letters) {
        (false, _) => (7, 10),
        (true, 3) => (8, 9),
        (true, _) => (7, 8),
    };
    let part = |from: usize, to: usize| text.get(from - 1..to).and_then(|digits| digits.parse::<i16>().ok());
    let year = part(first, year_end).unwrap_or(0) + if short { 1900 } else { 0 };
    let two = |from: usize| part(from, from + 1).unwrap_or(0);
    let (month, day) = (two(year_end + 1), two(year_end + 3));
    let small = |n: i16| u8::try_from(n).unwrap_or(0);
    if !resident::is_date((2000, small(month), 1)) {
        (Some((year_end + 1, year_end + 2)), Detail::Month { month })
    } else if resident::is_date((year, small(month), 1)) {
        (Some((year_end + 3, year_end + 4)), Detail::Day { month, day })
    } else {
        (Some((first, year_end)), Detail::Year { year })
    }
}

fn damage(text: &str) -> (Option<(usize, usize)>, Detail) {
    let length = text.len();
    if clean::scientific(text).is_some() {
        (None, Detail::Scientific)
    } else if text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit()) {
        (Some((length - 2, length)), Detail::Rounded)
    } else {
        (None, Detail::Decimal)
    }
}
