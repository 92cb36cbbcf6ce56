//! The receipt of a newcomer's declaration as PDF: when it came, by when it is answered, and the code to follow it with.

use linli_platform::{AppError, Result, app::App, texts::T};

use super::{of_visit, receipt_code};
use crate::{
    door::Visitor,
    receipt::{LAYOUT, qr_svg},
};

/// The receipt of what was filed in a visit: the PDF. `site` is how the site is reached, `https://host`.
///
/// # Errors
/// `not-found` where nothing was filed; `fonts-missing`.
pub async fn issue(app: &App, t: &T, visitor: &Visitor, site: &str) -> Result<Vec<u8>> {
    let case = of_visit(&app.store.reads(), visitor).await?.ok_or_else(AppError::not_found)?;
    // Number and code are typed there; the address itself names nobody.
    let url = format!("{site}/newcomers/state");
    let line = |key: &str, value: String| serde_json::json!({ "label": t.s(key), "value": value });
    let data = serde_json::json!({
        "title": t.s("newcomer-receipt-title"),
        "office": app.pack.meta.division_name,
        "lines": [
            line("declarations-who", case.content_masked.clone()),
            line("declaration-made", case.made_at.minute_text()),
            line("declaration-due", case.due_at.deadline_text()),
            line("newcomer-code", receipt_code(app.store.keys(), case.declaration_id)),
        ],
        "statement": t.s("newcomer-receipt-statement"),
        "check": t.s("newcomer-receipt-check"),
        "url": url,
        "qr": qr_svg(&url)?,
    });
    app.documents.pdf(LAYOUT, data)
}
