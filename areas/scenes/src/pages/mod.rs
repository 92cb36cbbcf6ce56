//! The pages: scenes and campaigns, each as list, form and single record.

mod publicity;
mod scenes;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
    texts::{Lang, T},
    web::{given, refused, version},
};
use policy_pack::Item;

pub(crate) fn routes() -> Vec<Route> {
    let (see, work, campaign) = (Action::TaskRead, Action::FieldWork, Action::Publicity);
    vec![
        Route::get("/scenes", see, scenes::list),
        Route::post("/scenes", work, scenes::open),
        Route::get("/scenes/new", work, scenes::new),
        Route::get("/scenes/{id}", see, scenes::show),
        Route::post("/scenes/{id}/passing", work, scenes::pass_on),
        Route::post("/scenes/{id}/closure", work, scenes::close),
        Route::get("/publicity", campaign, publicity::list),
        Route::post("/publicity", campaign, publicity::plan),
        Route::get("/publicity/new", campaign, publicity::new),
        Route::get("/publicity/{id}", campaign, publicity::show),
        Route::post("/publicity/{id}/record", campaign, publicity::record),
        Route::post("/publicity/{id}/removal", campaign, publicity::remove),
    ]
}

pub(crate) fn nav() -> Vec<NavItem> {
    let item = |order, key, href, action| NavItem { group: NavGroup::Cooperation, order, key, href, action };
    vec![item(30, "scenes", "/scenes", Action::TaskRead), item(50, "publicity", "/publicity", Action::Publicity)]
}

/// The name of something of the policy pack in the page's language.
pub(crate) fn named(t: &T, item: Option<&impl Item>, code: &str) -> String {
    match item {
        Some(item) if t.lang == Lang::En => item.name_en().to_owned(),
        Some(item) => item.name().to_owned(),
        None => code.to_owned(),
    }
}
