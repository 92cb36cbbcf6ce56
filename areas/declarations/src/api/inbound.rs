//! What other systems brought: filed as a declaration where name and number agree with a record, otherwise waiting for
//! the office. The client sees the same either way until somebody has answered.

use linli_platform::{
    AppError, Result,
    api::ClientId,
    app::App,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    reader::{Purpose, Reader, Scope},
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use linli_register::residents::{self, MachineResident};
use linli_work::due_at;
use sea_orm::FromQueryResult;
use zeroize::Zeroizing;

use super::{
    check::{Asked, Checked, check},
    of_home,
    sent::SentDeclaration,
};
use crate::{
    codes::{Channel, Refusal, State},
    content::{Content, Newcomer},
    ids::{DeclarationId, InboundId},
    requests,
};

/// What a client brought, as staff see it and as its state is told.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Inbound {
    /// Its number.
    pub inbound_id: InboundId,
    /// [`Kind`](crate::codes::Kind).
    pub kind: String,
    /// `filed`, `waiting` or `refused`.
    pub state: String,
    /// Why it fits no record: `no-record`, `no-liaison`, `no-terms`, `not-their-home`, `others-alone`, or the code of what
    /// the register said. Fluent text: `inbound-stopped-<code>`.
    pub stopped: Option<String>,
    /// The name of the declarant, masked.
    pub name_masked: String,
    /// The number of the declarant, masked.
    pub doc_masked: String,
    /// When it came.
    pub made_at: At,
    /// By when it is answered.
    pub due_at: At,
    /// The client's name.
    pub client_name: Option<String>,
    /// Version.
    pub version: i64,
    decided_at: Option<At>,
    filed_state: Option<String>,
    filed_decided_at: Option<At>,
    filed_refusal: Option<String>,
}

impl Inbound {
    /// How it stands: as its declaration does, once it is one.
    pub fn state(&self) -> State {
        match self.state.as_str() {
            "refused" => State::Refused,
            _ => self.filed_state.as_deref().and_then(State::from_code).unwrap_or(State::Open),
        }
    }
    /// When it was answered.
    pub fn decided_at(&self) -> Option<At> {
        self.decided_at.or(self.filed_decided_at)
    }
    /// Code of the [`Refusal`].
    pub fn refusal(&self) -> Option<&str> {
        match self.state.as_str() {
            "refused" => Some(Refusal::NotInRegister.code()),
            _ => self.filed_refusal.as_deref(),
        }
    }
    /// Whether its time is over.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at <= now
    }
}

const SELECT: &str =
    "SELECT i.inbound_id, i.kind, i.state, i.stopped, i.name_masked, i.doc_masked, i.made_at, i.due_at,
 c.name AS client_name, i.version, i.decided_at, d.state AS filed_state, d.decided_at AS filed_decided_at,
 d.refusal AS filed_refusal
 FROM inbound_declaration i
 LEFT JOIN declaration d ON d.division_code = i.division_code AND d.declaration_id = i.declaration_id
 LEFT JOIN api_client c ON c.division_code = i.division_code AND c.client_id = i.client_id
 WHERE i.division_code = $1";

fn subject(id: InboundId) -> SubjectRef {
    SubjectRef::new("inbound-declaration", id, None)
}

pub(crate) fn bind(id: InboundId) -> Bind {
    Bind { table: "inbound_declaration", column: "content_sealed", row: id.0 }
}

