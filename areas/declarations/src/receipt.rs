//! The registration receipt (登记凭证): one page for the person, with a QR code that anybody can check at our page
//! without seeing personal data. It says what the register held on its day; nobody can follow a person with it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fast_qr::{
    QRBuilder,
    convert::{Builder as _, Shape, svg::SvgBuilder},
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    event::{NewEvent, SubjectRef},
    reader::{Purpose, Reader},
    store::{Query, Store, Tx},
    texts::{Lang, T},
    vals,
    wording::{Slot, Template, Words},
};
use linli_register::residents;
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

use crate::entrance::Own;

/// A receipt can be checked for this long.
pub const VALID_DAYS: i64 = 90;
/// How often the words on one paper can be compared with it.
pub const CHECKS: i64 = 20;
/// A code as text: 16 bytes in base64.
const CODE_CHARS: usize = 22;
/// The layout of the page.
pub(crate) const LAYOUT: &str = include_str!("receipt.typ");

const fn slot(code: &'static str, zh: &'static str, en: &'static str, max_chars: usize) -> Slot {
    Slot { code, zh, en, places: &[], needed: &[], max_chars }
}

/// What the office may change on a receipt. The values on it are the register's.
pub(crate) const SLOTS: &[Slot] = &[
    slot("title", "居住登记凭证", "Receipt of residence registration", 40),
    slot(
        "statement",
        "本凭证说明开具当天的登记内容，不作其他证明用。",
        "It says what the register held on the day of issue and proves nothing else.",
        200,
    ),
    slot("check", "扫码核验真伪。核验页面不显示个人信息。", "Scan to check it. The page shows no personal data.", 120),
];

/// The receipt's sentences (R36).
pub(crate) struct Wording;

impl Template for Wording {
    fn code(&self) -> &'static str {
        "receipt"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh, Lang::En]
    }
    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }
    fn sample(&self, app: &App, t: &T, words: &Words) -> Result<Vec<u8>> {
        let url = "https://example.cn/verify/sample";
        let line = |key: &str, value: &str| serde_json::json!({ "label": t.s(key), "value": value });
        let lines = [line("receipt-name", "样例"), line("receipt-issued", "2026-11-30")];
        let data = serde_json::json!({
            "title": words.say("title", &[]), "office": app.pack.meta.division_name, "lines": lines,
            "statement": words.say("statement", &[]), "check": words.say("check", &[]), "url": url, "qr": qr_svg(url)?,
        });
        app.documents.pdf(LAYOUT, data)
    }
}

fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

/// What ties a paper to its code, by a MAC: the name and the last four characters of the number on it.
fn paper_words(code: &str, name: &str, last_four: &str) -> String {
    format!("{code}\n{}\n{}", cn_identity::name::key(name), last_four.trim().to_uppercase())
}

/// The picture of a QR code, in black on white.
///
/// # Errors
/// `internal` for more text than a code can hold.
pub fn qr_svg(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).build().map_err(|e| AppError::internal(format!("a QR code: {e:?}")))?;
    Ok(SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code))
}

