//! Places on the axis of the small bar charts in `components.html`.

use std::borrow::Borrow;

/// Width of the drawing.
const WIDTH: f64 = 200.0;

/// Where a percentage stands on an axis from `from` to 100, in drawing units; beyond the axis at its end.
pub fn bar_x(percent: impl Borrow<f64>, from: impl Borrow<f64>) -> String {
    format!("{:.1}", place(*percent.borrow(), *from.borrow()))
}

/// How wide the range between two percentages is; at least visible.
pub fn bar_width(low: impl Borrow<f64>, high: impl Borrow<f64>, from: impl Borrow<f64>) -> String {
    let from = *from.borrow();
    format!("{:.1}", (place(*high.borrow(), from) - place(*low.borrow(), from)).max(2.0))
}

fn place(percent: f64, from: f64) -> f64 {
    let span = (100.0 - from).max(f64::EPSILON);
    let share = (percent - from) / span;
    if share.is_finite() { share.clamp(0.0, 1.0) * WIDTH } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_stand_on_their_axis_and_never_beyond_it() {
        assert_eq!(bar_x(98.0, 90.0), "160.0");
        assert_eq!(bar_x(72.0, 90.0), "0.0");
        assert_eq!(bar_x(100.0, 90.0), "200.0");
        assert_eq!(bar_x(f64::NAN, 90.0), "0.0");
        assert_eq!(bar_width(96.0, 98.0, 90.0), "40.0");
        assert_eq!(bar_width(98.0, 98.0, 90.0), "2.0");
    }
}
