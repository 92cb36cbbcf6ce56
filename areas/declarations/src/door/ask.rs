//! Asking for a code at one of these entrances.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    Result,
    app::App,
    event::NewEvent,
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, Tx},
    texts::T,
    vals,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{bind, subject};
use crate::{
    codes::Door,
    entrance::{
        ASKS_A_DAY, ASKS_A_QUARTER, CODE_S, Refused, SENT_A_QUARTER, SENT_IN_SIX_HOURS, code_mac, digest, refuse, send,
    },
    gateway::{Gateways, Message, Purse},
    ids::DoorVisitId,
    person::{self, Identity, OnFile},
    source::{self, Asked, Caller},
};

const COLUMNS: &[&str] = &[
    "division_code",
    "visit_id",
    "door",
    "token_hash",
    "doc_blind",
    "phone_blind",
    "subject_id",
    "identity_sealed",
    "code_mac",
    "tries",
    "state",
    "made_at",
    "until_at",
];

/// Somebody known, to whom a code can go.
pub(crate) struct Known {
    /// The row on file; none for a newcomer.
    pub subject: Option<Uuid>,
    mobile: Zeroizing<String>,
}

/// Sends a one-time code: of a newcomer to the mobile that was typed, of everybody else to the one on file if number and
/// name agree with it. The token for the asking's cookie.
pub async fn ask(app: &App, t: &T, door: Door, who: &Identity, caller: Caller<'_>) -> Result<Result<String, Refused>> {
    let Some(gateways) = Gateways::of(app) else { return Ok(Err(Refused::NoGateway)) };
    let store = &app.store;
    let tx = store.begin(&Reader::system()).await?;
    let doc = who.blind(store.keys());
    let phone = (door == Door::Newcomer).then(|| store.keys().blind_index("mobile", &who.phone));
    let docs = who.blinds(store.keys());
    let phones = phone.is_some().then(|| store.keys().blind_forms("mobile", &who.phone));
    let purse = if door == Door::Newcomer { Purse::Typed } else { Purse::OnFile };
    // Nobody is known by a number that anybody may type.
    let caller = if door == Door::Newcomer { Caller { browser: None, ..caller } } else { caller };
    let asked = Asked { caller, entrance: door.code(), number: &who.doc_no, docs: &docs, purse };
    let browser_known = match source::admit(&tx, &gateways, &asked).await? {
        Ok(known) => known,
        Err(refused) => return refuse(tx, refused).await,
    };
    let mobile = ("phone_blind", phones.unwrap_or_default());
    if too_often(&tx, mobile, "state <> ''", [ASKS_A_QUARTER, ASKS_A_DAY]).await? {
        return Ok(Err(Refused::TooOften));
    }
    // Codes to one person on file; beyond it none goes out, and that is not said.
    let (of_person, most) = ("subject_id IS NOT NULL", [SENT_A_QUARTER, SENT_IN_SIX_HOURS]);
    let enough = too_often(&tx, ("doc_blind", docs.clone()), of_person, most).await? && !browser_known;
    let known = match door {
        Door::Newcomer => Some(Known { subject: None, mobile: Zeroizing::new(who.phone.clone()) }),
        Door::Letting | Door::Acting => on_file(&tx, door, who, &docs).await?.filter(|_| !enough),
    };
    source::spend(&tx, purse, known.is_some()).await?;
    let token = URL_SAFE_NO_PAD.encode(store.rng().bytes::<32>());
    let code = Zeroizing::new(format!("{:06}", u64::from_le_bytes(store.rng().bytes()) % 1_000_000));
    // Nobody's asking has a MAC that no code gives.
    let mac = match known {
        Some(_) => code_mac(store.keys(), &token, &code),
        None => store.rng().bytes::<16>().to_vec(),
    };
    let id: DoorVisitId = tx.new_id();
    let sealed = if door == Door::Newcomer { seal(&tx, id, who).await? } else { None };
    let row = vals![
        tx.division(),
        id,
        door.code(),
        digest(&token),
        doc,
        phone,
        known.as_ref().and_then(|k| k.subject),
        sealed,
        mac,
        0i64,
        "open",
        tx.now(),
        tx.now().plus_s(CODE_S)
    ];
    tx.insert_many("door_visit", COLUMNS, vec![row]).await?;
    let body = serde_json::json!({ "channel": door.code() });
    tx.event(NewEvent::new("own-entrance.code-asked", subject(id)).body(body)).await?;
    tx.commit().await?;
    if let Some(known) = known {
        let minutes = (CODE_S / 60).to_string();
        let text = t.all("door-code-message", &[("code", code.to_string()), ("minutes", minutes)]);
        send(gateways, Message { mobile: known.mobile, code, text: Zeroizing::new(text) });
    }
    Ok(Ok(token))
}

