//! What a registration must satisfy (R7): name, document, mobile, sex and birth date.
//!
//! A [`Problem`] names the field, a code and data; its text is `cell-<code>` on forms and in imports alike.
//! No problem carries the value it complains of.

use cn_identity::{
    AreaKnowledge, DocumentKind, Mobile, MobileError, NameError, NormalisedDocument, NumberError, ResidentNumber,
    check_document, name,
};
use jiff::civil::Date;
use linli_platform::{AppError, clock::Day};

use crate::codes::SexCode;

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `name`, `doc_no`, `phone`, `sex`, `birth`, `org_code` …
    pub field: &'static str,
    /// Text: `cell-<code>`.
    pub code: &'static str,
    /// Arguments of the text; never personal values.
    pub args: Vec<(&'static str, String)>,
    /// Whether it stops the registration; else it is a warning.
    pub fatal: bool,
}

impl Problem {
    /// A problem that stops the registration.
    pub fn fatal(field: &'static str, code: &'static str) -> Self {
        Problem { field, code, args: Vec::new(), fatal: true }
    }
    /// A warning.
    pub fn warning(field: &'static str, code: &'static str) -> Self {
        Problem { fatal: false, ..Self::fatal(field, code) }
    }
    /// With an argument of the text.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// As an application error with text `error-<code>`.
    pub fn into_error(self) -> AppError {
        let mut error = AppError::rule(self.code);
        error.args = self.args;
        error
    }
}

/// A person as written on a form or in a row.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// Name (姓名).
    pub name: &'a str,
    /// Kind of document (证件种类).
    pub doc_kind: DocumentKind,
    /// Number of the document (证件号码).
    pub doc_no: &'a str,
    /// The number was read from the card: an end of 000 passes.
    pub doc_confirmed: bool,
    /// Mobile (手机号码); empty for none.
    pub phone: &'a str,
    /// Sex, where it was written.
    pub sex: Option<SexCode>,
    /// Birth date, where it was written.
    pub birth: Option<Date>,
}

/// A person that satisfies the rules. `Debug` is masked.
#[derive(Clone)]
pub struct Person {
    /// Name, trimmed, with one kind of middle dot.
    pub name: String,
    /// Document in normal form.
    pub doc: Document,
    /// Mobile.
    pub phone: Option<Mobile>,
    /// Sex; the number decides where it tells.
    pub sex: SexCode,
    /// Birth date; the number decides where it tells.
    pub birth: Option<Date>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({}, {:?})", cn_identity::mask::name(&self.name), self.doc)
    }
}

/// Checks a person. `Some` where nothing fatal stands among the problems.
pub fn check(written: &Written<'_>, today: Day) -> (Option<Person>, Vec<Problem>) {
    let mut problems = Vec::new();
    let name = keep(check_name(written.name), &mut problems);
    let doc = keep(check_number(written.doc_kind, written.doc_no, written.doc_confirmed), &mut problems);
    let phone = keep(check_phone(written.phone), &mut problems);
    let told = doc.as_ref().and_then(|d| d.birth);
    if let (Some(told), Some(birth)) = (told, written.birth)
        && told != birth
    {
        problems.push(Problem::warning("birth", "birth-differs"));
    }
    let birth = told.or(written.birth);
    if birth.is_some_and(|b| b > today.0) {
        problems.push(Problem::fatal(if told.is_some() { "doc_no" } else { "birth" }, "birth-future"));
    } else if birth.is_some_and(|b| today.full_years_since(b) > MAX_AGE_YEARS) {
        problems.push(Problem::warning("birth", "birth-old").arg("years", MAX_AGE_YEARS));
    }
    if let Some(doc) = &doc {
        area_warning(doc, &mut problems);
    }
    let told_sex = doc.as_ref().and_then(|d| d.sex);
    let written_sex = written.sex.filter(|s| *s != SexCode::Unstated);
    if let (Some(told), Some(sex)) = (told_sex, written_sex)
        && told != sex
    {
        problems.push(Problem::warning("sex", "sex-differs").arg("sex", told.code()));
    }
    let sex = told_sex.or(written_sex).unwrap_or(SexCode::Unstated);
    let person = match (name, doc, phone) {
        (Some(name), Some(doc), Some(phone)) if !problems.iter().any(|p| p.fatal) => {
            Some(Person { name, doc, phone, sex, birth })
        }
        _ => None,
    };
    (person, problems)
}

/// Above this age, the number deserves a second look.
const MAX_AGE_YEARS: i16 = 120;

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|p| problems.push(p)).ok()
}

