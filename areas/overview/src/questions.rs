//! The questions that a dashboard answers at a glance, each with its figure, its uncertainty and the way down to the work.

use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Duty,
    clock::Month,
    reader::Reader,
    web::Page,
};
use linli_register::figures::Counts;
use linli_surveys::{
    codes::{RateKind, Verdict},
    results::ResultRow,
};

use crate::figures::{CommitteeFigures, whole_percent};

/// A sentence below a figure.
pub(crate) struct Said {
    pub text: String,
    /// `ok`, `soon`, `late`, or nothing.
    pub tone: &'static str,
    /// Where the work behind it is; empty where the question's own way leads there.
    pub href: String,
}

impl Said {
    pub(crate) fn plain(text: String) -> Self {
        Said { text, tone: "", href: String::new() }
    }
}

/// One question.
pub(crate) struct Question {
    pub ask: String,
    pub figure: String,
    pub tone: &'static str,
    /// What the figure counts, behind it.
    pub note: String,
    pub said: Vec<Said>,
    /// The way down.
    pub href: String,
    pub way: String,
}

/// A rate from 0 to 1 as percent with one decimal.
pub(crate) fn percent(rate: f64) -> String {
    format!("{:.1}", rate * 100.0)
}

fn percent_of(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |p| format!("{p:.1}%"))
}

/// The tone of a verdict: clearly below is late, what cannot be told is not yet right.
pub(crate) fn tone(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Below) => "late",
        Some(Verdict::Above) => "ok",
        _ => "soon",
    }
}

/// The Fluent key of a verdict.
pub(crate) fn verdict_key(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Below) => "verdict-below",
        Some(Verdict::Above) => "verdict-above",
        Some(Verdict::Unclear) => "verdict-cannot-tell",
        None => "verdict-none",
    }
}

/// "Is it right?" where no survey answers it.
pub(crate) fn right_unknown(page: &Page, href: String) -> Question {
    Question {
        ask: page.t.s("overview-right"),
        figure: "–".into(),
        tone: "",
        note: String::new(),
        said: vec![Said::plain(page.t.s("overview-no-survey"))],
        href,
        way: page.t.s("overview-see-surveys"),
    }
}

/// "Is it right?" by one survey result: of the sub-district, or of a committee.
pub(crate) fn right(page: &Page, month: Month, row: &ResultRow, href: String) -> Question {
    let Some(rate) = row.registration() else { return right_unknown(page, href) };
    let verdict = row.verdict(RateKind::Registration);
    let accuracy = row.accuracy().map(|a| page.t.a("overview-accuracy", "rate", percent(a.value)));
    let told = Said { tone: tone(verdict.as_ref()), ..Said::plain(page.t.s(verdict_key(verdict.as_ref()))) };
    Question {
        ask: page.t.s("overview-right"),
        figure: format!("{}%", percent(rate.value)),
        tone: tone(verdict.as_ref()),
        note: page.t.all("overview-interval", &[("low", percent(rate.low)), ("high", percent(rate.high))]),
        said: std::iter::once(told)
            .chain(accuracy.map(Said::plain))
            .chain([Said::plain(page.t.a("overview-survey-of", "month", month))])
            .collect(),
        href,
        way: page.t.s("overview-see-surveys"),
    }
}

/// "Is it right?" of several committees together: how many are below the target for certain, and which is lowest.
pub(crate) fn right_among(page: &Page, month: Month, committees: &[CommitteeFigures]) -> Question {
    let measured: Vec<(&CommitteeFigures, f64)> =
        committees.iter().filter_map(|c| Some((c, c.registration?.value))).collect();
    let Some((lowest, rate)) = measured.iter().min_by(|a, b| a.1.total_cmp(&b.1)) else {
        return right_unknown(page, "/surveys".into());
    };
    let with = |verdict: Verdict| measured.iter().filter(|(c, _)| c.verdict == Some(verdict)).count();
    let (below, unclear) = (with(Verdict::Below), with(Verdict::Unclear));
    let words = page.t.all("overview-lowest", &[("name", lowest.name.clone()), ("rate", percent(*rate))]);
    Question {
        ask: page.t.s("overview-right"),
        figure: format!("{below}/{}", measured.len()),
        tone: if below > 0 { "late" } else { "ok" },
        note: page.t.s("overview-below-note"),
        said: vec![
            Said { tone: if unclear > 0 { "soon" } else { "" }, ..Said::plain(page.t.n("overview-unclear", unclear)) },
            Said { href: format!("/overview/committees/{}", lowest.code), ..Said::plain(words) },
            Said::plain(page.t.a("overview-survey-of", "month", month)),
        ],
        href: "/surveys".into(),
        way: page.t.s("overview-see-surveys"),
    }
}

