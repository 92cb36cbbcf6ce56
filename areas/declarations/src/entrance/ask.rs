//! Asking for a code.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    Result,
    app::App,
    event::NewEvent,
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    vals,
};
use linli_register::{ResidentId, residents, rules::Document};
use zeroize::Zeroizing;

use super::{code_mac, digest, subject};
use crate::{
    gateway::{Gateways, Message, Purse},
    ids::AttemptId,
    source::{self, Asked, Caller},
};

/// A code is good for this long.
pub const CODE_S: i64 = 10 * 60;
/// Codes that one caller can ask for with one number in a quarter of an hour.
pub const ASKS_A_QUARTER: i64 = 3;
/// Codes that one caller can ask for with one number in a day.
pub const ASKS_A_DAY: i64 = 10;
/// Codes that go to one person in a quarter of an hour, whoever asks: a mobile is not to be flooded.
pub const SENT_A_QUARTER: i64 = 6;
/// Codes that go to one person in six hours to browsers in which nobody entered before. Whoever has codes sent to somebody
/// else uses this up, so it comes back within hours; a browser in which the person entered before does not depend on it.
pub const SENT_IN_SIX_HOURS: i64 = 15;

/// Who asks, as typed and checked for its form alone. `Debug` is masked.
#[derive(Debug)]
pub struct Asking<'a> {
    /// The document.
    pub document: &'a Document,
    /// The name.
    pub name: Name<'a>,
    /// Where it comes from, as far as the server knows.
    pub caller: Caller<'a>,
}

/// A typed name. `Debug` is masked.
pub struct Name<'a>(pub &'a str);

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(***)")
    }
}

/// No code is sent. No reason tells anything about the number that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too many codes were asked for with this number by this caller, registered or not.
    TooOften,
    /// Too many codes were asked for from one place, whatever the numbers.
    FromHere,
    /// So many codes as a day pays for have gone out.
    Today,
    /// The installation has no gateway for messages.
    NoGateway,
}

impl Refused {
    /// The key of its text.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Refused::TooOften => "own-too-often",
            Refused::FromHere => "own-from-here",
            Refused::Today => "own-codes-exhausted",
            Refused::NoGateway => "own-no-gateway",
        }
    }
}

/// Whom the code goes to, if the number, the name and a mobile are all there.
struct Known {
    resident: ResidentId,
    mobile: Zeroizing<String>,
}

/// Makes a code and sends it where number and name agree with the register; the token for the asking's cookie. The
/// message goes out beside the answer, so that the answer does not wait for it.
pub async fn ask(app: &App, t: &T, asking: &Asking<'_>) -> Result<Result<String, Refused>> {
    let Some(gateways) = Gateways::of(app) else { return Ok(Err(Refused::NoGateway)) };
    let store = &app.store;
    let blind = store.keys().blind_index("doc", &asking.document.number);
    let forms = store.keys().blind_forms("doc", &asking.document.number);
    let tx = store.begin(&Reader::system()).await?;
    let (caller, number, purse) = (asking.caller, &asking.document.number, Purse::OnFile);
    let asked = Asked { caller, entrance: "own", number, docs: &forms, purse };
    let browser_known = match source::admit(&tx, &gateways, &asked).await? {
        Ok(known) => known,
        Err(refused) => return refuse(tx, refused).await,
    };
    // Beyond it no code goes out, and that is not said: to say it would tell that the name fits.
    let [quarter, hours] = [sent(&tx, &forms, 15 * 60).await?, sent(&tx, &forms, 6 * 3600).await?];
    let enough = !browser_known && (quarter >= SENT_A_QUARTER || hours >= SENT_IN_SIX_HOURS);
    let known = known(&tx, asking).await?.filter(|_| !enough);
    source::spend(&tx, purse, known.is_some()).await?;
    let token = URL_SAFE_NO_PAD.encode(store.rng().bytes::<32>());
    let code = Zeroizing::new(format!("{:06}", u64::from_le_bytes(store.rng().bytes()) % 1_000_000));
    // Nobody's asking has a MAC that no code gives.
    let mac = match known {
        Some(_) => code_mac(store.keys(), &token, &code),
        None => store.rng().bytes::<16>().to_vec(),
    };
    let id: AttemptId = tx.new_id();
    let row = vals![
        tx.division(),
        id,
        digest(&token),
        blind,
        known.as_ref().map(|k| k.resident.0),
        mac,
        tx.now(),
        tx.now().plus_s(CODE_S),
        0i64,
        "open"
    ];
    tx.insert_many("own_attempt", COLUMNS, vec![row]).await?;
    tx.event(NewEvent::new("own-entrance.code-asked", subject(id))).await?;
    tx.commit().await?;
    if let Some(known) = known {
        let text = t.all("own-code-message", &[("code", code.to_string()), ("minutes", (CODE_S / 60).to_string())]);
        send(gateways, Message { mobile: known.mobile, code, text: Zeroizing::new(text) });
    }
    Ok(Ok(token))
}

/// Ends an asking that brings no code. That the day's codes are used up is kept, with what the security officer is told.
pub(crate) async fn refuse(tx: Tx, refused: Refused) -> Result<Result<String, Refused>> {
    if refused == Refused::Today {
        tx.commit().await?;
    }
    Ok(Err(refused))
}

const COLUMNS: &[&str] = &[
    "division_code",
    "attempt_id",
    "token_hash",
    "doc_blind",
    "resident_id",
    "code_mac",
    "made_at",
    "until_at",
    "tries",
    "state",
];

/// How many codes went out for a number. Only an asking whose name fits is one of them.
async fn sent(tx: &Tx, forms: &[Vec<u8>], seconds: i64) -> Result<i64> {
    let mut values = vals![tx.division(), tx.now().plus_s(-seconds)];
    let marks: Vec<String> = (3..forms.len() + 3).map(|n| format!("${n}")).collect();
    values.extend(forms.iter().map(|form| sea_orm::Value::from(form.clone())));
    let marks = marks.join(", ");
    let sql = format!(
        "SELECT COUNT(*) FROM own_attempt
         WHERE division_code = $1 AND made_at > $2 AND resident_id IS NOT NULL AND doc_blind IN ({marks})"
    );
    tx.number(&sql, values).await
}

/// The comparison by machine, one recorded run.
async fn known(tx: &Tx, asking: &Asking<'_>) -> Result<Option<Known>> {
    let run = tx.machine_run("own-entrance").await?;
    let found = residents::machine_by_document(tx, &run, &asking.document.number).await?;
    let key = |name: &str| Zeroizing::new(cn_identity::name::key(name));
    let fits =
        found.filter(|r| r.doc_kind == asking.document.kind.code() && key(r.name.for_engine()) == key(asking.name.0));
    Ok(fits.and_then(|r| {
        let mobile = r.phone.as_ref()?;
        Some(Known { resident: r.resident_id, mobile: Zeroizing::new(mobile.for_engine().to_owned()) })
    }))
}

pub(crate) fn send(gateways: Arc<Gateways>, message: Message) {
    tokio::spawn(async move {
        if let Err(e) = gateways.gateway.send(&message).await {
            tracing::warn!(reason = %e, "a one-time code was not sent");
        }
    });
}
