//! Long lists, page by page.

use std::collections::HashMap;

/// Rows on a page when nothing else is asked for.
pub const PER_PAGE: i64 = 50;
/// Rows on a page at most.
pub const PER_PAGE_MAX: i64 = 200;
/// The last page that can be asked for: deeper, a search is the better way.
const PAGE_MAX: i64 = 100_000;

/// Which part of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub per_page: i64,
    /// Rows in all; set it with [`of`](Paging::of) after counting.
    pub total: i64,
}

impl Default for Paging {
    fn default() -> Self {
        Paging { page: 1, per_page: PER_PAGE, total: 0 }
    }
}

impl Paging {
    /// From `page` and `per_page` of a query; nonsense becomes the first page and the usual size.
    pub fn from_query(query: &HashMap<String, String>) -> Self {
        let number = |name: &str| query.get(name).and_then(|v| v.parse::<i64>().ok()).filter(|n| *n >= 1);
        Paging {
            page: number("page").unwrap_or(1).min(PAGE_MAX),
            per_page: number("per_page").unwrap_or(PER_PAGE).min(PER_PAGE_MAX),
            total: 0,
        }
    }
    /// With the number of rows in all.
    #[must_use]
    pub fn of(mut self, total: i64) -> Self {
        self.total = total;
        self
    }
    /// Rows before this page, for `OFFSET`.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.per_page
    }
    /// Rows on this page at most, for `LIMIT`.
    pub fn limit(&self) -> i64 {
        self.per_page
    }
    /// Number of pages, at least 1.
    pub fn pages(&self) -> i64 {
        (self.total + self.per_page - 1).max(self.per_page) / self.per_page
    }
    /// The page before, if there is one.
    pub fn previous(&self) -> Option<i64> {
        (self.page > 1).then(|| (self.page - 1).min(self.pages()))
    }
    /// The page after, if there is one.
    pub fn next(&self) -> Option<i64> {
        (self.page < self.pages()).then_some(self.page + 1)
    }
    /// The first row shown, from 1; 0 where there is none.
    pub fn first(&self) -> i64 {
        if self.offset() < self.total { self.offset() + 1 } else { 0 }
    }
    /// The last row shown.
    pub fn last(&self) -> i64 {
        if self.first() == 0 { 0 } else { (self.offset() + self.per_page).min(self.total) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn nonsense_in_the_query_is_the_first_page() {
        for bad in ["0", "-3", "x", "", "9999999999999999999999"] {
            let p = Paging::from_query(&query(&[("page", bad), ("per_page", bad)]));
            assert_eq!((p.page, p.per_page), (1, PER_PAGE), "{bad:?}");
        }
        assert_eq!(Paging::from_query(&query(&[("per_page", "5000")])).per_page, PER_PAGE_MAX);
    }

    #[test]
    fn a_list_ends_with_its_last_row() {
        let p = Paging { page: 3, per_page: 50, total: 101 };
        assert_eq!((p.offset(), p.pages(), p.first(), p.last()), (100, 3, 101, 101));
        assert_eq!((p.previous(), p.next()), (Some(2), None));
    }

    #[test]
    fn an_empty_list_has_one_page_and_no_rows() {
        let p = Paging::default();
        assert_eq!((p.pages(), p.first(), p.last(), p.previous(), p.next()), (1, 0, 0, None, None));
    }
}