/// Issues a receipt of the own record: the PDF. `site` is how the site is reached, `https://host`.
///
/// # Errors
/// `already-cancelled` where nothing is registered any more; `fonts-missing`; those of [`residents::open`].
pub async fn issue(app: &App, t: &T, own: &Own, site: &str) -> Result<Vec<u8>> {
    let tx = app.store.begin(&own.reader()).await?;
    let open = residents::open(&tx, own.resident, Purpose::OwnRecord).await?;
    if open.masked.state != "current" {
        return Err(AppError::rule("already-cancelled"));
    }
    let code = URL_SAFE_NO_PAD.encode(app.store.rng().bytes::<16>());
    let (today, id) = (tx.now().day(), tx.new_id::<uuid::Uuid>());
    let until = today.plus_days(VALID_DAYS);
    let number = open.doc.text();
    let last_four: String = number.chars().skip(number.chars().count().saturating_sub(4)).collect();
    let mac = app.store.keys().blind_index("own-receipt", &paper_words(&code, open.name.text(), &last_four));
    let columns =
        &["division_code", "receipt_id", "code_hash", "paper_mac", "resident_id", "issued_day", "until_day", "checks"];
    let row = vals![tx.division(), id, digest(&code), mac, own.resident, today, until, 0i64];
    tx.insert_many("own_receipt", columns, vec![row]).await?;
    tx.event(NewEvent::new("own-receipt.issued", SubjectRef::new("own-receipt", id, open.masked.grid_id))).await?;
    let since = residents::lives_since(&tx, own.resident).await?;
    let url = format!("{site}/verify/{code}");
    let line = |key: &str, value: String| serde_json::json!({ "label": t.s(key), "value": value });
    let hidden = format!("{}{last_four}", "*".repeat(number.chars().count().saturating_sub(4)));
    let words = linli_papers::words(&tx, &Wording, t.lang).await?;
    let data = serde_json::json!({
        "title": words.say("title", &[]),
        "office": app.pack.meta.division_name,
        "lines": [
            line("receipt-name", open.name.text().to_owned()),
            line("receipt-document", format!("{} {hidden}", t.code("doc-kind", &open.masked.doc_kind))),
            line("receipt-address", open.masked.address_text.clone().unwrap_or_default()),
            line("receipt-since", since.map(|d| d.to_string()).unwrap_or_default()),
            line("receipt-issued", today.to_string()),
            line("receipt-until", until.to_string()),
        ],
        "statement": words.say("statement", &[]),
        "check": words.say("check", &[]),
        "url": url,
        "qr": qr_svg(&url)?,
    });
    let pdf = app.documents.pdf(LAYOUT, data)?;
    // The paper leaves only after the reading and the issue are on record.
    tx.commit().await?;
    Ok(pdf)
}

/// What the verification page says of a code. No personal data.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Issued {
    /// The day of issue.
    pub issued_day: Day,
    /// The last day on which it can be checked.
    pub until_day: Day,
}

/// The receipt of a code; `None` for a code that was never issued or whose time is over.
pub async fn look(store: &Store, code: &str) -> Result<Option<Issued>> {
    look_in(&store.reads(), code).await
}

async fn look_in(q: &impl Query, code: &str) -> Result<Option<Issued>> {
    if code.len() != CODE_CHARS {
        return Ok(None);
    }
    q.row(
        "SELECT issued_day, until_day FROM own_receipt
         WHERE division_code = $1 AND code_hash = $2 AND until_day >= $3",
        vals![q.division(), digest(code), q.store().now().day()],
    )
    .await
}

/// Whether the words on a paper belong to its code; `None` once it was compared too often.
///
/// # Errors
/// `not-found` for an unknown code.
pub async fn compare(store: &Store, code: &str, name: &str, last_four: &str) -> Result<Option<bool>> {
    let tx = store.begin(&Reader::system()).await?;
    let agrees = compare_in(&tx, code, name, last_four).await?;
    tx.commit().await?;
    Ok(agrees)
}

/// The same in a transaction.
///
/// # Errors
/// `not-found` for an unknown code.
pub async fn compare_in(tx: &Tx, code: &str, name: &str, last_four: &str) -> Result<Option<bool>> {
    #[derive(FromQueryResult)]
    struct Row {
        paper_mac: Vec<u8>,
    }
    if look_in(tx, code).await?.is_none() {
        return Err(AppError::not_found());
    }
    let row: Option<Row> = tx
        .row(
            "UPDATE own_receipt SET checks = checks + 1 WHERE division_code = $1 AND code_hash = $2 AND checks < $3
             RETURNING paper_mac",
            vals![tx.division(), digest(code), CHECKS],
        )
        .await?;
    tx.housekeeping("a receipt was compared; who did so is nobody's business");
    let forms = tx.store().keys().blind_forms("own-receipt", &paper_words(code, name, last_four));
    Ok(row.map(|r| forms.contains(&r.paper_mac)))
}
