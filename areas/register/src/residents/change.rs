//! Changing facts of a record.

use cn_identity::DocumentKind;
use jiff::civil::Date;
use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};

use super::{bind, find, friendly, list::MaskedResident};
use crate::{
    codes::{CorrectionReason, Fact, SexCode},
    ids::{EmployerId, ResidentId},
    rules::{self, Problem},
    sql::Setting,
    told::Told,
};

/// What changes; what is `None` stays. `Debug` shows the fields, not the values.
#[derive(Clone, Default)]
pub struct Change {
    /// Name.
    pub name: Option<String>,
    /// Kind and number of the document, and whether it was compared with the card.
    pub doc: Option<(DocumentKind, String, bool)>,
    /// Mobile; an empty text takes it away.
    pub phone: Option<String>,
    /// Sex, where the number does not tell it.
    pub sex: Option<SexCode>,
    /// Birth date, where the number does not tell it.
    pub birth: Option<Date>,
    /// Household registration local or elsewhere.
    pub local: Option<bool>,
    /// Employer; `Some(None)` takes it away.
    pub employer: Option<Option<EmployerId>>,
}

impl Change {
    /// The fields it changes, as codes for the event.
    pub fn fields(&self) -> Vec<&'static str> {
        self.facts().into_iter().map(Fact::code).collect()
    }
    /// The facts it changes.
    pub fn facts(&self) -> Vec<Fact> {
        [
            (Fact::Name, self.name.is_some()),
            (Fact::Document, self.doc.is_some()),
            (Fact::Phone, self.phone.is_some()),
            (Fact::Sex, self.sex.is_some()),
            (Fact::Birth, self.birth.is_some()),
            (Fact::Local, self.local.is_some()),
            (Fact::Employer, self.employer.is_some()),
        ]
        .into_iter()
        .filter_map(|(fact, changed)| changed.then_some(fact))
        .collect()
    }
    /// Leaves a fact as the register has it.
    pub fn leave(&mut self, fact: Fact) {
        match fact {
            Fact::Name => self.name = None,
            Fact::Document => self.doc = None,
            Fact::Phone => self.phone = None,
            Fact::Sex => self.sex = None,
            Fact::Birth => self.birth = None,
            Fact::Local => self.local = None,
            Fact::Employer => self.employer = None,
            Fact::Residence => {}
        }
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({})", self.fields().join(", "))
    }
}

/// Changes a current record within the scope of the transaction's reader; the new version.
///
/// # Errors
/// `nothing-changed`, the first rule broken, `two-main-residences`, `already-cancelled`, `not-found`, `stale-version`.
pub async fn change(tx: &Tx, id: ResidentId, version: i64, change: Change, told: impl Into<Told>) -> Result<i64> {
    apply(tx, id, version, change, told.into(), None).await
}

/// Puts facts right that were wrong from the beginning (更正). It counts as no change of the month: nothing happened in
/// the world. Errors as [`change`].
pub async fn correct(
    tx: &Tx,
    id: ResidentId,
    version: i64,
    change: Change,
    reason: CorrectionReason,
    told: impl Into<Told>,
) -> Result<i64> {
    apply(tx, id, version, change, told.into(), Some(reason)).await
}

async fn apply(
    tx: &Tx,
    id: ResidentId,
    version: i64,
    change: Change,
    told: Told,
    correction: Option<CorrectionReason>,
) -> Result<i64> {
    let fields = change.fields();
    if fields.is_empty() {
        return Err(AppError::rule("nothing-changed"));
    }
    let row = find(tx, tx.reader(), id).await?;
    if row.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    if row.version != version {
        return Err(AppError::stale());
    }
    let mut setting = Setting::of(vals![tx.division(), id, version]);
    seal_person(tx, &row, &change, &mut setting).await?;
    if let Some(local) = change.local {
        setting.set("is_local", local);
    }
    if let Some(employer) = change.employer {
        setting.set("employer_id", employer);
    }
    setting.set("source", told.source.code());
    setting.set("seen_at", told.seen_at);
    setting.set("entered_at", told.entered_at.unwrap_or(tx.now()));
    setting.set("changed_at", tx.now());
    let sql = format!(
        "UPDATE resident SET {}, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'",
        setting.sql()
    );
    tx.execute_one(&sql, setting.values).await.map_err(|e| friendly(e, "two-main-residences"))?;
    let (kind, body) = event_of(told, &fields, correction);
    let event = NewEvent::new(kind, SubjectRef::new("resident", id, row.grid_id))
        .seen(told.seen_at)
        .version(version + 1)
        .body(body);
    tx.events_entered(vec![(event, told.entered_at.unwrap_or(tx.now()))]).await?;
    Ok(version + 1)
}

