//! The notice sign of a micro-grid (公示牌, R34, R36): who is responsible, the grid's outline, and the QR code by which
//! residents declare and see their own record. It is issued under a number, so that a false one can be told.

use linli_papers::{Body, NewPaper};
use linli_platform::{
    AppError, Result,
    app::App,
    ids::GridId,
    reader::Reader,
    texts::{Lang, T},
    wording::{Place, Slot, Template, Words},
};
use serde_json::{Value, json};

use crate::receipt::qr_svg;

/// The document of the policy pack that it is.
pub(crate) const KIND: &str = "notice-sign";
const LAYOUT: &str = include_str!("sign.typ");

const GRID: Place = Place::new("grid", "微网格", "micro-grid");
const COMMITTEE: Place = Place::new("committee", "村居", "committee");
const DIVISION: Place = Place::new("division", "街道", "sub-district");
const PLACES: &[Place] = &[GRID, COMMITTEE, DIVISION];

const fn slot(code: &'static str, zh: &'static str, en: &'static str, max_chars: usize) -> Slot {
    Slot { code, zh, en, places: PLACES, needed: &[], max_chars }
}

const SLOTS: &[Slot] = &[
    slot("title", "微网格公示牌", "Your micro-grid", 24),
    slot("place", "{街道} {村居}", "{sub-district} {committee}", 60),
    slot(
        "intro",
        "本微网格的居住登记和上门服务由以下人员负责：",
        "These people look after residence registration here and may call at your door:",
        160,
    ),
    slot("scan", "扫码申报居住登记，查看本人登记", "Scan to declare where you live and to see your record", 80),
    slot(
        "privacy",
        "不需要账号。只登记身份、居住和就业信息；谁看过您的登记，您自己可以查到。",
        "No account is needed. Only identity, residence and employment are registered; you can see who looked at it.",
        240,
    ),
    slot("emergency", "遇到紧急情况请拨打 110。", "In an emergency call 110.", 80),
];

/// The sign's sentences.
pub(crate) struct Sign;

impl Template for Sign {
    fn code(&self) -> &'static str {
        "notice-sign"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh, Lang::En]
    }
    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }
    fn sample(&self, app: &App, t: &T, words: &Words) -> Result<Vec<u8>> {
        let places = [app.pack.meta.division_name.as_str(), "甲村居", "甲村居第一微网格"];
        let team = ["grid-leader", "officer", "coordinator"]
            .map(|post| json!({ "post": t.code("post", post), "names": "样例" }));
        let mut data = said(t, words, places);
        data["team"] = json!(team);
        data["map"] = Value::Null;
        data["qr"] = json!(qr_svg("https://example.cn/me/at/SAMPLE")?);
        app.documents.pdf(LAYOUT, data)
    }
}

/// The sentences with their values: sub-district, committee, grid.
fn said(t: &T, words: &Words, [division, committee, grid]: [&str; 3]) -> Value {
    let values = [("division", division), ("committee", committee), ("grid", grid)];
    let mut data = json!({ "lang": words.lang.code()[..2], "grid": grid, "unnumbered": t.s("sign-unnumbered") });
    for slot in SLOTS {
        data[slot.code] = json!(words.say(slot.code, &values));
    }
    data
}

/// The sign of a grid as it would be issued now. `site` is how the site is reached, `https://host`.
///
/// # Errors
/// `not-found` for a grid outside the reader's scope.
pub async fn draft(app: &App, reader: &Reader, grid: GridId, lang: Lang, site: &str) -> Result<NewPaper> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let found = linli_territory::grids(&q, reader).await?.into_iter().find(|g| g.grid_id == grid);
    let found = found.ok_or_else(AppError::not_found)?;
    let committees = linli_territory::committee_names(&q).await?;
    let committee = committees.get(&found.committee_code).map_or("", String::as_str);
    let words = linli_papers::words(&q, &Sign, lang).await?;
    let t = T::new(app.texts.clone(), lang);
    let mut data = said(&t, &words, [&app.pack.meta.division_name, committee, &found.name]);
    let lines = linli_team::notice_sign(&q, reader, grid, today).await?;
    let line = |l: &linli_team::SignLine| json!({ "post": t.code("post", l.post.code()), "names": l.names.join("、") });
    data["team"] = lines.iter().map(line).collect();
    data["qr"] = json!(qr_svg(&format!("{site}/me/at/{}", found.code))?);
    data["map"] = Value::Null;
    if let Some(map) = linli_territory::sign_map(&q, grid, today).await? {
        data["map"] = json!(map.svg);
        data["bar"] = json!(map.bar_share);
        data["bar-text"] = json!(t.n("sign-bar", map.bar_m));
    }
    Ok(NewPaper {
        kind: KIND,
        subject: format!("{grid}/{}", lang.code()),
        title: format!("{}（{}）", words.say("title", &[]), found.name),
        grid: Some(grid),
        for_all: false,
        body: Body::Page(LAYOUT, data),
        wording: Some(words.name()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_original_sentence_passes_the_check_that_changes_of_it_must_pass() {
        for slot in SLOTS.iter().chain(crate::receipt::SLOTS) {
            for lang in [Lang::Zh, Lang::En] {
                let checked = linli_platform::wording::check(slot, lang, slot.original(lang));
                assert!(checked.is_ok(), "{} {lang:?}: {checked:?}", slot.code);
            }
        }
    }
}