/// Where the figures of "will it get done" lead.
pub(crate) struct Ways {
    /// Homes that are not verified yet; empty for whoever does not read the register.
    pub homes: String,
    /// Premises past their label's gap.
    pub overdue: String,
    /// The grid workers' share by grid.
    pub shares: String,
    /// The question's own way.
    pub on: (String, &'static str),
}

/// "Will it get done?": coverage of the full verification, overdue premises, the 24-hour share (R10, R16, R17, R18).
pub(crate) fn done(app: &App, reader: &Reader, page: &Page, (counts, overdue): (&Counts, i64), ways: Ways) -> Question {
    let today = app.store.clock().today();
    let left = app.calendar.count_workdays(today.0..=today.month().last_day().0).map_or(0, i64::from);
    let (verified, homes) = (counts.homes_verified.to_string(), counts.homes.to_string());
    let mut said = vec![
        Said { href: ways.homes, ..Said::plain(page.t.all("overview-homes", &[("n", verified), ("of", homes)])) },
        if overdue > 0 {
            Said { text: page.t.n("overview-overdue", overdue), tone: "late", href: ways.overdue }
        } else {
            Said { tone: "ok", ..Said::plain(page.t.s("overview-none-overdue")) }
        },
        Said::plain(page.t.a("overview-timely", "rate", percent_of(counts.timely_percent()))),
    ];
    if linli_fieldwork::desk::sees_share(reader) {
        let text = page.t.a("overview-grid-worker", "rate", percent_of(counts.grid_worker_percent()));
        said.push(Said { href: ways.shares, ..Said::plain(text) });
    }
    Question {
        ask: page.t.s("overview-done"),
        figure: whole_percent(counts.homes_verified, counts.homes).map_or_else(|| "–".into(), |p| format!("{p}%")),
        tone: "",
        note: page.t.n("overview-coverage", left),
        said,
        href: ways.on.0,
        way: page.t.s(ways.on.1),
    }
}

/// The ways of the reader's own dashboard.
pub(crate) fn own_ways(reader: &Reader) -> Ways {
    let homes = if reader.may(Action::RegisterRead) { "/homes?overdue=true".into() } else { String::new() };
    Ways {
        homes,
        overdue: "/fieldwork".into(),
        shares: "/fieldwork/shares".into(),
        on: ("/map".into(), "overview-see-map"),
    }
}

/// Pieces of work that wait, and those of them that are late.
pub(crate) fn sums(duties: &[Duty]) -> (i64, i64) {
    (duties.iter().map(|d| (d.due - d.done).max(0)).sum(), duties.iter().map(|d| d.late).sum())
}

fn late_or_not(page: &Page, late: i64) -> Said {
    if late > 0 {
        Said { tone: "late", ..Said::plain(page.t.n("overview-late", late)) }
    } else {
        Said { tone: "ok", ..Said::plain(page.t.s("overview-nothing-late")) }
    }
}

/// "What waits for me?"
pub(crate) fn waiting(page: &Page, duties: &[Duty]) -> Question {
    let (waiting, late) = sums(duties);
    Question {
        ask: page.t.s("overview-waiting"),
        figure: waiting.to_string(),
        tone: "",
        note: page.t.s("overview-pieces"),
        said: vec![late_or_not(page, late)],
        href: "/duties".into(),
        way: page.t.s("overview-see-duties"),
    }
}

/// "Where do we stand?": a committee's newest score. None where nothing was computed yet.
pub(crate) fn standing(page: &Page, month: Month, score: Option<&linli_assessment::scores::Score>) -> Question {
    let ask = page.t.s("overview-standing");
    let Some(s) = score else {
        return Question {
            ask,
            figure: "–".into(),
            tone: "",
            note: String::new(),
            said: vec![Said::plain(page.t.s("overview-no-score"))],
            href: "/assessment".into(),
            way: page.t.s("overview-see-assessment"),
        };
    };
    let place = [
        ("group", s.group_code.clone()),
        ("rank", s.rank_in_group.to_string()),
        ("overall", s.rank_overall.to_string()),
    ];
    Question {
        ask,
        figure: s.total_text(),
        tone: "",
        note: page.t.a("overview-points-of", "month", month),
        said: vec![
            Said::plain(page.t.all("overview-place", &place)),
            Said::plain(page.t.a("overview-deducted", "points", s.deducted_text())),
        ],
        href: format!("/assessment/{month}/committees/{}", s.committee_code),
        way: page.t.s("overview-see-score"),
    }
}

/// Whether the third question is where the committee stands: for its secretary, whose work the team does.
pub(crate) fn asks_standing(reader: &Reader) -> bool {
    reader.is(Role::CommitteeSecretary) && reader.may(Action::AssessmentRead)
}
