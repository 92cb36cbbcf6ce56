//! The bodies and their members (R40).

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    texts::Lang,
    web::{self, FormErrors, Page},
};

use super::{beside, required_day, until};
use crate::{
    ids::MemberId,
    store::bodies::{self, BodyMember, place_of},
};

struct MemberView {
    member: BodyMember,
    post: String,
    current: bool,
}

struct BodyView {
    name: String,
    clause: String,
    members: Vec<MemberView>,
}

#[derive(serde::Deserialize, Default)]
pub(super) struct MemberForm {
    /// Body and post, joined by a slash: a choice of both at once works without scripts.
    #[serde(default)]
    seat: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    last_day: String,
}

#[derive(Template)]
#[template(path = "team/bodies.html")]
struct Show {
    page: Page,
    bodies: Vec<BodyView>,
    seats: Vec<(String, String)>,
    errors: FormErrors,
    typed: MemberForm,
}

async fn page_of(app: &App, page: Page, errors: FormErrors, typed: MemberForm) -> Result<Show> {
    let pack = &app.pack.governance;
    let zh = page.lang == Lang::Zh;
    let said = |zh_name: &str, en_name: &str| if zh { zh_name.to_owned() } else { en_name.to_owned() };
    let post = |id: &str| pack.posts.iter().find(|p| p.id == id).map(|p| said(&p.name, &p.name_en)).unwrap_or_default();
    let members = bodies::all(&app.store.reads()).await?;
    let today = app.store.now().day();
    let mut seats = Vec::new();
    for body in &pack.bodies {
        for id in pack.posts.iter().map(|p| p.id.as_str()).filter(|id| place_of(body, id).is_some()) {
            let text = format!("{} · {}", said(&body.name, &body.name_en), post(id));
            seats.push((format!("{}/{id}", body.id), text));
        }
    }
    let views = pack.bodies.iter().map(|body| BodyView {
        name: said(&body.name, &body.name_en),
        clause: body.clause.clone(),
        members: members
            .iter()
            .filter(|m| m.body == body.id)
            .map(|m| MemberView { post: post(&m.post), current: m.holds_on(today), member: m.clone() })
            .collect(),
    });
    let views = views.collect();
    let title = page.t.s("bodies-title");
    Ok(Show { page: page.titled(title), bodies: views, seats, errors, typed })
}

pub(super) async fn show(State(app): State<App>, page: Page, _reader: Reader) -> Result<Response> {
    let typed = MemberForm { from: app.store.now().day().to_string(), ..MemberForm::default() };
    web::render(&page_of(&app, page, FormErrors::new(), typed).await?)
}

pub(super) async fn add(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(form): Form<MemberForm>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let seat = web::required(&mut errors, "seat", &form.seat).split_once('/');
    let name = web::required(&mut errors, "name", &form.name).to_owned();
    let from = required_day(&mut errors, "from", &form.from);
    let until = until(&mut errors, "last_day", &form.last_day);
    if let (Some((body, post)), Some(from), true) = (seat, from, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match bodies::add(&tx, &app.pack, body, post, &name, from, until).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect("/team/bodies"), "common-saved"));
            }
            Err(e) => {
                let field = match e.code {
                    "staff-name" => "name",
                    "body-days" => "last_day",
                    _ => "seat",
                };
                beside(&page.t, &mut errors, field, e)?;
            }
        }
    }
    errors.require(seat.is_some() || !errors.is_empty(), "seat", "form-unreadable");
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&app, page, errors, form).await?)
}

pub(super) async fn end(State(app): State<App>, reader: Reader, Path(id): Path<MemberId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    bodies::end(&tx, id, tx.now().day()).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/team/bodies"), "common-saved"))
}
