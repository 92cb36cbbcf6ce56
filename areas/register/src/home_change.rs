//! Changing the facts of a home (房屋变更, R8): type, tenancy, owner, landlord, agent. Each change says which facts, who
//! told them and when they were seen; a fact that was wrong from the beginning is put right instead.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    free_text,
    reader::Reader,
    sealed::{Bind, SubjectKey},
    store::{Query, Tx},
    vals,
};
use uuid::Uuid;

use crate::{
    codes::{CorrectionReason, HomeFact, HomeKind, Occupancy, Tenancy},
    facts_told::{self, FactTold},
    homes,
    ids::{EmployerId, HomeId},
    residents::fact_event,
    rules::{self, Problem},
    sql::Setting,
    told::Told,
};

/// How many people a home can take at most, as a form accepts it.
pub const MAX_PLACES: i64 = 10_000;

/// What changes; what is `None` stays, and an inner `None` takes it away. `Debug` shows the facts, not the values.
#[derive(Clone, Default)]
pub struct HomeChange {
    /// What kind of premises.
    pub kind: Option<HomeKind>,
    /// Who decides over it.
    pub tenancy: Option<Tenancy>,
    /// Whether somebody lives there.
    pub occupancy: Option<Occupancy>,
    /// How many people it takes at most, 0..=[`MAX_PLACES`].
    pub places: Option<Option<i64>>,
    /// Owner's name.
    pub owner: Option<Option<String>>,
    /// Landlord's or agent's contact name.
    pub landlord: Option<Option<String>>,
    /// Landlord's mobile.
    pub landlord_phone: Option<Option<String>>,
    /// The agency that lets it.
    pub agent: Option<Option<String>>,
    /// The employer that provides it.
    pub employer: Option<Option<EmployerId>>,
}

impl HomeChange {
    /// The facts it changes.
    pub fn facts(&self) -> Vec<HomeFact> {
        [
            (HomeFact::Kind, self.kind.is_some()),
            (HomeFact::Tenancy, self.tenancy.is_some()),
            (HomeFact::Occupancy, self.occupancy.is_some()),
            (HomeFact::Places, self.places.is_some()),
            (HomeFact::Owner, self.owner.is_some()),
            (HomeFact::Landlord, self.landlord.is_some()),
            (HomeFact::LandlordPhone, self.landlord_phone.is_some()),
            (HomeFact::Agent, self.agent.is_some()),
            (HomeFact::Employer, self.employer.is_some()),
        ]
        .into_iter()
        .filter_map(|(fact, changed)| changed.then_some(fact))
        .collect()
    }
    fn is_personal(&self) -> bool {
        [&self.owner, &self.landlord, &self.landlord_phone].iter().any(|text| matches!(text, Some(Some(_))))
    }
}

impl std::fmt::Debug for HomeChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let facts: Vec<&str> = self.facts().into_iter().map(HomeFact::code).collect();
        write!(f, "HomeChange({})", facts.join(", "))
    }
}

/// Changes a home within the scope of the transaction's reader, or puts it right where there is a reason; the new version.
///
/// # Errors
/// `nothing-changed`, the first rule broken (`name-empty`, `phone-length`, `home-places`, `free-text-…`), `not-found`,
/// `stale-version`.
pub async fn change(
    tx: &Tx,
    id: HomeId,
    version: i64,
    change: HomeChange,
    correction: Option<CorrectionReason>,
    told: impl Into<Told>,
) -> Result<i64> {
    let told = told.into();
    let fields: Vec<&'static str> = change.facts().into_iter().map(HomeFact::code).collect();
    if fields.is_empty() {
        return Err(AppError::rule("nothing-changed"));
    }
    let row = homes::find(tx, tx.reader(), id).await?;
    if row.version != version {
        return Err(AppError::stale());
    }
    let mut setting = Setting::of(vals![tx.division(), id, version]);
    premises(&change, &mut setting)?;
    people(tx, id, &change, &mut setting).await?;
    setting.set("source", told.source.code());
    setting.set("seen_at", told.seen_at);
    setting.set("entered_at", told.entered_at.unwrap_or(tx.now()));
    let sql = format!(
        "UPDATE home SET {}, version = version + 1 WHERE division_code = $1 AND home_id = $2 AND version = $3",
        setting.sql()
    );
    tx.execute_one(&sql, setting.values).await?;
    let (changed, body) = fact_event(["home.changed", "home.corrected"], told, &fields, correction);
    let event =
        NewEvent::new(changed, SubjectRef::new("home", id, row.grid_id)).seen(told.seen_at).version(version + 1);
    tx.events_entered(vec![(event.body(body), told.entered_at.unwrap_or(tx.now()))]).await?;
    Ok(version + 1)
}

