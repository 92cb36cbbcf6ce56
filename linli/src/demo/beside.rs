//! What lies beside the own page: a newcomer whose declaration waits, a landlord who declares tenants, somebody whom the
//! sample resident appointed and consent to care visits, and notices of duty.

use cn_identity::{DocumentKind, make::resident_number};
use linli_declarations::{
    Channel, Identity, Kind, LiaisonKind, NoticeKind,
    content::{Content, Newcomer},
    letting, newcomers,
    notices::{self, Addressee},
    representatives,
};
use linli_platform::{reader::Reader, store::Query as _, vals};
use linli_register::{
    EmployerId, HomeId, ResidentId, Told, care,
    codes::{Source, Tenancy},
    home_change::{self, HomeChange},
    homes,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    accounts::{Worker, shown_grid},
    build::World,
};
use crate::failure::Outcome;

#[derive(FromQueryResult)]
struct Place {
    home_id: HomeId,
    text: String,
}

#[derive(FromQueryResult)]
struct Duty {
    employer_id: EmployerId,
}

/// Somebody invented: numbers of an area that was never issued, mobiles of a segment that no operator has.
fn somebody(name: &str, seq: u16) -> Identity {
    Identity {
        name: name.into(),
        doc_kind: DocumentKind::Resident.code().into(),
        doc_no: resident_number("990109", (1988, 5, 20), seq).as_str().to_owned(),
        phone: format!("1540001{seq:04}"),
    }
}

/// Shows it in the grid of the sample resident; through whom the entrances can be tried.
pub(super) async fn show(
    world: &World,
    coordinator: &Worker,
    resident: ResidentId,
) -> Outcome<Vec<(String, String, String)>> {
    let reader = world.reader(coordinator.account, coordinator.role, &coordinator.name);
    let tx = world.store().begin(&Reader::resident(resident.0)).await?;
    care::give(&tx, resident).await?;
    tx.commit().await?;
    let tx = world.store().begin(&reader).await?;
    let until = world.today.plus_days(180);
    let friend = somebody("百里相助", 301);
    representatives::appoint(&tx, resident, &friend, until).await?;
    tx.commit().await?;
    if let Some(place) = near(world, resident, "h.landlord_masked IS NULL").await? {
        newcomer(world, &place).await?;
    }
    employers(world, &reader).await?;
    let mut entrances = vec![entrance("acting", &friend)];
    let known = match landlord(world) {
        Some(known) => Some(known),
        None => invented(world, &reader).await?,
    };
    if let Some((who, home)) = known {
        let text = homes::find(&world.store().reads(), &reader, home).await?.address_text;
        lets(world, &reader, &who, &Place { home_id: home, text }).await?;
        entrances.push(entrance("letting", &who));
    }
    Ok(entrances)
}

/// Somebody through whom an entrance can be tried: which one, name and number.
fn entrance(door: &str, who: &Identity) -> (String, String, String) {
    (door.into(), who.name.clone(), who.doc_no.clone())
}

/// The landlord of a home in the shown grid, with a number of their own; not one of the first two, which change hands.
fn landlord(world: &World) -> Option<(Identity, HomeId)> {
    let shown = shown_grid(world);
    let homes = world.town.homes().iter().zip(&world.homes);
    let mut here = homes.filter(|(h, _)| world.town.grid_of_home(h) == shown).skip(2);
    let (home, id) = here.find(|(h, _)| h.landlord.is_some())?;
    let landlord = home.landlord.as_ref()?;
    let phone = landlord.mobile.as_str().to_owned();
    Some((Identity { phone, ..somebody(landlord.name.as_str(), 303) }, *id))
}

