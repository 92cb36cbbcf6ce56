//! Issuing a document: the number first, then the pages with it, then the file is kept.
//!
//! Typesetting takes its time, so it is done between two short transactions. What was numbered and not finished (the
//! machine stopped, no fonts) is finished by issuing it again, under the same number.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    paper::{Mark, Paper as Layout},
    reader::Reader,
    store::{Query, Tx},
    texts::{Lang, T},
    vals, web,
};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use crate::{
    ids::PaperId,
    number::{self, code, grouped, hex, number_key},
    register::{self, Paper},
};

/// What a document says.
#[derive(Debug, Clone)]
pub enum Body {
    /// A paper in the layout of GB/T 9704; its number is put in here.
    Paper(Layout),
    /// A page of its own: its Typst source, and its data, to which `number`, `mark` (lines) and `check` (a picture of a
    /// QR code that leads to the page of checking) are added.
    Page(&'static str, Value),
}

/// A document to be issued.
#[derive(Debug, Clone)]
pub struct NewPaper {
    /// Id of the policy pack's document, which names its series.
    pub kind: &'static str,
    /// What it is of; with the kind it is issued under one number.
    pub subject: String,
    /// Title, free of personal data: whoever checks the paper reads it.
    pub title: String,
    /// The grid it is of, which decides who finds it in the register.
    pub grid: Option<GridId>,
    /// Whether everybody with the register finds it: bulletins.
    pub for_all: bool,
    /// What it says. The same content is the same version, so nothing in it may be of the moment.
    pub body: Body,
    /// The wording it was made with.
    pub wording: Option<String>,
}

/// A version that has its number and waits for its pages.
struct Numbered {
    paper: PaperId,
    edition: i64,
    number: String,
    mark: Mark,
    check_url: String,
    /// Whether it is issued already.
    done: bool,
}

#[derive(FromQueryResult)]
struct Last {
    edition: i64,
    digest: Vec<u8>,
    check_code: String,
    issued_at: Option<At>,
}

/// Issues a document; the same content as before changes nothing. `site` is how the site is reached, `https://host`.
///
/// # Errors
/// `papers-no-series` where the policy pack gives the kind no number; `papers-withdrawn`; `fonts-missing`; those of the
/// store.
pub async fn issue(app: &App, reader: &Reader, t: &T, site: &str, new: NewPaper) -> Result<Paper> {
    let tx = app.store.begin(reader).await?;
    let numbered = take_number(app, &tx, t, site, &new).await?;
    tx.commit().await?;
    if !numbered.done {
        let file = typeset(app, &numbered, new.body.clone()).await?;
        let tx = app.store.begin(reader).await?;
        finish(&tx, &numbered, &new, file).await?;
        tx.commit().await?;
    }
    register::of_subject(&app.store.reads(), new.kind, &new.subject).await?.ok_or_else(AppError::not_found)
}

async fn take_number(app: &App, tx: &Tx, t: &T, site: &str, new: &NewPaper) -> Result<Numbered> {
    let content = content(&new.body)?;
    let digest = number::digest(&content);
    let (paper, number) = match register::of_subject(tx, new.kind, &new.subject).await? {
        Some(paper) if paper.withdrawn_at.is_some() => return Err(AppError::rule("papers-withdrawn")),
        Some(paper) => (paper.paper_id, paper.number),
        None => register_new(app, tx, new).await?,
    };
    let sql = "SELECT edition, digest, check_code, issued_at FROM paper_version
         WHERE division_code = $1 AND paper_id = $2 ORDER BY edition DESC LIMIT 1";
    let last: Option<Last> = tx.row(sql, vals![tx.division(), paper]).await?;
    let same = last.as_ref().filter(|l| l.digest == digest);
    let edition = match (&last, same) {
        (None, _) => 1,
        (Some(l), Some(_)) => l.edition,
        // What never went out makes way.
        (Some(l), None) if l.issued_at.is_none() => l.edition,
        (Some(l), None) => l.edition + 1,
    };
    let salt = app.store.rng().bytes::<16>().to_vec();
    let code = same.map_or_else(|| code(&salt, &digest, &number, edition), |s| s.check_code.clone());
    let check_url = format!("{site}/papers/check?number={}&code={code}", web::encode_query(&number));
    // Papers in the official layout are Chinese, whoever issues them; pages of their own come in a language of their own.
    let chinese = T::new(app.texts.clone(), Lang::Zh);
    let t = if matches!(new.body, Body::Paper(_)) { &chinese } else { t };
    let lines = [
        ("papers-mark-version", vec![("number", number.clone()), ("n", edition.to_string())]),
        ("papers-mark-code", vec![("code", grouped(&code))]),
        ("papers-mark-check", vec![("url", format!("{site}/papers/check"))]),
    ];
    let mark = Mark { lines: lines.into_iter().map(|(key, args)| t.all(key, &args)).collect() };
    let done = same.is_some_and(|s| s.issued_at.is_some());
    let entered = same.is_some();
    let numbered = Numbered { paper, edition, number, mark, check_url, done };
    if !entered {
        // For a paper the content is kept, to write the Word file of it.
        let kept = if matches!(new.body, Body::Paper(_)) { content } else { String::new() };
        enter_version(tx, new, &numbered, vals![digest, salt, code, kept]).await?;
    }
    Ok(numbered)
}

/// Enters a version that has its number. `values`: digest, salt, check code, content.
async fn enter_version(tx: &Tx, new: &NewPaper, numbered: &Numbered, values: Vec<sea_orm::Value>) -> Result<()> {
    let (paper, edition) = (numbered.paper, numbered.edition);
    tx.execute(
        "DELETE FROM paper_version WHERE division_code = $1 AND paper_id = $2 AND edition = $3 AND issued_at IS NULL",
        vals![tx.division(), paper, edition],
    )
    .await?;
    let columns = [
        "division_code",
        "paper_id",
        "edition",
        "digest",
        "salt",
        "check_code",
        "content",
        "wording",
        "mark",
        "made_at",
    ];
    let mut row = vals![tx.division(), paper, edition];
    row.extend(values);
    row.extend(vals![new.wording.clone(), serde_json::to_string(&numbered.mark)?, tx.now()]);
    tx.insert_many("paper_version", &columns, vec![row]).await?;
    let body = json!({ "kind": new.kind, "edition": edition });
    let subject = SubjectRef::new("paper", paper, new.grid);
    tx.event(NewEvent::new("paper.numbered", subject).version(edition).body(body)).await?;
    Ok(())
}

/// How a document stands to what was issued of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was issued.
    Never,
    /// The newest version says the same.
    Same(Paper),
    /// What it would say now differs from the newest version.
    Changed(Paper),
}

