//! The accounts of stipends (奖励费账目, R21), in double entry: every entry's postings add up to nothing, so the books
//! together always do; what is granted is covered by what was set aside.

use linli_platform::{
    AppError, Result,
    clock::At,
    codes,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::ids::{EntryId, StipendId};

codes! {
    /// A book.
    Book, "stipend-book" {
        /// What the office set aside (拨入).
        Allotted = "allotted",
        /// The money that is there (结余).
        Fund = "fund",
        /// What was granted (已批准).
        Granted = "granted",
        /// Granted and not paid yet (应付).
        Payable = "payable",
    }
}

codes! {
    /// What an entry is for.
    EntryKind, "stipend-entry" {
        /// Money is set aside (拨入).
        Allotment = "allotment",
        /// Money that is not needed goes back (退回).
        Return = "return",
        /// A stipend is granted (批准).
        Grant = "grant",
        /// A stipend is paid (发放).
        Payment = "payment",
    }
}

impl EntryKind {
    /// The book that grows and the book that shrinks by the amount.
    pub fn books(self) -> (Book, Book) {
        match self {
            EntryKind::Allotment => (Book::Fund, Book::Allotted),
            EntryKind::Return => (Book::Allotted, Book::Fund),
            EntryKind::Grant => (Book::Granted, Book::Payable),
            EntryKind::Payment => (Book::Payable, Book::Fund),
        }
    }
}

/// The most that one entry can be of, in yuan.
pub const MAX_YUAN: i64 = 10_000_000;

/// What the books stand at, in yuan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// [`Book::Allotted`]; money came from there, so it is never above zero.
    pub allotted: i64,
    /// [`Book::Fund`].
    pub fund: i64,
    /// [`Book::Granted`].
    pub granted: i64,
    /// [`Book::Payable`]; owed, so it is never above zero.
    pub payable: i64,
}

impl Balance {
    /// What is owed to volunteers.
    pub fn owed(&self) -> i64 {
        -self.payable
    }
    /// What was set aside in all, less what went back.
    pub fn set_aside(&self) -> i64 {
        -self.allotted
    }
    /// What was paid in all.
    pub fn paid(&self) -> i64 {
        self.granted + self.payable
    }
    /// What can still be granted.
    pub fn free(&self) -> i64 {
        self.fund - self.owed()
    }
    /// Whether the books balance and everything owed is covered.
    pub fn is_sound(&self) -> bool {
        self.allotted + self.fund + self.granted + self.payable == 0
            && self.free() >= 0
            && self.owed() >= 0
            && self.paid() >= 0
    }
    /// The books after an entry.
    #[must_use]
    pub fn after(mut self, kind: EntryKind, yuan: i64) -> Balance {
        let (grows, shrinks) = kind.books();
        *self.book(grows) += yuan;
        *self.book(shrinks) -= yuan;
        self
    }
    fn book(&mut self, book: Book) -> &mut i64 {
        match book {
            Book::Allotted => &mut self.allotted,
            Book::Fund => &mut self.fund,
            Book::Granted => &mut self.granted,
            Book::Payable => &mut self.payable,
        }
    }
}

/// What the books stand at.
pub async fn balance(q: &impl Query) -> Result<Balance> {
    #[derive(FromQueryResult)]
    struct Row {
        book: String,
        yuan: i64,
    }
    let rows: Vec<Row> =
        q.rows("SELECT book, yuan FROM stipend_book WHERE division_code = $1", vals![q.division()]).await?;
    let mut balance = Balance::default();
    for row in rows {
        if let Some(book) = Book::from_code(&row.book) {
            *balance.book(book) = row.yuan;
        }
    }
    Ok(balance)
}

/// Makes an entry: both postings, both books, and the event.
///
/// # Errors
/// `stipend-amount` outside 1..=[`MAX_YUAN`]; `stipend-fund-short` where more would be granted or given back than is
/// there.
pub(crate) async fn enter(tx: &Tx, kind: EntryKind, stipend: Option<StipendId>, yuan: i64) -> Result<EntryId> {
    if !(1..=MAX_YUAN).contains(&yuan) {
        return Err(AppError::rule("stipend-amount").arg("max", MAX_YUAN));
    }
    let id: EntryId = tx.new_id();
    tx.insert_many(
        "stipend_entry",
        &["division_code", "entry_id", "kind", "stipend_id", "account_id", "at"],
        vec![vals![tx.division(), id, kind.code(), stipend, tx.reader().account, tx.now()]],
    )
    .await?;
    let (grows, shrinks) = kind.books();
    let postings = [(grows, yuan), (shrinks, -yuan)];
    tx.insert_many(
        "stipend_posting",
        &["division_code", "entry_id", "book", "yuan"],
        postings.iter().map(|(book, yuan)| vals![tx.division(), id, book.code(), *yuan]).collect(),
    )
    .await?;
    // In the order of their codes, so that two entries at once wait for each other and not for each other's wait.
    let mut ordered = postings;
    ordered.sort_by_key(|(book, _)| book.code());
    for (book, yuan) in ordered {
        tx.execute(
            "INSERT INTO stipend_book (division_code, book, yuan) VALUES ($1, $2, $3)
             ON CONFLICT (division_code, book) DO UPDATE SET yuan = stipend_book.yuan + excluded.yuan",
            vals![tx.division(), book.code(), yuan],
        )
        .await?;
    }
    // Whoever grants holds the row of what was set aside too: two grants at once cannot share the last yuan.
    tx.execute("UPDATE stipend_book SET yuan = yuan WHERE division_code = $1 AND book = 'fund'", vals![tx.division()])
        .await?;
    if balance(tx).await?.free() < 0 {
        return Err(AppError::rule("stipend-fund-short"));
    }
    let body = json!({ "kind": kind.code(), "yuan": yuan });
    tx.event(NewEvent::new("stipend.entered", SubjectRef::new("stipend-entry", id, None)).body(body)).await?;
    Ok(id)
}