/// Takes a declaration in.
///
/// # Errors
/// Those of the store and of the calendar; none tells whether somebody is registered.
pub async fn receive(app: &App, tx: &Tx, client: ClientId, checked: &Checked) -> Result<InboundId> {
    let id: InboundId = tx.new_id();
    let due = due_at(&app.pack, &app.calendar, checked.kind.deadline(), tx.now())?;
    let outcome = file(app, tx, checked).await?;
    let (declaration, stopped) = match &outcome {
        Ok(declaration) => (Some(*declaration), None),
        Err(stopped) => (None, Some(*stopped)),
    };
    // What was filed is sealed there; here it is kept only where somebody still has to see to it.
    let mut content: Option<Sealed> = None;
    if stopped.is_some() {
        let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(AppError::not_found)?;
        content = Some(key.seal(bind(id), &serde_json::to_string(&checked.sent)?));
        basis::open(tx, subject(id), Purpose::DeclarationReview, id.0, None, None).await?;
    }
    let columns = &[
        "division_code",
        "inbound_id",
        "client_id",
        "kind",
        "state",
        "stopped",
        "declaration_id",
        "content_sealed",
        "name_masked",
        "doc_masked",
        "made_at",
        "due_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        client,
        checked.kind.code(),
        if stopped.is_some() { "waiting" } else { "filed" },
        stopped,
        declaration,
        content,
        cn_identity::mask::name(&checked.sent.declarant.name),
        checked.document.masked(),
        tx.now(),
        due,
        1i64
    ];
    tx.insert_many("inbound_declaration", columns, vec![row]).await?;
    let body = serde_json::json!({ "kind": checked.kind.code() });
    tx.event(NewEvent::new("inbound-declaration.received", subject(id)).body(body)).await?;
    Ok(id)
}

/// Files it for the record that name and number name together, or for the home; the code of why not otherwise.
async fn file(app: &App, tx: &Tx, checked: &Checked) -> Result<std::result::Result<DeclarationId, &'static str>> {
    if let Asked::OfHome(of) = &checked.asked {
        return of_home::file(app, tx, checked, of).await;
    }
    let Some(found) = known(tx, checked).await? else { return Ok(Err("no-record")) };
    let person = residents::find(tx, &Reader::system(), found.resident_id).await?;
    let content = match (&checked.asked, person.home_id) {
        (Asked::Content(content), _) => content.clone(),
        (Asked::Joins(new), Some(home)) => Content::MoveIn(Newcomer { home, ..Newcomer::clone(new) }),
        (Asked::Joins(_), None) => return Ok(Err("already-cancelled")),
        (Asked::ForOther(wish), from) => {
            if let Some(stopped) = wish.stopped(tx, found.resident_id, checked.kind).await? {
                return Ok(Err(stopped));
            }
            wish.content(from)
        }
        (Asked::OfHome(_), _) => return Err(AppError::internal("a matter of a home is filed for the home")),
    };
    match requests::file(app, tx, found.resident_id, checked.kind, &content, Channel::Api).await {
        Ok(id) => Ok(Ok(id)),
        Err(e) if STOPS.contains(&e.code) => Ok(Err(e.code)),
        Err(e) => Err(e),
    }
}

/// What the register says of a person's requests; a client is not told it.
const STOPS: [&str; 3] = ["already-cancelled", "declaration-repeated", "declarations-too-many"];

/// The comparison by machine, one recorded run.
async fn known(tx: &Tx, checked: &Checked) -> Result<Option<MachineResident>> {
    let run = tx.machine_run("inbound-declaration").await?;
    let found = residents::machine_by_document(tx, &run, &checked.document.number).await?;
    let key = |name: &str| Zeroizing::new(cn_identity::name::key(name));
    let declared = key(&checked.sent.declarant.name);
    Ok(found.filter(|r| r.doc_kind == checked.document.kind.code() && key(r.name.for_engine()) == declared))
}

/// One that a client brought.
///
/// # Errors
/// `not-found` for every other client's.
pub async fn of_client(q: &impl Query, client: ClientId, id: InboundId) -> Result<Inbound> {
    let sql = format!("{SELECT} AND i.inbound_id = $2 AND i.client_id = $3");
    q.row(&sql, vals![q.division(), id, client]).await?.ok_or_else(AppError::not_found)
}

/// Nobody's grid: only who decides for the whole sub-district sees these.
fn scope(reader: &Reader) -> &'static str {
    if reader.scope == Scope::Division { "1 = 1" } else { "1 = 0" }
}

