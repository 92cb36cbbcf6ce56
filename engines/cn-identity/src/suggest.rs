//! The valid numbers next to a mistyped one.

use crate::document::{check_clean, foreign, hmt, organisation};
use crate::resident::digit_meant;
use crate::{DocumentKind, NormalisedDocument, NumberError, ResidentNumber, area, check, clean};

/// Valid resident numbers one slip away from `input`; see [`suggest`].
///
/// ```
/// let near = cn_identity::suggestions("990101199003070203"); // 0023 typed as 0203
/// assert!(near.iter().any(|n| n.as_str() == "990101199003070023"));
/// ```
#[must_use]
pub fn suggestions(input: &str) -> Vec<ResidentNumber> {
    let found = suggest(DocumentKind::Resident, input, None);
    found.iter().filter_map(|document| ResidentNumber::parse_confirmed(document.as_str()).ok()).collect()
}

/// Valid numbers of a kind that differ from `input` by one slip of typing: letters for digits of their looks, two
/// neighbours swapped, one character wrong, doubled, left out or added.
///
/// The likeliest come first: those of known areas, born in the years 1900 to 2099 and, where `today` is given, not
/// after it; then by the slip in the order above. At most 64. Empty for a number that is valid, that a spreadsheet
/// has damaged, or that is further away: a person then reads the document again. Passports have no check
/// character, so nothing is near them.
///
/// ```
/// use cn_identity::{DocumentKind, suggest};
/// let near = suggest(DocumentKind::Organisation, "9111000060037341L", None); // a zero left out
/// assert_eq!(near[0].as_str(), "91110000600037341L");
/// ```
#[must_use]
pub fn suggest(kind: DocumentKind, input: &str, today: Option<(i16, u8, u8)>) -> Vec<NormalisedDocument> {
    /// More than this nobody compares with a card.
    const MAX_FOUND: usize = 64;
    let text = clean::compact(input);
    let damaged = clean::from_float(&text).is_some_and(|(_, lost)| lost);
    let text = clean::without_dashes(&text);
    match check_clean(kind, &text) {
        Ok(_) | Err(NumberError::Empty | NumberError::ExcelDamage { .. }) => return Vec::new(),
        Err(_) if damaged => return Vec::new(),
        Err(_) => {}
    }
    let mut search = Search { kind, found: Vec::new() };
    let chars: Vec<char> = text.chars().collect();
    let form = Form::of(kind, &chars);
    search.looks(form.as_ref(), &chars);
    if let Some(form) = form {
        search.near(&form, &chars);
    }
    let mut found = search.found;
    if let Some((year, month, day)) = today {
        found.retain(|near| !near.document.is_born_after(year, month, day));
    }
    // Sorting is stable: within a rank the order of finding stands.
    found.sort_by_key(|near| (near.is_unlikely(), near.slip));
    found.truncate(MAX_FOUND);
    found.into_iter().map(|near| near.document).collect()
}

/// How a number was mistyped, the likeliest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    Looks,
    Doubled,
    Swapped,
    Substituted,
    LeftOut,
    Added,
}

struct Near {
    document: NormalisedDocument,
    slip: Slip,
}

impl Near {
    fn is_unlikely(&self) -> bool {
        let number = self.document.as_str();
        let code = match self.document.kind() {
            DocumentKind::Resident => number.get(..6),
            DocumentKind::Organisation if number.len() == 18 => number.get(2..8).filter(|code| *code != "100000"),
            _ => None,
        };
        let early_or_late = self.document.birth_date().is_some_and(|(year, ..)| !(1900..2100).contains(&year));
        early_or_late || code.is_some_and(|code| area::knowledge(code).is_warning())
    }
}

/// The length of a form and what may stand at each place.
struct Form {
    length: usize,
    allows: fn(usize, u8) -> bool,
    holds: fn(&[u8]) -> bool,
}

impl Form {
    /// The form that a text of a kind nearly has; only forms with a check character have neighbours.
    fn of(kind: DocumentKind, chars: &[char]) -> Option<Self> {
        let digits_and_x = |place, b: u8| b.is_ascii_digit() || (place, b) == (17, b'X');
        let eighteen = |holds: fn(&[u8]) -> bool| Form { length: 18, allows: digits_and_x, holds };
        let form = match kind {
            DocumentKind::Resident => eighteen(resident),
            DocumentKind::HmtPermit => eighteen(permit),
            DocumentKind::ForeignPermanent if chars.first().is_some_and(char::is_ascii_uppercase) => Form {
                length: 15,
                allows: |place, b| if place < 3 { b.is_ascii_uppercase() } else { b.is_ascii_digit() },
                holds: |body| check::seven_three_one(&body[..14]) == body[14],
            },
            DocumentKind::ForeignPermanent => eighteen(card),
            DocumentKind::Organisation if chars.len() < 12 => Form {
                length: 9,
                allows: |place, b| b.is_ascii_digit() || b == b'X' || (place < 8 && b.is_ascii_uppercase()),
                holds: |body| check::organisation(&body[..8]) == body[8],
            },
            DocumentKind::Organisation => Form {
                length: 18,
                allows: organisation::fits,
                holds: |body| check::organisation(&body[8..16]) == body[16] && check::credit(&body[..17]) == body[17],
            },
            DocumentKind::TravelPermit | DocumentKind::Passport | DocumentKind::Other => return None,
        };
        (chars.len().abs_diff(form.length) <= 1).then_some(form)
    }