/// Sets money aside.
///
/// # Errors
/// As every entry.
pub async fn allot(tx: &Tx, yuan: i64) -> Result<EntryId> {
    enter(tx, EntryKind::Allotment, None, yuan).await
}

/// Gives money back that nobody is owed.
///
/// # Errors
/// As every entry.
pub async fn give_back(tx: &Tx, yuan: i64) -> Result<EntryId> {
    enter(tx, EntryKind::Return, None, yuan).await
}

/// An entry as the accounts show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Entry {
    /// Id.
    pub entry_id: EntryId,
    /// [`EntryKind`].
    pub kind: String,
    /// The stipend, if it is about one.
    pub stipend_id: Option<StipendId>,
    /// Whoever the stipend is for.
    pub payee_name: Option<String>,
    /// Who made it.
    pub account_id: AccountId,
    /// Their name.
    pub account_name: Option<String>,
    /// When.
    pub at: At,
    /// The amount in yuan.
    pub yuan: i64,
}

impl Entry {
    /// The book that grew.
    pub fn grew(&self) -> &'static str {
        EntryKind::from_code(&self.kind).map_or("", |k| k.books().0.code())
    }
    /// The book that shrank.
    pub fn shrank(&self) -> &'static str {
        EntryKind::from_code(&self.kind).map_or("", |k| k.books().1.code())
    }
}

/// The entries, the last first, and how many there are.
pub async fn entries(q: &impl Query, paging: &Paging) -> Result<(Vec<Entry>, i64)> {
    let total = q.number("SELECT COUNT(*) FROM stipend_entry WHERE division_code = $1", vals![q.division()]).await?;
    let sql = format!(
        "SELECT e.entry_id, e.kind, e.stipend_id, v.display_name AS payee_name, e.account_id,
         o.display_name AS account_name, e.at, (SELECT CAST(SUM(p.yuan) AS BIGINT) FROM stipend_posting p
           WHERE p.division_code = e.division_code AND p.entry_id = e.entry_id AND p.yuan > 0) AS yuan
         FROM stipend_entry e
         LEFT JOIN account o ON o.division_code = e.division_code AND o.account_id = e.account_id
         LEFT JOIN stipend s ON s.division_code = e.division_code AND s.stipend_id = e.stipend_id
         LEFT JOIN account v ON v.division_code = s.division_code AND v.account_id = s.account_id
         WHERE e.division_code = $1 ORDER BY e.at DESC, e.entry_id DESC LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, vals![q.division()]).await?, total))
}

/// Whether the books say what their postings add up to, and every entry balances.
pub async fn is_sound(q: &impl Query) -> Result<bool> {
    let uneven = q
        .number(
            "SELECT COUNT(*) FROM (SELECT p.entry_id FROM stipend_posting p WHERE p.division_code = $1
             GROUP BY p.entry_id HAVING SUM(p.yuan) <> 0) x",
            vals![q.division()],
        )
        .await?;
    let apart = q
        .number(
            "SELECT COUNT(*) FROM stipend_book b WHERE b.division_code = $1 AND b.yuan <>
             (SELECT COALESCE(CAST(SUM(p.yuan) AS BIGINT), 0) FROM stipend_posting p
              WHERE p.division_code = b.division_code AND p.book = b.book)",
            vals![q.division()],
        )
        .await?;
    Ok(uneven == 0 && apart == 0 && balance(q).await?.is_sound())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_entered_the_books_balance_and_what_is_owed_is_covered(
            tried in prop::collection::vec((0usize..4, 1i64..200), 0..120)
        ) {
            let mut balance = Balance::default();
            for (kind, yuan) in tried {
                let kind = EntryKind::ALL[kind];
                // A payment is of something granted; the rest the accounts refuse by themselves.
                if kind == EntryKind::Payment && yuan > balance.owed() {
                    continue;
                }
                let after = balance.after(kind, yuan);
                if after.free() >= 0 {
                    balance = after;
                }
                prop_assert!(balance.is_sound(), "{balance:?} after {kind} of {yuan}");
                prop_assert_eq!(balance.set_aside(), balance.free() + balance.owed() + balance.paid());
            }
        }
    }
}
