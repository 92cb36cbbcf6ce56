//! Whether a visit that was entered on the online page still wants its photo (房屋外观照片): the rule asks for one, none is
//! there, and it is the visitor's own visit of the last day.

use linli_platform::{
    Result,
    app::App,
    clock::At,
    picture::Picture,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use policy_pack::PhotoRule;
use sea_orm::FromQueryResult;

use super::NewPhoto;
use crate::{ids::VisitId, visit::VisitOutcome};

/// So long after a visit its photo is taken: whoever stands there, or has it on the camera still.
const WITHIN_HOURS: i64 = 24;

/// A visit that wants a photo.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The visit.
    pub visit: VisitId,
    /// The home.
    pub home: HomeId,
    /// Where it is.
    pub address_text: String,
    /// The rule that asks for it.
    pub rule: PhotoRule,
    outcome: VisitOutcome,
    seen_at: At,
}

#[derive(FromQueryResult)]
struct Row {
    home_id: HomeId,
    address_text: String,
    outcome: String,
    seen_at: At,
    label: Option<String>,
}

/// What a visit of the reader's wants; nothing where no rule asks, somebody else made it, it is over or the photo is there.
pub async fn find(app: &App, q: &impl Query, reader: &Reader, visit: VisitId) -> Result<Option<Asked>> {
    let since = q.store().now().plus_hours(-WITHIN_HOURS);
    let mut values = vals![q.division(), visit, reader.account, since];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT v.home_id, a.text AS address_text, v.outcome, v.seen_at, h.label FROM visit v
         JOIN home h ON h.division_code = v.division_code AND h.home_id = v.home_id
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE v.division_code = $1 AND v.visit_id = $2 AND v.account_id = $3 AND v.received_at >= $4 AND {scope}
           AND NOT EXISTS (SELECT 1 FROM visit_photo p WHERE p.division_code = v.division_code AND p.visit_id = v.visit_id)"
    );
    let row: Option<Row> = q.row(&sql, values).await?;
    let asked = row.and_then(|row| {
        let rule = app.pack.visits.photo(row.label.as_deref(), &row.outcome)?.clone();
        let outcome = VisitOutcome::from_code(&row.outcome)?;
        let Row { home_id: home, address_text, seen_at, .. } = row;
        Some(Asked { visit, home, address_text, rule, outcome, seen_at })
    });
    Ok(asked)
}

/// Keeps the photo that was asked for.
pub(crate) async fn keep(app: &App, tx: &Tx, asked: &Asked, picture: &Picture) -> Result<()> {
    let new = NewPhoto {
        visit: asked.visit,
        home: asked.home,
        outcome: asked.outcome,
        // The camera's own time is not read with the picture; the visit's is known.
        taken_at: asked.seen_at,
        account: tx.reader().account,
        jpeg: picture.base64(),
    };
    super::keep(tx, &app.pack, new).await?;
    Ok(())
}