/// What a newcomer typed, under a key of the visit's own.
async fn seal(tx: &Tx, id: DoorVisitId, who: &Identity) -> Result<Option<Sealed>> {
    let key = tx.create_keys(&[id.0]).await?.pop();
    let text = serde_json::to_string(who)?;
    Ok(key.map(|key| key.seal(bind(id), &text)))
}

/// Whether so many askings with one of these blind indexes came in a quarter of an hour, or in six hours: whoever has codes
/// sent to a mobile keeps its bearer out for hours, not for a day.
async fn too_often(
    tx: &Tx,
    (column, forms): (&str, Vec<Vec<u8>>),
    counted: &str,
    [a_quarter, in_six_hours]: [i64; 2],
) -> Result<bool> {
    if forms.is_empty() {
        return Ok(false);
    }
    for (seconds, most) in [(15 * 60, a_quarter), (6 * 3600, in_six_hours)] {
        let mut values = vals![tx.division(), tx.now().plus_s(-seconds)];
        let same = person::is_one_of(column, &forms, &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM door_visit WHERE division_code = $1 AND made_at > $2 AND {counted} AND {same}"
        );
        if tx.number(&sql, values).await? >= most {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The comparison by machine with who is on file, one recorded run.
pub(crate) async fn on_file(tx: &Tx, door: Door, who: &Identity, docs: &[Vec<u8>]) -> Result<Option<Known>> {
    let run = tx.machine_run("door-entrance").await?;
    let (table, id, holds) = match door {
        Door::Letting => ("letting_liaison", "liaison_id", "p.ended_at IS NULL AND $2 <> ''"),
        _ => ("representative", "representative_id", "p.ended_at IS NULL AND p.until_day >= $2"),
    };
    let mut values = vals![tx.division(), tx.now().day()];
    let same = person::is_one_of("p.doc_blind", docs, &mut values);
    let sql = format!(
        "SELECT p.{id} AS id, p.doc_kind, p.name_sealed, p.phone_sealed, k.epoch, k.wrapped FROM {table} p
         JOIN subject_key k ON k.division_code = p.division_code AND k.subject_id = p.{id}
         WHERE p.division_code = $1 AND {same} AND {holds} ORDER BY p.{id} DESC LIMIT 20"
    );
    let rows: Vec<OnFile> = tx.rows(&sql, values).await?;
    let typed = Zeroizing::new(cn_identity::name::key(&who.name));
    for row in rows {
        let key = KeyRow { subject_id: row.id, epoch: row.epoch, wrapped: row.wrapped };
        let at = |column| Bind { table, column, row: row.id };
        let opened =
            run.open(&key, &[(at("name_sealed"), &row.name_sealed), (at("phone_sealed"), &row.phone_sealed)])?;
        let [name, phone] = opened.as_slice() else { continue };
        if row.doc_kind == who.doc_kind && *typed == cn_identity::name::key(name.for_engine()) {
            return Ok(Some(Known { subject: Some(row.id), mobile: Zeroizing::new(phone.for_engine().to_owned()) }));
        }
    }
    Ok(None)
}
