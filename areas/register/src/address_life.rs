//! The life of a standard address (R6): a house that was found, one that got another number, one that is gone. Recorded as
//! found, by whoever found it; an old name goes on leading to the house.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    addresses::{self, AddressRow, NewAddress, match_key},
    codes::{AddressState, HomeKind},
    homes::{self, NewHome},
    ids::{AddressId, AddressNameId, HomeId},
    told::Told,
};

/// The longest address that is kept.
pub const MAX_CHARS: usize = 120;

/// A name that an address had.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OldName {
    /// The text.
    pub text: String,
    /// The day from which it had another.
    pub until_day: Day,
}

/// Checks an address that is written by hand.
fn checked(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.chars().count() {
        0 => return Err(AppError::rule("address-empty")),
        n if n > MAX_CHARS => return Err(AppError::rule("address-too-long").arg("max", MAX_CHARS)),
        _ => {}
    }
    free_text::check(text)?;
    Ok(text)
}

async fn refuse_known(tx: &Tx, key: &str) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM address WHERE division_code = $1 AND match_key = $2 AND state = 'current'";
    match tx.number(sql, vals![tx.division(), key]).await? {
        0 => Ok(()),
        _ => Err(AppError::rule("address-known")),
    }
}

/// Records a house that was found at an instant, with the home in it.
///
/// # Errors
/// `not-found` for a grid outside the scope, `address-empty`, `address-too-long`, `address-known`, `free-text-…`.
pub async fn add(tx: &Tx, new: NewAddress, kind: HomeKind, seen_at: At) -> Result<(AddressId, HomeId)> {
    if !tx.reader().scope.contains(new.grid_id) {
        return Err(AppError::not_found());
    }
    refuse_known(tx, &match_key(checked(&new.text)?)).await?;
    let source = new.source;
    let id = addresses::insert_seen(tx, vec![new], Some(seen_at)).await?.pop().ok_or_else(AppError::not_found)?;
    let home = NewHome { source, seen_at: Some(seen_at), ..NewHome::at(id, kind) };
    let home = homes::insert_many(tx, vec![home]).await?.pop().ok_or_else(AppError::not_found)?;
    Ok((id, home))
}

async fn current(tx: &Tx, id: AddressId, version: i64, state: AddressState) -> Result<AddressRow> {
    let row = addresses::find(tx, tx.reader(), id).await?;
    if row.version != version {
        return Err(AppError::stale());
    }
    if row.state == state.code() { Ok(row) } else { Err(AppError::rule("address-state")) }
}

fn event(kind: &'static str, row: &AddressRow, body: serde_json::Value) -> NewEvent {
    NewEvent::new(kind, SubjectRef::new("address", row.address_id, row.grid_id)).version(row.version + 1).body(body)
}

/// Gives a house its new number from a day on. It stays the same address, with its homes and people; the old name goes on
/// leading to it, unless another house has that name by now.
///
/// # Errors
/// `not-found`, `address-state` of a house that is gone, `address-known`, `address-empty`, `address-too-long`,
/// `free-text-…`, `since-future`, `stale-version`.
pub async fn renumber(tx: &Tx, id: AddressId, version: i64, text: &str, day: Day, told: impl Into<Told>) -> Result<()> {
    let told = told.into();
    let row = current(tx, id, version, AddressState::Current).await?;
    if day > tx.now().day() {
        return Err(AppError::rule("since-future"));
    }
    let text = checked(text)?;
    let (old, new) = (match_key(&row.text), match_key(text));
    // The same house written in another way is known, of course.
    if old != new {
        refuse_known(tx, &new).await?;
    } else if row.text == text {
        return Err(AppError::rule("nothing-changed"));
    }
    let name: AddressNameId = tx.new_id();
    tx.insert_many(
        "address_name",
        &["division_code", "name_id", "address_id", "text", "match_key", "until_day", "source", "entered_at"],
        vec![vals![tx.division(), name, id, row.text.as_str(), old, day, told.source.code(), tx.now()]],
    )
    .await?;
    tx.execute_one(
        "UPDATE address SET text = $4, match_key = $5, changed_at = $6, version = version + 1
         WHERE division_code = $1 AND address_id = $2 AND version = $3",
        vals![tx.division(), id, version, text, new, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "source": told.source.code(), "day": day });
    tx.event(event("address.renumbered", &row, body).seen(told.seen_at)).await?;
    Ok(())
}

async fn set(tx: &Tx, row: &AddressRow, state: AddressState) -> Result<()> {
    tx.execute_one(
        "UPDATE address SET state = $4, changed_at = $5, version = version + 1
         WHERE division_code = $1 AND address_id = $2 AND version = $3",
        vals![tx.division(), row.address_id, row.version, state.code(), tx.now()],
    )
    .await
}

/// Records that a house is gone. Its homes count no more.
///
/// # Errors
/// `address-lived-in` while people are registered there, argument `n`; they are moved or cancelled first, so that nobody
/// is lost with a house. `not-found`, `address-state`, `since-future`, `stale-version`.
pub async fn demolish(tx: &Tx, id: AddressId, version: i64, day: Day, told: impl Into<Told>) -> Result<()> {
    let told = told.into();
    let row = current(tx, id, version, AddressState::Current).await?;
    if day > tx.now().day() {
        return Err(AppError::rule("since-future"));
    }
    let lived_in = "SELECT COUNT(*) FROM resident r
        JOIN home h ON h.division_code = r.division_code AND h.home_id = r.home_id
        WHERE r.division_code = $1 AND h.address_id = $2 AND r.state = 'current'";
    let n = tx.number(lived_in, vals![tx.division(), id]).await?;
    if n > 0 {
        return Err(AppError::rule("address-lived-in").arg("n", n));
    }
    set(tx, &row, AddressState::Demolished).await?;
    let body = serde_json::json!({ "source": told.source.code(), "day": day });
    tx.event(event("address.demolished", &row, body).seen(told.seen_at)).await?;
    Ok(())
}

/// Records that a house stands after all.
///
/// # Errors
/// `not-found`, `address-state` of one that was never gone, `address-known` where another has its number by now,
/// `stale-version`.
pub async fn restore(tx: &Tx, id: AddressId, version: i64, told: impl Into<Told>) -> Result<()> {
    let told = told.into();
    let row = current(tx, id, version, AddressState::Demolished).await?;
    refuse_known(tx, &match_key(&row.text)).await?;
    set(tx, &row, AddressState::Current).await?;
    let body = serde_json::json!({ "source": told.source.code() });
    tx.event(event("address.restored", &row, body).seen(told.seen_at)).await?;
    Ok(())
}

/// The names that an address had, the last one first. The caller has found it within the scope.
pub async fn old_names(q: &impl Query, id: AddressId) -> Result<Vec<OldName>> {
    q.rows(
        "SELECT text, until_day FROM address_name WHERE division_code = $1 AND address_id = $2
         ORDER BY until_day DESC, entered_at DESC",
        vals![q.division(), id],
    )
    .await
}
