//! The auditor's dashboard (R37–R39): does the log hold, who opens records and what for, what is to be asked about.
//! It counts and names nobody.

use linli_platform::{
    Result,
    app::App,
    audit::{patterns, summary},
    web::{Page, chart::Chart},
};

use crate::{
    charts,
    questions::{Question, Said},
};

/// Days that are looked back at.
const DAYS: i64 = 30;

/// The three questions and the chart of readings by purpose.
pub(super) async fn dashboard(app: &App, page: &Page) -> Result<(Vec<Question>, Vec<Chart>)> {
    let q = app.store.reads();
    let last = app.store.clock().today();
    let from = last.plus_days(1 - DAYS);
    let log = summary::log_state(&q, app.store.now()).await?;
    let readings = summary::readings(&q, from, last).await?;
    let findings = patterns::of_days(&q, &app.calendar, from, last).await?;
    let chart = charts::readings(page, &readings, from.to_string());
    Ok((vec![holds(page, &log), opened(page, &readings), to_ask(page, &findings)], vec![chart]))
}

fn holds(page: &Page, log: &summary::LogState) -> Question {
    let signed = match log.signed_at {
        Some(at) => Said::plain(page.t.a("auditor-signed", "at", at.minute_text())),
        None => Said { tone: "soon", ..Said::plain(page.t.s("auditor-unsigned")) },
    };
    let tone = if log.behind { "late" } else { "ok" };
    let waiting = Said { tone, ..Said::plain(page.t.n("auditor-waiting", log.waiting)) };
    Question {
        ask: page.t.s("auditor-log"),
        figure: log.size.to_string(),
        tone: "",
        note: page.t.s("auditor-log-note"),
        said: vec![signed, waiting],
        href: "/audit/log".into(),
        way: page.t.s("auditor-see-log"),
    }
}

fn opened(page: &Page, readings: &[summary::ReadingsFor]) -> Question {
    let total: i64 = readings.iter().map(|r| r.readings).sum();
    let most = readings.first().map(|r| page.t.a("auditor-most", "purpose", page.t.code("purpose", &r.purpose)));
    Question {
        ask: page.t.s("auditor-read"),
        figure: total.to_string(),
        tone: "",
        note: page.t.n("auditor-read-note", DAYS),
        said: std::iter::once(page.t.n("auditor-purposes", readings.len())).chain(most).map(Said::plain).collect(),
        href: "/audit/access".into(),
        way: page.t.s("auditor-see-read"),
    }
}

fn to_ask(page: &Page, findings: &[patterns::Finding]) -> Question {
    let of_kind = |kind: &patterns::Pattern| {
        let n = findings.iter().filter(|f| f.pattern == *kind).count();
        let words = [("kind", page.t.s(format!("auditor-pattern-{kind}"))), ("n", n.to_string())];
        (n > 0).then(|| Said { tone: "soon", ..Said::plain(page.t.all("auditor-kind", &words)) })
    };
    let mut said: Vec<Said> = patterns::Pattern::ALL.iter().filter_map(of_kind).collect();
    if said.is_empty() {
        said.push(Said { tone: "ok", ..Said::plain(page.t.s("auditor-nothing")) });
    }
    Question {
        ask: page.t.s("auditor-ask"),
        figure: findings.len().to_string(),
        tone: "",
        note: page.t.n("auditor-ask-note", DAYS),
        said,
        href: "/audit/patterns".into(),
        way: page.t.s("auditor-see-patterns"),
    }
}
