//! Documents that people and organisations show, and a number checked as one of them.

pub(crate) mod foreign;
pub(crate) mod hmt;
pub(crate) mod identify;
pub(crate) mod organisation;
pub(crate) mod passport;
pub(crate) mod travel;

use std::fmt;

use crate::{NumberError, ResidentNumber, Sex, clean, mask};
use foreign::ForeignPermanentNumber;
use hmt::HmtPermitNumber;
use organisation::{OrgCode, OrganisationCode};
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
    /// Unified social credit code of an organisation (统一社会信用代码), or its organisation code alone
    /// (组织机构代码).
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

    /// Whether the number has a date of birth and it lies after the given day, for a caller who knows today.
    #[must_use]
    pub fn is_born_after(&self, year: i16, month: u8, day: u8) -> bool {
        self.birth_date.is_some_and(|birth| birth > (year, month, day))
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
    check_clean(kind, &clean::compact(input))
}

/// [`check_document`] of a text that is compact.
pub(crate) fn check_clean(kind: DocumentKind, text: &str) -> Result<NormalisedDocument, NumberError> {
    Ok(match kind {
        DocumentKind::Resident => {
            let number = ResidentNumber::from_clean(text)?;
            if hmt::is_permit_area(number.area_code()) {
                return Err(NumberError::OtherKind { looks_like: DocumentKind::HmtPermit });
            }
            NormalisedDocument::personal(kind, number.as_str(), number.birth_date(), number.sex())
        }
        DocumentKind::HmtPermit => {
            let number = HmtPermitNumber::from_clean(text)?;
            NormalisedDocument::personal(kind, number.as_str(), number.birth_date(), number.sex())
        }
        DocumentKind::ForeignPermanent => {
            let number = ForeignPermanentNumber::from_clean(text)?;
            NormalisedDocument { birth_date: number.birth_date(), ..NormalisedDocument::plain(kind, number.as_str()) }
        }
        DocumentKind::TravelPermit => NormalisedDocument::plain(kind, TravelPermitNumber::from_clean(text)?.as_str()),
        DocumentKind::Passport => NormalisedDocument::plain(kind, PassportNumber::from_clean(text)?.as_str()),
        DocumentKind::Organisation => match OrganisationCode::from_clean(text) {
            Ok(code) => NormalisedDocument::plain(kind, code.as_str()),
            Err(NumberError::WrongLength { .. }) => {
                NormalisedDocument::plain(kind, OrgCode::from_clean(text)?.as_str())
            }
            Err(problem) => return Err(problem),
        },
        DocumentKind::Other => NormalisedDocument::plain(kind, &other(text)?),
    })
}

fn other(text: &str) -> Result<String, NumberError> {
    let printable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '(' | ')' | '〔' | '〕');
    if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !printable(*c)) {
        return Err(NumberError::BadCharacter { position: place + 1, found });
    }
    match text.chars().count() {
        0 => Err(NumberError::Empty),
        got if got > OTHER_MAX_CHARS => Err(NumberError::WrongLength { got }),
        _ => Ok(text.to_owned()),
    }
}
