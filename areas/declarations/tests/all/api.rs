//! What other systems bring for others of the household and for children: checked at its place, filed like on the own page,
//! and told alike whoever is registered.

use linli_declarations::{
    DeclarationId,
    api::{SentDeclaration, check, inbound},
    decide,
};
use linli_platform::{AppError, Result, api::ClientId, reader::Reader, store::Query as _, vals};
use linli_register::{
    ResidentId,
    codes::CancelReason,
    residents::{self, Entered},
};
use linli_work::Outcome;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::world::{ADDRESSES, NAME, World, number, office, resident, worlds};

const CHILD: &str = "欧阳小满";

fn childs_number() -> String {
    cn_identity::make::resident_number("990101", (2018, 3, 7), 1).as_str().to_owned()
}

fn other(name: &str, number: &str, guardian: bool) -> Value {
    json!({ "name": name, "doc_kind": "resident", "doc_no": number, "guardian": guardian })
}

fn sent(world: &World, kind: &str, more: Value) -> Value {
    let mut body = json!({ "declarant": { "name": NAME, "doc_kind": "resident", "doc_no": number(1) }, "kind": kind });
    if kind != "child-correction" {
        body["day"] = json!(world.store().now().day().to_string());
    }
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[derive(FromQueryResult)]
struct Became {
    stopped: Option<String>,
    declaration_id: Option<DeclarationId>,
}

/// Brings a declaration; its case, or why it waits for the office.
async fn bring(world: &World, body: Value) -> Result<std::result::Result<DeclarationId, String>> {
    let body: SentDeclaration = serde_json::from_value(body).unwrap();
    let checked = check(&world.app, body).await?;
    let tx = world.store().begin(&Reader::system()).await?;
    let client: ClientId = tx.new_id();
    let id = inbound::receive(&world.app, &tx, client, &checked).await?;
    tx.commit().await?;
    let told = inbound::of_client(&world.store().reads(), client, id).await?;
    assert_eq!((told.state().code(), told.refusal()), ("open", None), "told alike");
    let sql = "SELECT stopped, declaration_id FROM inbound_declaration WHERE division_code = $1 AND inbound_id = $2";
    let q = world.store().reads();
    let row: Became = q.row(sql, vals![q.division(), id]).await?.unwrap();
    Ok(row.declaration_id.ok_or(row.stopped.unwrap_or_default()))
}

async fn accept(world: &World, id: DeclarationId) -> Result<Outcome> {
    let tx = world.store().begin(&world.coordinator(0)).await?;
    linli_declarations::review::open(&tx, id).await?;
    let became = decide::accept(&world.app, &tx, id, 1, CancelReason::MovedAway).await?;
    tx.commit().await?;
    Ok(became)
}

async fn child(world: &World) -> ResidentId {
    let tx = world.store().begin(&office(world.store())).await.unwrap();
    let home = world.homes[0];
    let new =
        residents::NewResident { doc_no: childs_number(), phone: None, ..resident(world.store(), CHILD, 9, home) };
    let ids = residents::register_many(&tx, vec![new], Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
    ids[0]
}

#[tokio::test]
async fn an_adult_of_the_household_moves_along_with_the_own_move_and_never_alone() {
    for world in worlds().await {
        let to = json!({ "address": ADDRESSES[1] });
        let along = |kind, name| {
            let mut more = json!({ "other": other(name, &number(2), false) });
            if kind == "move-along" {
                more["address"] = to["address"].clone();
            }
            sent(&world, kind, more)
        };
        for kind in ["move-along", "leave-along"] {
            let alone = bring(&world, along(kind, "欧阳山")).await.unwrap();
            assert_eq!(alone, Err("others-alone".into()), "{kind} {}", world.engine());
        }
        let own = bring(&world, sent(&world, "move", to.clone())).await.unwrap().unwrap();
        let theirs = bring(&world, along("move-along", "欧阳山")).await.unwrap().unwrap();
        let nobodys = bring(&world, along("move-along", "无此人")).await.unwrap().unwrap();
        assert_eq!(accept(&world, theirs).await.unwrap(), Outcome::Moved);
        assert_eq!(accept(&world, nobodys).await.unwrap_err().code, "other-unknown", "only who decides learns it");
        assert_eq!(accept(&world, own).await.unwrap(), Outcome::Moved);
        let q = world.store().reads();
        for id in [world.person, world.relative] {
            assert_eq!(residents::find(&q, &Reader::system(), id).await.unwrap().home_id, Some(world.homes[1]));
        }
    }
}

#[tokio::test]
async fn a_guardian_declares_for_a_child_alone() {
    for world in worlds().await {
        let id = child(&world).await;
        let named = || other(CHILD, &childs_number(), true);
        let wrong = sent(&world, "child-correction", json!({ "other": named(), "fact": "name", "value": "欧阳大满" }));
        let case = bring(&world, wrong).await.unwrap().unwrap();
        assert_eq!(accept(&world, case).await.unwrap(), Outcome::Changed, "{}", world.engine());
        let record = residents::find(&world.store().reads(), &Reader::system(), id).await.unwrap();
        assert_eq!(record.version, 2);
        let renamed = other("欧阳大满", &childs_number(), true);
        let case = bring(&world, sent(&world, "leave-along", json!({ "other": renamed }))).await.unwrap().unwrap();
        assert_eq!(accept(&world, case).await.unwrap(), Outcome::Cancelled);
    }
}

#[tokio::test]
async fn each_fault_has_its_place() {
    let world = worlds().await.remove(0);
    let (child, adult) = (childs_number(), number(2));
    let passport = json!({ "name": "小欧阳", "doc_kind": "passport", "doc_no": "E12345678", "guardian": true });
    let value = |who: Value| json!({ "other": who, "fact": "name", "value": "欧阳大满" });
    for (kind, more, place, code) in [
        ("leave-along", json!({}), "/other", "missing"),
        ("leave-along", json!({ "other": other("", &adult, false) }), "/other/name", "name-empty"),
        ("leave-along", json!({ "other": other("欧阳山", "12", false) }), "/other/doc_no", "number-length"),
        ("leave-along", json!({ "other": other(NAME, &number(1), false) }), "/other/doc_no", "household-twice"),
        ("leave-along", json!({ "other": other(CHILD, &child, false) }), "/other/guardian", "guardian-missing"),
        ("leave-along", json!({ "other": other("欧阳山", &adult, true) }), "/other/guardian", "guardian-too-old"),
        ("leave-along", json!({ "other": passport }), "/other/birth", "guardian-birth"),
        ("leave-along", json!({ "other": other("一", &adult, false), "address": "火星" }), "/address", "superfluous"),
        ("move-along", json!({ "other": other("欧阳山", &adult, false) }), "/address", "missing"),
        ("child-correction", value(other("欧阳山", &adult, false)), "/other/guardian", "child-alone"),
        (
            "child-correction",
            json!({ "other": other(CHILD, &child, true), "fact": "phone", "value": "1" }),
            "/fact",
            "choice",
        ),
        ("move-out", json!({ "other": other("欧阳山", &adult, false) }), "/other", "superfluous"),
    ] {
        let error: AppError = bring(&world, sent(&world, kind, more)).await.unwrap_err();
        let found = error.fields.iter().any(|f| f.place == place && f.code == code);
        assert!(found, "{kind} {place} {code}: {:?}", error.fields);
    }
}
