//! Committees and their aliases.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    committee::{CommitteeKind, Committees, Group, Known, Resolved, fold},
    ids::CommitteeId,
};

/// A committee (村居).
#[derive(Debug, Clone, FromQueryResult)]
pub struct Committee {
    /// Statistical division code, 12 digits.
    pub committee_code: String,
    /// Its id as the subject of events.
    pub committee_id: CommitteeId,
    /// Short name, as the scheme has it.
    pub name: String,
    /// Name in the statistical table.
    pub official_name: String,
    /// `village` or `residents`.
    pub kind: String,
    /// Assessment group, `A`–`D`.
    pub group_code: String,
    /// Community police team area (社区警务队), if told.
    pub police_area: Option<String>,
    /// Version.
    pub version: i64,
}

/// A committee about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommittee {
    /// Statistical division code, 12 digits.
    pub code: String,
    /// Short name.
    pub name: String,
    /// Official name.
    pub official_name: String,
    /// Village's or residents'.
    pub kind: CommitteeKind,
    /// Assessment group.
    pub group: Group,
    /// Police team area; without one, the present one stays.
    pub police_area: Option<String>,
    /// Other ways of writing the name.
    pub aliases: Vec<String>,
}

const COLUMNS: &str = "committee_code, committee_id, name, official_name, kind, group_code, police_area, version";

/// All committees, by group and code.
pub async fn all(q: &impl Query) -> Result<Vec<Committee>> {
    let sql = format!("SELECT {COLUMNS} FROM committee WHERE division_code = $1 ORDER BY group_code, committee_code");
    q.rows(&sql, vals![q.division()]).await
}

/// The committees' names by code: for lists that read no written names.
pub async fn names(q: &impl Query) -> Result<HashMap<String, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        name: String,
    }
    let sql = "SELECT committee_code, name FROM committee WHERE division_code = $1";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    Ok(rows.into_iter().map(|r| (r.committee_code, r.name)).collect())
}

/// One committee.
pub async fn find(q: &impl Query, code: &str) -> Result<Committee> {
    let sql = format!("SELECT {COLUMNS} FROM committee WHERE division_code = $1 AND committee_code = $2");
    q.row(&sql, vals![q.division(), code]).await?.ok_or_else(AppError::not_found)
}

#[derive(FromQueryResult)]
struct Alias {
    alias: String,
    committee_code: String,
}

/// Aliases by committee code.
pub async fn aliases(q: &impl Query) -> Result<HashMap<String, Vec<String>>> {
    let sql = "SELECT alias, committee_code FROM committee_alias WHERE division_code = $1 ORDER BY alias_key";
    let mut by_code: HashMap<String, Vec<String>> = HashMap::new();
    for row in q.rows::<Alias>(sql, vals![q.division()]).await? {
        by_code.entry(row.committee_code).or_default().push(row.alias);
    }
    Ok(by_code)
}

/// Everything that reading names in tables needs.
pub async fn load(q: &impl Query) -> Result<Committees> {
    let mut aliases = aliases(q).await?;
    let known = all(q).await?.into_iter().map(|c| Known {
        aliases: aliases.remove(&c.committee_code).unwrap_or_default(),
        kind: CommitteeKind::read(&c.kind, &c.name),
        code: c.committee_code,
        name: c.name,
        official_name: c.official_name,
    });
    Ok(Committees::new(known.collect()))
}

/// Writes committees: new ones are added, known codes changed; aliases are added, none is taken away.
/// Returns how many committees are new or changed.
///
/// # Errors
/// `committee-alias-taken` if an alias or name belongs to another committee.
pub async fn write(tx: &Tx, committees: &[NewCommittee]) -> Result<u64> {
    let present: HashMap<String, Committee> =
        all(tx).await?.into_iter().map(|c| (c.committee_code.clone(), c)).collect();
    let mut written = 0;
    for new in committees {
        let police_area = new.police_area.clone();
        let same = |c: &&Committee| {
            c.name == new.name
                && c.official_name == new.official_name
                && c.group_code == new.group.code()
                && c.kind == new.kind.code()
                && (police_area.is_none() || c.police_area == police_area)
        };
        match present.get(&new.code) {
            Some(was) if same(&was) => {}
            Some(was) => {
                change(tx, was, new).await?;
                written += 1;
            }
            None => {
                insert(tx, new).await?;
                written += 1;
            }
        }
        for alias in &new.aliases {
            add_alias(tx, &new.code, alias).await?;
        }
    }
    Ok(written)
}

