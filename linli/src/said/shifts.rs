//! What a plan of shifts breaks, and which rules collide.

use std::fmt::Display;

use linli_platform::texts::{Lang, T};
use linli_shifts::rules::code;
use shift_plan::{Broken, Collision, Demand, Rule};

/// The name of a rule.
pub(crate) fn rule_name(t: &T, rule: Rule) -> String {
    t.code("cli-shift-rule", code(rule))
}

/// A rule that a plan breaks.
pub(crate) fn broken_text<I: Display>(t: &T, broken: &Broken<I>) -> String {
    let demand = Demand {
        rule: broken.rule,
        who: broken.who.as_ref(),
        date: broken.date,
        grid: broken.grid,
        limit: broken.limit,
        clause: broken.clause.clone(),
    };
    let text = demand_text(t, &demand);
    match broken.found {
        Some(found) => t.all("cli-shift-found", &[("text", text), ("found", number(t, broken.rule, found))]),
        None => text,
    }
}

/// Rules that cannot be kept together.
pub(crate) fn collision_text<I: Display>(t: &T, collision: &Collision<I>) -> String {
    let between = if t.lang == Lang::Zh { "；" } else { "; " };
    let rules: Vec<String> = collision.rules.iter().map(|demand| demand_text(t, demand)).collect();
    t.all("cli-shift-collides", &[("rules", rules.join(between))])
}

fn demand_text<I: Display>(t: &T, demand: &Demand<I>) -> String {
    let who = demand.who.as_ref().map(ToString::to_string);
    let grid = demand.grid.map(|grid| t.all("cli-shift-grid", &[("grid", grid.to_string())]));
    let date = demand.date.map(|date| date.to_string());
    let mut rule = rule_name(t, demand.rule);
    if let Some(limit) = demand.limit {
        rule = t.all("cli-shift-limit", &[("rule", rule), ("limit", number(t, demand.rule, limit))]);
    }
    if !demand.clause.is_empty() {
        rule = t.all("cli-shift-clause", &[("rule", rule), ("clause", demand.clause.clone())]);
    }
    let between = if t.lang == Lang::Zh { "，" } else { ", " };
    [who, grid, date, Some(rule)].into_iter().flatten().collect::<Vec<_>>().join(between)
}

/// A number of a rule; hours are counted in minutes.
fn number(t: &T, rule: Rule, value: u32) -> String {
    match rule {
        Rule::NormalHours | Rule::MostHours => {
            t.all("cli-shift-hours", &[("hours", format!("{:.1}", f64::from(value) / 60.0))])
        }
        _ => value.to_string(),
    }
}
