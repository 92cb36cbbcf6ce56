//! Somebody who is no resident to us: a newcomer, a landlord or agent, somebody appointed. Name, document and mobile,
//! checked by the register's own rules and sealed under the row's own key.

use cn_identity::DocumentKind;
use linli_platform::{
    key_rotation::Indexed,
    keys::{KeyRing, WrappedKey},
    sealed::{Bind, Sealed, SubjectKey},
};
use linli_register::rules::{self, Problem};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name, document and mobile in normal form. `Debug` is masked; it is stored sealed and nowhere else.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Its number.
    pub doc_no: String,
    /// Mobile, 11 digits.
    pub phone: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(***)")
    }
}

/// What was typed of it. No `Debug`: it holds personal values.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(crate) struct TypedIdentity {
    pub doc_kind: String,
    pub doc_no: String,
    pub name: String,
    pub phone: String,
}

impl Identity {
    /// Checks what was typed; every problem at its field. The mobile may be left out where one is on file.
    pub(crate) fn check(typed: &TypedIdentity, with_phone: bool) -> Result<(Identity, rules::Document), Vec<Problem>> {
        let kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
        let mut problems = Vec::new();
        let mut keep = |p: Problem| problems.push(p);
        let document = rules::check_number(kind, &typed.doc_no, true).map_err(&mut keep).ok();
        let name = rules::check_name(&typed.name).map_err(&mut keep).ok();
        let phone = match rules::check_phone(&typed.phone) {
            Ok(Some(phone)) => Some(phone.as_str().to_owned()),
            Ok(None) if !with_phone => Some(String::new()),
            Ok(None) => {
                keep(Problem::fatal("phone", "form-required"));
                None
            }
            Err(p) => {
                keep(p);
                None
            }
        };
        match (document, name, phone) {
            (Some(document), Some(name), Some(phone)) => {
                let (doc_kind, doc_no) = (kind.code().to_owned(), document.number.clone());
                Ok((Identity { name, doc_kind, doc_no, phone }, document))
            }
            _ => Err(problems),
        }
    }
    /// The blind index of the document.
    pub(crate) fn blind(&self, keys: &KeyRing) -> Vec<u8> {
        keys.blind_index("doc", &self.doc_no)
    }
    /// Every form in which that may be stored: two while the indexes' key is exchanged.
    pub(crate) fn blinds(&self, keys: &KeyRing) -> Vec<Vec<u8>> {
        keys.blind_forms("doc", &self.doc_no)
    }
    /// Name, number and mobile, masked.
    pub(crate) fn masked(&self) -> [String; 3] {
        let phone = rules::check_phone(&self.phone).ok().flatten().map_or_else(String::new, |p| p.masked());
        [cn_identity::mask::name(&self.name), cn_identity::mask::any_document(&self.doc_no), phone]
    }
    /// The values of [`COLUMNS`] in a table's row.
    pub(crate) fn values(&self, keys: &KeyRing, key: &SubjectKey, table: &'static str, row: Uuid) -> Vec<Value> {
        let seal = |column, text: &str| Value::from(key.seal(Bind { table, column, row }, text));
        let [name, doc, phone] = self.masked();
        vec![
            seal("name_sealed", &self.name),
            name.into(),
            self.doc_kind.as_str().into(),
            seal("doc_sealed", &self.doc_no),
            doc.into(),
            self.blind(keys).into(),
            seal("phone_sealed", &self.phone),
            phone.into(),
        ]
    }
}

/// Pushes the forms of a blind index and gives the condition that a column holds one of them.
pub(crate) fn is_one_of(column: &str, forms: &[Vec<u8>], values: &mut Vec<Value>) -> String {
    let first = values.len() + 1;
    values.extend(forms.iter().map(|form| Value::from(form.clone())));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    format!("{column} IN ({})", marks.join(", "))
}

/// The columns of a person in a table of the area.
pub(crate) const COLUMNS: [&str; 8] =
    ["name_sealed", "name_masked", "doc_kind", "doc_sealed", "doc_masked", "doc_blind", "phone_sealed", "phone_masked"];
/// What of them is found by a keyed index.
pub(crate) const INDEXED: &[Indexed] = &[Indexed { sealed: "doc_sealed", blind: "doc_blind", kind: "doc" }];
/// What of them is sealed.
pub(crate) const SEALED: &[&str] = &["name_sealed", "doc_sealed", "phone_sealed"];

/// A person on file as a machine compares what was typed at the entrance.
#[derive(FromQueryResult)]
pub(crate) struct OnFile {
    pub id: Uuid,
    pub doc_kind: String,
    pub name_sealed: Sealed,
    pub phone_sealed: Sealed,
    pub epoch: String,
    pub wrapped: WrappedKey,
}