async fn insert(tx: &Tx, new: &NewCommittee) -> Result<()> {
    let id: CommitteeId = tx.new_id();
    tx.insert_many(
        "committee",
        &[
            "division_code",
            "committee_code",
            "committee_id",
            "name",
            "official_name",
            "kind",
            "group_code",
            "police_area",
            "version",
        ],
        vec![vals![
            tx.division(),
            new.code.as_str(),
            id,
            new.name.as_str(),
            new.official_name.as_str(),
            new.kind.code(),
            new.group.code(),
            new.police_area.clone(),
            1_i64
        ]],
    )
    .await?;
    let event = NewEvent::new("committee.added", SubjectRef::new("committee", id, None));
    tx.event(event.body(json!({ "code": new.code, "group": new.group.code() }))).await?;
    Ok(())
}

async fn change(tx: &Tx, was: &Committee, new: &NewCommittee) -> Result<()> {
    tx.execute_one(
        "UPDATE committee SET name = $3, official_name = $4, kind = $5, group_code = $6, police_area = $7,
         version = version + 1 WHERE division_code = $1 AND committee_code = $2 AND version = $8",
        vals![
            tx.division(),
            new.code.as_str(),
            new.name.as_str(),
            new.official_name.as_str(),
            new.kind.code(),
            new.group.code(),
            new.police_area.clone().or_else(|| was.police_area.clone()),
            was.version
        ],
    )
    .await?;
    let event = NewEvent::new("committee.changed", SubjectRef::new("committee", was.committee_id, None));
    tx.event(event.version(was.version + 1).body(json!({ "code": new.code, "group": new.group.code() }))).await?;
    Ok(())
}

/// Adds an alias; one that the committee has already changes nothing. `true` if it is new.
///
/// # Errors
/// `committee-alias-empty`, `committee-alias-long`; `committee-alias-taken` if it stands for another committee.
pub async fn add_alias(tx: &Tx, code: &str, alias: &str) -> Result<bool> {
    let committee = find(tx, code).await?;
    let (alias, key) = (alias.trim(), fold(alias));
    if key.is_empty() {
        return Err(AppError::rule("committee-alias-empty"));
    }
    if alias.chars().count() > crate::boundary::read::MAX_TEXT_CHARS {
        return Err(AppError::rule("committee-alias-long"));
    }
    if let Resolved::Exact(other) = load(tx).await?.resolve(alias) {
        return taken(code, &other);
    }
    let sql = "SELECT alias, committee_code FROM committee_alias WHERE division_code = $1 AND alias_key = $2";
    if let Some(present) = tx.row::<Alias>(sql, vals![tx.division(), key.as_str()]).await? {
        return taken(code, &present.committee_code);
    }
    tx.insert_many(
        "committee_alias",
        &["division_code", "alias_key", "alias", "committee_code"],
        vec![vals![tx.division(), key, alias, code]],
    )
    .await?;
    let event = NewEvent::new("committee-alias.added", SubjectRef::new("committee", committee.committee_id, None));
    tx.event(event.body(json!({ "alias": alias }))).await?;
    Ok(true)
}

fn taken(code: &str, other: &str) -> Result<bool> {
    if other == code { Ok(false) } else { Err(AppError::rule("committee-alias-taken").arg("code", other)) }
}

/// Removes an alias.
pub async fn remove_alias(tx: &Tx, code: &str, alias: &str) -> Result<()> {
    let committee = find(tx, code).await?;
    tx.execute_one(
        "DELETE FROM committee_alias WHERE division_code = $1 AND alias_key = $2 AND committee_code = $3",
        vals![tx.division(), fold(alias), code],
    )
    .await?;
    let event = NewEvent::new("committee-alias.removed", SubjectRef::new("committee", committee.committee_id, None));
    tx.event(event.body(json!({ "alias": alias.trim() }))).await?;
    Ok(())
}
