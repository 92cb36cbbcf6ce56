//! Somebody new, as typed on a phone.

use std::collections::HashMap;

use cn_identity::DocumentKind;
use linli_platform::{
    Result,
    clock::Day,
    store::Query,
    texts::T,
    web::{FormErrors, optional},
};
use linli_register::{
    HomeId,
    codes::{SexCode, Source},
    employers,
    residents::NewResident,
    rules::{self, Written},
};

/// What was typed of one person. `Debug` is not derived: it is all personal.
#[derive(Clone, Default)]
pub(super) struct Newcomer {
    /// What its fields' names begin with: `n0-`, or nothing.
    pub prefix: String,
    pub name: String,
    pub doc_kind: String,
    pub doc_no: String,
    pub confirmed: String,
    pub phone: String,
    pub sex: String,
    pub birth: String,
    pub local: String,
    pub since: String,
    pub employer: String,
}

impl Newcomer {
    /// An empty form.
    pub fn empty(prefix: &str, today: Day) -> Self {
        Newcomer {
            prefix: prefix.to_owned(),
            doc_kind: DocumentKind::Resident.code().to_owned(),
            local: "elsewhere".to_owned(),
            since: today.to_string(),
            ..Newcomer::default()
        }
    }
    /// From the fields of a form.
    pub fn from_form(prefix: &str, form: &HashMap<String, String>) -> Self {
        let get = |name: &str| form.get(&format!("{prefix}{name}")).cloned().unwrap_or_default();
        Newcomer {
            prefix: prefix.to_owned(),
            name: get("name"),
            doc_kind: get("doc_kind"),
            doc_no: get("doc_no"),
            confirmed: get("confirmed"),
            phone: get("phone"),
            sex: get("sex"),
            birth: get("birth"),
            local: get("local"),
            since: get("since"),
            employer: get("employer"),
        }
    }
    /// The field's name in the form.
    pub fn field(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
    /// The field's value.
    pub fn value(&self, name: &str) -> &str {
        match name {
            "name" => &self.name,
            "doc_no" => &self.doc_no,
            "phone" => &self.phone,
            "birth" => &self.birth,
            "since" => &self.since,
            "employer" => &self.employer,
            _ => "",
        }
    }
    /// Whether nothing was typed, so that the block was opened and left.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.doc_no, &self.phone].into_iter().all(|v| v.trim().is_empty())
    }
    /// Checks all fields at once; `None` with messages at the fields where something is wrong. Warnings stop nobody.
    pub async fn check(
        &self,
        q: &impl Query,
        home: HomeId,
        errors: &mut FormErrors,
        t: &T,
    ) -> Result<Option<NewResident>> {
        let before = errors.summary().len();
        let today = q.store().clock().today();
        let kind = DocumentKind::ALL.into_iter().find(|k| k.code() == self.doc_kind).unwrap_or(DocumentKind::Resident);
        let birth: Option<Day> = optional(errors, &self.field("birth"), &self.birth);
        let since: Option<Day> = optional(errors, &self.field("since"), &self.since);
        errors.require(since.is_none_or(|d| d <= today), &self.field("since"), "error-since-future");
        let written = Written {
            name: &self.name,
            doc_kind: kind,
            doc_no: &self.doc_no,
            doc_confirmed: self.confirmed == "true",
            phone: &self.phone,
            sex: SexCode::from_code(&self.sex),
            birth: birth.map(|d| d.0),
        };
        for problem in rules::check(&written, today).1.into_iter().filter(|p| p.fatal) {
            let args: Vec<(&str, String)> = problem.args.clone();
            errors.add_text(&self.field(problem.field), t.all(format!("cell-{}", problem.code), &args));
        }
        let employer_id = match self.employer.trim() {
            "" => None,
            code => employers::find_by_code(q, code).await?,
        };
        let found = self.employer.trim().is_empty() || employer_id.is_some();
        errors.require(found, &self.field("employer"), "error-field-employer-unknown");
        let good = errors.summary().len() == before;
        Ok(good.then(|| NewResident {
            resident_id: None,
            name: self.name.clone(),
            doc_kind: kind,
            doc_no: self.doc_no.clone(),
            doc_confirmed: written.doc_confirmed,
            phone: (!self.phone.trim().is_empty()).then(|| self.phone.clone()),
            sex: written.sex,
            birth: written.birth,
            local: self.local == "local",
            home_id: home,
            employer_id,
            since_day: since.unwrap_or(today),
            source: Source::DoorVisit,
            seen_at: Some(q.store().now()),
            entered_at: None,
        }))
    }
}
