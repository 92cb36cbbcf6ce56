//! Records that may be the same person as one that is open.

use linli_platform::{Result, app::App, reader::Reader, store::Query, vals};

use crate::{
    directory::{self, Wanted},
    ids::ResidentId,
    residents::{self, Candidate, MaskedResident},
};

/// So many are proposed at most.
const FEW: usize = 10;

/// Current records within the scope that may be the same person: same mobile, same name (compared by the machine), or
/// same home, year of birth and sex. Masked, each with its reasons, the most reasons first.
pub async fn candidates(app: &App, reader: &Reader, id: ResidentId) -> Result<Vec<Candidate>> {
    let row = residents::find(&app.store.reads(), reader, id).await?;
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |rows: Vec<MaskedResident>, reason: &'static str| {
        for resident in rows.into_iter().filter(|r| r.resident_id != id && r.state == "current") {
            match found.iter_mut().find(|c| c.resident.resident_id == resident.resident_id) {
                Some(known) => known.reasons.push(reason),
                None => found.push(Candidate { resident, reasons: vec![reason] }),
            }
        }
    };
    let q = app.store.reads();
    let mobile = "r.phone_blind = (SELECT phone_blind FROM resident WHERE division_code = $1 AND resident_id = $2)";
    add(residents::where_is(&q, reader, mobile, vals![q.division(), id]).await?, "same-mobile");
    if let (Some(home), Some(year)) = (row.home_id, row.birth_year) {
        let same = "r.home_id = $2 AND r.birth_year = $3 AND r.sex = $4";
        let values = vals![q.division(), home, year, row.sex.as_str()];
        add(residents::where_is(&q, reader, same, values).await?, "same-home-birth");
    }
    add(namesakes(app, reader, id).await?, "same-name");
    found.sort_by_key(|c| std::cmp::Reverse(c.reasons.len()));
    found.truncate(FEW);
    Ok(found)
}

/// The name is read by a recorded run and asked of the directory; nobody sees it.
async fn namesakes(app: &App, reader: &Reader, id: ResidentId) -> Result<Vec<MaskedResident>> {
    let tx = app.store.begin(reader).await?;
    let run = tx.machine_run("duplicate-search").await?;
    let name = residents::machine_names(&tx, &run, &[id]).await?.pop();
    tx.commit().await?;
    let Some(name) = name else { return Ok(Vec::new()) };
    let key = cn_identity::name::key(name.name.for_engine());
    let mut ids = directory::directory(app).await?.find(&Wanted::Whole(&key), &reader.scope);
    ids.retain(|found| *found != id);
    ids.truncate(FEW);
    residents::of_ids(app, reader, &ids).await
}