fn premises(change: &HomeChange, setting: &mut Setting) -> Result<()> {
    if let Some(kind) = change.kind {
        setting.set("kind", kind.code());
    }
    if let Some(tenancy) = change.tenancy {
        setting.set("tenancy", tenancy.code());
    }
    if let Some(occupancy) = change.occupancy {
        setting.set("occupancy", occupancy.code());
    }
    if let Some(places) = change.places {
        if places.is_some_and(|n| !(0..=MAX_PLACES).contains(&n)) {
            return Err(AppError::rule("home-places").arg("max", MAX_PLACES));
        }
        setting.set("places", places);
    }
    if let Some(agent) = &change.agent {
        free_text::check_organisation(agent.as_deref().unwrap_or_default())?;
        setting.set("agent_name", agent.clone());
    }
    if let Some(employer) = change.employer {
        setting.set("employer_id", employer);
    }
    Ok(())
}

async fn people(tx: &Tx, id: HomeId, change: &HomeChange, setting: &mut Setting) -> Result<()> {
    let key = if change.is_personal() { Some(key_of(tx, id.0).await?) } else { None };
    let seal = |column: &'static str, text: &str| {
        key.as_ref().map(|key| key.seal(Bind { table: "home", column, row: id.0 }, text))
    };
    for (name, sealed, masked) in
        [(&change.owner, "owner_sealed", "owner_masked"), (&change.landlord, "landlord_sealed", "landlord_masked")]
    {
        let Some(name) = name else { continue };
        let name = match name {
            Some(written) => Some(rules::check_name(written).map_err(Problem::into_error)?),
            None => None,
        };
        setting.set(sealed, name.as_deref().and_then(|n| seal(sealed, n)));
        setting.set(masked, name.as_deref().map(cn_identity::mask::name));
    }
    if let Some(phone) = &change.landlord_phone {
        let phone = rules::check_phone(phone.as_deref().unwrap_or("")).map_err(Problem::into_error)?;
        let sealed = phone.as_ref().and_then(|p| seal("landlord_phone_sealed", p.as_str()));
        setting.set("landlord_phone_sealed", sealed);
        setting.set("landlord_phone_masked", phone.map(|p| p.masked()));
    }
    Ok(())
}

/// The key of a subject, which is made with its first personal value.
pub(crate) async fn key_of(tx: &Tx, subject: Uuid) -> Result<SubjectKey> {
    match tx.key_of(subject).await {
        Err(e) if e.is("not-found") => tx.create_keys(&[subject]).await?.pop().ok_or_else(AppError::not_found),
        found => found,
    }
}

const TOLD: facts_told::Told = facts_told::Told {
    added: "home.added",
    changed: "home.changed",
    corrected: "home.corrected",
    facts: || HomeFact::ALL.iter().map(|f| f.code()).collect(),
};

/// Where each fact of a home within the reader's scope comes from.
pub async fn provenance(q: &impl Query, reader: &Reader, id: HomeId) -> Result<Vec<FactTold>> {
    changed_since(q, reader, id, 0).await
}

/// The facts that somebody settled since a version of a home within the reader's scope.
pub async fn changed_since(q: &impl Query, reader: &Reader, id: HomeId, version: i64) -> Result<Vec<FactTold>> {
    homes::find(q, reader, id).await?;
    facts_told::since(q, TOLD, id.0, version).await
}
