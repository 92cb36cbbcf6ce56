//! The list of areas, from the ground up.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::{AccountScope, App, ScopeSource},
    area::Area,
    clock::Day,
    ids::AccountId,
    store::{self, Migration, Query as _, Store},
    texts::{Lang, T, TextError, Texts},
    vals, web,
};
use sea_orm::FromQueryResult;

/// Every area but the platform's own, which are always there.
pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), own()]
}

/// What the command line itself says.
fn own() -> Area {
    Area {
        name: "linli",
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        ..Area::default()
    }
}

/// Every migration, in the order of floors.
pub fn migrations() -> Vec<Migration> {
    let mut all = store::migrations();
    let own = web::own_areas();
    let given = own.into_iter().chain(areas()).flat_map(|a| a.migrations);
    // The register gives its tables here until its pages stand.
    for migration in given.chain(linli_register::migrations()) {
        if !all.iter().any(|m| m.id == migration.id) {
            all.push(migration);
        }
    }
    all
}

/// The texts in one language, for what is said before an installation is open.
///
/// # Errors
/// If a text does not parse or a key stands twice: a fault of the program that its tests find.
pub fn texts(lang: Lang) -> Result<T, TextError> {
    let (own, areas) = (web::own_areas(), areas());
    let all = web::with_own(&own, &areas);
    let sources: Vec<_> = all.filter_map(|a| a.texts.map(|(zh, en)| (a.name, zh, en))).collect();
    Ok(T::new(std::sync::Arc::new(Texts::new(&sources)?), lang))
}

/// Who sees what, straight from the dated roles.
pub struct Scopes;

impl ScopeSource for Scopes {
    fn scope<'a>(&'a self, store: &'a Store, account: AccountId, day: Day) -> BoxFuture<'a, Result<AccountScope>> {
        #[derive(FromQueryResult)]
        struct Row {
            area_kind: String,
            area: String,
        }
        Box::pin(async move {
            let rows: Vec<Row> = store
                .reads()
                .rows(
                    "SELECT area_kind, area FROM account_role WHERE division_code = $1 AND account_id = $2
                     AND from_day <= $3 AND (until_day IS NULL OR until_day > $3)",
                    vals![store.division(), account, day],
                )
                .await?;
            let mut scope = AccountScope::default();
            for row in rows {
                match row.area_kind.as_str() {
                    "division" => scope.division = true,
                    "grid" => scope.grids.extend(row.area.parse::<linli_platform::ids::GridId>()),
                    "committee" => scope.committees.push(row.area),
                    "employer" => scope.employers.extend(row.area.parse::<uuid::Uuid>()),
                    _ => {}
                }
            }
            let grids = linli_territory::all_grids(&store.reads()).await?;
            let of_committees =
                grids.iter().filter(|g| scope.committees.contains(&g.committee_code)).map(|g| g.grid_id);
            scope.grids.extend(of_committees);
            Ok(scope)
        })
    }
}

/// Makes areas known to each other where one floor asks another through a trait.
pub fn introduce(_app: &App) {}

/// Fills what is kept in memory, so that the first search need not wait.
///
/// # Errors
/// Those of the store.
pub async fn warm_up(app: &App) -> Result<()> {
    linli_territory::GridIndex::rebuild(app).await?;
    linli_register::directory::directory(app).await?;
    linli_register::addresses::book(app).await?;
    Ok(())
}
