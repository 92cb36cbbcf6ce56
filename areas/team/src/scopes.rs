//! What an account sees today: the areas of its roles, resolved to grids.
//!
//! Stand-ins are dated roles like any other. A signed confidentiality agreement comes before access (R3): without a
//! valid one, or once somebody has left, no role is in force and the scope is empty, whatever the roles say. The three administrators hold
//! nothing but their own role and read no registration, so they need none.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::{Action, Role},
    app::{AccountScope, ScopeSource},
    clock::Day,
    ids::{AccountId, GridId},
    reader::{Grant, Scope},
    store::{Query, Store},
    vals,
};
use sea_orm::FromQueryResult;

/// Answers from `account_role`, `staff`, `agreement` and `micro_grid`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TeamScopes;

#[derive(FromQueryResult)]
struct Held {
    role: String,
    area_kind: String,
    area: String,
}

#[derive(FromQueryResult)]
struct GridRow {
    grid_id: GridId,
    committee_code: String,
}

impl ScopeSource for TeamScopes {
    fn scope<'a>(&'a self, store: &'a Store, account: AccountId, day: Day) -> BoxFuture<'a, Result<AccountScope>> {
        Box::pin(scope(store, account, day))
    }
    fn grids_of<'a>(&'a self, store: &'a Store, committees: &'a [String]) -> BoxFuture<'a, Result<Vec<GridId>>> {
        Box::pin(async move {
            let codes: Vec<&str> = committees.iter().map(String::as_str).collect();
            Ok(grids_of(&store.reads(), &codes, store.clock().today()).await?.into_iter().map(|g| g.grid_id).collect())
        })
    }
}

async fn scope(store: &Store, account: AccountId, day: Day) -> Result<AccountScope> {
    let reads = store.reads();
    let held: Vec<Held> = reads
        .rows(
            "SELECT role, area_kind, area FROM account_role WHERE division_code = $1 AND account_id = $2
             AND from_day <= $3 AND (until_day IS NULL OR until_day > $3) ORDER BY account_role_id",
            vals![store.division(), account, day],
        )
        .await?;
    let administrator = held.iter().all(|h| Role::from_code(&h.role).is_some_and(Role::is_administrator));
    if held.is_empty() || !(administrator || has_agreement(&reads, account, day).await?) {
        return Ok(AccountScope::default());
    }
    let reads_register = |h: &Held| Role::from_code(&h.role).is_some_and(|r| r.allows(Action::RegisterRead));
    // Whoever reads the register in one grid does not read it everywhere because another role of theirs, such as an
    // assessor's, is held for the whole sub-district: then only the areas of the reading roles open grids.
    let any_reads = held.iter().any(reads_register);
    let opened: Vec<&str> = held
        .iter()
        .filter(|h| h.area_kind == "committee" && (!any_reads || reads_register(h)))
        .map(|h| h.area.as_str())
        .collect();
    let committees = grids_of(&reads, &opened, day).await?;
    let mut scope = AccountScope { agreed: true, ..AccountScope::default() };
    for h in &held {
        match h.area_kind.as_str() {
            "committee" => scope.committees.push(h.area.clone()),
            "employer" => scope.employers.extend(h.area.parse::<uuid::Uuid>()),
            _ => {}
        }
        let (Some(role), true) = (Role::from_code(&h.role), !any_reads || reads_register(h)) else { continue };
        let grids: Vec<GridId> = match h.area_kind.as_str() {
            "division" => {
                scope.division = true;
                scope.grants.push(Grant { role, scope: Scope::Division });
                continue;
            }
            "grid" => h.area.parse().into_iter().collect(),
            "committee" => committees.iter().filter(|g| g.committee_code == h.area).map(|g| g.grid_id).collect(),
            // An assignment opens single records, not an area.
            _ => Vec::new(),
        };
        scope.grids.extend(&grids);
        scope.grants.push(Grant { role, scope: Scope::Grids(grids) });
    }
    scope.committees.sort_unstable();
    scope.committees.dedup();
    scope.grids.sort_unstable();
    scope.grids.dedup();
    Ok(scope)
}

/// Whether the account belongs to somebody who worked on a day and had a valid agreement then.
async fn has_agreement(q: &impl Query, account: AccountId, day: Day) -> Result<bool> {
    let valid = q
        .number(
            "SELECT COUNT(*) FROM staff s
             JOIN agreement a ON a.division_code = s.division_code AND a.staff_id = s.staff_id
             WHERE s.division_code = $1 AND s.account_id = $2 AND (s.left_day IS NULL OR s.left_day > $3)
               AND a.signed_day <= $3 AND (a.ended_day IS NULL OR a.ended_day > $3)",
            vals![q.division(), account, day],
        )
        .await?;
    Ok(valid > 0)
}

/// The grids of committees on a day; one that was closed since counted on the days before.
async fn grids_of(q: &impl Query, committees: &[&str], day: Day) -> Result<Vec<GridRow>> {
    if committees.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vals![q.division(), day];
    values.extend(committees.iter().map(|c| (*c).into()));
    let marks: Vec<String> = (3..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT grid_id, committee_code FROM micro_grid
         WHERE division_code = $1 AND (until_day IS NULL OR until_day > $2) AND committee_code IN ({})",
        marks.join(", ")
    );
    q.rows(&sql, values).await
}
