//! Premises that somebody looks after (看护房屋): the addresses of a grid that begin alike, such as those of one building.

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::ids::PlaceId;

/// The most homes that one place may have.
pub const MAX_HOMES: i64 = 600;
/// What the written form of a place may end with: a part of an address, not half of a number.
const ENDS: &str = "路街道弄号幢栋楼座村组室队苑坊园区里";

/// What the name of a sub-district or a town ends with.
const DIVISION_ENDS: [&str; 3] = ["街道", "镇", "乡"];

/// Premises that somebody looks after.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Place {
    /// Id.
    pub place_id: PlaceId,
    /// Who looks after them.
    pub account_id: AccountId,
    /// Their name.
    pub account_name: Option<String>,
    /// The grid they lie in.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// What their addresses begin with.
    pub prefix: String,
    /// Since when.
    pub from_day: Day,
    /// How many homes they have.
    pub homes: i64,
}

/// A home of a place, without anything of who lives there.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PlaceHome {
    /// The home.
    pub home_id: HomeId,
    /// Its address.
    pub text: String,
}

/// A volunteer of a grid, for the form.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Volunteer {
    /// The account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// Grid.
    pub grid_id: GridId,
}

/// Addresses that begin with a column's text.
fn begins(text: &str, prefix: &str) -> String {
    format!("SUBSTR({text}, 1, LENGTH({prefix})) = {prefix}")
}

fn select() -> String {
    let begins = begins("a.text", "p.prefix");
    format!(
        "SELECT p.place_id, p.account_id, o.display_name AS account_name, p.grid_id, g.name AS grid_name, p.prefix,
         p.from_day, (SELECT COUNT(*) FROM home h JOIN address a ON a.division_code = h.division_code
           AND a.address_id = h.address_id WHERE h.division_code = p.division_code AND h.grid_id = p.grid_id
           AND {begins}) AS homes
         FROM volunteer_place p
         LEFT JOIN account o ON o.division_code = p.division_code AND o.account_id = p.account_id
         LEFT JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id"
    )
}

/// The places of an account that it still looks after, in grids where the reader works.
pub async fn own(q: &impl Query, reader: &Reader) -> Result<Vec<Place>> {
    let mut values = vals![q.division(), reader.account];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let sql = format!(
        "{} WHERE p.division_code = $1 AND p.account_id = $2 AND p.until_day IS NULL AND {scope} ORDER BY p.prefix",
        select()
    );
    q.rows(&sql, values).await
}

/// All places in the reader's grids.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<Place>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let sql = format!(
        "{} WHERE p.division_code = $1 AND p.until_day IS NULL AND {scope} ORDER BY g.name, o.display_name, p.prefix",
        select()
    );
    q.rows(&sql, values).await
}

/// The homes of a place.
pub async fn homes(q: &impl Query, place: &Place) -> Result<Vec<PlaceHome>> {
    let sql = format!(
        "SELECT h.home_id, a.text FROM home h
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE h.division_code = $1 AND h.grid_id = $2 AND SUBSTR(a.text, 1, {}) = $3 ORDER BY a.text, h.home_id LIMIT {MAX_HOMES}",
        place.prefix.chars().count()
    );
    q.rows(&sql, vals![q.division(), place.grid_id, place.prefix.as_str()]).await
}

/// The volunteers of the reader's grids today.
pub async fn volunteers(q: &impl Query, reader: &Reader) -> Result<Vec<Volunteer>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        name: String,
        area: String,
    }
    let day = q.store().clock().today();
    let sql = "SELECT r.account_id, o.display_name AS name, r.area FROM account_role r
         JOIN account o ON o.division_code = r.division_code AND o.account_id = r.account_id
         WHERE r.division_code = $1 AND r.role = $2 AND r.area_kind = 'grid' AND r.from_day <= $3
           AND (r.until_day IS NULL OR r.until_day > $4) ORDER BY o.display_name, r.account_id";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), Role::Volunteer.code(), day, day]).await?;
    let of = |r: Row| Some(Volunteer { account_id: r.account_id, name: r.name, grid_id: r.area.parse().ok()? });
    let all = rows.into_iter().filter_map(of);
    Ok(all.filter(|v| reader.scope.contains(Some(v.grid_id))).collect())
}

