//! The impact assessment: what PIPL 56 asks for, with the program's own lists.

use linli_documents::{Figures, Part};
use linli_platform::{app::App, texts::T};
use policy_pack::RetentionId;

use super::{
    fields::{Field, months},
    record::{part, times, what_is_kept},
};

/// The risks that are looked at, each with what is done about it. Texts `privacy-risk-<n>`, `privacy-measure-<n>`.
const RISKS: u8 = 8;

fn risks(t: &T) -> Figures {
    let row = |n: u8| vec![t.s(format!("privacy-risk-{n}")), t.s(format!("privacy-measure-{n}"))];
    Figures {
        head: vec![t.s("privacy-risk"), t.s("privacy-measure")],
        rows: (1..=RISKS).map(row).collect(),
        shares: vec![3, 5],
    }
}

pub(super) fn parts(app: &App, t: &T, fields: &[Field]) -> Vec<Part> {
    let mut last = part(t, "privacy-assessment-6", None);
    last.paragraphs.push(t.a("privacy-assessment-kept", "kept", months(app, t, RetentionId::ImpactAssessment)));
    vec![
        part(t, "privacy-assessment-1", None),
        part(t, "privacy-assessment-2", Some(what_is_kept(t, fields))),
        part(t, "privacy-assessment-3", None),
        part(t, "privacy-assessment-4", Some(risks(t))),
        part(t, "privacy-assessment-5", Some(times(app, t))),
        last,
    ]
}
