//! An office with one ledger and one document whose sentences may be changed.

use std::sync::Arc;

use futures::future::BoxFuture;
use linli_papers::{Body, NewPaper};
use linli_platform::{
    Result,
    access::Role,
    app::App,
    area::Area,
    clock::Month,
    ids::GridId,
    ledger::Ledger,
    paper::Paper,
    reader::Reader,
    sheet::Out,
    store::Migration,
    testing::{self, Client, DIVISION, TestStore},
    texts::{Lang, T},
    wording::{Place, Slot, Template, Words},
};

/// What a spreadsheet would compute if it were let.
pub const RISKY: [&str; 6] = ["=1+1", "+86 21", "-5℃", "@某人", "=HYPERLINK(\"http://x\")", "\t=2"];

struct Odd;

impl Ledger for Odd {
    fn code(&self) -> &'static str {
        "odd"
    }
    fn source(&self) -> Option<&'static str> {
        Some("meetings")
    }
    fn columns(&self) -> &'static [&'static str] {
        &["ledger-col-day", "ledger-col-words", "ledger-col-visits"]
    }
    fn rows<'a>(&'a self, _: &'a App, _: &'a Reader, _: &'a T, month: Month) -> BoxFuture<'a, Result<Vec<Vec<Out>>>> {
        Box::pin(async move { Ok(rows(month, 120)) })
    }
}

/// Rows of a ledger, every cell of which begins with what would be a formula.
pub fn rows(month: Month, count: usize) -> Vec<Vec<Out>> {
    let row =
        |n: usize| vec![month.first_day().to_string().into(), RISKY[n % RISKY.len()].into(), Out::Number(n as f64)];
    (0..count).map(row).collect()
}

pub struct Letter;

impl Template for Letter {
    fn code(&self) -> &'static str {
        "letter"
    }
    fn langs(&self) -> &'static [Lang] {
        &[Lang::Zh]
    }
    fn slots(&self) -> &'static [Slot] {
        const SLOTS: &[Slot] = &[
            Slot {
                code: "title",
                zh: "{月份}情况通报",
                en: "",
                places: &[Place::new("month", "月份", "month")],
                needed: &["month"],
                max_chars: 30,
            },
            Slot { code: "end", zh: "特此通报。", en: "", places: &[], needed: &[], max_chars: 30 },
        ];
        SLOTS
    }
    fn sample(&self, app: &App, _: &T, words: &Words) -> Result<Vec<u8>> {
        app.documents.paper_pdf(&paper(&words.say("title", &[("month", "2026年10月")]), &words.say("end", &[])))
    }
}

pub fn paper(title: &str, text: &str) -> Paper {
    Paper {
        issuer: "某街道人口管理办公室".into(),
        number: None,
        title: title.into(),
        addressee: None,
        date: "2026年11月20日".into(),
        lead: vec![text.into()],
        parts: Vec::new(),
    }
}

pub fn areas() -> Vec<Area> {
    let given =
        Area { name: "given", ledgers: vec![Arc::new(Odd)], templates: vec![Arc::new(Letter)], ..Area::default() };
    vec![linli_papers::area(), given]
}

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_papers::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
}

pub async fn worlds() -> Vec<World> {
    let stores = testing::stores(migrations).await;
    stores.into_iter().map(|test| World { app: testing::app(&test.store, &areas()), test }).collect()
}

impl World {
    pub async fn client(&self, name: &str, role: Role, area: &str) -> Client {
        let account = testing::account(&self.test.store, name, &[(role, area)]).await;
        Client::signed_in(&self.app, &areas(), account).await
    }
    pub async fn office(&self) -> Client {
        self.client("office", Role::PopulationOffice, DIVISION).await
    }
    pub fn reader(&self) -> Reader {
        testing::reader(&self.test.store, &[Role::PopulationOffice], linli_platform::reader::Scope::Division)
    }
    pub fn t(&self) -> T {
        T::new(self.app.texts.clone(), Lang::Zh)
    }
    pub fn letter(&self, subject: &str, text: &str) -> NewPaper {
        NewPaper {
            kind: "bulletin",
            subject: subject.into(),
            title: format!("{subject}通报"),
            grid: None,
            for_all: true,
            body: Body::Paper(paper(&format!("{subject}通报"), text)),
            wording: Some("letter/zh-CN/0".into()),
        }
    }
    /// A document of one grid's.
    pub fn of_grid(&self, grid: GridId) -> NewPaper {
        NewPaper {
            kind: "meeting-record",
            subject: grid.to_string(),
            grid: Some(grid),
            for_all: false,
            ..self.letter("record", "正文")
        }
    }
    pub async fn issue(&self, new: NewPaper) -> linli_papers::Paper {
        linli_papers::issue(&self.app, &self.reader(), &self.t(), "https://linli.test", new).await.unwrap()
    }
}
