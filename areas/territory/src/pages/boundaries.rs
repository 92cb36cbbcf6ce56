//! Sets of boundaries: upload, preview, schedule.

use askama::Template;
use axum::http::StatusCode;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::{Reader, Scope},
    web::{self, FormErrors, Page},
};

use super::committees::geojson;
use crate::{
    boundary::{
        changes::{ChangeKind, GridChange, Hands},
        read::BoundaryFault,
    },
    datum::Datum,
    effect::{self, Preview},
    ids::SetId,
    map::preview_for_map,
    setup::{self, Uploaded},
    store::boundaries::{self, BoundarySet},
};

/// How many places of addresses outside every grid a page lists.
const OUTSIDE_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "territory/boundaries.html")]
struct List {
    page: Page,
    sets: Vec<BoundarySet>,
    faults: Vec<(Option<usize>, String)>,
    errors: FormErrors,
    datum: String,
    datums: Vec<(&'static str, String)>,
}

async fn list_page(app: &App, page: Page, errors: FormErrors, faults: &[BoundaryFault], datum: Datum) -> Result<List> {
    let sets = boundaries::all(&app.store.reads()).await?;
    let text = |fault: &BoundaryFault| {
        let (key, args) = fault.text();
        (fault.number(), page.t.all(format!("boundary-fault-{key}"), &args))
    };
    let faults = faults.iter().map(text).collect();
    let option = |d: Datum| (d.code(), page.t.code("boundary-datum", d.code()));
    let datums = [Datum::Wgs84, Datum::Gcj02].map(option).into();
    let title = page.t.s("boundary-title");
    Ok(List { page: page.titled(title), sets, faults, errors, datum: datum.code().into(), datums })
}

pub(super) async fn list(State(app): State<App>, page: Page, _reader: Reader) -> Result<Response> {
    web::render(&list_page(&app, page, FormErrors::new(), &[], Datum::Wgs84).await?)
}

#[derive(Default)]
struct Upload {
    file_name: String,
    text: Option<String>,
    datum: Option<Datum>,
}

async fn read_upload(mut parts: Multipart) -> Result<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = parts.next_field().await? {
        match field.name() {
            Some("datum") => upload.datum = Datum::from_code(field.text().await?.trim()),
            Some("file") => {
                // The name is shown on pages only; what a browser sends may be long.
                upload.file_name = field.file_name().unwrap_or_default().chars().take(80).collect();
                let bytes = field.bytes().await?;
                upload.text = (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned());
            }
            _ => {}
        }
    }
    Ok(upload)
}

pub(super) async fn upload(State(app): State<App>, page: Page, reader: Reader, parts: Multipart) -> Result<Response> {
    let upload = read_upload(parts).await?;
    let datum = upload.datum.unwrap_or(Datum::Wgs84);
    let mut errors = FormErrors::new();
    let Some(text) = upload.text else {
        errors.add("file", "boundary-no-file");
        let template = list_page(&app, page, errors, &[], datum).await?;
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template);
    };
    match setup::upload(&app, &reader, &upload.file_name, datum, text).await {
        Ok(Uploaded::Draft(id)) => {
            Ok(web::flash(web::redirect(&format!("/territory/boundaries/{id}")), "boundary-uploaded"))
        }
        Ok(Uploaded::Faults(faults)) => {
            errors.add("file", "boundary-has-faults");
            let template = list_page(&app, page, errors, &faults, datum).await?;
            web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            errors.add_error(&page.t, "file", &e);
            let template = list_page(&app, page, errors, &[], datum).await?;
            web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(e) => Err(e),
    }
}

struct HandsView {
    from: String,
    to: String,
    hands: Hands,
}

#[derive(Template)]
#[template(path = "territory/boundary.html")]
struct Show {
    page: Page,
    preview: Preview,
    changes: Vec<GridChange>,
    between: Vec<HandsView>,
    total: Hands,
    outside: Vec<String>,
    errors: FormErrors,
    day: String,
    open: bool,
    whole_scope: bool,
}

impl Show {
    fn kinds(&self) -> [(&'static str, usize); 5] {
        use ChangeKind::{Changed, Closed, New, Renamed, Same};
        [New, Changed, Renamed, Closed, Same].map(|k| (k.code(), self.preview.count(k)))
    }
    fn m2(&self, value: &f64) -> String {
        format!("{value:.0}")
    }
}

async fn show_page(app: &App, page: Page, reader: &Reader, id: SetId, errors: FormErrors, day: String) -> Result<Show> {
    let preview = effect::preview(app, reader, id).await?;
    let label = |g: Option<linli_platform::ids::GridId>| g.map(|g| preview.label(g));
    let between = preview.handover.between.iter().map(|((from, to), hands)| HandsView {
        from: label(*from).unwrap_or_else(|| page.t.s("boundary-no-grid")),
        to: label(Some(*to)).unwrap_or_default(),
        hands: *hands,
    });
    let mut between: Vec<HandsView> = between.collect();
    between.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    let outside_at = preview.handover.outside_at.iter().take(OUTSIDE_SHOWN);
    let outside = outside_at.map(|(lon, lat)| format!("{lon:.6}, {lat:.6}")).collect();
    let changes = preview.changes.iter().filter(|c| c.kind != ChangeKind::Same).cloned().collect();
    let day = match preview.set.takes_effect_day {
        Some(set) if day.is_empty() => set.to_string(),
        _ => day,
    };
    let open = matches!(preview.set.state.as_str(), "draft" | "scheduled");
    let title = page.t.a("boundary-set-title", "file", &preview.set.file_name);
    Ok(Show {
        page: page.titled(title),
        total: preview.handover.total(),
        whole_scope: reader.scope == Scope::Division,
        preview,
        changes,
        between,
        outside,
        errors,
        day,
        open,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<SetId>,
) -> Result<Response> {
    web::render(&show_page(&app, page, &reader, id, FormErrors::new(), String::new()).await?)
}

pub(super) async fn map(State(app): State<App>, reader: Reader, Path(id): Path<SetId>) -> Result<Response> {
    let preview = effect::preview(&app, &reader, id).await?;
    Ok(geojson(preview_for_map(&preview)))
}

#[derive(serde::Deserialize)]
pub(super) struct ScheduleForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    accept_faults: String,
}

pub(super) async fn schedule(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<SetId>,
    Form(form): Form<ScheduleForm>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let written = web::required(&mut errors, "day", &form.day);
    let day: Option<Day> = web::optional(&mut errors, "day", written);
    if let Some(day) = day.filter(|_| errors.is_empty()) {
        match effect::schedule(&app, &reader, id, day, form.accept_faults == "true").await {
            Ok(()) => {
                let to = format!("/territory/boundaries/{id}");
                return Ok(web::flash(web::redirect(&to), "boundary-scheduled"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, field_of(&e), &e),
            Err(e) => return Err(e),
        }
    }
    let template = show_page(&app, page, &reader, id, errors, form.day).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

fn field_of(error: &AppError) -> &'static str {
    match error.code {
        "boundary-faults" => "accept_faults",
        "boundary-lost" => "",
        _ => "day",
    }
}

pub(super) async fn remove(State(app): State<App>, reader: Reader, Path(id): Path<SetId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    boundaries::drop_set(&tx, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/territory/boundaries"), "boundary-dropped"))
}
