//! The record of a meeting (会议记录) as a document that is issued under a number (R30, R36). It says what the minutes
//! closed with; what became of the decisions later is no part of it, so that the record stays one.

use linli_papers::{Body, NewPaper};
use linli_platform::{
    AppError, Result,
    app::App,
    paper::{Figures, Paper, Part},
    texts::{Lang, T},
};
use linli_work::notices;

use crate::minutes::MeetingRecord;

/// The document of the policy pack that it is.
pub(crate) const KIND: &str = "meeting-record";

/// The record of a meeting whose minutes stand, in the language of official papers.
///
/// # Errors
/// `meeting-not-held` while there are no minutes.
pub fn draft(app: &App, record: &MeetingRecord) -> Result<NewPaper> {
    if record.meeting.is_open() {
        return Err(AppError::rule("meeting-not-held"));
    }
    let t = T::new(app.texts.clone(), Lang::Zh);
    let meeting = &record.meeting;
    let area = meeting.area_name.as_deref().unwrap_or_default();
    let day = meeting.starts_at.day().0;
    let title = format!("{area}{}记录", t.code("meeting-kind", &meeting.kind));
    let parts = [
        facts(&t, record),
        list(&t, "meeting-agenda-kept", agenda(&t, record)),
        list(&t, "meeting-minutes", vec![meeting.summary.clone()]),
        list(&t, "meeting-decisions", decisions(&t, record)),
        roll(app, &t, record),
    ];
    let numerals = ["一", "二", "三", "四", "五"];
    let numbered = parts.into_iter().zip(numerals);
    let paper = Paper {
        issuer: format!("{}微网格例会", app.pack.meta.division_name),
        number: None,
        title: title.clone(),
        addressee: None,
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        lead: Vec::new(),
        parts: numbered.map(|(p, n)| Part { heading: format!("{n}、{}", p.heading), ..p }).collect(),
    };
    Ok(NewPaper {
        kind: KIND,
        subject: meeting.meeting_id.to_string(),
        title: format!("{title}（{}）", meeting.starts_at.day()),
        grid: meeting.grid_id,
        for_all: false,
        body: Body::Paper(paper),
        wording: None,
    })
}

fn facts(t: &T, record: &MeetingRecord) -> Part {
    let meeting = &record.meeting;
    let line = |key: &str, value: String| format!("{}：{value}。", t.s(key));
    let counts = [("came", record.came().to_string()), ("n", record.roll.len().to_string())];
    let mut paragraphs = vec![line("meeting-when", meeting.starts_at.minute_text())];
    if !meeting.place.is_empty() {
        paragraphs.push(line("meeting-place", meeting.place.clone()));
    }
    paragraphs.push(line("meeting-convener", t.code("role", &meeting.convener_role)));
    paragraphs.push(line("meeting-came", t.all("meeting-roll", &counts)));
    if let Some(name) = &record.held_by {
        paragraphs.push(line("meeting-recorder", name.clone()));
    }
    Part { heading: t.s("meeting-facts"), paragraphs, table: None }
}

fn list(t: &T, heading: &str, paragraphs: Vec<String>) -> Part {
    Part { heading: t.s(heading), paragraphs, table: None }
}

fn agenda(t: &T, record: &MeetingRecord) -> Vec<String> {
    let one = |(n, point): (usize, &crate::Point)| {
        let lines = point.lines.iter().map(|l| t.all(&l.key, &notices::shown(t, &l.args))).collect::<Vec<_>>();
        format!("{n}. {}。{}", t.code("agenda", &point.code), lines.join(""))
    };
    (1..).zip(&record.agenda).map(one).collect()
}

fn decisions(t: &T, record: &MeetingRecord) -> Vec<String> {
    if record.decisions.is_empty() {
        return vec![t.s("meeting-decisions-nil")];
    }
    let one = |(n, d): (usize, &crate::Decision)| {
        format!("{n}. {}（{}，{}）", d.words, d.staff_name, t.a("meeting-due", "day", d.due_day))
    };
    (1..).zip(&record.decisions).map(one).collect()
}

fn roll(app: &App, t: &T, record: &MeetingRecord) -> Part {
    let reason = |code: &str| {
        let known = app.pack.meetings.absence_reasons.iter().find(|r| r.id == code);
        known.map_or_else(|| code.to_owned(), |r| r.name.clone())
    };
    let row = |a: &crate::Attendee| {
        let why = a.reason.as_deref().filter(|_| a.state == "absent").map(reason).unwrap_or_default();
        vec![a.name.clone(), t.code("post", &a.post), t.code("meeting-came", &a.state), why]
    };
    let head = ["meeting-name", "meeting-post", "meeting-came", "meeting-reason"].map(|key| t.s(key)).to_vec();
    let rows = record.roll.iter().map(row).collect();
    let table = Figures { head, rows, shares: vec![2, 3, 2, 3] };
    Part { heading: t.s("meeting-attended"), paragraphs: Vec::new(), table: Some(table) }
}
