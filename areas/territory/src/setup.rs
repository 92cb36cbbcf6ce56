//! First filling: committees from the policy pack, boundaries from a file.

use linli_platform::{AppError, Result, app::App, clock::Day, reader::Reader, store::Tx};
use policy_pack::Pack;

use crate::{
    boundary::read::{self, BoundaryFault},
    committee::{CommitteeKind, Group},
    datum::Datum,
    effect,
    ids::SetId,
    store::{
        boundaries,
        committees::{self, NewCommittee},
    },
};

/// Creates the pack's committees with their aliases; ones that are there already are brought up to the pack.
/// Returns how many are new or changed.
///
/// # Errors
/// `committee-group-unknown` if the pack has a group beyond A–D; those of [`committees::write`].
pub async fn setup_from_pack(tx: &Tx, pack: &Pack) -> Result<u64> {
    let new: Vec<NewCommittee> = pack.territory.committees.iter().map(from_pack).collect::<Result<_>>()?;
    committees::write(tx, &new).await
}

fn from_pack(c: &policy_pack::Committee) -> Result<NewCommittee> {
    let group = Group::from_code(&c.group);
    Ok(NewCommittee {
        code: c.code.clone(),
        name: c.name.clone(),
        official_name: c.official_name.clone(),
        kind: match c.kind {
            policy_pack::CommitteeKind::Village => CommitteeKind::Village,
            policy_pack::CommitteeKind::Residents => CommitteeKind::Residents,
        },
        group: group.ok_or_else(|| AppError::rule("committee-group-unknown").arg("group", &c.group))?,
        police_area: None,
        aliases: c.names().filter(|n| **n != c.name && **n != c.official_name).map(str::to_owned).collect(),
    })
}

/// What a boundary file became.
#[derive(Debug)]
pub enum Uploaded {
    /// A draft.
    Draft(SetId),
    /// Nothing: it has faults.
    Faults(Vec<BoundaryFault>),
}

/// Reads a boundary file and stores it as a draft. Reading happens off the async threads.
pub async fn upload(app: &App, reader: &Reader, file_name: &str, datum: Datum, text: String) -> Result<Uploaded> {
    let known = committees::load(&app.store.reads()).await?;
    let read = tokio::task::spawn_blocking(move || read::read(&text, datum, &known));
    let grids = match read.await.map_err(AppError::internal)? {
        Ok(grids) => grids,
        Err(faults) => return Ok(Uploaded::Faults(faults)),
    };
    let tx = app.store.begin(reader).await?;
    let id = boundaries::draft(&tx, file_name, datum, grids).await?;
    tx.commit().await?;
    Ok(Uploaded::Draft(id))
}

/// Reads a boundary file and schedules it at once, for the command line and the demonstration. A day that has come
/// takes effect before this returns. Overlaps and gaps are accepted; look at [`effect::preview`] of the returned set.
///
/// # Errors
/// `boundary-faults-in-file` with the first fault; those of [`effect::schedule`].
pub async fn import_geojson(app: &App, reader: &Reader, text: &str, datum: Datum, takes_effect: Day) -> Result<SetId> {
    match upload(app, reader, "boundaries.geojson", datum, text.to_owned()).await? {
        Uploaded::Draft(id) => {
            effect::schedule(app, reader, id, takes_effect, true).await?;
            Ok(id)
        }
        Uploaded::Faults(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Err(AppError::rule("boundary-faults-in-file").arg("n", faults.len()).arg("first", first))
        }
    }
}
