//! Changing the facts of an employer (单位变更, R9), closing one and opening it again. Each change says which facts, who
//! told them and when they were seen.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    reader::Reader,
    sealed::Bind,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::{CorrectionReason, EmployerFact, EmployerState},
    employers::{self, EmployerRow},
    facts_told::{self, FactTold},
    home_change::key_of,
    ids::{AddressId, EmployerId},
    residents::{fact_event, friendly},
    rules::{self, Problem},
    sql::Setting,
    told::Told,
};

/// The longest name of an employer.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest line of business, and the longest name of a site.
pub const MAX_WORD_CHARS: usize = 40;
/// The largest workforce that is believed.
pub const MAX_STAFF: i64 = 1_000_000;

/// What changes; what is `None` stays, and an inner `None` takes it away. `Debug` shows the facts, not the values.
#[derive(Clone, Default)]
pub struct EmployerChange {
    /// Unified social credit code.
    pub org_code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Line of business.
    pub business: Option<String>,
    /// Name of the site; empty where there is one alone.
    pub site: Option<String>,
    /// Where it is; the grid follows.
    pub address: Option<Option<AddressId>>,
    /// How many people it declares, 0..=[`MAX_STAFF`].
    pub staff: Option<i64>,
    /// Whether it has to send rosters.
    pub roster: Option<bool>,
    /// Liaison's name.
    pub liaison: Option<Option<String>>,
    /// Liaison's mobile.
    pub liaison_phone: Option<Option<String>>,
}

impl EmployerChange {
    /// The facts it changes.
    pub fn facts(&self) -> Vec<EmployerFact> {
        [
            (EmployerFact::OrgCode, self.org_code.is_some()),
            (EmployerFact::Name, self.name.is_some()),
            (EmployerFact::Business, self.business.is_some()),
            (EmployerFact::Site, self.site.is_some()),
            (EmployerFact::Address, self.address.is_some()),
            (EmployerFact::Staff, self.staff.is_some()),
            (EmployerFact::Roster, self.roster.is_some()),
            (EmployerFact::Liaison, self.liaison.is_some()),
            (EmployerFact::LiaisonPhone, self.liaison_phone.is_some()),
        ]
        .into_iter()
        .filter_map(|(fact, changed)| changed.then_some(fact))
        .collect()
    }
}

impl std::fmt::Debug for EmployerChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let facts: Vec<&str> = self.facts().into_iter().map(EmployerFact::code).collect();
        write!(f, "EmployerChange({})", facts.join(", "))
    }
}

/// Changes an employer within the scope of the transaction's reader, or puts it right where there is a reason; the new
/// version.
///
/// # Errors
/// `nothing-changed`, the first rule broken (`number-check`, `employer-name`, `free-text-…`, `phone-length` …),
/// `employer-known` where another has the code and site, `premises-elsewhere` for an address outside the scope,
/// `not-found`, `stale-version`.
pub async fn change(
    tx: &Tx,
    id: EmployerId,
    version: i64,
    change: EmployerChange,
    correction: Option<CorrectionReason>,
    told: impl Into<Told>,
) -> Result<i64> {
    let told = told.into();
    let fields: Vec<&'static str> = change.facts().into_iter().map(EmployerFact::code).collect();
    if fields.is_empty() {
        return Err(AppError::rule("nothing-changed"));
    }
    let row = of_scope(tx, id, version).await?;
    let mut setting = Setting::of(vals![tx.division(), id, version]);
    words(&change, &mut setting)?;
    let mut grid = row.grid_id;
    if let Some(address) = change.address {
        grid = grid_at(tx, address).await?;
        setting.set("address_id", address);
        setting.set("grid_id", grid);
    }
    liaison(tx, id, &change, &mut setting).await?;
    setting.set("source", told.source.code());
    setting.set("entered_at", told.entered_at.unwrap_or(tx.now()));
    let sql = format!(
        "UPDATE employer SET {}, version = version + 1
         WHERE division_code = $1 AND employer_id = $2 AND version = $3",
        setting.sql()
    );
    tx.execute_one(&sql, setting.values).await.map_err(|e| friendly(e, "employer-known"))?;
    let (kind, body) = fact_event(["employer.changed", "employer.corrected"], told, &fields, correction);
    let event = NewEvent::new(kind, SubjectRef::new("employer", id, grid)).seen(told.seen_at).version(version + 1);
    tx.events_entered(vec![(event.body(body), told.entered_at.unwrap_or(tx.now()))]).await?;
    Ok(version + 1)
}

/// An employer at a version, by the reader's grids alone: that a liaison answers for it gives no right to change it.
async fn of_scope(tx: &Tx, id: EmployerId, version: i64) -> Result<EmployerRow> {
    let reader = Reader { employers: Vec::new(), ..tx.reader().clone() };
    let row = employers::find(tx, &reader, id).await?;
    if row.version == version { Ok(row) } else { Err(AppError::stale()) }
}

fn word(text: &str, max: usize) -> Result<&str> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(AppError::rule("employer-word").arg("max", max));
    }
    free_text::check(text)?;
    Ok(text)
}

