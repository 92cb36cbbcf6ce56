//! Unified social credit codes (统一社会信用代码), GB 32100-2015.

use std::fmt;

use crate::{AreaKnowledge, NumberError, area, check, clean};

/// What the first two characters say of an organisation, as far as a sub-district needs it
/// (GB 32100-2015, annex A, with later additions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrgKind {
    /// 11 to 19: government and public bodies (机构编制).
    PublicBody,
    /// 51 to 53, 59: associations, foundations, private non-profit units (民政).
    Association,
    /// 54: village committee (村民委员会).
    VillageCommittee,
    /// 55: residents' committee (居民委员会).
    ResidentsCommittee,
    /// 91: company (企业).
    Company,
    /// 92: self-employed business (个体工商户).
    SelfEmployed,
    /// 93: farmers' cooperative (农民专业合作社).
    Cooperative,
    /// N1 to N3: rural collective economic organisation (农村集体经济组织).
    RuralCollective,
    /// Any other registrar.
    Other,
}

/// A valid code: registrar (1), category (1), area (6), organisation code by GB 11714 (9), check (1).
///
/// The first two places may be letters (A1, G1, J1, N1–N3, Q1–Q3, Y1). It names an organisation, so it is
/// shown whole.
///
/// ```
/// use cn_identity::{NumberError, OrgCode};
/// assert!(OrgCode::parse("91110000600037341L").is_ok());
/// assert_eq!(
///     OrgCode::parse("9111000060003734IL"),
///     Err(NumberError::BadCharacter { position: 17, found: 'I' })
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrgCode([u8; 18]);

impl OrgCode {
    /// Reads a code; blanks, dashes, full width and small letters are put right.
    ///
    /// # Errors
    /// The first rule broken: damage by a spreadsheet (a code of digits alone that ends in 000), length, characters, the organisation code's own check, the check character.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        if clean::from_float(text).is_some_and(|(_, lost)| lost) {
            return Err(NumberError::ExcelDamage { check_holds: false });
        }
        let text = clean::without_dashes(text);
        let number = Self::from_places(&text);
        // A code of digits alone is a number to a spreadsheet.
        if text.len() == 18 && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::ExcelDamage { check_holds: number.is_ok() });
        }
        number
    }

    fn from_places(text: &str) -> Result<Self, NumberError> {
        let places: Vec<char> = text.chars().collect();
        match places.len() {
            0 => return Err(NumberError::Empty),
            18 => {}
            got => return Err(NumberError::WrongLength { got }),
        }
        let mut code = [b'0'; 18];
        for (place, &c) in places.iter().enumerate() {
            let byte = u8::try_from(c).ok().filter(|&b| fits(place, b));
            code[place] = byte.ok_or(NumberError::BadCharacter { position: place + 1, found: c })?;
        }
        let inner = check::organisation(&code[8..16]);
        if code[16] != inner {
            return Err(NumberError::WrongOrganisationCheck {
                expected: char::from(inner),
                found: char::from(code[16]),
            });
        }
        let expected = check::credit(&code[..17]);
        if code[17] != expected {
            return Err(NumberError::WrongCheck { expected: char::from(expected), found: char::from(code[17]) });
        }
        Ok(Self(code))
    }

    /// The code for an organisation, from its first 16 characters, for generators of sample data. Digits alone may
    /// give a code that ends in 000, which [`OrgCode::parse`] takes for damage by a spreadsheet.
    ///
    /// # Errors
    /// As [`OrgCode::parse`] for the places given.
    pub fn from_sixteen(body: &str) -> Result<Self, NumberError> {
        let length = body.chars().count();
        if length != 16 || !body.is_ascii() {
            return Err(NumberError::WrongLength { got: length });
        }
        let body = body.to_ascii_uppercase();
        let inner = char::from(check::organisation(&body.as_bytes()[8..16]));
        let seventeen = format!("{body}{inner}");
        let last = char::from(check::credit(seventeen.as_bytes()));
        Self::from_places(&format!("{seventeen}{last}"))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the code is ASCII")
    }

    /// What the first two places say.
    #[must_use]
    pub fn kind(&self) -> OrgKind {
        match &self.0[..2] {
            [b'1', _] => OrgKind::PublicBody,
            b"54" => OrgKind::VillageCommittee,
            b"55" => OrgKind::ResidentsCommittee,
            [b'5', _] => OrgKind::Association,
            b"91" => OrgKind::Company,
            b"92" => OrgKind::SelfEmployed,
            b"93" => OrgKind::Cooperative,
            [b'N', _] => OrgKind::RuralCollective,
            _ => OrgKind::Other,
        }
    }

    /// The six digits of the registrar's area.
    #[must_use]
    pub fn area_code(&self) -> &str {
        &self.as_str()[2..8]
    }

    /// Whether the area is known. Unknown is a warning only: 100000 is the state's own registrar.
    #[must_use]
    pub fn area_known(&self) -> AreaKnowledge {
        area::knowledge(self.area_code())
    }

    /// Places 9 to 17, the organisation code (组织机构代码, GB 11714).
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        &self.as_str()[8..17]
    }
}