/// The event of a change, or of a correction with its reason.
pub(super) fn event_of(
    told: Told,
    fields: &[&'static str],
    correction: Option<CorrectionReason>,
) -> (&'static str, serde_json::Value) {
    fact_event(["resident.changed", "resident.corrected"], told, fields, correction)
}

/// The event of a change of some facts, or of their correction with its reason: kinds of the one and of the other.
pub(crate) fn fact_event(
    [changed, corrected]: [&'static str; 2],
    told: Told,
    fields: &[&'static str],
    correction: Option<CorrectionReason>,
) -> (&'static str, serde_json::Value) {
    let source = told.source.code();
    match correction {
        None => (changed, serde_json::json!({ "source": source, "fields": fields })),
        Some(reason) => (corrected, serde_json::json!({ "source": source, "fields": fields, "reason": reason.code() })),
    }
}

async fn seal_person(tx: &Tx, row: &MaskedResident, change: &Change, setting: &mut Setting) -> Result<()> {
    let id = row.resident_id;
    let key = tx.key_of(id.0).await?;
    let keys = tx.store().keys();
    if let Some(name) = &change.name {
        let name = rules::check_name(name).map_err(Problem::into_error)?;
        setting.set("name_sealed", key.seal(bind("name_sealed", id), &name));
        setting.set("name_masked", cn_identity::mask::name(&name));
    }
    if let Some(phone) = &change.phone {
        let phone = rules::check_phone(phone).map_err(Problem::into_error)?;
        setting.set("phone_sealed", phone.as_ref().map(|p| key.seal(bind("phone_sealed", id), p.as_str())));
        setting.set("phone_masked", phone.as_ref().map(|p| p.masked()));
        setting.set("phone_blind", phone.as_ref().map(|p| keys.blind_index("mobile", p.as_str())));
    }
    let (mut birth, mut sex) = (change.birth, change.sex);
    if let Some((kind, number, confirmed)) = &change.doc {
        let doc = rules::check_number(*kind, number, *confirmed).map_err(Problem::into_error)?;
        let blind = keys.blind_index("doc", &doc.number);
        refuse_known(tx, id, keys.blind_forms("doc", &doc.number)).await?;
        setting.set("doc_kind", doc.kind.code());
        setting.set("doc_sealed", key.seal(bind("doc_sealed", id), &doc.number));
        setting.set("doc_masked", doc.masked());
        setting.set("doc_blind", blind);
        birth = doc.birth.or(birth);
        sex = doc.sex.or(sex);
    }
    if birth.is_some_and(|b| b > tx.now().day().0) {
        return Err(AppError::rule("birth-future"));
    }
    if let Some(birth) = birth {
        setting.set("facts_sealed", key.seal(bind("facts_sealed", id), &super::register::facts(Some(birth))));
        setting.set("birth_year", i64::from(birth.year()));
    }
    if let Some(sex) = sex {
        setting.set("sex", sex.code());
    }
    Ok(())
}

async fn refuse_known(tx: &Tx, id: ResidentId, blinds: Vec<Vec<u8>>) -> Result<()> {
    let mut values = vals![tx.division(), id];
    let marks = crate::sql::marks(&mut values, blinds);
    let sql = format!(
        "SELECT COUNT(*) FROM resident
         WHERE division_code = $1 AND state = 'current' AND resident_id <> $2 AND doc_blind IN ({marks})"
    );
    let others = tx.number(&sql, values).await?;
    if others > 0 { Err(AppError::rule("two-main-residences")) } else { Ok(()) }
}
