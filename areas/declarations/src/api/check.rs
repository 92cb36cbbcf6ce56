//! What is wrong with what a client sent, place by place. Checked by the register's own rules and without a look at any
//! person's record.

use cn_identity::DocumentKind;
use linli_platform::{AppError, Result, app::App, clock::Day, reader::Reader};
use linli_register::{
    HomeId, addresses,
    api::{day, fault},
    employers, homes,
    rules::{self, Document, Problem, Written},
};

use super::sent::{Declarant, SentDeclaration, SentFact, SentKind, SentSex};
use crate::{
    codes::{Field, Kind},
    content::{Content, GUARDED_UNDER_YEARS, Newcomer, check_fact},
};

/// How far back a day may be declared.
const DAYS_BACK: i64 = 366;

/// A declaration without faults. `Debug` is masked by its parts.
#[derive(Debug)]
pub struct Checked {
    /// As it was sent.
    pub sent: SentDeclaration,
    /// The declarant's document in normal form.
    pub document: Document,
    /// What it asks for.
    pub kind: Kind,
    /// All of it but what only the declarant's own record can tell.
    pub asked: Asked,
}

/// What is asked for.
#[derive(Debug)]
pub enum Asked {
    /// Whole.
    Content(Content),
    /// Somebody joins the home that the declarant's record names.
    Joins(Box<Newcomer>),
}

impl Asked {
    /// With the declarant's home.
    pub fn content(&self, home: HomeId) -> Content {
        match self {
            Asked::Content(content) => content.clone(),
            Asked::Joins(new) => Content::MoveIn(Newcomer { home, ..Newcomer::clone(new) }),
        }
    }
}

/// Checks a declaration.
///
/// # Errors
/// `api-invalid` with every place that is wrong.
pub async fn check(app: &App, sent: SentDeclaration) -> Result<Checked> {
    let mut reading = Reading { app, error: AppError::invalid() };
    let kind = sent.kind.known()?;
    reading.lengths(&sent);
    let document = reading.declarant(&sent.declarant)?;
    let asked = reading.asked(&sent, kind).await?;
    match (document, asked) {
        (Some(document), Some(asked)) if reading.error.fields.is_empty() => Ok(Checked { sent, document, kind, asked }),
        _ => Err(reading.error),
    }
}

struct Reading<'a> {
    app: &'a App,
    error: AppError,
}