/// An organisation code (组织机构代码) by itself: eight digits or letters and a check character, as it was given
/// out before 2015 and stands in places 9 to 17 of every [`OrgCode`].
///
/// Source: GB 11714-1997. It names an organisation, so it is shown whole; the normal form has no hyphen.
///
/// ```
/// use cn_identity::OrganisationCode;
/// let code = OrganisationCode::parse("D2143569-X").unwrap(); // the standard's own example
/// assert_eq!(code.as_str(), "D2143569X");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationCode([u8; 9]);

impl OrganisationCode {
    /// Reads a code with or without its hyphen; blanks, full width and small letters are put right.
    ///
    /// # Errors
    /// The first rule broken: length, characters, the check character.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        let text = clean::without_dashes(text);
        match text.chars().count() {
            0 => return Err(NumberError::Empty),
            9 => {}
            got => return Err(NumberError::WrongLength { got }),
        }
        let mut code = [b'0'; 9];
        for (place, c) in text.chars().enumerate() {
            let fits = c.is_ascii_digit() || c == 'X' || (place < 8 && c.is_ascii_uppercase());
            let byte = u8::try_from(c).ok().filter(|_| fits);
            code[place] = byte.ok_or(NumberError::BadCharacter { position: place + 1, found: c })?;
        }
        let expected = check::organisation(&code[..8]);
        if code[8] != expected {
            return Err(NumberError::WrongCheck { expected: char::from(expected), found: char::from(code[8]) });
        }
        Ok(Self(code))
    }

    /// The nine characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the code is ASCII")
    }
}

/// Whether a text is written as an organisation code is: a hyphen before the ninth character.
pub(crate) fn has_hyphen(text: &str) -> bool {
    let mut chars = text.chars();
    chars.by_ref().take(8).all(|c| c.is_ascii_alphanumeric()) && chars.next().is_some_and(clean::is_dash) && {
        chars.next().is_some_and(|c| c.is_ascii_alphanumeric()) && chars.next().is_none()
    }
}

/// Registrars and categories of GB 32100-2015, annex A, and later additions.
const STARTS: [&str; 40] = [
    "11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "54", "55",
    "59", "61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1",
    "G1", "J1",
];

/// Whether a text begins as a code does: a registrar and category in use, then the digits of a province.
pub(crate) fn has_usual_start(text: &str) -> bool {
    let registrar = text.get(..2).is_some_and(|first| STARTS.contains(&first));
    registrar && text.get(2..4).is_some_and(|two| two == "10" || area::province(two).is_some())
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrganisationCode({})", self.as_str())
    }
}

/// Digits in the area, the alphabet of GB 32100 elsewhere.
pub(crate) fn fits(place: usize, byte: u8) -> bool {
    if (2..8).contains(&place) { byte.is_ascii_digit() } else { check::credit_value(byte).is_some() }
}

impl fmt::Display for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrgCode({})", self.as_str())
    }
}