fn words(change: &EmployerChange, setting: &mut Setting) -> Result<()> {
    if let Some(code) = &change.org_code {
        setting.set("org_code", employers::check_org_code(code).map_err(Problem::into_error)?.as_str());
    }
    if let Some(name) = &change.name {
        setting.set("name", check_name(name)?);
    }
    if let Some(business) = &change.business {
        setting.set("business", word(business, MAX_WORD_CHARS)?);
    }
    if let Some(site) = &change.site {
        setting.set("site", word(site, MAX_WORD_CHARS)?);
    }
    if let Some(staff) = change.staff {
        if !(0..=MAX_STAFF).contains(&staff) {
            return Err(AppError::rule("employer-staff").arg("max", MAX_STAFF));
        }
        setting.set("staff_declared", staff);
    }
    if let Some(roster) = change.roster {
        setting.set("roster_duty", roster);
    }
    Ok(())
}

/// Checks an employer's name that is written by hand.
///
/// # Errors
/// `employer-name` where it is empty or too long, `free-text-number`.
pub fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(AppError::rule("employer-name"));
    }
    free_text::check_licensed_name(name)?;
    Ok(name)
}

/// The grid of an address that the reader may put premises at; none where there is no address.
///
/// # Errors
/// `premises-elsewhere` outside the scope.
pub async fn grid_at(tx: &Tx, address: Option<AddressId>) -> Result<Option<GridId>> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: Option<GridId>,
    }
    let grid = match address {
        Some(address) => {
            let sql = "SELECT grid_id FROM address WHERE division_code = $1 AND address_id = $2";
            let row: Option<Row> = tx.row(sql, vals![tx.division(), address]).await?;
            row.ok_or_else(AppError::not_found)?.grid_id
        }
        None => None,
    };
    if tx.reader().scope.contains(grid) { Ok(grid) } else { Err(AppError::rule("premises-elsewhere")) }
}

async fn liaison(tx: &Tx, id: EmployerId, change: &EmployerChange, setting: &mut Setting) -> Result<()> {
    let personal = [&change.liaison, &change.liaison_phone].iter().any(|text| matches!(text, Some(Some(_))));
    let key = if personal { Some(key_of(tx, id.0).await?) } else { None };
    let seal = |column: &'static str, text: &str| {
        key.as_ref().map(|key| key.seal(Bind { table: "employer", column, row: id.0 }, text))
    };
    if let Some(name) = &change.liaison {
        let name = match name {
            Some(written) => Some(rules::check_name(written).map_err(Problem::into_error)?),
            None => None,
        };
        setting.set("liaison_sealed", name.as_deref().and_then(|n| seal("liaison_sealed", n)));
        setting.set("liaison_masked", name.as_deref().map(cn_identity::mask::name));
    }
    if let Some(phone) = &change.liaison_phone {
        let phone = rules::check_phone(phone.as_deref().unwrap_or("")).map_err(Problem::into_error)?;
        let sealed = phone.as_ref().and_then(|p| seal("liaison_phone_sealed", p.as_str()));
        setting.set("liaison_phone_sealed", sealed);
        setting.set("liaison_phone_masked", phone.map(|p| p.masked()));
    }
    Ok(())
}

/// Records that an employer is gone, or that it is there again. Who is registered as working there stays so until
/// somebody changes it; the page says how many they are.
///
/// # Errors
/// `employer-state` where it is so already, `not-found`, `stale-version`.
pub async fn set_state(
    tx: &Tx,
    id: EmployerId,
    version: i64,
    state: EmployerState,
    told: impl Into<Told>,
) -> Result<()> {
    let told = told.into();
    let row = of_scope(tx, id, version).await?;
    if row.state == state.code() {
        return Err(AppError::rule("employer-state"));
    }
    tx.execute_one(
        "UPDATE employer SET state = $4, version = version + 1
         WHERE division_code = $1 AND employer_id = $2 AND version = $3",
        vals![tx.division(), id, version, state.code()],
    )
    .await?;
    let kind = match state {
        EmployerState::Closed => "employer.closed",
        EmployerState::Current => "employer.reopened",
    };
    let event = NewEvent::new(kind, SubjectRef::new("employer", id, row.grid_id)).seen(told.seen_at);
    tx.event(event.version(version + 1).body(serde_json::json!({ "source": told.source.code() }))).await?;
    Ok(())
}

const TOLD: facts_told::Told = facts_told::Told {
    added: "employer.added",
    changed: "employer.changed",
    corrected: "employer.corrected",
    facts: || EmployerFact::ALL.iter().map(|f| f.code()).collect(),
};

/// Where each fact of an employer within the reader's scope comes from.
pub async fn provenance(q: &impl Query, reader: &Reader, id: EmployerId) -> Result<Vec<FactTold>> {
    changed_since(q, reader, id, 0).await
}

/// The facts that somebody settled since a version of an employer within the reader's scope.
pub async fn changed_since(q: &impl Query, reader: &Reader, id: EmployerId, version: i64) -> Result<Vec<FactTold>> {
    employers::find(q, reader, id).await?;
    facts_told::since(q, TOLD, id.0, version).await
}
