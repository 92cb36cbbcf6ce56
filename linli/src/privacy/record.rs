//! The record of processing.

use linli_documents::{Figures, Part};
use linli_platform::{
    access::{Action, Role},
    app::App,
    reader::Purpose,
    texts::{Lang, T},
};

use super::fields::Field;

/// Actions that touch personal information.
const TOUCHING: [Action; 9] = [
    Action::RegisterRead,
    Action::RegisterUnmask,
    Action::CounterServe,
    Action::RegisterWrite,
    Action::DeclarationDecide,
    Action::SurveyAnswer,
    Action::RosterSend,
    Action::Import,
    Action::Export,
];

fn texts(t: &T, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|k| t.s(k)).collect()
}

pub(super) fn part(t: &T, heading: &str, table: Option<Figures>) -> Part {
    Part { heading: t.s(heading), paragraphs: vec![t.s(format!("{heading}-text"))], table }
}

/// The table of what is kept.
pub(super) fn what_is_kept(t: &T, fields: &[Field]) -> Figures {
    let gap = |text: &String| if text.is_empty() { t.s("privacy-gap") } else { text.clone() };
    let row = |f: &Field| vec![format!("{}\n{}", gap(&f.what), f.code), gap(&f.whose), gap(&f.ground), gap(&f.kept)];
    Figures {
        head: texts(t, &["privacy-what", "privacy-whose", "privacy-ground", "privacy-kept"]),
        rows: fields.iter().map(row).collect(),
        shares: vec![5, 3, 6, 5],
    }
}

/// The closed list of purposes.
fn purposes(t: &T) -> Figures {
    let row = |p: &Purpose| vec![t.code("purpose", p), t.s(format!("privacy-purpose-{p}"))];
    Figures {
        head: texts(t, &["privacy-purpose", "privacy-purpose-when"]),
        rows: Purpose::ALL.iter().map(row).collect(),
        shares: vec![2, 5],
    }
}

/// Who may do what with personal information, from the matrix itself.
fn roles(t: &T) -> Figures {
    let row = |role: &Role| {
        let may: Vec<String> =
            TOUCHING.iter().filter(|a| role.allows(**a)).map(|a| t.code("privacy-action", a)).collect();
        let may = if may.is_empty() { t.s("privacy-action-none") } else { may.join(&t.s("privacy-comma")) };
        vec![t.code("role", role), t.code("privacy-area", role.area_kind()), may]
    };
    Figures {
        head: texts(t, &["privacy-role", "privacy-where", "privacy-may"]),
        rows: Role::ALL.iter().map(row).collect(),
        shares: vec![3, 2, 6],
    }
}

/// How long, from the policy pack.
pub(super) fn times(app: &App, t: &T) -> Figures {
    let rows = app.pack.deadlines.retentions.iter().map(|r| {
        let name = if t.lang == Lang::Zh { &r.name } else { &r.name_en };
        let months =
            if r.keep_months == 0 { t.s("privacy-at-once") } else { t.n("privacy-months", i64::from(r.keep_months)) };
        vec![name.clone(), months, r.clause.clone()]
    });
    Figures {
        head: texts(t, &["privacy-record-kind", "privacy-kept", "privacy-clause"]),
        rows: rows.collect(),
        shares: vec![4, 2, 4],
    }
}

pub(super) fn parts(app: &App, t: &T, fields: &[Field]) -> Vec<Part> {
    vec![
        part(t, "privacy-record-1", None),
        part(t, "privacy-record-2", Some(what_is_kept(t, fields))),
        part(t, "privacy-record-3", Some(purposes(t))),
        part(t, "privacy-record-4", Some(roles(t))),
        part(t, "privacy-record-5", Some(times(app, t))),
        part(t, "privacy-record-6", None),
        part(t, "privacy-record-7", None),
    ]
}
