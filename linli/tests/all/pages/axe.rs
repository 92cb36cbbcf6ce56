//! axe-core's rules on the page that stands in the browser.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::{Value, json};

use super::walk::Place;
use crate::all::journeys::browser::Browser;

/// Names axe-core's script, such as `…/node_modules/axe-core/axe.min.js`; the project's test command installs it.
const SCRIPT: &str = "LINLI_TEST_AXE";

/// The rules of WCAG 2.2 AA and axe-core's own good practice; only what hinders people seriously is a finding.
const RUN: &str = "const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(found => done(found.violations.filter(v => ['serious', 'critical'].includes(v.impact)).flatMap(v => v.nodes.slice(0, 3).map(n =>
    `${v.id}: ${n.target.join(' ')} ${n.html.slice(0, 160)} (${n.failureSummary.split('\\n').slice(1).join(' ').trim().slice(0, 200)})`))),
  error => done([`axe-core: ${error}`]));";

/// Makes axe-core part of every page that this browser opens from now on.
pub async fn bring(b: &Browser) -> bool {
    let Some(file) = std::env::var_os(SCRIPT).map(PathBuf::from) else {
        assert!(std::env::var("CI").is_err(), "{SCRIPT} must name axe-core's script (npm install axe-core)");
        eprintln!("axe-core is left out: set {SCRIPT}=…/node_modules/axe-core/axe.min.js to run it");
        return false;
    };
    let source = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    // A long page on a busy machine takes its time.
    b.driver.set_script_timeout(Duration::from_secs(240)).await.unwrap();
    b.protocol("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    true
}

/// What axe-core finds on the page now; `how` says in which colours and width.
pub async fn findings(b: &Browser, place: &Place, how: &str) -> Vec<String> {
    let found = b.script_later(RUN).await;
    let lines = found.as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.map(|line| format!("{} {} ({}, {how}): {line}", place.who, place.route, place.path)).collect()
}
