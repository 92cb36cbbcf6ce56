//! Filing.

use linli_platform::{
    AppError, Result,
    app::App,
    event::SubjectRef,
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::{HomeId, ResidentId, homes};

use crate::{
    codes::{Channel, Kind},
    content::{Content, masked_names},
    door::Visitor,
    ids::{DeclarationId, LiaisonId},
    requests::{self, NewCase},
};

/// How many people one declaration takes, whoever declares included.
pub const MEMBERS_MAX: usize = 8;
/// How many may wait for one document. More than one, or somebody else's filing would be told to whoever types the number.
pub const OPEN_FOR_A_DOCUMENT: i64 = 3;

/// Where a case of a home belongs, and who may follow it.
pub(crate) struct Place {
    pub home: HomeId,
    pub name_masked: String,
    pub doc_blind: Option<Vec<u8>>,
    pub liaison: Option<LiaisonId>,
}

/// Writes a case of a home with its place.
pub(crate) async fn insert(
    app: &App,
    tx: &Tx,
    (kind, content): (Kind, &Content),
    channel: Channel,
    place: Place,
) -> Result<DeclarationId> {
    let grid: Option<GridId> = homes::find(tx, &Reader::system(), place.home).await?.grid_id;
    // The id that the record will have: the case is then on that person's own page.
    let resident: ResidentId = tx.new_id();
    let case = NewCase {
        resident,
        kind,
        content,
        channel,
        grid,
        on: SubjectRef::new("resident-record", resident, grid),
        home: Some(place.home),
        note: place.name_masked.clone(),
    };
    let id = requests::insert(app, tx, case).await?;
    let columns = &["division_code", "declaration_id", "home_id", "name_masked", "doc_blind", "liaison_id"];
    let row = vals![tx.division(), id, place.home, place.name_masked, place.doc_blind, place.liaison];
    tx.insert_many("declaration_place", columns, vec![row]).await?;
    Ok(id)
}

/// Files a newcomer's declaration of a visit, once in a visit.
///
/// # Errors
/// `declaration-repeated` where this visit has filed one; `declarations-too-many` for one document; `household-size`;
/// `workday-year`.
pub async fn file(app: &App, tx: &Tx, visitor: &Visitor, content: &Content) -> Result<DeclarationId> {
    let id = file_for(app, tx, visitor.doc_blind.clone(), content, Channel::Sign).await?;
    // Two forms sent at the same moment are one declaration.
    tx.execute_one(
        "UPDATE door_visit SET declaration_id = $3 WHERE division_code = $1 AND visit_id = $2 AND declaration_id IS NULL",
        vals![tx.division(), visitor.visit_id, id],
    )
    .await
    .map_err(|_| AppError::rule("declaration-repeated"))?;
    Ok(id)
}

/// The same without a visit that remembers it; the blind index of the declaring person's document stands for it.
///
/// # Errors
/// As [`file`].
pub async fn file_for(
    app: &App,
    tx: &Tx,
    doc_blind: Vec<u8>,
    content: &Content,
    channel: Channel,
) -> Result<DeclarationId> {
    let (Content::Household { members, .. }, Some(home)) = (content, content.home()) else {
        return Err(AppError::rule("household-size").arg("n", MEMBERS_MAX));
    };
    if members.len() > MEMBERS_MAX {
        return Err(AppError::rule("household-size").arg("n", MEMBERS_MAX));
    }
    let sql = "SELECT COUNT(*) FROM declaration d JOIN declaration_place p
               ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
               WHERE d.division_code = $1 AND p.doc_blind = $2 AND d.state = 'open'";
    if tx.number(sql, vals![tx.division(), doc_blind.clone()]).await? >= OPEN_FOR_A_DOCUMENT {
        return Err(AppError::rule("declarations-too-many").arg("n", OPEN_FOR_A_DOCUMENT));
    }
    let name_masked = masked_names(members);
    let place = Place { home, name_masked, doc_blind: Some(doc_blind), liaison: None };
    insert(app, tx, (Kind::Newcomer, content), channel, place).await
}
