//! What is wrong with what a client sent, place by place. Checked by the register's own rules and without a look at any
//! person's record.

use cn_identity::DocumentKind;
use linli_platform::{AppError, Result, app::App, clock::Day, reader::Reader};
use linli_register::{
    HomeId, addresses,
    api::{day, fault},
    employers, homes,
    rules::{self, Document, Problem},
};

use super::{
    for_other::ForOther,
    of_home::OfHome,
    sent::{Declarant, SentDeclaration, SentFact, SentKind},
};
use crate::{
    codes::{Field, Kind},
    content::{Content, Newcomer, check_fact},
    newcomers::MEMBERS_MAX,
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
    /// Somebody else moves or leaves along, or is a child of whom a fact is wrong.
    ForOther(ForOther),
    /// It is of a home, and the declarant need not be registered.
    OfHome(OfHome),
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
    let asked = reading.asked(&sent).await?;
    match (document, asked) {
        (Some(document), Some(asked)) if reading.error.fields.is_empty() => Ok(Checked { sent, document, kind, asked }),
        _ => Err(reading.error),
    }
}

/// A declaration being read: what is wrong so far.
pub(super) struct Reading<'a> {
    pub(super) app: &'a App,
    error: AppError,
}

impl Reading<'_> {
    pub(super) fn add(&mut self, pointer: &str, code: &str, text: &str) {
        let error = std::mem::replace(&mut self.error, AppError::invalid());
        self.error = error.field(pointer, code, text);
    }
    pub(super) fn problem(&mut self, pointer: &str, p: &Problem) {
        let error = std::mem::replace(&mut self.error, AppError::invalid());
        self.error = fault(error, pointer, p.code, &p.args);
    }
    pub(super) fn missing(&mut self, pointer: &str) {
        self.add(pointer, "missing", "api-field-missing");
    }

    /// What is longer than the document allows is refused before anything is made of it.
    fn lengths(&mut self, sent: &SentDeclaration) {
        let owned = |pointer: &str| pointer.to_owned();
        let mut texts = vec![
            (owned("/declarant/name"), Some(&sent.declarant.name), 50),
            (owned("/declarant/doc_no"), Some(&sent.declarant.doc_no), 40),
            (owned("/address"), sent.address.as_ref(), 120),
            (owned("/value"), sent.value.as_ref(), 120),
            (owned("/tenant"), sent.tenant.as_ref(), 50),
        ];
        let people = sent.people.iter().take(MEMBERS_MAX).enumerate().map(|(n, p)| (format!("/people/{n}"), p));
        for (at, person) in sent.person.iter().map(|p| (owned("/person"), p)).chain(people) {
            texts.push((format!("{at}/name"), Some(&person.name), 50));
            texts.push((format!("{at}/doc_no"), Some(&person.doc_no), 40));
            texts.push((format!("{at}/phone"), person.phone.as_ref(), 20));
        }
        if let Some(other) = &sent.other {
            texts.push((owned("/other/name"), Some(&other.name), 50));
            texts.push((owned("/other/doc_no"), Some(&other.doc_no), 40));
        }
        for (pointer, text, most) in texts {
            if text.is_some_and(|t| t.chars().count() > most) {
                self.add(&pointer, "length", "api-field-length");
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

    async fn asked(&mut self, sent: &SentDeclaration) -> Result<Option<Asked>> {
        self.superfluous(sent);
        Ok(match sent.kind {
            SentKind::Move => self.moves(sent).await?.map(Asked::Content),
            SentKind::MoveOut => self.day(sent).map(|day| Asked::Content(Content::MoveOut { day })),
            SentKind::MoveIn => self.person(sent)?.map(|new| Asked::Joins(Box::new(new))),
            SentKind::Change => self.fact(sent, Field::CHANGES).await?.map(Asked::Content),
            SentKind::Correction => self.fact(sent, Field::CORRECTIONS).await?.map(Asked::Content),
            SentKind::Deletion => {
                let field = self.field(sent, Field::DELETIONS)?;
                field.map(|field| Asked::Content(Content::Without { field: field.code().into() }))
            }
            SentKind::MoveAlong | SentKind::LeaveAlong | SentKind::ChildCorrection => {
                self.for_other(sent).await?.map(Asked::ForOther)
            }
            _ => self.of_home(sent).await?.map(Asked::OfHome),
        })
    }

    /// A move to another home.
    pub(super) async fn moves(&mut self, sent: &SentDeclaration) -> Result<Option<Content>> {
        let (day, home) = (self.day(sent), self.home("/address", sent.address.as_deref()).await?);
        Ok(day.zip(home).map(|(day, (home, address))| Content::Move { home, address, day }))
    }

    /// What belongs to another kind of declaration is refused rather than dropped: somebody meant something by it.
    fn superfluous(&mut self, sent: &SentDeclaration) {
        use SentKind::*;
        let of_home = matches!(sent.kind, Newcomer | TenantIn | TenantOut | TenancyStart | TenancyEnd);
        let moves = of_home || matches!(sent.kind, Move | MoveIn | MoveOut | MoveAlong | LeaveAlong);
        let corrects = matches!(sent.kind, Correction | ChildCorrection);
        let facts = corrects || matches!(sent.kind, Change | Deletion);
        let of_address = corrects && sent.fact == Some(SentFact::Address);
        let for_other = matches!(sent.kind, MoveAlong | LeaveAlong | ChildCorrection);
        for (pointer, there, belongs) in [
            ("/day", sent.day.is_some(), moves),
            ("/address", sent.address.is_some(), of_home || matches!(sent.kind, Move | MoveAlong) || of_address),
            ("/fact", sent.fact.is_some(), facts),
            ("/value", sent.value.is_some(), (corrects || sent.kind == Change) && !of_address),
            ("/doc_kind", sent.doc_kind.is_some(), facts && sent.fact == Some(SentFact::Document)),
            ("/person", sent.person.is_some(), sent.kind == MoveIn),
            ("/other", sent.other.is_some(), for_other),
            ("/people", !sent.people.is_empty(), matches!(sent.kind, Newcomer | TenantIn)),
            ("/tenant", sent.tenant.is_some(), sent.kind == TenantOut),
        ] {
            if there && !belongs {
                self.add(pointer, "superfluous", "api-field-superfluous");
            }
        }
    }

    pub(super) fn day(&mut self, sent: &SentDeclaration) -> Option<Day> {
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

    pub(super) async fn fact(&mut self, sent: &SentDeclaration, offered: &[Field]) -> Result<Option<Content>> {
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
        // The home is put in from the declarant's record when it is filed.
        let new = self.one("/person", person)?;
        Ok(new.zip(since).map(|(new, day)| Newcomer { day, ..new }))
    }
}
