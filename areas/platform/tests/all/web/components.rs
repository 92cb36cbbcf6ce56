//! The parts of pages in `components.html`, on a desk page and on a phone page.

use askama::Template;
use axum::response::Response;
use linli_platform::{
    access::{Action, Role},
    area::{Area, Route},
    error::Result,
    store::migrations,
    testing::{self, Client, DIVISION},
    web::{FormErrors, Page, Paging, render},
};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "desk.html" %}{% import "components.html" as c %}{% block main %}
{% call c::error_summary(page, errors) %}{% endcall %}
{% call c::field(page, errors, "day", "common-day", name, "date", "common-optional") %}{% endcall %}
{% call c::field(page, errors, "note", "common-note", note, "textarea") %}{% endcall %}
{% call c::field(page, errors, "sure", "common-confirm", "true", "checkbox") %}{% endcall %}
{% call c::select(page, errors, "role", "common-role", choices, chosen, "common-choose") %}{% endcall %}
{% call c::stat("信息准不准？", "97.3%", "登记率", "late", "/x", "看 35 个村居") %}{% endcall %}
{% call c::bar(low, value, high, target) %}{% endcall %}
{% call c::bar(low, value, high, target, 0.0) %}{% endcall %}
{% call c::progress(page, done, total) %}{% endcall %}
{% call c::empty(page, "common-nothing-found", "/x", "common-show-all") %}{% endcall %}
{% call c::pager(page, paging) %}{% endcall %}
{% endblock %}"#
)]
struct Parts {
    page: Page,
    errors: FormErrors,
    name: String,
    note: String,
    choices: Vec<(i64, String)>,
    chosen: i64,
    low: f64,
    value: f64,
    high: f64,
    target: f64,
    done: i64,
    total: i64,
    paging: Paging,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "phone.html" %}{% block main %}<p class="card">{{ page.t.s("common-today") }}</p>{% endblock %}"#
)]
struct Phone {
    page: Page,
}

async fn parts(page: Page) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.add("day", "form-required");
    errors.add_text("", "另有 <2> 处不一致".into());
    render(&Parts {
        page: page.titled("部件"),
        errors,
        name: "2026-11-20".into(),
        note: "<b>".into(),
        choices: vec![(1, "甲".into()), (2, "乙".into())],
        chosen: 2,
        low: 93.8,
        value: 96.1,
        high: 97.9,
        target: 98.0,
        done: 9,
        total: 14,
        paging: Paging { page: 2, per_page: 50, total: 612 },
    })
}

async fn phone(page: Page) -> Result<Response> {
    render(&Phone { page: page.titled("今日") })
}

pub fn area() -> Area {
    Area {
        name: "parts",
        routes: vec![Route::get("/parts", Action::Own, parts), Route::get("/phone", Action::Own, phone)],
        ..Area::default()
    }
}

#[tokio::test]
async fn the_parts_of_a_page_look_like_this() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, "visitor", &[(Role::Auditor, DIVISION)]).await;
    let client = Client::signed_in(&testing::app(&t.store, &[area()]), &[area()], id).await;
    let text = client.get("/parts?group=A&page=2").await.text;
    assert!(text.contains("另有 &#60;2&#62; 处不一致"), "typed text is escaped: {text}");
    let main = text.split_once("<div class=\"heading\">").map_or("", |(_, rest)| rest);
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("components", main);
    });
}

#[tokio::test]
async fn a_phone_page_loads_two_style_sheets_and_no_framework() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, "visitor", &[(Role::Coordinator, DIVISION)]).await;
    let client = Client::signed_in(&testing::app(&t.store, &[area()]), &[area()], id).await;
    let text = client.get("/phone").await.text;
    assert_eq!(text.matches("rel=\"stylesheet\"").count(), 2);
    assert!(!text.contains("tabler") && !text.contains("<script"), "{text}");
    assert!(text.contains("<h1>今日</h1>"));
}
