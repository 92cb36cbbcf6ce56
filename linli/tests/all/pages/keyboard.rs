//! The tabulator through a page: every control in order, the focus always to be seen, the way past the menu first.

use std::collections::BTreeSet;

use serde_json::Value;

use super::walk::Place;
use crate::all::journeys::browser::Browser;

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

/// Notes what receives the focus and whether that shows; begins before the page's first control.
const BEGIN: &str = r#"
window.scrollTo(0, 0);
const seen = e => e.checkVisibility({ visibilityProperty: true });
const shows = e => { const s = getComputedStyle(e); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'; };
// A control drawn by its label shows the focus there.
const drawn = e => [e, e.closest('label'), e.id && document.querySelector(`label[for="${e.id}"]`)].filter(Boolean);
const named = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} ${(e.getAttribute('href') || e.name || e.textContent.trim()).slice(0, 40)}`;
const radios = new Set();
window.linliControls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')].filter(e => {
  if (e.disabled || e.tabIndex < 0 || !seen(e) || e.closest('.leaflet-container') || e.closest('[inert]')) return false;
  if (e.type !== 'radio') return true;
  const group = `${e.form ? [...document.forms].indexOf(e.form) : ''} ${e.name}`;
  const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]:checked`);
  if (chosen && chosen.form === e.form) return e === chosen;
  return !radios.has(group) && radios.add(group);
});
window.linliWalk = [];
// Begun anew on the same page, it listens once.
if (!window.linliListens) document.addEventListener('focusin', e => {
  const at = window.linliControls.indexOf(e.target);
  window.linliWalk.push({ at, what: named(e.target), shown: drawn(e.target).some(shows), skip: e.target.matches('.skip') });
});
window.linliListens = true;
document.activeElement?.blur?.();
const start = Object.assign(document.createElement('span'), { tabIndex: -1 });
document.body.prepend(start);
start.focus();
start.remove();
window.linliWalk.length = 0;
// Parts of a day or a time are stops of their own, and so is what a map draws.
return window.linliControls.length + document.querySelectorAll('.leaflet-container, .leaflet-container a, .leaflet-interactive').length + 5 * document.querySelectorAll('input[type=date], input[type=month], input[type=datetime-local], input[type=time]').length + 12;
"#;

const END: &str = r#"
const walk = window.linliWalk, controls = window.linliControls;
const wrong = [];
const name = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} ${(e.getAttribute('href') || e.name || e.textContent.trim()).slice(0, 40)}`;
if (controls.length && !walk.some(w => w.skip)) wrong.push('no way past the menu');
if (walk.length && !walk[0].skip) wrong.push(`the first stop is ${walk[0].what}, not the way past the menu`);
const reached = new Set(walk.map(w => w.at));
controls.forEach((e, n) => { if (!reached.has(n)) wrong.push(`not reached: ${name(e)}`); });
let last = -1;
for (const stop of walk) {
  if (stop.at < 0) continue;
  // Behind the last control it begins anew.
  if (stop.at === 0 && last >= 0) break;
  if (stop.at < last) wrong.push(`out of order: ${stop.what}`);
  last = stop.at;
}
for (const stop of new Map(walk.map(w => [w.what, w])).values()) if (!stop.shown) wrong.push(`the focus does not show: ${stop.what}`);
return wrong.slice(0, 8);
"#;

/// Which group of the menu stands open.
const OPEN_GROUP: &str = "return document.querySelector('#menu details[open] summary')?.textContent ?? ''";
/// Takes the menu, and a table's further rows, out of the tabulator's way.
const WITHOUT_MENU: &str = "const menu = document.getElementById('menu'); if (menu) menu.inert = true;";
const FIRST_ROWS: &str = "document.querySelectorAll('tbody tr:nth-child(n+7)').forEach(row => row.inert = true);";

/// Menus that were walked through already: whose, with which group open.
pub type Menus = BTreeSet<(String, String)>;

/// Leaves out what would be walked again: a menu that is known, and rows that are like the first six.
pub async fn shorten(b: &Browser, place: &Place, walked: &mut Menus) {
    let open = b.script(OPEN_GROUP).await.as_str().unwrap_or_default().to_owned();
    if !walked.insert((place.who.clone(), open)) {
        b.script(WITHOUT_MENU).await;
    }
    b.script(FIRST_ROWS).await;
}

/// What is wrong for somebody who has no mouse.
pub async fn findings(b: &Browser, place: &Place) -> Vec<String> {
    let mut wrong = Vec::new();
    b.script(BEGIN).await;
    b.keys(&format!("{TAB}{ENTER}")).await;
    if b.script("return document.activeElement.id").await != "main" {
        wrong.push("the way past the menu does not lead to the page's main part".to_owned());
    }
    let stops = b.script(BEGIN).await.as_u64().unwrap_or(0);
    b.keys(&TAB.repeat(usize::try_from(stops.min(3_000)).unwrap_or(3_000))).await;
    wrong.extend(texts(&b.script(END).await));
    wrong.into_iter().map(|w| format!("{} {} ({}): {w}", place.who, place.route, place.path)).collect()
}

pub fn texts(said: &Value) -> Vec<String> {
    said.as_array().into_iter().flatten().filter_map(|l| l.as_str().map(str::to_owned)).collect()
}
