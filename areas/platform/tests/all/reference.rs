//! The whole matrix of role, action, resource, scope, purpose and ground, against a reference that was written from the
//! requirements and not from the program.

use std::collections::BTreeMap;

use linli_platform::{
    access::{Action, Role},
    basis,
    clock::At,
    event::SubjectRef,
    ids::{AccountId, GridId},
    reader::{Purpose, Reader, Scope},
    store::migrations,
    testing::{self, TestStore},
};
use uuid::Uuid;

/// Action code to the words of its line.
fn reference() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("../reference/actions.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

#[test]
fn every_role_does_what_the_reference_says_and_nothing_else() {
    let reference = reference();
    let mut cells = 0;
    for action in Action::ALL {
        let named = reference.get(action.code()).unwrap_or_else(|| panic!("{action} is not in the reference"));
        for role in Role::ALL {
            let expected = named.contains(&"anybody") || named.contains(&"all") || named.contains(&role.code());
            assert_eq!(role.allows(*action), expected, "{role} {action}");
            // Without the agreement, filing the own one is all there is (R3).
            let before = *action == Action::AgreementFile && expected;
            assert_eq!(role.allows_before_agreement(*action), before, "{role} {action} before the agreement");
            cells += 2;
        }
    }
    assert_eq!(reference.len(), Action::ALL.len(), "an action of the reference is none of the program's");
    for word in reference.values().flatten().filter(|w| !["anybody", "all"].contains(*w)) {
        assert!(Role::from_code(word).is_some(), "{word} is no role");
    }
    assert!(cells > 1_000, "{cells} cells");
}

/// Where the record lies, seen from the reader's own grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    Other,
    Nowhere,
}

/// What there is on the record for the purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    None,
    Task,
    OwnAssignment,
    AnothersAssignment,
    Expired,
    Closed,
}

const PLACES: [Place; 3] = [Place::Own, Place::Other, Place::Nowhere];
const GROUNDS: [Ground; 6] =
    [Ground::None, Ground::Task, Ground::OwnAssignment, Ground::AnothersAssignment, Ground::Expired, Ground::Closed];

/// Boundary 7, in plain words: opening a record takes a role that opens records, a purpose, and an open task on that
/// very record that lies in the own grids, or an assignment to oneself. What is outside of the grids does not exist.
fn expected(role: &str, agreed: bool, purpose: &str, place: Place, ground: Ground) -> Result<(), &'static str> {
    // What a resident opens on the own page is no ground for anybody of the staff (R12).
    if purpose == "own-record" {
        return Err("not-found");
    }
    let whole = ["station", "population-office", "data-steward"].contains(&role);
    // Photos on findings open to whoever sees the finding (R32).
    let whole =
        whole || (purpose == "inspection" && ["task-force", "team-leader", "committee-secretary"].contains(&role));
    let of_grid = ["grid-leader", "officer", "coordinator", "grid-worker"].contains(&role);
    if !agreed || !(whole || of_grid || role == "surveyor") {
        return Err("forbidden");
    }
    if purpose == "counter-service" && !["station", "population-office", "coordinator"].contains(&role) {
        return Err("forbidden");
    }
    let sees = whole || (of_grid && place == Place::Own);
    let refused = if sees { Err("basis-missing") } else { Err("not-found") };
    match ground {
        // An emergency has its own ground, which nobody here has.
        _ if purpose == "emergency" => refused,
        Ground::OwnAssignment => Ok(()),
        Ground::Task if sees => Ok(()),
        _ => refused,
    }
}

struct World {
    account: AccountId,
    own: GridId,
    records: Vec<(Purpose, Place, Ground, SubjectRef)>,
}

async fn world(t: &TestStore) -> World {
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let (account, another): (AccountId, AccountId) = (tx.new_id(), tx.new_id());
    let (own, other): (GridId, GridId) = (tx.new_id(), tx.new_id());
    let mut records = Vec::new();
    for purpose in Purpose::ALL {
        for place in PLACES {
            for ground in GROUNDS {
                let grid = match place {
                    Place::Own => Some(own),
                    Place::Other => Some(other),
                    Place::Nowhere => None,
                };
                let subject = SubjectRef::new("resident", tx.new_id::<Uuid>(), grid);
                let task: Uuid = tx.new_id();
                let (whose, until) = match ground {
                    Ground::None => (None, None),
                    Ground::OwnAssignment => (Some(account), None),
                    Ground::AnothersAssignment => (Some(another), None),
                    Ground::Expired => (None, Some(At(tx.now().0 - 1))),
                    Ground::Task | Ground::Closed => (None, None),
                };
                if ground != Ground::None {
                    basis::open(&tx, subject, *purpose, task, whose, until).await.unwrap();
                }
                if ground == Ground::Closed {
                    basis::close(&tx, task).await.unwrap();
                }
                records.push((*purpose, place, ground, subject));
            }
        }
    }
    tx.housekeeping("records for the test");
    tx.commit().await.unwrap();
    World { account, own, records }
}

fn scope_of(role: Role, own: GridId) -> Scope {
    match role {
        Role::GridLeader | Role::Officer | Role::Coordinator | Role::GridWorker | Role::Volunteer => {
            Scope::Grids(vec![own])
        }
        Role::Surveyor | Role::HrLiaison => Scope::Grids(Vec::new()),
        _ => Scope::Division,
    }
}

#[tokio::test]
async fn a_record_opens_exactly_where_the_reference_says() {
    for t in testing::stores(migrations).await {
        let world = world(&t).await;
        let mut cells = 0;
        for role in Role::ALL {
            for agreed in [true, false] {
                let roles: &[Role] = if agreed { &[*role] } else { &[] };
                let pending = if agreed { Vec::new() } else { vec![*role] };
                let base = testing::reader(&t.store, roles, scope_of(*role, world.own));
                let reader = Reader { account: world.account, pending, ..base };
                let tx = t.store.begin(&reader).await.unwrap();
                for (purpose, place, ground, subject) in &world.records {
                    let found = tx.basis_for(*subject, *purpose).await.map(|_| ()).map_err(|e| e.code);
                    let wanted = expected(role.code(), agreed, purpose.code(), *place, *ground);
                    let cell = format!("{role} agreed={agreed} {purpose} {place:?} {ground:?} on {}", t.engine);
                    assert_eq!(found, wanted, "{cell}");
                    cells += 1;
                }
            }
        }
        assert!(cells > 5_000, "{cells} cells");
    }
}
