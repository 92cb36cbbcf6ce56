//! What other systems bring of homes: newcomers with their household (R12), and what landlords and agents declare of the
//! homes that they answer for (R13). Checked and filed as behind the entrances of the same people.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    store::{Query, Tx},
    texts::Lang,
};
use linli_register::{HomeId, addresses, homes, rules};

use super::{
    check::{Checked, Reading},
    sent::{Person, SentDeclaration, SentKind, SentSex},
};
use crate::{
    codes::{Channel, Door, Kind},
    content::{Content, GUARDED_UNDER_YEARS, Newcomer},
    door,
    ids::{DeclarationId, LiaisonId},
    letting::{self, Terms},
    newcomers::{self, MEMBERS_MAX},
    person::Identity,
};

/// A matter of the home at an address; which of several homes there it is, is seen when it is filed.
pub struct OfHome {
    homes: Vec<(HomeId, String)>,
    matter: Matter,
}

enum Matter {
    Household(Vec<Newcomer>),
    TenantOut { name: String, day: Day },
    Tenancy { starts: bool, day: Day },
}

impl std::fmt::Debug for OfHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OfHome(***)")
    }
}

impl OfHome {
    fn content(&self, home: HomeId, address: &str) -> Content {
        let address = address.to_owned();
        match &self.matter {
            Matter::Household(members) => {
                let members = members.iter().map(|m| Newcomer { home, ..m.clone() }).collect();
                Content::Household { address, members }
            }
            Matter::TenantOut { name, day } => Content::TenantOut { home, address, name: name.clone(), day: *day },
            Matter::Tenancy { starts, day } => Content::Tenancy { home, address, day: *day, starts: *starts },
        }
    }
}

impl Reading<'_> {
    /// What belongs to a matter of a home.
    pub(super) async fn of_home(&mut self, sent: &SentDeclaration) -> Result<Option<OfHome>> {
        let (day, homes) = (self.day(sent), self.homes(sent.address.as_deref()).await?);
        let matter = match sent.kind {
            SentKind::Newcomer | SentKind::TenantIn => self
                .people(sent)?
                .zip(day)
                .map(|(people, day)| Matter::Household(people.into_iter().map(|m| Newcomer { day, ..m }).collect())),
            SentKind::TenantOut => self.tenant(sent).zip(day).map(|(name, day)| Matter::TenantOut { name, day }),
            kind => day.map(|day| Matter::Tenancy { starts: kind == SentKind::TenancyStart, day }),
        };
        Ok(homes.zip(matter).map(|(homes, matter)| OfHome { homes, matter }))
    }

    /// The homes at a written address. Addresses are nobody's data; who lives there is not told.
    async fn homes(&mut self, text: Option<&str>) -> Result<Option<Vec<(HomeId, String)>>> {
        let Some(text) = text.filter(|t| !t.trim().is_empty()) else {
            self.missing("/address");
            return Ok(None);
        };
        let homes = match addresses::resolve(self.app, text).await?.door {
            Some(door) => homes::at_address(&self.app.store.reads(), &Reader::system(), door).await?,
            None => Vec::new(),
        };
        if homes.is_empty() {
            self.add("/address", "address-unknown", "declaration-address-unknown");
            return Ok(None);
        }
        Ok(Some(homes.into_iter().map(|h| (h.home_id, h.address_text)).collect()))
    }

    fn tenant(&mut self, sent: &SentDeclaration) -> Option<String> {
        let Some(name) = &sent.tenant else {
            self.missing("/tenant");
            return None;
        };
        rules::check_name(name).map_err(|p| self.problem("/tenant", &p)).ok()
    }

    fn people(&mut self, sent: &SentDeclaration) -> Result<Option<Vec<Newcomer>>> {
        if sent.people.is_empty() {
            self.missing("/people");
            return Ok(None);
        }
        if sent.people.len() > MEMBERS_MAX {
            self.add("/people", "length", "api-field-length");
            return Ok(None);
        }
        let mut all: Vec<Newcomer> = Vec::with_capacity(sent.people.len());
        for (n, person) in sent.people.iter().enumerate() {
            let Some(new) = self.one(&format!("/people/{n}"), person)? else { continue };
            if all.iter().any(|other| other.doc_no == new.doc_no) {
                self.add(&format!("/people/{n}/doc_no"), "household-twice", "household-twice");
            }
            all.push(new);
        }
        let declares = rules::check_number(sent.declarant.doc_kind.known()?, &sent.declarant.doc_no, true).ok();
        let first = all.first().zip(declares).is_none_or(|(first, who)| first.doc_no == who.number);
        if sent.kind == SentKind::Newcomer && !first {
            self.add("/people/0/doc_no", "declarant", "declaration-api-declarant");
        }
        // A child does not declare: its guardian does, in the own declaration.
        if sent.kind == SentKind::Newcomer && all.first().is_some_and(|first| first.guardian) {
            self.add("/people/0/guardian", "declarant-child", "newcomer-child");
        }
        Ok((all.len() == sent.people.len()).then_some(all))
    }

    /// Somebody who moves in; home and day are put in by the caller.
    pub(super) fn one(&mut self, at: &str, person: &Person) -> Result<Option<Newcomer>> {
        let birth = person.birth.as_deref().map(linli_register::api::day);
        if birth == Some(None) {
            self.add(&format!("{at}/birth"), "value", "api-field-value");
        }
        let doc_kind = person.doc_kind.known()?;
        let written = rules::Written {
            name: &person.name,
            doc_kind,
            doc_no: &person.doc_no,
            doc_confirmed: true,
            phone: person.phone.as_deref().unwrap_or_default(),
            sex: person.sex.map(SentSex::known).transpose()?,
            birth: birth.flatten().map(|day| day.0),
        };
        let today = self.app.store.clock().today();
        let (checked, problems) = rules::check(&written, today);
        for p in problems.iter().filter(|p| p.fatal) {
            self.problem(&format!("{at}/{}", p.field), p);
        }
        let Some(checked) = checked else { return Ok(None) };
        let child = checked.birth.is_some_and(|b| today.full_years_since(b) < GUARDED_UNDER_YEARS);
        if child && !person.guardian {
            self.add(&format!("{at}/guardian"), "guardian-missing", "declaration-guardian-missing");
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
            home: HomeId(uuid::Uuid::nil()),
            day: today,
            guardian: person.guardian && child,
        }))
    }
}

