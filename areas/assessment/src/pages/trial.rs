//! What if (试算): a month's findings scored by another scheme, before it takes effect. Nothing is written.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Month,
    policy,
    texts::Lang,
    web::{FormErrors, Page, render_status},
};
use policy_pack::{Deduction, Points};

use super::month;
use crate::{
    scheme::{self, Scheme, Scored},
    scores,
};

/// A figure of the scheme that can be tried otherwise.
struct Figure {
    /// Name of the field.
    field: String,
    /// Text key of what it is.
    what: &'static str,
    value: String,
}

struct ItemView {
    name: String,
    figures: Vec<Figure>,
}

struct Row {
    name: String,
    group: String,
    now: Scored,
    then: Scored,
}

impl Row {
    fn change(&self) -> i64 {
        self.then.total.hundredths() - self.now.total.hundredths()
    }
    fn change_text(&self) -> String {
        let points = Points::from_hundredths(self.change().abs());
        match self.change() {
            0 => "0".to_owned(),
            1.. => format!("+{points}"),
            _ => format!("−{points}"),
        }
    }
    fn climbs(&self) -> i64 {
        self.now.rank_in_group - self.then.rank_in_group
    }
}

#[derive(Template)]
#[template(path = "assessment/trial.html")]
struct TrialPage {
    page: Page,
    month: Month,
    /// Policy packs that were proposed and have not taken effect.
    waiting: Vec<policy::Waiting>,
    /// Digest of the one that is tried; empty for the scheme in force.
    chosen: String,
    items: Vec<ItemView>,
    rows: Vec<Row>,
    errors: FormErrors,
    /// Committees whose rank in the group changes.
    moved: i64,
}

/// A figure of a scheme: points, or a whole number.
enum Value<'a> {
    Points(&'a mut Points),
    Whole(&'a mut u32),
}

/// The figures that a scheme has for an item, by the names of their fields.
fn figures(deduction: &mut Deduction, mut each: impl FnMut(&'static str, Value<'_>)) {
    match deduction {
        Deduction::PerMissing { points_each }
        | Deduction::PerFault { points_each }
        | Deduction::PerListing { points_each } => each("each", Value::Points(points_each)),
        Deduction::RateBelowTarget { target_percent, points_per_percent } => {
            each("target", Value::Whole(target_percent));
            each("percent", Value::Points(points_per_percent));
        }
        Deduction::MembersWork {
            min_members,
            items_per_member_per_day,
            points_per_missing_member,
            points_per_percent,
        } => {
            each("members", Value::Whole(min_members));
            each("items", Value::Whole(items_per_member_per_day));
            each("member", Value::Points(points_per_missing_member));
            each("percent", Value::Points(points_per_percent));
        }
        Deduction::NumberEntered {} => {}
    }
}

fn text_key(part: &str) -> &'static str {
    match part {
        "each" => "trial-each",
        "percent" => "trial-percent",
        "member" => "trial-member",
        "target" => "trial-target",
        "members" => "trial-members",
        "items" => "trial-items",
        _ => "assessment-points",
    }
}

/// Points as typed: up to two decimals, no more than a hundred.
fn typed(text: &str) -> Option<Points> {
    let value: f64 = text.trim().parse().ok()?;
    let hundredths = (value * 100.0).round();
    let fits = (0.0..=10_000.0).contains(&hundredths) && (value * 100.0 - hundredths).abs() < 1e-6;
    fits.then(|| Points::from_hundredths(hundredths as i64))
}

/// A whole number as typed, no more than a hundred.
fn whole(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|n| *n <= 100)
}

impl Value<'_> {
    fn text(&self) -> String {
        match self {
            Value::Points(points) => points.to_string(),
            Value::Whole(number) => number.to_string(),
        }
    }
    /// Takes what was typed; the key of what is wrong with it otherwise.
    fn take(self, text: &str) -> Result<(), &'static str> {
        match self {
            Value::Points(points) => *points = typed(text).ok_or("trial-number")?,
            Value::Whole(number) => *number = whole(text).ok_or("trial-whole")?,
        }
        Ok(())
    }
}

/// The scheme with what was typed; fields that are none keep what the scheme has, and are named.
fn tried(now: &Scheme, typed_in: &HashMap<String, String>, errors: &mut FormErrors) -> (Scheme, Vec<Vec<Figure>>) {
    let mut then = now.clone();
    let mut shown = Vec::new();
    for item in &mut then.items {
        let mut of_item = Vec::new();
        let id = item.id.clone();
        let mut one = |part: &'static str, figure: Value<'_>| {
            let field = format!("{id}.{part}");
            let mut value = figure.text();
            if let Some(text) = typed_in.get(&field) {
                if let Err(key) = figure.take(text) {
                    errors.add(&field, key);
                }
                value.clone_from(text);
            }
            of_item.push(Figure { field, what: text_key(part), value });
        };
        one("points", Value::Points(&mut item.points));
        figures(&mut item.deduction, &mut one);
        shown.push(of_item);
    }
    (then, shown)
}

/// `GET /assessment/{month}/trial`.
pub(crate) async fn show(
    State(app): State<App>,
    page: Page,
    Path(at): Path<String>,
    Query(typed_in): Query<HashMap<String, String>>,
) -> Result<Response> {
    let month = month(&at)?;
    let q = app.store.reads();
    let basis = scheme::basis(&q, month).await?;
    if basis.is_empty() {
        return Err(AppError::not_found());
    }
    let now = scheme::kept(&q, month).await?.unwrap_or_else(|| Scheme::of(&app.pack));
    let chosen = typed_in.get("scheme").cloned().unwrap_or_default();
    let proposed = match chosen.as_str() {
        "" => None,
        digest => Some(policy::waiting_pack(&q, digest).await?),
    };
    let mut errors = FormErrors::default();
    let (then, shown) = tried(&proposed.as_ref().map_or_else(|| now.clone(), Scheme::of), &typed_in, &mut errors);
    let english = page.lang == Lang::En;
    let name = |id: &str| {
        let items = proposed.as_ref().unwrap_or(&app.pack).scoring.items.iter();
        let item = items.chain(&app.pack.scoring.items).find(|i| i.id == id);
        item.map_or_else(|| id.to_owned(), |i| if english { i.name_en.clone() } else { i.name.clone() })
    };
    let items = then.items.iter().zip(shown).map(|(i, figures)| ItemView { name: name(&i.id), figures }).collect();
    let names: HashMap<String, String> =
        scores::of_month(&q, month).await?.into_iter().map(|s| (s.committee_code, s.name)).collect();
    let pairs = scheme::score(&now, &basis).into_iter().zip(scheme::score(&then, &basis)).zip(&basis);
    let row = |((now, then), b): ((Scored, Scored), &scheme::Basis)| Row {
        name: names.get(&b.committee).cloned().unwrap_or_default(),
        group: b.group.clone(),
        now,
        then,
    };
    let mut rows: Vec<Row> = pairs.map(row).collect();
    rows.sort_by(|a, b| (&a.group, a.then.rank_in_group, &a.name).cmp(&(&b.group, b.then.rank_in_group, &b.name)));
    let moved = rows.iter().filter(|r| r.climbs() != 0).count() as i64;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = page.t.a("trial-title", "month", month);
    let waiting = policy::waiting(&q).await?;
    render_status(status, &TrialPage { page: page.titled(title), month, waiting, chosen, items, rows, errors, moved })
}