    /// The characters that may stand at a place.
    fn alphabet(&self, place: usize) -> impl Iterator<Item = u8> {
        (b'0'..=b'9').chain(b'A'..=b'Z').filter(move |b| (self.allows)(place, *b))
    }
}

fn resident(body: &[u8]) -> bool {
    check::resident(&body[..17]) == body[17]
}

fn permit(body: &[u8]) -> bool {
    std::str::from_utf8(&body[..6]).is_ok_and(hmt::is_permit_area) && resident(body)
}

fn card(body: &[u8]) -> bool {
    std::str::from_utf8(&body[..6]).is_ok_and(foreign::is_new_prefix) && resident(body)
}

struct Search {
    kind: DocumentKind,
    found: Vec<Near>,
}

impl Search {
    fn add(&mut self, text: &str, slip: Slip) {
        if let Ok(document) = check_clean(self.kind, text)
            && !self.found.iter().any(|near| near.document == document)
        {
            self.found.push(Near { document, slip });
        }
    }

    /// A candidate that fits the form, its check first: it is the cheapest to ask.
    fn try_bytes(&mut self, form: &Form, bytes: &[u8], slip: Slip) {
        let allowed = bytes.iter().enumerate().all(|(place, b)| (form.allows)(place, *b));
        if allowed
            && (form.holds)(bytes)
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            self.add(text, slip);
        }
    }

    /// Letters read as the digits they look like, where they cannot stand.
    fn looks(&mut self, form: Option<&Form>, chars: &[char]) {
        let last = chars.len().saturating_sub(1);
        let permit = self.kind == DocumentKind::TravelPermit;
        let stands = |place: usize, c: char| match (form, u8::try_from(c)) {
            (Some(form), Ok(byte)) => form.length == chars.len() && (form.allows)(place, byte),
            (None, _) => permit && place == 0 && matches!(c, 'H' | 'M'),
            (Some(_), Err(_)) => false,
        };
        let meant = chars.iter().enumerate().map(|(place, &c)| match c {
            c if stands(place, c) => c,
            '×' | 'Х' | 'Χ' | '*' if place == last && !permit => 'X',
            other => digit_meant(other),
        });
        let text: String = meant.collect();
        if !text.chars().eq(chars.iter().copied()) {
            self.add(&text, Slip::Looks);
        }
    }

    fn near(&mut self, form: &Form, chars: &[char]) {
        // A character outside ASCII stands for one that is certainly wrong.
        let typed: Vec<u8> = chars.iter().map(|c| u8::try_from(*c).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect();
        match typed.len() {
            got if got == form.length => {
                self.swapped(form, &typed);
                self.substituted(form, &typed);
            }
            got if got > form.length => self.shortened(form, &typed),
            _ => self.lengthened(form, &typed),
        }
    }

    fn swapped(&mut self, form: &Form, typed: &[u8]) {
        let mut copy = typed.to_vec();
        for place in 1..typed.len() {
            if typed[place - 1] != typed[place] {
                copy.swap(place - 1, place);
                self.try_bytes(form, &copy, Slip::Swapped);
                copy.swap(place - 1, place);
            }
        }
    }

    fn substituted(&mut self, form: &Form, typed: &[u8]) {
        let wrong: Vec<usize> = (0..typed.len()).filter(|&place| !(form.allows)(place, typed[place])).collect();
        let places = match wrong.as_slice() {
            [] => 0..typed.len(),
            [one] => *one..one + 1,
            _ => return,
        };
        let mut copy = typed.to_vec();
        for place in places {
            for c in form.alphabet(place).filter(|c| *c != typed[place]) {
                copy[place] = c;
                self.try_bytes(form, &copy, Slip::Substituted);
            }
            copy[place] = typed[place];
        }
    }

    fn shortened(&mut self, form: &Form, typed: &[u8]) {
        for place in 0..typed.len() {
            let same = |other: usize| typed.get(other) == Some(&typed[place]);
            let doubled = same(place + 1) || (place > 0 && same(place - 1));
            let rest = [&typed[..place], &typed[place + 1..]].concat();
            self.try_bytes(form, &rest, if doubled { Slip::Doubled } else { Slip::Added });
        }
    }

    fn lengthened(&mut self, form: &Form, typed: &[u8]) {
        for place in 0..form.length {
            for c in form.alphabet(place) {
                let longer = [&typed[..place], &[c][..], &typed[place..]].concat();
                self.try_bytes(form, &longer, Slip::LeftOut);
            }
        }
    }
}