/// Says that a volunteer looks after the premises of a grid whose addresses begin so.
///
/// # Errors
/// `volunteer-who` if nobody of that account is a volunteer there; `volunteer-place-text` where the text ends within a
/// part of an address; `volunteer-place-none` where no home, `volunteer-place-many` where too many begin so;
/// `volunteer-place-held` if it is said already.
pub async fn assign(tx: &Tx, account: AccountId, grid: GridId, prefix: &str) -> Result<PlaceId> {
    let known = volunteers(tx, tx.reader()).await?;
    if !known.iter().any(|v| v.account_id == account && v.grid_id == grid) {
        return Err(AppError::rule("volunteer-who"));
    }
    let prefix = prefix.trim();
    if !prefix.ends_with(|c| ENDS.contains(c)) {
        return Err(AppError::rule("volunteer-place-text"));
    }
    let prefix = &as_stored(tx, grid, prefix).await?;
    let homes = tx
        .number(
            &format!(
                "SELECT COUNT(*) FROM home h JOIN address a ON a.division_code = h.division_code
                 AND a.address_id = h.address_id WHERE h.division_code = $1 AND h.grid_id = $2
                 AND SUBSTR(a.text, 1, {}) = $3",
                prefix.chars().count()
            ),
            vals![tx.division(), grid, prefix.as_str()],
        )
        .await?;
    match homes {
        0 => return Err(AppError::rule("volunteer-place-none")),
        n if n > MAX_HOMES => return Err(AppError::rule("volunteer-place-many").arg("n", n).arg("max", MAX_HOMES)),
        _ => {}
    }
    let held = tx
        .number(
            "SELECT COUNT(*) FROM volunteer_place WHERE division_code = $1 AND account_id = $2 AND grid_id = $3
             AND prefix = $4 AND until_day IS NULL",
            vals![tx.division(), account, grid, prefix.as_str()],
        )
        .await?;
    if held > 0 {
        return Err(AppError::rule("volunteer-place-held"));
    }
    let id: PlaceId = tx.new_id();
    tx.insert_many(
        "volunteer_place",
        &["division_code", "place_id", "account_id", "grid_id", "prefix", "from_day", "made_by"],
        vec![vals![tx.division(), id, account, grid, prefix.as_str(), tx.now().day(), tx.reader().account]],
    )
    .await?;
    tx.event(NewEvent::new("volunteer.place-given", subject(id, grid)).body(json!({ "homes": homes }))).await?;
    Ok(id)
}

/// What standard addresses of the grid begin with where somebody left out city, district and sub-district, as people do.
async fn as_stored(q: &impl Query, grid: GridId, written: &str) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Row {
        text: String,
    }
    let sql = "SELECT a.text FROM address a WHERE a.division_code = $1 AND a.grid_id = $2 ORDER BY a.text";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), grid]).await?;
    let before = |row: &Row| {
        let (before, _) = row.text.split_once(written)?;
        let whole = before.is_empty() || DIVISION_ENDS.iter().any(|end| before.ends_with(*end));
        whole.then(|| before.to_owned())
    };
    Ok(format!("{}{written}", rows.iter().find_map(before).unwrap_or_default()))
}

/// Ends it from today on.
///
/// # Errors
/// `not-found` outside the scope; `stale-version` if it has ended.
pub async fn end(tx: &Tx, id: PlaceId) -> Result<()> {
    let place = find(tx, tx.reader(), id).await?;
    tx.execute_one(
        "UPDATE volunteer_place SET until_day = $3 WHERE division_code = $1 AND place_id = $2 AND until_day IS NULL",
        vals![tx.division(), id, tx.now().day()],
    )
    .await?;
    tx.event(NewEvent::new("volunteer.place-ended", subject(id, place.grid_id)).version(2)).await?;
    Ok(())
}

/// A place within the reader's scope that has not ended.
pub(crate) async fn find(q: &impl Query, reader: &Reader, id: PlaceId) -> Result<Place> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let sql =
        format!("{} WHERE p.division_code = $1 AND p.place_id = $2 AND p.until_day IS NULL AND {scope}", select());
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

fn subject(id: PlaceId, grid: GridId) -> SubjectRef {
    SubjectRef::new("volunteer-place", id, Some(grid))
}
