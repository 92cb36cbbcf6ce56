//! Ledgers (台账, R36): a month of one kind of work as a table that the office files. An area gives what it has on record;
//! the area `papers` lists them and writes the workbooks. Every ledger is about work, premises or organisations and never
//! about residents (boundary 8): its cells are days, places, codes, numbers, and colleagues' names where they acted.

use futures::future::BoxFuture;

use crate::{
    app::App,
    clock::{At, Day, Month},
    error::Result,
    reader::Reader,
    sheet::Out,
    texts::T,
};

/// A ledger holds at most so many rows; a month of one sub-district has far fewer.
pub const MAX_ROWS: usize = 200_000;

/// One kind of ledger.
pub trait Ledger: Send + Sync {
    /// Stable code, for the file and the log; ASCII. Text of its name: `ledger-<code>`.
    fn code(&self) -> &'static str;
    /// Which of the six ledgers of the policy pack it is, by the source named there; none for a further one.
    fn source(&self) -> Option<&'static str> {
        None
    }
    /// Keys of the headings, in order.
    fn columns(&self) -> &'static [&'static str];
    /// The rows of a month, within the reader's scope, in the order in which the work was done.
    fn rows<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        t: &'a T,
        month: Month,
    ) -> BoxFuture<'a, Result<Vec<Vec<Out>>>>;
}

/// A cell with a day, or nothing.
pub fn day(day: Option<Day>) -> Out {
    day.map_or(Out::Blank, |d| Out::Text(d.to_string()))
}

/// A cell with an instant to the minute, or nothing.
pub fn at(at: Option<At>) -> Out {
    at.map_or(Out::Blank, |a| Out::Text(a.minute_text()))
}

/// A cell with a text, or nothing.
pub fn text(text: Option<String>) -> Out {
    text.map_or(Out::Blank, Out::from)
}
