//! Documents that people and organisations show, and which kind a number belongs to.

pub(crate) mod foreign;
pub(crate) mod hmt;
pub(crate) mod organisation;
pub(crate) mod passport;
pub(crate) mod travel;

use std::fmt;

use crate::{NumberError, ResidentNumber, Sex, clean, mask};
use foreign::ForeignPermanentNumber;
use hmt::HmtPermitNumber;
use organisation::OrgCode;
use passport::PassportNumber;
use travel::TravelPermitNumber;

/// The kinds of document (证件种类) that R7 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Resident identity card (居民身份证).
    Resident,
    /// Residence permit of residents of Hong Kong, Macau and Taiwan (港澳台居民居住证).
    HmtPermit,
    /// Foreign permanent resident card (外国人永久居留身份证).
    ForeignPermanent,
    /// Mainland travel permit of Hong Kong, Macau or Taiwan residents (来往大陆（内地）通行证).
    TravelPermit,
    /// Passport (护照).
    Passport,
    /// Unified social credit code of an organisation (统一社会信用代码).
    Organisation,
    /// Any other document (其他证件).
    Other,
}

impl DocumentKind {
    /// All kinds, in the order of forms.
    pub const ALL: [Self; 7] = [
        Self::Resident,
        Self::HmtPermit,
        Self::ForeignPermanent,
        Self::TravelPermit,
        Self::Passport,
        Self::Organisation,
        Self::Other,
    ];

    /// The stable code used in files, forms and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::HmtPermit => "hmt-permit",
            Self::ForeignPermanent => "foreign-permanent",
            Self::TravelPermit => "travel-permit",
            Self::Passport => "passport",
            Self::Organisation => "organisation",
            Self::Other => "other",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A checked number in its normal form. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormalisedDocument {
    kind: DocumentKind,
    number: String,
    birth_date: Option<(i16, u8, u8)>,
    sex: Option<Sex>,
}

impl NormalisedDocument {
    fn plain(kind: DocumentKind, number: &str) -> Self {
        Self { kind, number: number.to_owned(), birth_date: None, sex: None }
    }

    fn personal(kind: DocumentKind, number: &str, birth: (i16, u8, u8), sex: Sex) -> Self {
        Self { kind, number: number.to_owned(), birth_date: Some(birth), sex: Some(sex) }
    }

    /// Which kind of document.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// The date of birth that the number contains, if its kind contains one.
    #[must_use]
    pub fn birth_date(&self) -> Option<(i16, u8, u8)> {
        self.birth_date
    }

    /// The sex that the number tells, if its kind does.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        self.sex
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::any_document(&self.number)
    }
}

impl fmt::Display for NormalisedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for NormalisedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NormalisedDocument({}, {})", self.kind.code(), self.masked())
    }
}

/// The longest number of an [`DocumentKind::Other`] document, in characters.
pub(crate) const OTHER_MAX_CHARS: usize = 30;

/// Checks a number as one of the given kind.
///
/// # Errors
/// The first rule of that kind which is broken; [`NumberError::OtherKind`] where a permit's number stands as
/// a resident number.
///
/// ```
/// use cn_identity::{DocumentKind, check_document};
/// let document = check_document(DocumentKind::Resident, "990101 1990 0307 0023").unwrap();
/// assert_eq!(document.as_str(), "990101199003070023");
/// assert!(check_document(DocumentKind::TravelPermit, "H1234").is_err());
/// ```
pub fn check_document(kind: DocumentKind, input: &str) -> Result<NormalisedDocument, NumberError> {
    Ok(match kind {
        DocumentKind::Resident => {
            let number = ResidentNumber::parse(input)?;
            if hmt::is_permit_area(number.area_code()) {
                return Err(NumberError::OtherKind { looks_like: DocumentKind::HmtPermit });
            }
            NormalisedDocument::personal(kind, number.as_str(), number.birth_date(), number.sex())
        }
        DocumentKind::HmtPermit => {
            let number = HmtPermitNumber::parse(input)?;
            NormalisedDocument::personal(kind, number.as_str(), number.birth_date(), number.sex())
        }
        DocumentKind::ForeignPermanent => {
            let number = ForeignPermanentNumber::parse(input)?;
            NormalisedDocument { birth_date: number.birth_date(), ..NormalisedDocument::plain(kind, number.as_str()) }
        }
        DocumentKind::TravelPermit => NormalisedDocument::plain(kind, TravelPermitNumber::parse(input)?.as_str()),
        DocumentKind::Passport => NormalisedDocument::plain(kind, PassportNumber::parse(input)?.as_str()),
        DocumentKind::Organisation => NormalisedDocument::plain(kind, OrgCode::parse(input)?.as_str()),
        DocumentKind::Other => NormalisedDocument::plain(kind, &other(input)?),
    })
}

