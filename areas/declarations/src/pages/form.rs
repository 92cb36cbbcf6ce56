//! The form of what is asked for, read with the register's rules; the own page and the counter share it.

use cn_identity::DocumentKind;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    reader::Reader,
    texts::T,
    web::{self, FormErrors},
};
use linli_register::{
    HomeId, addresses,
    codes::{SexCode, document_choices},
    employers, homes,
    residents::MaskedResident,
    rules::{self, Problem, Written},
};
use serde::Deserialize;

use crate::{
    codes::{Field, Kind},
    content::{Content, GUARDED_UNDER_YEARS, Newcomer, check_fact},
};

/// Code and text of each choice.
pub(super) type Choices = Vec<(&'static str, String)>;

/// Choices with their texts.
pub(super) fn texts_of(t: &T, choices: Vec<(&'static str, String)>) -> Choices {
    choices.into_iter().map(|(code, key)| (code, t.s(key))).collect()
}

/// A rule's problem as text at a field of this form.
pub(super) fn add_problem(t: &T, errors: &mut FormErrors, field: &str, p: &Problem) {
    if p.code.starts_with("form-") {
        return errors.add(field, p.code);
    }
    errors.add_text(field, t.all(format!("cell-{}", p.code), &p.args));
}

/// What was typed. No `Debug`: it holds personal values.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    pub kind: String,
    pub field: String,
    pub value: String,
    pub doc_kind: String,
    pub name: String,
    pub doc_no: String,
    pub phone: String,
    pub sex: String,
    pub birth: String,
    pub local: String,
    pub address: String,
    pub day: String,
    pub guardian: String,
}

impl Typed {
    /// What is asked for.
    pub fn asked(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }
    /// The fact it is about, if such a request can be about it.
    pub fn fact(&self) -> Option<Field> {
        let offered = self.asked().map_or(&[][..], offered);
        Field::from_code(&self.field).filter(|f| offered.contains(f))
    }
}

/// The facts that a kind of request can be about; none where the kind says it all.
pub(super) fn offered(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Change => Field::CHANGES,
        Kind::Correction => Field::CORRECTIONS,
        Kind::Deletion => Field::DELETIONS,
        Kind::ChildCorrection => Field::OF_CHILDREN,
        _ => &[],
    }
}

/// The choices of the form.
pub(super) struct Lists {
    pub documents: Choices,
    pub sexes: Choices,
    pub locals: Choices,
}

impl Lists {
    pub fn of(t: &T) -> Lists {
        let pair = |code: &'static str, key: &str| (code, t.s(key));
        Lists {
            documents: texts_of(t, document_choices()),
            sexes: vec![pair("female", "sex-female"), pair("male", "sex-male")],
            locals: vec![pair("local", "local-local"), pair("elsewhere", "local-elsewhere")],
        }
    }
}

/// How far back a day may be declared.
const DAYS_BACK: i64 = 366;

/// Reads what is asked of a kind; `None` where an error stands at a field.
pub(super) async fn asked(
    app: &App,
    t: &T,
    person: &MaskedResident,
    (kind, typed): (Kind, &Typed),
    errors: &mut FormErrors,
) -> Result<Option<Content>> {
    let content = match kind {
        Kind::Change | Kind::Correction => fact(app, t, typed, errors).await?,
        Kind::Deletion => match typed.fact() {
            Some(field) => Some(Content::Without { field: field.code().into() }),
            None => {
                errors.add("field", "form-choose");
                None
            }
        },
        Kind::Move => {
            let (day, home) = (day(app, typed, errors), home(app, t, "address", &typed.address, errors).await?);
            match (day, home) {
                (Some(day), Some((home, address))) => Some(Content::Move { home, address, day }),
                _ => None,
            }
        }
        Kind::MoveIn => newcomer(app, t, person, typed, errors)?.map(Content::MoveIn),
        Kind::MoveOut => day(app, typed, errors).map(|day| Content::MoveOut { day }),
        // Those of a home have forms of their own.
        _ => {
            errors.add("kind", "form-choose");
            None
        }
    };
    Ok(content)
}

pub(super) fn day(app: &App, typed: &Typed, errors: &mut FormErrors) -> Option<Day> {
    let today = app.store.now().day();
    if typed.day.trim().is_empty() {
        errors.add("day", "form-required");
    }
    let day = web::optional::<Day>(errors, "day", &typed.day)?;
    errors.require(day <= today && day >= today.plus_days(-DAYS_BACK), "day", "declaration-day-range");
    Some(day)
}