impl Reading<'_> {
    fn add(&mut self, pointer: &str, code: &str, text: &str) {
        let error = std::mem::replace(&mut self.error, AppError::invalid());
        self.error = error.field(pointer, code, text);
    }
    fn problem(&mut self, pointer: &str, p: &Problem) {
        let error = std::mem::replace(&mut self.error, AppError::invalid());
        self.error = fault(error, pointer, p.code, &p.args);
    }
    fn missing(&mut self, pointer: &str) {
        self.add(pointer, "missing", "api-field-missing");
    }

    /// What is longer than the document allows is refused before anything is made of it.
    fn lengths(&mut self, sent: &SentDeclaration) {
        let person = sent.person.as_ref();
        for (pointer, text, most) in [
            ("/declarant/name", Some(&sent.declarant.name), 50),
            ("/declarant/doc_no", Some(&sent.declarant.doc_no), 40),
            ("/address", sent.address.as_ref(), 120),
            ("/value", sent.value.as_ref(), 120),
            ("/person/name", person.map(|p| &p.name), 50),
            ("/person/doc_no", person.map(|p| &p.doc_no), 40),
            ("/person/phone", person.and_then(|p| p.phone.as_ref()), 20),
        ] {
            if text.is_some_and(|t| t.chars().count() > most) {
                self.add(pointer, "length", "api-field-length");
            }
        }
    }

    fn declarant(&mut self, who: &Declarant) -> Result<Option<Document>> {
        if let Err(p) = rules::check_name(&who.name) {
            self.problem("/declarant/name", &p);
        }
        match rules::check_number(who.doc_kind.known()?, &who.doc_no, true) {
            Ok(document) => Ok(Some(document)),
            Err(p) => {
                self.problem("/declarant/doc_no", &p);
                Ok(None)
            }
        }
    }

    async fn asked(&mut self, sent: &SentDeclaration, kind: Kind) -> Result<Option<Asked>> {
        self.superfluous(sent);
        Ok(match sent.kind {
            SentKind::Move => {
                let (day, home) = (self.day(sent), self.home("/address", sent.address.as_deref()).await?);
                day.zip(home).map(|(day, (home, address))| Asked::Content(Content::Move { home, address, day }))
            }
            SentKind::MoveOut => self.day(sent).map(|day| Asked::Content(Content::MoveOut { day })),
            SentKind::MoveIn => self.person(sent)?.map(|new| Asked::Joins(Box::new(new))),
            SentKind::Change | SentKind::Correction => self.fact(sent, kind).await?.map(Asked::Content),
            SentKind::Deletion => {
                let field = self.field(sent, Field::DELETIONS)?;
                field.map(|field| Asked::Content(Content::Without { field: field.code().into() }))
            }
        })
    }

    /// What belongs to another kind of declaration is refused rather than dropped: somebody meant something by it.
    fn superfluous(&mut self, sent: &SentDeclaration) {
        use SentKind::*;
        let moves = matches!(sent.kind, Move | MoveIn | MoveOut);
        let facts = matches!(sent.kind, Change | Correction | Deletion);
        let of_address = sent.kind == Correction && sent.fact == Some(SentFact::Address);
        for (pointer, there, belongs) in [
            ("/day", sent.day.is_some(), moves),
            ("/address", sent.address.is_some(), sent.kind == Move || of_address),
            ("/fact", sent.fact.is_some(), facts),
            ("/value", sent.value.is_some(), matches!(sent.kind, Change | Correction) && !of_address),
            ("/doc_kind", sent.doc_kind.is_some(), facts && sent.fact == Some(SentFact::Document)),
            ("/person", sent.person.is_some(), sent.kind == MoveIn),
        ] {
            if there && !belongs {
                self.add(pointer, "superfluous", "api-field-superfluous");
            }
        }
    }

    fn day(&mut self, sent: &SentDeclaration) -> Option<Day> {
        let Some(text) = &sent.day else {
            self.missing("/day");
            return None;
        };
        let today = self.app.store.clock().today();
        match day(text) {
            Some(day) if day <= today && day >= today.plus_days(-DAYS_BACK) => Some(day),
            Some(_) => {
                self.add("/day", "range", "declaration-day-range");
                None
            }
            None => {
                self.add("/day", "value", "api-field-value");
                None
            }
        }
    }

    /// The home at a written address. Addresses are nobody's data; who lives there is not told.
    async fn home(&mut self, pointer: &str, text: Option<&str>) -> Result<Option<(HomeId, String)>> {
        let Some(text) = text.filter(|t| !t.trim().is_empty()) else {
            self.missing(pointer);
            return Ok(None);
        };
        let door = addresses::resolve(self.app, text).await?.door;
        let homes = match door {
            Some(door) => homes::at_address(&self.app.store.reads(), &Reader::system(), door).await?,
            None => Vec::new(),
        };
        let home = homes.into_iter().next().map(|h| (h.home_id, h.address_text));
        if home.is_none() {
            self.add(pointer, "address-unknown", "declaration-address-unknown");
        }
        Ok(home)
    }

    fn field(&mut self, sent: &SentDeclaration, offered: &[Field]) -> Result<Option<Field>> {
        let Some(fact) = sent.fact else {
            self.missing("/fact");
            return Ok(None);
        };
        let field = fact.known()?;
        if !offered.contains(&field) {
            self.add("/fact", "choice", "api-field-choice");
            return Ok(None);
        }
        Ok(Some(field))
    }

    async fn fact(&mut self, sent: &SentDeclaration, kind: Kind) -> Result<Option<Content>> {
        let offered = if kind == Kind::Change { Field::CHANGES } else { Field::CORRECTIONS };
        let Some(field) = self.field(sent, offered)? else { return Ok(None) };
        let whole = |value: String, doc_kind: Option<DocumentKind>, shown: Option<String>| Content::Fact {
            field: field.code().into(),
            value,
            doc_kind: doc_kind.map(|k| k.code().to_owned()),
            shown,
        };
        if field == Field::Address {
            let home = self.home("/address", sent.address.as_deref()).await?;
            return Ok(home.map(|(home, address)| whole(home.to_string(), None, Some(address))));
        }
        let Some(value) = sent.value.as_deref() else {
            self.missing("/value");
            return Ok(None);
        };
        let document = match sent.doc_kind {
            Some(kind) => kind.known()?,
            None => DocumentKind::Resident,
        };
        let value = match check_fact(field, document, value, self.app.store.clock().today()) {
            Ok(value) => value,
            Err(p) => {
                self.problem("/value", &p);
                return Ok(None);
            }
        };
        if field == Field::Employer {
            return self.employer(&value).await.map(|e| e.map(|(id, name)| whole(id, None, Some(name))));
        }
        Ok(Some(whole(value, (field == Field::Document).then_some(document), None)))
    }

    async fn employer(&mut self, code: &str) -> Result<Option<(String, String)>> {
        let q = self.app.store.reads();
        let Some(id) = employers::find_by_code(&q, code).await? else {
            self.add("/value", "employer-unknown", "error-employer-unknown");
            return Ok(None);
        };
        Ok(Some((id.to_string(), employers::find(&q, &Reader::system(), id).await?.name)))
    }

    fn person(&mut self, sent: &SentDeclaration) -> Result<Option<Newcomer>> {
        let since = self.day(sent);
        let Some(person) = &sent.person else {
            self.missing("/person");
            return Ok(None);
        };
        let birth = person.birth.as_deref().map(day);
        if birth == Some(None) {
            self.add("/person/birth", "value", "api-field-value");
        }
        let birth = birth.flatten().map(|day| day.0);
        let doc_kind = person.doc_kind.known()?;
        let written = Written {
            name: &person.name,
            doc_kind,
            doc_no: &person.doc_no,
            doc_confirmed: true,
            phone: person.phone.as_deref().unwrap_or_default(),
            sex: person.sex.map(SentSex::known).transpose()?,
            birth,
        };
        let today = self.app.store.clock().today();
        let (checked, problems) = rules::check(&written, today);
        for p in problems.iter().filter(|p| p.fatal) {
            self.problem(&format!("/person/{}", p.field), p);
        }
        let (Some(checked), Some(since)) = (checked, since) else { return Ok(None) };
        let child = checked.birth.is_some_and(|b| today.full_years_since(b) < GUARDED_UNDER_YEARS);
        if child && !person.guardian {
            self.add("/person/guardian", "guardian-missing", "declaration-guardian-missing");
            return Ok(None);
        }
        Ok(Some(Newcomer {
            name: checked.name,
            doc_kind: doc_kind.code().into(),
            doc_no: checked.doc.number,
            phone: checked.phone.map(|p| p.as_str().to_owned()).unwrap_or_default(),
            sex: Some(checked.sex.code().to_owned()),
            birth: checked.birth.map(|b| b.to_string()),
            local: person.local,
            // Put in from the declarant's record when it is filed.
            home: HomeId(uuid::Uuid::nil()),
            day: since,
            guardian: person.guardian && child,
        }))
    }
}