fn other(input: &str) -> Result<String, NumberError> {
    let text = clean::compact(input);
    let printable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '(' | ')' | '〔' | '〕');
    if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !printable(*c)) {
        return Err(NumberError::BadCharacter { position: place + 1, found });
    }
    match text.chars().count() {
        0 => Err(NumberError::Empty),
        got if got > OTHER_MAX_CHARS => Err(NumberError::WrongLength { got }),
        _ => Ok(text),
    }
}

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

/// Kinds that a text is tried as, the strictest first.
const BY_STRICTNESS: [DocumentKind; 6] = [
    DocumentKind::HmtPermit,
    DocumentKind::ForeignPermanent,
    DocumentKind::Resident,
    DocumentKind::Organisation,
    DocumentKind::TravelPermit,
    DocumentKind::Passport,
];

/// Guesses which kind of document a text is the number of, and checks it as that.
///
/// The first kind whose rules all hold wins; where none does, the shape decides which rule is reported.
///
/// ```
/// use cn_identity::identify;
/// assert_eq!(identify("H12345678").code(), "travel-permit");
/// assert_eq!(identify("9.90101E+17").code(), "resident");
/// assert_eq!(identify("大盈村").code(), "unknown");
/// ```
#[must_use]
pub fn identify(input: &str) -> Identified {
    for kind in BY_STRICTNESS {
        let shape = kind != DocumentKind::Passport || passport::has_usual_shape(&clean::compact(input));
        if let (true, Ok(document)) = (shape, check_document(kind, input)) {
            return Identified { kind: Some(kind), result: Ok(document) };
        }
    }
    let kind = guess(&clean::compact(input));
    let checked = check_document(kind.unwrap_or(DocumentKind::Resident), input);
    Identified { kind, result: checked }
}

/// The kind whose shape a wrong number has.
fn guess(text: &str) -> Option<DocumentKind> {
    if clean::scientific(text).is_some() || clean::whole_of_float(text).is_some_and(|whole| whole.len() > 12) {
        return Some(DocumentKind::Resident);
    }
    let length = text.chars().count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    if foreign::has_old_shape(text) {
        return Some(DocumentKind::ForeignPermanent);
    }
    if length == 18 && digits + letters == 18 && (letters > 1 || letter_of_a_code(text)) {
        return Some(DocumentKind::Organisation);
    }
    if (14..=20).contains(&length) && digits + 2 >= length {
        return Some(match text.get(..6) {
            Some(area) if length == 18 && hmt::is_permit_area(area) => DocumentKind::HmtPermit,
            Some(area) if length == 18 && foreign::is_new_prefix(area) => DocumentKind::ForeignPermanent,
            _ => DocumentKind::Resident,
        });
    }
    let permit = text.starts_with(['H', 'M']) && digits + 1 == length && (7..=12).contains(&length);
    permit.then_some(DocumentKind::TravelPermit)
}

/// Whether the only letter of eighteen characters speaks for an organisation: not the X of a check, not a
/// letter that the alphabet of GB 32100 lacks (a slip for a digit), and no date of birth in its place.
fn letter_of_a_code(text: &str) -> bool {
    let letter = text.bytes().enumerate().find(|(_, b)| b.is_ascii_uppercase());
    let of_alphabet =
        letter.is_some_and(|(place, b)| crate::check::credit_value(b).is_some() && (place, b) != (17, b'X'));
    let number = |range| text.get(range).and_then(|part: &str| part.parse::<i16>().ok());
    let dated = match (number(6..10), number(10..12), number(12..14)) {
        (Some(year), Some(month), Some(day)) => {
            (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
        }
        _ => false,
    };
    of_alphabet && !dated
}