/// What the area says of a matter of a home; a client is not told it.
const STOPS: [&str; 2] = ["declaration-repeated", "declarations-too-many"];

/// Files it as a case of the home; the code of why not otherwise.
pub(super) async fn file(
    app: &App,
    tx: &Tx,
    checked: &Checked,
    of: &OfHome,
) -> Result<std::result::Result<DeclarationId, &'static str>> {
    let filed = match checked.kind {
        Kind::Newcomer => {
            let (home, address) = of.homes.first().ok_or_else(AppError::not_found)?;
            let blind = tx.store().keys().blind_index("doc", &checked.document.number);
            newcomers::file_for(app, tx, blind, &of.content(*home, address), Channel::Api).await
        }
        _ => match liaison(app, tx, checked).await? {
            Ok(liaison) => let_home(app, tx, checked, (of, liaison)).await?,
            Err(stopped) => return Ok(Err(stopped)),
        },
    };
    match filed {
        Ok(id) => Ok(Ok(id)),
        Err(e) if STOPS.contains(&e.code) => Ok(Err(e.code)),
        Err(e) if e.is("not-found") => Ok(Err("not-their-home")),
        Err(e) => Err(e),
    }
}

/// The liaison on file of whom name and number agree, if the terms of today were accepted.
async fn liaison(app: &App, tx: &Tx, checked: &Checked) -> Result<std::result::Result<letting::Liaison, &'static str>> {
    let who = Identity {
        name: checked.sent.declarant.name.clone(),
        doc_kind: checked.document.kind.code().to_owned(),
        doc_no: checked.document.number.clone(),
        phone: String::new(),
    };
    let docs = who.blinds(tx.store().keys());
    let known = door::on_file(tx, Door::Letting, &who, &docs).await?;
    let Some(id) = known.and_then(|k| k.subject) else { return Ok(Err("no-liaison")) };
    let Some(liaison) = letting::by_id(tx, LiaisonId(id)).await? else { return Ok(Err("no-liaison")) };
    match Terms::load(&app.data_dir, Lang::Zh).accepted_by(&liaison) {
        true => Ok(Ok(liaison)),
        false => Ok(Err("no-terms")),
    }
}

/// At the one of the homes that the liaison answers for.
async fn let_home(
    app: &App,
    tx: &Tx,
    checked: &Checked,
    (of, liaison): (&OfHome, letting::Liaison),
) -> Result<Result<DeclarationId>> {
    for (home, address) in &of.homes {
        match letting::find_home(tx, liaison.liaison_id, *home).await {
            Ok(_) => {
                let content = of.content(*home, address);
                return Ok(letting::file(app, tx, &liaison, (checked.kind, &content), Channel::Api).await);
            }
            Err(e) if e.is("not-found") => {}
            Err(e) => return Err(e),
        }
    }
    Ok(Err(AppError::not_found()))
}
