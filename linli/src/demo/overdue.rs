//! What waits and what waited too long: hand-overs from other jurisdictions, doubts and hand-overs of weeks ago that
//! nobody settled, and homes and employers whose facts changed.

use cn_identity::{DocumentKind, make::resident_number};
use linli_platform::store::Tx;
use linli_register::{
    codes::{CorrectionReason, DoubtCause, Source, Tenancy},
    doubts,
    employer_change::{self, EmployerChange},
    home_change::{self, HomeChange},
    homes,
    inward::{self, NewInward},
    rules::{self, Written},
    transfers,
};

use super::{accounts::Workers, build::World, lives, people::Records};
use crate::failure::Outcome;

/// What waits since so many days is overdue by every deadline of the pack that is meant here.
const LONG_AGO_DAYS: i64 = 45;
/// The area code of invented numbers: never given to any place.
const AREA: &str = "990101";
/// People whom other jurisdictions hand over, invented; the first one long ago.
const HANDED_OVER: [(&str, u16); 4] = [("欧阳见山", 11), ("闻人望舒", 12), ("太史长庚", 13), ("公孙采薇", 14)];
/// Who hands them over.
const OFFICES: [&str; 2] = ["华新镇社区事务受理中心", "重固镇人口管理办公室"];

/// Writes it in the office's name. The clock stands still while the demonstration is built; part of this is entered when
/// it was weeks earlier.
pub(super) async fn write(world: &World, workers: &Workers, records: &Records) -> Outcome {
    let clock = world.store().clock();
    let now = clock.now();
    let office = &workers.office;
    let reader = world.reader(office.account, office.role, &office.name);
    clock.set(now.plus_hours(-24 * LONG_AGO_DAYS));
    let tx = world.store().begin(&reader).await?;
    // Records that were there before the first day and never changed, so that nothing in them is younger.
    let others: Vec<_> = lives::chosen(records).map(|r| r.id).collect();
    let old: Vec<_> = records
        .all
        .iter()
        .filter(|r| r.is_current() && r.version == 1 && r.is_from_the_start() && !others.contains(&r.id))
        .collect();
    for (n, record) in old.iter().rev().step_by(11).take(6).enumerate() {
        let own = world.grid_of_home(record.facts.home);
        match (n % 2, world.grids.iter().find(|g| **g != own)) {
            (1, Some(to)) => {
                transfers::offer(&tx, record.id, *to, transfers::due_at(&world.app)?).await?;
            }
            _ => {
                doubts::raise(&tx, record.id, DoubtCause::LandlordReport, doubts::due_at(&world.app)?).await?;
            }
        }
    }
    offer(world, &tx, 0).await?;
    tx.commit().await?;
    clock.set(now);
    let tx = world.store().begin(&reader).await?;
    for n in 1..HANDED_OVER.len() {
        let id = offer(world, &tx, n).await?;
        if n + 1 == HANDED_OVER.len() {
            inward::refuse(&tx, id, 1, inward::REFUSALS[0]).await?;
        }
    }
    premises(world, &tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Offers one person to the grid of an address of the town.
async fn offer(world: &World, tx: &Tx, n: usize) -> Outcome<linli_register::TransferId> {
    let (name, seq) = HANDED_OVER[n];
    let number = resident_number(AREA, (1984, 5, 6), seq);
    let phone = format!("154{:08}", 900 + n);
    let written = Written {
        name,
        doc_kind: DocumentKind::Resident,
        doc_no: number.as_str(),
        doc_confirmed: false,
        phone: &phone,
        sex: None,
        birth: None,
    };
    let (person, _) = rules::check(&written, tx.now().day());
    let person = person.ok_or_else(|| linli_platform::AppError::internal("an invented person satisfies the rules"))?;
    let shown = super::accounts::shown_grid(world);
    let home = world.town.homes_of_grid(shown).nth(n * 3).unwrap_or_default();
    let address = world.addresses[world.town.homes()[home as usize].address as usize];
    let new = NewInward {
        from_office: OFFICES[n % OFFICES.len()].into(),
        reference: format!("移〔{}〕{:03}", tx.now().day().0.year(), 40 + n),
        person,
        address,
        offered_day: tx.now().day().plus_days(-1),
    };
    Ok(inward::enter(tx, new, transfers::due_at(&world.app)?).await?)
}

/// A home that was let, another whose owner was misread, and an employer that has grown.
async fn premises(world: &World, tx: &Tx) -> Outcome {
    let shown = super::accounts::shown_grid(world);
    for (n, home) in world.town.homes_of_grid(shown).take(2).enumerate() {
        let id = world.homes[home as usize];
        let version = homes::find(tx, tx.reader(), id).await?.version;
        let (change, reason, source) = match n {
            0 => {
                let let_out = HomeChange {
                    tenancy: Some(Tenancy::Let),
                    landlord: Some(Some("东方明远".into())),
                    landlord_phone: Some(Some("15400000901".into())),
                    agent: Some(Some("安居房屋中介".into())),
                    ..HomeChange::default()
                };
                (let_out, None, Source::Landlord)
            }
            _ => {
                let owner = HomeChange { owner: Some(Some("司马清扬".into())), ..HomeChange::default() };
                (owner, Some(CorrectionReason::Mistyped), Source::Counter)
            }
        };
        home_change::change(tx, id, version, change, reason, linli_register::Told::seen(source, tx.now())).await?;
    }
    if let Some(id) = world.employers.first().copied() {
        let known = linli_register::employers::find(tx, tx.reader(), id).await?;
        let grown = EmployerChange { staff: Some(known.staff_declared + 5), ..EmployerChange::default() };
        let told = linli_register::Told::seen(Source::Employer, tx.now());
        employer_change::change(tx, id, known.version, grown, None, told).await?;
    }
    Ok(())
}