/// The home at a written address. Addresses are nobody's data; who lives there is not told.
pub(super) async fn home(
    app: &App,
    t: &T,
    field: &str,
    text: &str,
    errors: &mut FormErrors,
) -> Result<Option<(HomeId, String)>> {
    if text.trim().is_empty() {
        errors.add(field, "form-required");
        return Ok(None);
    }
    let resolved = addresses::resolve(app, text).await?;
    let Some(door) = resolved.door else {
        match resolved.suggestion {
            Some((_, near)) => errors.add_text(field, t.a("declaration-address-near", "suggestion", near)),
            None => errors.add(field, "declaration-address-unknown"),
        }
        return Ok(None);
    };
    let home = homes::at_address(&app.store.reads(), &Reader::system(), door).await?.into_iter().next();
    if home.is_none() {
        errors.add(field, "declaration-address-unknown");
    }
    Ok(home.map(|h| (h.home_id, h.address_text)))
}

async fn fact(app: &App, t: &T, typed: &Typed, errors: &mut FormErrors) -> Result<Option<Content>> {
    let Some(field) = typed.fact() else {
        errors.add("field", "form-choose");
        return Ok(None);
    };
    let kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
    let value = match check_fact(field, kind, &typed.value, app.store.now().day()) {
        Ok(value) => value,
        Err(problem) => {
            add_problem(t, errors, "value", &problem);
            return Ok(None);
        }
    };
    let (value, shown) = match field {
        Field::Address => match home(app, t, "value", &value, errors).await? {
            Some((home, address)) => (home.to_string(), Some(address)),
            None => return Ok(None),
        },
        Field::Employer => {
            let q = app.store.reads();
            match employers::find_by_code(&q, &value).await? {
                Some(id) => (id.to_string(), Some(employers::find(&q, &Reader::system(), id).await?.name)),
                None => {
                    errors.add("value", "error-employer-unknown");
                    return Ok(None);
                }
            }
        }
        _ => (value, None),
    };
    let doc_kind = (field == Field::Document).then(|| kind.code().to_owned());
    Ok(Some(Content::Fact { field: field.code().into(), value, doc_kind, shown }))
}

fn newcomer(
    app: &App,
    t: &T,
    person: &MaskedResident,
    typed: &Typed,
    errors: &mut FormErrors,
) -> Result<Option<Newcomer>> {
    let day = day(app, typed, errors);
    let Some(home) = person.home_id else {
        errors.add("", "error-already-cancelled");
        return Ok(None);
    };
    let new = member(t, app.store.now().day(), typed, "", errors);
    Ok(new.zip(day).map(|(new, day)| Newcomer { home, day, ..new }))
}

/// Somebody of a household, as typed in the fields that end in `mark`; home and day are the household's.
pub(super) fn member(t: &T, today: Day, typed: &Typed, mark: &str, errors: &mut FormErrors) -> Option<Newcomer> {
    let at = |field: &str| format!("{field}{mark}");
    let birth = web::optional::<Day>(errors, &at("birth"), &typed.birth).map(|d| d.0);
    let doc_kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
    let written = Written {
        name: &typed.name,
        doc_kind,
        doc_no: &typed.doc_no,
        doc_confirmed: true,
        phone: &typed.phone,
        sex: SexCode::from_code(&typed.sex),
        birth,
    };
    let (checked, problems) = rules::check(&written, today);
    for p in problems.iter().filter(|p| p.fatal) {
        add_problem(t, errors, &at(p.field), p);
    }
    let checked = checked?;
    let guardian = typed.guardian == "true";
    match checked.birth.map(|b| today.full_years_since(b) < GUARDED_UNDER_YEARS) {
        Some(true) => errors.require(guardian, &at("guardian"), "declaration-guardian-missing"),
        Some(false) => errors.require(!guardian, &at("guardian"), "declaration-guardian-too-old"),
        // Without a birth date nobody can say that it is a child's.
        None => errors.require(!guardian, &at("birth"), "declaration-guardian-birth"),
    }
    Some(Newcomer {
        name: checked.name,
        doc_kind: doc_kind.code().into(),
        doc_no: checked.doc.number,
        phone: checked.phone.map(|p| p.as_str().to_owned()).unwrap_or_default(),
        sex: Some(checked.sex.code().to_owned()),
        birth: checked.birth.map(|b| b.to_string()),
        local: typed.local == "local",
        home: HomeId(uuid::Uuid::nil()),
        day: today,
        guardian,
    })
}
