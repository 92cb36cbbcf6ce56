//! Another system that was admitted to the interface, with its token, so that it can be tried; one more that waits for
//! its second person; a declaration that came by it and fits no record; an order that waits for an office; and a clue
//! about premises of the shown grid.

use linli_declarations::api::{SentDeclaration, check, inbound};
use linli_orders::{
    OrderKind,
    brought::{self, Brought},
    orders::NewOrder,
};
use linli_platform::{
    AppError,
    access::{AreaKind, Role},
    api::{
        self, ApiScope,
        clients::{self, NewClient},
    },
    proposals::{self, Decision},
    reader::{Reader, Scope},
};
use linli_scenes::{brought as scenes, scenes::NewScene};

use super::{
    accounts::{Worker, Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// Many requests a minute: whoever tries it may let a program try it.
const REQUESTS_A_MINUTE: i64 = 60_000;

fn reader(worker: &Worker) -> Reader {
    let (name, roles) = (worker.name.clone(), vec![worker.role]);
    Reader { account: worker.account, name, roles, scope: Scope::Division, ..Reader::system() }
}

/// Admits, and brings one declaration. The token, to be named to whoever tries the demonstration.
pub(super) async fn admit(world: &World, workers: &Workers) -> Outcome<Option<String>> {
    let (Some(system), Some(security)) = (workers.first(Role::SystemAdmin), workers.first(Role::SecurityOfficer))
    else {
        return Ok(None);
    };
    let (system, security) = (reader(system), reader(security));
    let mut wanted = NewClient {
        name: "一网通办（演示）".into(),
        scopes: ApiScope::ALL.iter().map(|s| s.code().to_owned()).collect(),
        area_kind: AreaKind::Division.code().into(),
        areas: Vec::new(),
        requests_a_minute: REQUESTS_A_MINUTE,
        from: world.today,
        until: None,
    };
    let tx = world.store().begin(&system).await?;
    let payload = serde_json::to_value(&wanted).map_err(AppError::from)?;
    let proposal = proposals::propose(&world.app, &tx, api::ADMIT, payload).await?;
    wanted.name = "区数据看板（演示）".into();
    wanted.scopes = vec![ApiScope::Figures.code().into(), ApiScope::Results.code().into()];
    wanted.requests_a_minute = clients::REQUESTS_A_MINUTE;
    let payload = serde_json::to_value(&wanted).map_err(AppError::from)?;
    proposals::propose(&world.app, &tx, api::ADMIT, payload).await?;
    tx.commit().await?;
    let tx = world.store().begin(&security).await?;
    proposals::decide(&world.app, &tx, proposal, Decision::Approve).await?;
    tx.commit().await?;

    let Some(client) = clients::list(&world.store().reads()).await?.into_iter().next() else { return Ok(None) };
    let tx = world.store().begin(&system).await?;
    let token = clients::make_token(&tx, client.client_id).await?;
    tx.commit().await?;
    if let Some(client) = clients::authenticate(&world.app, &token).await? {
        let tx = world.store().begin(&client.reader()).await?;
        let checked = check(&world.app, stranger(world)?).await?;
        inbound::receive(&world.app, &tx, client.client_id, &checked).await?;
        brought::receive(&tx, &client, &order()).await?;
        if let Some(clue) = clue(world) {
            scenes::receive(&world.app, &tx, &client, &clue).await?;
        }
        tx.commit().await?;
    }
    Ok(Some(token))
}

/// An order for the teams, which an office has to issue.
fn order() -> Brought {
    let text = "本周内排查沿街商铺、厂房的住人情况，并反馈完成数。".into();
    Brought { order: NewOrder { kind: OrderKind::Hazard, text }, committees: Vec::new() }
}

/// A clue about premises of the shown grid, of a kind that the grid has not found there itself.
fn clue(world: &World) -> Option<NewScene> {
    let shown = shown_grid(world);
    let at = world.town.addresses().iter().position(|a| a.grid == shown)?;
    let code = world.app.pack.scenes.get(1)?.id.clone();
    let (grid, address) = (world.grids[shown as usize], world.addresses[at]);
    Some(NewScene { id: world.store().new_id(), code, grid, address })
}

/// Somebody invented who is not registered. Prefix 990101 was never given to a county.
fn stranger(world: &World) -> Result<SentDeclaration, AppError> {
    let number = cn_identity::make::resident_number("990101", (1988, 2, 29), 57);
    let sent = serde_json::json!({
        "declarant": { "name": "阿依努尔·䶮明", "doc_kind": "resident", "doc_no": number.as_str() },
        "kind": "move-out",
        "day": world.today.plus_days(-1).to_string(),
    });
    Ok(serde_json::from_value(sent)?)
}