/// What waits, the most urgent first.
pub async fn waiting(q: &impl Query, reader: &Reader) -> Result<Vec<Inbound>> {
    let scope = scope(reader);
    let sql = format!("{SELECT} AND i.state = 'waiting' AND {scope} ORDER BY i.due_at, i.inbound_id LIMIT 200");
    q.rows(&sql, vals![q.division()]).await
}

/// One of those that wait.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: InboundId) -> Result<Inbound> {
    let scope = scope(reader);
    let sql = format!("{SELECT} AND i.inbound_id = $2 AND i.state = 'waiting' AND {scope}");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

#[derive(FromQueryResult)]
struct SealedContent {
    content_sealed: Option<Sealed>,
}

async fn sealed(q: &impl Query, id: InboundId) -> Result<Sealed> {
    let sql = "SELECT content_sealed FROM inbound_declaration WHERE division_code = $1 AND inbound_id = $2";
    let row: Option<SealedContent> = q.row(sql, vals![q.division(), id]).await?;
    row.and_then(|r| r.content_sealed).ok_or_else(AppError::not_found)
}

/// Opens one for whoever sees to it, on record.
///
/// # Errors
/// `not-found` outside the scope; those of [`Tx::unmask`].
pub async fn open(tx: &Tx, id: InboundId) -> Result<SentDeclaration> {
    find(tx, tx.reader(), id).await?;
    let content = sealed(tx, id).await?;
    let fields = [SealedField { bind: bind(id), sealed: &content }];
    let clear = tx.unmask(subject(id), Purpose::DeclarationReview, &fields).await?;
    let text = clear.first().ok_or_else(AppError::not_found)?;
    Ok(serde_json::from_str(text.text())?)
}

/// Looks for the record again, after it was put right or somebody was registered; `true` where it was found.
///
/// # Errors
/// `not-found`; `stale-version`; `inbound-unfit` where what was sent no longer holds, such as a day too far back.
pub async fn file_again(app: &App, tx: &Tx, id: InboundId, version: i64) -> Result<bool> {
    find(tx, tx.reader(), id).await?;
    let run = tx.machine_run("inbound-declaration").await?;
    let sql = "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    let key: KeyRow = tx.row(sql, vals![tx.division(), id]).await?.ok_or_else(AppError::not_found)?;
    let opened = run.open(&key, &[(bind(id), &sealed(tx, id).await?)])?;
    let text = opened.first().ok_or_else(AppError::not_found)?;
    let checked = check(app, serde_json::from_str(text.for_engine())?).await;
    let checked = checked.map_err(|_| AppError::rule("inbound-unfit"))?;
    let Ok(declaration) = file(app, tx, &checked).await? else { return Ok(false) };
    end(tx, id, version, "filed", Some(declaration)).await?;
    Ok(true)
}

/// Refuses one: there is no such record.
///
/// # Errors
/// `not-found`; `stale-version`.
pub async fn refuse(tx: &Tx, id: InboundId, version: i64) -> Result<()> {
    find(tx, tx.reader(), id).await?;
    end(tx, id, version, "refused", None).await
}

/// Ends the waiting; what was sealed here goes, with its key.
async fn end(tx: &Tx, id: InboundId, version: i64, state: &str, declaration: Option<DeclarationId>) -> Result<()> {
    let refused = declaration.is_none();
    tx.execute_one(
        "UPDATE inbound_declaration SET state = $4, declaration_id = $5, decided_at = $6, decided_by = $7,
         content_sealed = NULL, stopped = NULL, version = version + 1
         WHERE division_code = $1 AND inbound_id = $2 AND version = $3 AND state = 'waiting'",
        vals![
            tx.division(),
            id,
            version,
            state,
            declaration,
            refused.then_some(tx.now()),
            refused.then_some(tx.reader().account)
        ],
    )
    .await?;
    tx.execute("DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2", vals![tx.division(), id])
        .await?;
    basis::close(tx, id.0).await?;
    let kind = if refused { "inbound-declaration.refused" } else { "inbound-declaration.filed" };
    tx.event(NewEvent::new(kind, subject(id)).version(version + 1)).await?;
    Ok(())
}
