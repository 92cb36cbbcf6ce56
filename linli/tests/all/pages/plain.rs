//! A page as somebody sees it whose browser runs no scripts.

use serde_json::{Value, json};

use super::{keyboard::texts, walk::Place};
use crate::all::journeys::browser::Browser;

/// Where links and forms lead, whichever record is the newest; what scripts draw into maps is in the table beside them.
const WAYS: &str = "return [...document.querySelectorAll('a[href]')].filter(e => !e.closest('.leaflet-container')).map(e => e.pathname)
  .concat([...document.forms].map(f => `form ${f.action}`)).map(way => way.replace(/[0-9a-f-]{36}/g, 'ID'))";

const LOST: &str = r##"
const seen = e => e.checkVisibility({ visibilityProperty: true });
const say = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} ${e.outerHTML.slice(0, 110)}`;
const lost = [];
const all = css => [...document.querySelectorAll(css)];
if (!document.querySelector('main')?.textContent.trim()) lost.push('an empty page');
if (!document.querySelector('h1')?.textContent.trim()) lost.push('no heading');
all('button').filter(e => seen(e) && (e.type !== 'submit' || !e.form)).forEach(e => lost.push(`does nothing: ${say(e)}`));
all('a:not([href]), a[href="#"], a[href=""], a[href^="javascript:"]').filter(seen).forEach(e => lost.push(`leads nowhere: ${say(e)}`));
all('[hx-get], [hx-post], [hx-delete]').filter(e => !e.matches('a[href], form[action]') && !e.form && !e.closest('form'))
  .forEach(e => lost.push(`works by scripts alone: ${say(e)}`));
all('form').filter(f => [...f.elements].some(e => e.type !== 'hidden' && seen(e)) && ![...f.elements].some(e => ['submit', 'image'].includes(e.type)))
  .forEach(f => lost.push(`cannot be sent: ${say(f)}`));
// What tells of a passkey's ceremony, or of notices on the device, speaks while the script runs; without one the page
// says that it needs it.
all('[hidden]:not([data-passkey-says], [data-push] form) :is(a, button, input)').filter(e => e.type !== 'hidden').forEach(e => lost.push(`is never shown: ${say(e)}`));
// A chart or map says its figures in words beside it: in a table, a list of facts, or the sentence it stands in.
all('svg[role=img], canvas, [data-geojson]').filter(e => !e.closest('table, dl, .qr, td')).forEach(e => {
  const beside = e.closest('main').querySelector('table, dl');
  const said = e.matches('svg.rate, svg.ring') && e.parentElement.textContent.trim();
  if (!beside && !said) lost.push(`no table beside: ${say(e)}`);
});
return lost.slice(0, 8);
"##;

/// What is lost without scripts. Opens the page anew.
pub async fn findings(b: &Browser, place: &Place) -> Vec<String> {
    // The phone's work without a network needs scripts, and says so (R16).
    if place.route.starts_with("/field") {
        return Vec::new();
    }
    let ways = texts(&b.script(WAYS).await);
    switch(b, false).await;
    b.goto(&place.path).await;
    let mut lost = texts(&b.script(LOST).await);
    let left = texts(&b.script(WAYS).await);
    lost.extend(ways.iter().filter(|w| !left.contains(w)).map(|w| format!("is there with scripts alone: {w}")));
    switch(b, true).await;
    lost.into_iter().map(|l| format!("{} {} ({}): {l}", place.who, place.route, place.path)).collect()
}

async fn switch(b: &Browser, on: bool) {
    let said: Value = json!({ "value": !on });
    b.protocol("Emulation.setScriptExecutionDisabled", said).await;
}