/// A town may have no landlord there: a home of the shown grid gets one, as its owner told at the counter.
async fn invented(world: &World, reader: &Reader) -> Outcome<Option<(Identity, HomeId)>> {
    let shown = shown_grid(world);
    let homes = world.town.homes().iter().zip(&world.homes);
    let here: Vec<_> = homes.filter(|(h, _)| world.town.grid_of_home(h) == shown).collect();
    // A small grid has no third home.
    let Some(&(_, home)) = here.get(2).or(here.last()) else { return Ok(None) };
    let who = somebody("端木出租", 303);
    let change = HomeChange {
        tenancy: Some(Tenancy::Let),
        landlord: Some(Some(who.name.clone())),
        landlord_phone: Some(Some(who.phone.clone())),
        ..HomeChange::default()
    };
    let tx = world.store().begin(reader).await?;
    let version = homes::find(&tx, reader, *home).await?.version;
    home_change::change(&tx, *home, version, change, None, Told::seen(Source::Landlord, tx.now())).await?;
    tx.commit().await?;
    Ok(Some((who, *home)))
}

/// A home of the resident's grid.
async fn near(world: &World, resident: ResidentId, condition: &str) -> Outcome<Option<Place>> {
    let q = world.store().reads();
    let sql = format!(
        "SELECT h.home_id, a.text FROM home h
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         JOIN resident r ON r.division_code = h.division_code AND r.grid_id = h.grid_id
         WHERE h.division_code = $1 AND r.resident_id = $2 AND {condition} ORDER BY a.text, h.home_id LIMIT 1"
    );
    Ok(q.row(&sql, vals![q.division(), resident]).await?)
}

fn member(who: &Identity, world: &World, home: HomeId) -> Newcomer {
    Newcomer {
        name: who.name.clone(),
        doc_kind: who.doc_kind.clone(),
        doc_no: who.doc_no.clone(),
        phone: who.phone.clone(),
        sex: None,
        birth: None,
        local: false,
        home,
        day: world.today.plus_days(-1),
        guardian: false,
    }
}

async fn newcomer(world: &World, place: &Place) -> Outcome {
    let who = somebody("慕容初来", 302);
    let members = vec![member(&who, world, place.home_id)];
    let content = Content::Household { address: place.text.clone(), members };
    let blind = world.store().keys().blind_index("doc", &who.doc_no);
    let tx = world.store().begin(&Reader::system()).await?;
    newcomers::file_for(&world.app, &tx, blind, &content, Channel::Sign).await?;
    tx.commit().await?;
    Ok(())
}

async fn lets(world: &World, reader: &Reader, who: &Identity, place: &Place) -> Outcome {
    let tx = world.store().begin(reader).await?;
    let id = letting::add(&tx, place.home_id, LiaisonKind::Landlord, who).await?;
    notices::serve(&tx, Addressee::Liaison(id), NoticeKind::Tenants).await?;
    tx.commit().await?;
    let liaison = letting::find(&world.store().reads(), reader, id).await?;
    let tenant = somebody("诸葛新租", 304);
    let members = vec![member(&tenant, world, place.home_id)];
    let content = Content::Household { address: place.text.clone(), members };
    let tx = world.store().begin(&Reader::system()).await?;
    let terms = letting::Terms::load(&world.app.data_dir, linli_platform::texts::Lang::Zh);
    letting::accept(&tx, &liaison, &terms).await?;
    letting::file(&world.app, &tx, &liaison, (Kind::TenantIn, &content), Channel::Letting).await?;
    tx.commit().await?;
    Ok(())
}

/// Employers that send rosters have been told of their duty; one has acknowledged it.
async fn employers(world: &World, reader: &Reader) -> Outcome {
    let q = world.store().reads();
    let sql = "SELECT employer_id FROM employer WHERE division_code = $1 AND roster_duty = TRUE
               ORDER BY employer_id LIMIT 12";
    let duties: Vec<Duty> = q.rows(sql, vals![q.division()]).await?;
    for (n, duty) in duties.iter().enumerate() {
        let to = Addressee::Employer(duty.employer_id);
        let tx = world.store().begin(reader).await?;
        let id = notices::serve(&tx, to, NoticeKind::Staff).await?;
        if n % 3 == 0 {
            notices::acknowledge(&tx, &[to], id, Uuid::nil()).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
