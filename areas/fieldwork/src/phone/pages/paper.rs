//! The day's homes on paper (纸质走访表), masked: for a day on which no phone works. It is typed in afterwards.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, render},
};
use linli_register::{
    hazards,
    residents::{self, MaskedResident},
};

use crate::{
    door::in_short,
    today::{self, Today},
    visit::VisitOutcome,
};

/// A person's line: masked name, sex, age, the number's last two.
struct Line {
    name: String,
    sex: String,
    age: Option<i64>,
    tail: String,
}

#[derive(Template)]
#[template(path = "fieldwork/paper.html")]
struct Paper {
    page: Page,
    today: Today,
    people: HashMap<linli_register::HomeId, Vec<Line>>,
    hazards: HashMap<linli_register::HomeId, Vec<String>>,
}

impl Paper {
    fn of(&self, home: &linli_register::HomeId) -> &[Line] {
        self.people.get(home).map_or(&[], Vec::as_slice)
    }
    fn hazards_of(&self, home: &linli_register::HomeId) -> &[String] {
        self.hazards.get(home).map_or(&[], Vec::as_slice)
    }
    fn absent(&self) -> [VisitOutcome; 4] {
        VisitOutcome::ABSENT
    }
}

/// `GET /field/paper`
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let today = today::today(&app, &reader).await?;
    let reads = app.store.reads();
    let mut people = HashMap::new();
    for stop in &today.stops {
        let members = residents::of_home(&reads, &reader, stop.home.home_id).await?;
        let line = |m: &MaskedResident| {
            let (sex, age, tail) = in_short(m, today.day);
            Line { name: m.name_masked.clone(), sex, age, tail }
        };
        people.insert(stop.home.home_id, members.iter().map(line).collect());
    }
    let homes: Vec<_> = today.stops.iter().map(|s| s.home.home_id).collect();
    let name = |h: &hazards::HazardRow| hazards::name(&app.pack, page.lang, &h.code);
    let known = hazards::of_homes(&reads, &homes).await?;
    let hazards = known.into_iter().map(|(home, rows)| (home, rows.iter().map(name).collect())).collect();
    let title = page.t.a("paper-title", "day", today.day);
    render(&Paper { page: page.titled(title), today, people, hazards })
}