impl State {
    /// What was issued last, if anything was.
    pub fn paper(&self) -> Option<&Paper> {
        match self {
            State::Never => None,
            State::Same(paper) | State::Changed(paper) => Some(paper),
        }
    }
    /// Whether there is something to issue.
    pub fn can_issue(&self) -> bool {
        match self {
            State::Never => true,
            State::Same(_) => false,
            State::Changed(paper) => paper.withdrawn_at.is_none(),
        }
    }
    /// The file to give out instead of a draft: the version that says the same and holds.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn file(&self, q: &impl Query) -> Result<Option<Vec<u8>>> {
        match self {
            State::Same(Paper { paper_id, edition: Some(edition), withdrawn_at: None, .. }) => {
                Ok(Some(register::file(q, *paper_id, *edition).await?))
            }
            _ => Ok(None),
        }
    }
    /// What that version says, with its number, and the record of it at the end; none for a page of its own.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn layout(&self, q: &impl Query) -> Result<Option<(Layout, Mark)>> {
        let State::Same(Paper { paper_id, edition: Some(edition), withdrawn_at: None, number, .. }) = self else {
            return Ok(None);
        };
        let kept = register::kept(q, *paper_id, *edition).await?.paper()?;
        Ok(kept.map(|(paper, mark)| (Layout { number: Some(number.clone()), ..paper }, mark)))
    }
}

/// How what a document would say now stands to what was issued. The caller has found the subject in the reader's scope.
pub async fn state(q: &impl Query, kind: &str, subject: &str, body: &Body) -> Result<State> {
    let Some(paper) = register::of_subject(q, kind, subject).await? else { return Ok(State::Never) };
    let Some(edition) = paper.edition else { return Ok(State::Never) };
    let sql = "SELECT edition, digest, check_code, issued_at FROM paper_version
         WHERE division_code = $1 AND paper_id = $2 AND edition = $3";
    let last: Option<Last> = q.row(sql, vals![q.division(), paper.paper_id, edition]).await?;
    let same = last.is_some_and(|l| content(body).is_ok_and(|c| number::digest(&c) == l.digest));
    Ok(if same { State::Same(paper) } else { State::Changed(paper) })
}

