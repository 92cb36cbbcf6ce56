//! The monthly surveys of the past months, answered from what was true on their days, and this month's, ready to be
//! committed to.

use std::collections::BTreeMap;

use linli_platform::{
    AppError,
    access::Role,
    clock::{Day, Month},
    ids::AccountId,
    reader::Reader,
};
use linli_register::HomeId;
use linli_surveys::{
    HomeObservation, HomesNow, PastParty, PastRound, PastTimes, codes::Item, demo_round, locks::Signer, rounds,
};
use townsim::{Facts, Town};

use super::{
    accounts::{Worker, Workers},
    build::World,
};
use crate::failure::Outcome;

/// Days of a month: the frame is fixed, the draw made, the answers entered, the results locked and
/// countersigned.
const FRAMED: i8 = 24;
const DRAWN: i8 = 25;
const ANSWERED: i8 = 26;
const LOCKED: i8 = 27;
/// Of so many homes, nobody is met at one.
const NOT_MET_ONE_IN: u32 = 17;

/// What surveyors would have counted at every home on the day of a month's survey.
pub(super) struct Seen {
    pub month: Month,
    homes: Vec<HomeObservation>,
}

/// The day on which what is true is noted for a month's survey.
pub(super) fn is_survey_day(day: Day, from: Day) -> bool {
    day.0.day() == ANSWERED && day.plus_days(i64::from(FRAMED - ANSWERED)) >= from
}

/// Notes what is true and registered at every home today.
pub(super) fn look(town: &Town) -> Seen {
    let homes = (0u32..).zip(town.homes()).map(|(home, _)| observe(town, home)).collect();
    Seen { month: Day(town.today()).month(), homes }
}

fn observe(town: &Town, home: u32) -> HomeObservation {
    let there = town.observe(home).people;
    let mut seen = HomeObservation {
        met: !home.is_multiple_of(NOT_MET_ONE_IN),
        found: u32::try_from(there.len()).unwrap_or(u32::MAX),
        ..HomeObservation::default()
    };
    if !seen.met {
        return HomeObservation::nobody_met();
    }
    for person in town.register().at_home(home) {
        seen.registered += 1;
        let Some(record) = town.register().resident(*person) else { continue };
        match there.iter().find(|(id, _)| id == person) {
            Some((_, truth)) => {
                seen.found_registered += 1;
                compare(&record.facts, truth, &mut seen);
            }
            None => seen.gone += 1,
        }
    }
    seen
}

fn compare(held: &Facts, truth: &Facts, seen: &mut HomeObservation) {
    let mut items = vec![
        (Item::Name, held.name == truth.name),
        (Item::Document, held.doc_no == truth.doc_no),
        (Item::Address, true),
    ];
    if held.mobile.is_some() {
        items.push((Item::Phone, held.mobile == truth.mobile));
    }
    if held.employer.is_some() {
        items.push((Item::Employer, held.employer == truth.employer));
    }
    for (item, right) in items {
        seen.items += 1;
        if right {
            seen.items_correct += 1;
        } else {
            *seen.wrong.entry(item).or_default() += 1;
        }
    }
}

/// Runs the past rounds from frame to countersignature, and fixes the frame of this month's.
pub(super) async fn write(world: &World, workers: &Workers, past: &[Seen]) -> Outcome {
    let office = &workers.office;
    let reader = world.reader(office.account, office.role, &office.name);
    let assessor = workers.first(Role::Assessor).ok_or_else(|| AppError::internal("the town has assessors"))?;
    let surveyors: Vec<AccountId> =
        workers.staff.iter().flatten().filter(|w| w.role == Role::Surveyor).map(|w| w.account).collect();
    let places: BTreeMap<HomeId, usize> = world.homes.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let homes = HomesNow::read(&world.store().reads(), None).await?;
    for seen in past {
        let round = round(world, seen.month, [office, assessor], surveyors.clone());
        let tx = world.store().begin(&reader).await?;
        demo_round(&tx, &world.app.pack, &homes, &round, |home| {
            let at = HomeObservation { seen_at: Some(round.times.answered), ..HomeObservation::default() };
            places
                .get(&home)
                .map_or(at, |n| HomeObservation { seen_at: Some(round.times.answered), ..seen.homes[*n].clone() })
        })
        .await?;
        tx.commit().await?;
    }
    this_month(world, &reader).await
}

fn round(world: &World, month: Month, parties: [&Worker; 2], surveyors: Vec<AccountId>) -> PastRound {
    let day = |n: i8| month.first_day().plus_days(i64::from(n - 1)).start();
    let party = |worker: &Worker| PastParty {
        account: worker.account,
        role: worker.role,
        name: worker.name.clone(),
        secret: world.store().rng().bytes(),
    };
    let signer = |worker: &Worker| Signer { account: worker.account, role: worker.role };
    PastRound {
        month,
        committee: None,
        households: rounds::usual_households(&world.app.pack),
        parties: parties.into_iter().map(party).collect(),
        surveyors,
        signers: parties.map(signer),
        times: PastTimes {
            framed: day(FRAMED).plus_hours(9),
            announced: day(FRAMED).plus_hours(15),
            drawn: day(DRAWN).plus_hours(9),
            assigned: day(DRAWN).plus_hours(10),
            answered: day(ANSWERED).plus_hours(20),
            locked: day(LOCKED).plus_hours(10),
            countersigned: day(LOCKED).plus_hours(15),
        },
    }
}

async fn this_month(world: &World, reader: &Reader) -> Outcome {
    let tx = world.store().begin(reader).await?;
    let pack = &world.app.pack;
    rounds::frame(&tx, pack, world.today.month(), None, rounds::usual_households(pack)).await?;
    tx.commit().await?;
    Ok(())
}
