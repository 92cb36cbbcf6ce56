//! A QR code as SVG, drawn by attributes alone: the page policy allows no style.

use std::fmt::Write as _;

use fast_qr::QRBuilder;

use crate::error::{AppError, Result};

/// Modules of white around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// The code of a text. `label` is what a screen reader says; both are escaped or drawn, so the result is safe to place.
///
/// # Errors
/// `internal` for a text too long for any QR code.
pub fn svg(text: &str, label: &str) -> Result<String> {
    let code = QRBuilder::new(text).build().map_err(|_| AppError::internal("a text too long for a QR code"))?;
    let mut path = String::new();
    for y in 0..code.size {
        for x in 0..code.size {
            if code[y][x].value() {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    let side = code.size + 2 * QUIET;
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Ok(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" width=\"232\" height=\"232\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" \
         fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_without_styles_and_its_label_cannot_break_out() {
        let svg = svg("otpauth://totp/a:b?secret=GEZDGNBV", "\"><script>").unwrap();
        assert!(svg.starts_with("<svg ") && svg.contains("fill=\"#000\""), "{svg}");
        assert!(!svg.contains("style=") && !svg.contains("<script"), "{svg}");
        assert!(svg.matches("h1v1h-1z").count() > 200, "dark modules are drawn");
    }
}