fn date((year, month, day): (i16, u8, u8)) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn area_warning(doc: &Document, problems: &mut Vec<Problem>) {
    if doc.kind != DocumentKind::Resident {
        return;
    }
    let known = ResidentNumber::parse_confirmed(&doc.number).map(|n| n.area_known());
    if known == Ok(AreaKnowledge::Unknown) {
        problems.push(Problem::warning("doc_no", "area-unknown"));
    }
}

/// Checks a name: up to 50 characters, none of them a control character.
pub fn check_name(written: &str) -> Result<String, Problem> {
    name::check(written).map_err(|e| match e {
        NameError::Empty => Problem::fatal("name", "name-empty"),
        NameError::TooLong { got } => {
            Problem::fatal("name", "name-too-long").arg("max", name::MAX_CHARS).arg("got", got)
        }
        NameError::ControlCharacter { position } => Problem::fatal("name", "name-control").arg("position", position),
    })
}

/// A checked document: kind, number in normal form, and what the number tells. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Kind (证件种类).
    pub kind: DocumentKind,
    /// The number in normal form.
    pub number: String,
    /// The birth date it tells.
    pub birth: Option<Date>,
    /// The sex it tells.
    pub sex: Option<SexCode>,
}

impl Document {
    /// First character and last two, the rest stars.
    pub fn masked(&self) -> String {
        cn_identity::mask::any_document(&self.number)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({}, {})", self.kind.code(), self.masked())
    }
}

impl From<NormalisedDocument> for Document {
    fn from(d: NormalisedDocument) -> Self {
        Document {
            kind: d.kind(),
            number: d.as_str().to_owned(),
            birth: d.birth_date().and_then(date),
            sex: d.sex().map(SexCode::from),
        }
    }
}

/// Checks a document number as one of a kind. `confirmed`: a person compared it with the card, so that a resident
/// number may end in 000, which is otherwise taken for damage by a spreadsheet.
pub fn check_number(kind: DocumentKind, written: &str, confirmed: bool) -> Result<Document, Problem> {
    let problem = |e: &NumberError| number_problem("doc_no", e);
    match check_document(kind, written) {
        Ok(document) => Ok(document.into()),
        Err(NumberError::ExcelDamage { check_holds: true }) if confirmed && kind == DocumentKind::Resident => {
            let number = ResidentNumber::parse_confirmed(written).map_err(|e| problem(&e))?;
            Ok(Document {
                kind,
                number: number.as_str().to_owned(),
                birth: date(number.birth_date()),
                sex: Some(number.sex().into()),
            })
        }
        Err(e) => Err(problem(&e)),
    }
}

/// The problem of a number error at a field.
pub fn number_problem(field: &'static str, e: &NumberError) -> Problem {
    match e {
        NumberError::Empty => Problem::fatal(field, "number-empty"),
        NumberError::WrongLength { got } => Problem::fatal(field, "number-length").arg("got", got),
        NumberError::BadCharacter { position, found } => {
            Problem::fatal(field, "number-character").arg("position", position).arg("found", found)
        }
        NumberError::BadDate => Problem::fatal(field, "number-date"),
        NumberError::WrongCheck { expected, .. } => {
            Problem::fatal(field, "number-check").arg("position", 18).arg("expected", expected)
        }
        NumberError::WrongOrganisationCheck { expected, .. } => {
            Problem::fatal(field, "number-check").arg("position", 17).arg("expected", expected)
        }
        NumberError::ExcelDamage { .. } => Problem::fatal(field, "number-excel"),
        NumberError::OtherKind { looks_like } => Problem::fatal(field, "number-kind").arg("kind", looks_like.code()),
    }
}

/// Checks a mobile; an empty one is none.
pub fn check_phone(written: &str) -> Result<Option<Mobile>, Problem> {
    match Mobile::parse(written) {
        Ok(mobile) => Ok(Some(mobile)),
        Err(MobileError::Empty) => Ok(None),
        Err(MobileError::WrongLength { got }) => Err(Problem::fatal("phone", "phone-length").arg("got", got)),
        Err(MobileError::BadCharacter { position, found }) => {
            Err(Problem::fatal("phone", "phone-character").arg("position", position).arg("found", found))
        }
        Err(MobileError::BadPrefix) => Err(Problem::fatal("phone", "phone-prefix")),
        Err(MobileError::ExcelDamage) => Err(Problem::fatal("phone", "phone-excel")),
    }
}
