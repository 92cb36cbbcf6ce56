//! Privacy papers that write themselves: the record of processing (处理活动记录) and the impact assessment
//! (个人信息保护影响评估, PIPL 55, 56).
//!
//! What is kept is read from the program's own tables, who may open it from the matrix of roles, what for from the
//! closed list of purposes, and how long from the policy pack. The words that explain a column stand in the texts; a
//! column without them shows as a gap.

mod assessment;
mod fields;
mod pages;
mod record;

use jiff::civil::Date;
use linli_documents::Paper;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{NavGroup, NavItem, Route},
    texts::T,
};

pub use fields::{Field, Kept, fields};

linli_platform::codes! {
    /// A paper. Text: `privacy-<code>`.
    PaperKind {
        /// Record of processing (处理活动记录).
        Record = "record",
        /// Impact assessment (个人信息保护影响评估).
        Assessment = "assessment",
    }
}

linli_platform::codes! {
    /// The form of a file.
    Form {
        /// PDF.
        Pdf = "pdf",
        /// Word.
        Word = "docx",
    }
}

/// A paper as it is today.
///
/// # Errors
/// `internal` where the tables of the program cannot be read.
pub fn paper(app: &App, t: &T, kind: PaperKind) -> Result<Paper> {
    let fields = fields(app, t)?;
    let today: Date = app.store.clock().today().0;
    let date = t.all(
        "privacy-date",
        &[("y", today.year().to_string()), ("m", today.month().to_string()), ("d", today.day().to_string())],
    );
    let parts = match kind {
        PaperKind::Record => record::parts(app, t, &fields),
        PaperKind::Assessment => assessment::parts(app, t, &fields),
    };
    Ok(Paper {
        issuer: t.a("privacy-issuer", "office", &app.pack.meta.division_name),
        number: None,
        title: t.code("privacy", kind),
        addressee: None,
        date,
        lead: vec![t.all(
            format!("privacy-lead-{kind}"),
            &[("pack", app.pack.meta.name.clone()), ("version", env!("CARGO_PKG_VERSION").to_owned())],
        )],
        parts,
    })
}

/// A paper as a file.
///
/// # Errors
/// `fonts-missing` for a PDF without fonts; those of [`paper`].
pub fn file(app: &App, t: &T, kind: PaperKind, form: Form) -> Result<Vec<u8>> {
    let paper = paper(app, t, kind)?;
    match form {
        Form::Pdf => app.documents.paper_pdf(&paper),
        Form::Word => app.documents.paper_word(&paper),
    }
}

/// The name of a file.
pub fn file_name(kind: PaperKind, form: Form) -> String {
    format!("linli-privacy-{kind}.{form}")
}

/// The routes of the papers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/privacy", Action::PrivacyPapers, pages::show),
        Route::get("/privacy/{file}", Action::PrivacyPapers, pages::download),
    ]
}

/// The entry in the menu.
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: NavGroup::Documents,
        order: 60,
        key: "privacy",
        href: "/privacy",
        action: Action::PrivacyPapers,
    }]
}
