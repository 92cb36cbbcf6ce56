//! Charts (图表). A chart is a table first: `components.html` writes it as one, and `js/charts.js` draws what stands in
//! it with ECharts. So the page says the same without scripts, to a reader's voice, and on paper.

mod axis;

pub use axis::{bar_width, bar_x};

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// One line for each series, over rows in the order of time.
    Lines,
    /// One bar for each row, and one series.
    Bars,
}

impl ChartKind {
    /// As the script knows it.
    pub fn code(self) -> &'static str {
        match self {
            ChartKind::Lines => "lines",
            ChartKind::Bars => "bars",
        }
    }
}

/// A line across a chart that values are held against: a target, or where the month stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Finished text: `红线 98%`.
    pub name: String,
    /// Where it lies, in the values' unit.
    pub at: f64,
}

/// One figure: as the table writes it, and as the drawing places it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What the table says: `97.3% (95.1–98.6)`.
    pub text: String,
    /// The value; none where nothing was measured.
    pub value: Option<f64>,
    /// Its interval.
    pub range: Option<(f64, f64)>,
}

impl Cell {
    /// A value without an interval, or a dash.
    pub fn of(value: Option<f64>, text: impl Fn(f64) -> String) -> Self {
        Cell { text: value.map_or_else(|| "–".to_owned(), text), value, range: None }
    }
    /// The value in digits, for the script; empty where there is none.
    pub fn digits(&self) -> String {
        self.value.filter(|v| v.is_finite()).map_or_else(String::new, digits)
    }
    /// The lower end of the interval, likewise.
    pub fn low(&self) -> String {
        self.range.map_or_else(String::new, |(low, _)| digits(low))
    }
    /// The upper end of the interval, likewise.
    pub fn high(&self) -> String {
        self.range.map_or_else(String::new, |(_, high)| digits(high))
    }
}

fn digits(value: f64) -> String {
    format!("{value:.2}")
}

/// One row of the table: a month, a committee, a grid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Where the work behind it is; empty where it opens nothing.
    pub href: String,
    /// One cell for each series.
    pub cells: Vec<Cell>,
}

/// A chart and the table behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its id on the page.
    pub id: &'static str,
    /// How it is drawn.
    pub kind: ChartKind,
    /// Finished title.
    pub title: String,
    /// Head of the first column.
    pub head: String,
    /// Names of the series.
    pub series: Vec<String>,
    /// Rows, in the order in which they are drawn.
    pub lines: Vec<Line>,
    /// What is written after a value: `%`, or nothing.
    pub unit: &'static str,
    /// Where the axis begins; it ends at 100 where the unit is percent.
    pub from: f64,
    /// A line to hold the values against.
    pub mark: Option<Mark>,
}

impl Chart {
    /// Whether there is anything to draw.
    pub fn has_values(&self) -> bool {
        self.lines.iter().flat_map(|l| &l.cells).any(|c| c.value.is_some())
    }
    /// The last value of the axis in digits; empty where the values decide.
    pub fn until(&self) -> &'static str {
        if self.unit == "%" { "100" } else { "" }
    }
    /// Where the mark lies in digits; empty without one.
    pub fn mark_at(&self) -> String {
        self.mark.as_ref().map_or_else(String::new, |m| digits(m.at))
    }
    /// The beginning of an axis of percentages on which everything has its place: 90, or the five below the least.
    pub fn percent_from(values: impl Iterator<Item = f64>) -> f64 {
        let least = values.fold(90.0_f64, f64::min);
        (least / 5.0).floor().max(0.0) * 5.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_of_percentages_begins_at_90_or_at_the_five_below_the_least() {
        for (values, from) in [(vec![], 90.0), (vec![97.0, 91.2], 90.0), (vec![97.0, 74.9], 70.0), (vec![3.0], 0.0)] {
            assert!((Chart::percent_from(values.iter().copied()) - from).abs() < 1e-9, "{values:?}");
        }
    }

    #[test]
    fn what_was_not_measured_is_a_dash_in_the_table_and_nothing_in_the_drawing() {
        let none = Cell::of(None, |v| format!("{v:.0}%"));
        assert_eq!((none.text.as_str(), none.digits().as_str(), none.low().as_str()), ("–", "", ""));
        let some = Cell { range: Some((95.1, 98.62)), ..Cell::of(Some(97.34), |v| format!("{v:.1}%")) };
        assert_eq!((some.text.as_str(), some.digits().as_str()), ("97.3%", "97.34"));
        assert_eq!((some.low().as_str(), some.high().as_str()), ("95.10", "98.62"));
        assert_eq!(Cell::of(Some(f64::NAN), |_| "?".into()).digits(), "", "no number is no place on the axis");
    }
}
