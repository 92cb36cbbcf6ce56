//! The columns of a roster, and its rows as they are staged.

use cn_address::{Element, Parser};
use linli_platform::import::{ColumnSpec, table::StagedRow};

/// Columns of a roster (R14). Texts: `column-<name>`.
pub const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec { name: "roster-name", headings: &["姓名", "员工姓名", "Name"], required: true, personal: true },
    ColumnSpec {
        name: "roster-doc",
        headings: &["证件号码", "身份证号码", "身份证号", "证件号", "公民身份号码", "ID number"],
        required: true,
        personal: true,
    },
    ColumnSpec {
        name: "roster-phone",
        headings: &["手机号", "手机号码", "联系电话", "电话", "Mobile"],
        required: false,
        personal: true,
    },
    ColumnSpec {
        name: "roster-address",
        headings: &["居住地址", "现住址", "现居住地址", "住址", "地址", "Address"],
        required: false,
        personal: true,
    },
    ColumnSpec {
        name: "roster-change",
        headings: &["变动", "入离职", "在职状态", "Change"],
        required: false,
        personal: false,
    },
];

/// Positions in [`COLUMNS`].
pub(crate) const NAME: usize = 0;
pub(crate) const DOC: usize = 1;
pub(crate) const PHONE: usize = 2;
pub(crate) const ADDRESS: usize = 3;
const CHANGE: usize = 4;

/// What a staged row says by the roster's columns.
pub(crate) trait Claim {
    /// Whether the row says that somebody left; a word in the column for changes.
    fn has_left(&self) -> bool;
    /// Without a name and a number there is nobody to compare.
    fn names_somebody(&self) -> bool;
}

impl Claim for StagedRow {
    fn has_left(&self) -> bool {
        let word = self.text(CHANGE).to_lowercase();
        ["离", "退", "减", "left", "leave"].iter().any(|w| word.contains(w))
    }
    fn names_somebody(&self) -> bool {
        !self.text(NAME).is_empty() || !self.text(DOC).is_empty()
    }
}

/// A value of a column as pages and workbooks may show it (R37).
pub(crate) fn masked(parser: &Parser, column: usize, text: &str) -> String {
    match column {
        NAME => cn_identity::mask::name(text),
        DOC => cn_identity::mask::any_document(text),
        PHONE => cn_identity::mask::mobile(text),
        ADDRESS => road(parser, text),
        _ => text.chars().take(20).collect(),
    }
}

/// An address down to its road, village or site, as written; empty where none is recognised.
pub(crate) fn road(parser: &Parser, text: &str) -> String {
    let address = parser.parse(text);
    let span = [Element::Road, Element::Village, Element::Site, Element::Hamlet]
        .into_iter()
        .find_map(|element| address.span(element));
    span.and_then(|span| text.get(span)).unwrap_or_default().to_owned()
}
