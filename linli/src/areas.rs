//! The list of areas, from the ground up.

use std::sync::Arc;

use linli_platform::{
    Result,
    app::App,
    area::Area,
    store::{self, Migration},
    texts::{Lang, T, TextError, Texts},
    web,
};

/// Every area but the platform's own, which are always there.
pub fn areas() -> Vec<Area> {
    vec![
        own(),
        linli_signin::area(),
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
        linli_rosters::area(),
        linli_orders::area(),
        linli_declarations::area(),
        linli_volunteers::area(),
        linli_scenes::area(),
        linli_surveys::area(),
        linli_shifts::area(),
        linli_supervision::area(),
        linli_meetings::area(),
        linli_assessment::area(),
        linli_overview::area(),
    ]
}

/// What the command line itself says, and the papers that tell of all areas.
fn own() -> Area {
    Area {
        name: "linli",
        routes: crate::privacy::routes(),
        nav: crate::privacy::nav(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        ..Area::default()
    }
}

/// Every migration, in the order of floors.
pub fn migrations() -> Vec<Migration> {
    let mut all = store::migrations();
    let own = web::own_areas();
    let given = own.into_iter().chain(areas()).flat_map(|a| a.migrations);
    for migration in given {
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
    Ok(T::new(Arc::new(Texts::new(&sources)?), lang))
}

/// Makes areas known to each other where one floor asks another through a trait.
pub fn introduce(app: &App) {
    linli_territory::Premises::register(app, Arc::new(linli_work::WorkPremises));
}

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