/// How the site is reached by whoever asks: what is printed on a document.
pub fn site(app: &App, headers: &http::HeaderMap) -> String {
    let host = headers.get(http::header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if app.secure_cookies { "https" } else { "http" })
}

/// The content by which two documents are the same.
fn content(body: &Body) -> Result<String> {
    Ok(match body {
        Body::Paper(paper) => serde_json::to_string(paper)?,
        Body::Page(_, data) => data.to_string(),
    })
}

/// Takes the next number of the series and enters the document.
async fn register_new(app: &App, tx: &Tx, new: &NewPaper) -> Result<(PaperId, String)> {
    let document = app.pack.documents.iter().find(|d| d.id == new.kind);
    let series = document.map(|d| d.series.as_str()).filter(|s| !s.is_empty());
    let series = series.ok_or_else(|| AppError::rule("papers-no-series"))?;
    let year = i64::from(tx.now().day().0.year());
    #[derive(FromQueryResult)]
    struct Taken {
        last: i64,
    }
    let taken: Option<Taken> = tx
        .row(
            "INSERT INTO paper_series (division_code, series, year, last) VALUES ($1, $2, $3, 1)
             ON CONFLICT (division_code, series, year) DO UPDATE SET last = paper_series.last + 1 RETURNING last",
            vals![tx.division(), series, year],
        )
        .await?;
    let running = taken.map(|t| t.last).ok_or_else(|| AppError::internal("a series without a number"))?;
    let (id, number) = (tx.new_id::<PaperId>(), number::number(series, year, running));
    let columns = [
        "division_code",
        "paper_id",
        "kind",
        "subject",
        "series",
        "year",
        "running",
        "number",
        "number_key",
        "title",
        "grid_id",
        "for_all",
        "made_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        new.kind,
        new.subject.clone(),
        series,
        year,
        running,
        number.clone(),
        number_key(&number),
        new.title.clone(),
        new.grid,
        new.for_all,
        tx.now(),
        1i64
    ];
    tx.insert_many("paper", &columns, vec![row]).await?;
    Ok((id, number))
}

async fn typeset(app: &App, numbered: &Numbered, body: Body) -> Result<Vec<u8>> {
    let (documents, number, mark) = (app.documents.clone(), numbered.number.clone(), numbered.mark.clone());
    let check = web::qr_svg(&numbered.check_url, "")?;
    let made = tokio::task::spawn_blocking(move || match body {
        Body::Paper(paper) => documents.numbered_pdf(&Layout { number: Some(number), ..paper }, &mark),
        Body::Page(source, mut data) => {
            data["number"] = json!(number);
            data["mark"] = json!(mark.lines);
            data["check"] = json!(check);
            documents.pdf(source, data)
        }
    });
    made.await.map_err(AppError::internal)?
}

/// Keeps the file. Whoever was first keeps theirs: the content is the same.
async fn finish(tx: &Tx, numbered: &Numbered, new: &NewPaper, file: Vec<u8>) -> Result<()> {
    let sha256 = hex(&<sha2::Sha256 as sha2::Digest>::digest(&file));
    let touched = tx
        .execute(
            "UPDATE paper_version SET file = $4, file_sha256 = $5, issued_at = $6, issued_by = $7
             WHERE division_code = $1 AND paper_id = $2 AND edition = $3 AND issued_at IS NULL",
            vals![tx.division(), numbered.paper, numbered.edition, file, sha256.clone(), tx.now(), tx.reader().account],
        )
        .await?;
    if touched == 0 {
        tx.housekeeping("the same version was issued a moment before");
        return Ok(());
    }
    tx.execute_one(
        "UPDATE paper SET title = $3, version = version + 1 WHERE division_code = $1 AND paper_id = $2",
        vals![tx.division(), numbered.paper, new.title.clone()],
    )
    .await?;
    let body = json!({ "kind": new.kind, "edition": numbered.edition, "sha256": sha256 });
    let subject = SubjectRef::new("paper", numbered.paper, new.grid);
    tx.event(NewEvent::new("paper.issued", subject).version(numbered.edition).body(body)).await?;
    Ok(())
}
