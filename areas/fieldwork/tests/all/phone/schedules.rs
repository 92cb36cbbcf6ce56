//! Outboxes doubled, reordered, cut off and replayed, against a small model: nothing is done twice, nothing is lost, and
//! every conflict is seen. `LINLI_PHONE_SCHEDULES` says how many schedules; `cargo xtask long` runs 10,000.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linli_fieldwork::phone::{
    apply, conflict,
    entry::{Changes, Entry, Envelope, Person},
    received::Answer,
};
use linli_platform::{access::Role, clock::At, reader::Reader, store::Query, vals};
use linli_register::{
    HomeId, ResidentId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
    residents::{self, Change, Entered},
};

use super::{
    super::world::office,
    rig::{Phone, Rig, rigs},
};

const ORDINARY: u64 = 200;

/// Repeatable choices (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// What the register should hold of one home.
#[derive(Default)]
struct Model {
    /// Versions of those who live there.
    here: BTreeMap<ResidentId, i64>,
    visits: i64,
}

/// The household as a phone took it along.
type Taken = HashMap<HomeId, Vec<(ResidentId, i64)>>;

struct Schedule<'a> {
    rig: &'a Rig,
    dice: Dice,
    phones: &'a [Phone; 2],
    readers: &'a [Reader; 2],
    taken: [Taken; 2],
    taken_at: [At; 2],
    homes: Vec<HomeId>,
    model: BTreeMap<HomeId, Model>,
    /// Numbers that are registered already.
    numbers: BTreeSet<String>,
    /// Whose they are, of those whom an entry of this schedule brought.
    number_of: BTreeMap<ResidentId, String>,
    /// Whose phone, the entry, and how it was sealed.
    made: Vec<(usize, Entry, Envelope)>,
    answers: HashMap<usize, Answer>,
    seed: u64,
}

impl Schedule<'_> {
    fn tick(&self) {
        self.rig.later(1);
    }
    async fn take(&mut self, phone: usize) {
        self.tick();
        self.taken_at[phone] = self.rig.now();
        for home in self.homes.clone() {
            let members = self.rig.members_of(home).await;
            self.taken[phone].insert(home, members.iter().map(|m| (m.resident_id, m.version)).collect());
        }
        self.tick();
    }
    async fn enter(&mut self, phone: usize) {
        self.tick();
        let home = self.homes[self.dice.below(self.homes.len())];
        let known = self.taken[phone].get(&home).cloned().unwrap_or_default();
        let mut people = Vec::new();
        for (n, (resident_id, version)) in known.into_iter().enumerate() {
            let mut person = Person { resident_id, version, choice: "here".into(), day: None, changes: None };
            match self.dice.below(8) {
                0 if n > 0 => person.choice = "moved-out".into(),
                1 | 2 => {
                    let phone = format!("199{:08}", self.dice.below(100_000_000));
                    person.choice = "changed".into();
                    person.changes = Some(Changes { phone: Some(phone), ..Changes::default() });
                }
                _ => {}
            }
            people.push(person);
        }
        let mut newcomers = Vec::new();
        if self.dice.below(3) == 0 {
            newcomers.push(self.rig.newcomer(newcomer_number(self.seed, self.dice.below(3))));
        }
        let entry = Entry {
            v: 1,
            entry_id: self.rig.world.store().new_id(),
            kind: "visit".into(),
            made_at: self.rig.now(),
            assignment_made_at: Some(self.taken_at[phone]),
            home_id: home,
            outcome: "verified".into(),
            next_day: None,
            people,
            newcomers,
            tasks: Vec::new(),
            notes: vec!["knock".into()],
            hazards: Vec::new(),
            hazards_gone: Vec::new(),
            photo: None,
            corrects: None,
        };
        let envelope = self.rig.sealed(&self.phones[phone], &entry);
        self.made.push((phone, entry, envelope));
    }
    /// What the entry should become if it arrives now for the first time.
    fn expected(&self, entry: &Entry) -> &'static str {
        let model = &self.model[&entry.home_id];
        let said: BTreeMap<ResidentId, &Person> = entry.people.iter().map(|p| (p.resident_id, p)).collect();
        // Whom the phone did not know moved in since.
        if model.here.keys().any(|id| !said.contains_key(id)) {
            return "conflict";
        }
        if said.keys().any(|id| !model.here.contains_key(id)) {
            return "conflict";
        }
        if said.values().any(|p| p.choice != "here" && model.here[&p.resident_id] != p.version) {
            return "conflict";
        }
        // Who leaves and is registered anew in one visit is not registered twice.
        let leaves = |number: &String| {
            said.values().any(|p| p.choice == "moved-out" && self.number_of.get(&p.resident_id) == Some(number))
        };
        let known = |number: &String| self.numbers.contains(number) && !leaves(number);
        if entry.newcomers.iter().any(|n| known(&n.doc_no)) { "conflict" } else { "done" }
    }
    fn learn(&mut self, entry: &Entry) {
        let model = self.model.get_mut(&entry.home_id).unwrap();
        model.visits += 1;
        for person in &entry.people {
            match person.choice.as_str() {
                "moved-out" => {
                    model.here.remove(&person.resident_id);
                    // Who left may be registered anew.
                    if let Some(number) = self.number_of.get(&person.resident_id) {
                        self.numbers.remove(number);
                    }
                }
                "changed" => *model.here.get_mut(&person.resident_id).unwrap() += 1,
                _ => {}
            }
        }
        self.numbers.extend(entry.newcomers.iter().map(|new| new.doc_no.clone()));
    }
    async fn send(&mut self, n: usize) {
        self.tick();
        let (phone, entry, envelope) = self.made[n].clone();
        let expected = self.expected(&entry);
        let device = self.rig.device(&self.phones[phone]).await;
        let answer = apply::receive(&self.rig.app, &self.readers[phone], &device, &envelope).await;
        let place = format!("seed {} entry {n}: {answer:?}", self.seed);
        match self.answers.get(&n) {
            Some(before) => assert_eq!(*before, answer, "{place}: another answer"),
            None => {
                assert_eq!(answer.state, expected, "{place}");
                if answer.state == "done" {
                    self.learn(&entry);
                    self.newcomers_of(&entry).await;
                }
                self.answers.insert(n, answer);
            }
        }
    }
    /// Ids of newcomers are the server's to make.
    async fn newcomers_of(&mut self, entry: &Entry) {
        if entry.newcomers.is_empty() {
            return;
        }
        let members = self.rig.members_of(entry.home_id).await;
        let model = self.model.get_mut(&entry.home_id).unwrap();
        let new: Vec<_> = members.iter().filter(|m| !model.here.contains_key(&m.resident_id)).collect();
        assert_eq!(new.len(), entry.newcomers.len(), "seed {}", self.seed);
        model.here.extend(new.iter().map(|m| (m.resident_id, m.version)));
        for (member, newcomer) in new.iter().zip(&entry.newcomers) {
            self.number_of.insert(member.resident_id, newcomer.doc_no.clone());
        }
    }
    /// Somebody at a counter changes a record.
    async fn office_changes(&mut self) {
        self.tick();
        let home = self.homes[self.dice.below(self.homes.len())];
        let phone = format!("199{:08}", self.dice.below(100_000_000));
        let model = self.model.get_mut(&home).unwrap();
        let Some((id, version)) = model.here.iter_mut().next() else { return };
        let tx = self.rig.world.store().begin(&office(self.rig.world.store())).await.unwrap();
        let change = Change { phone: Some(phone), ..Change::default() };
        *version = residents::change(&tx, *id, *version, change, Source::Counter).await.unwrap();
        tx.commit().await.unwrap();
    }
    async fn run(&mut self) {
        for phone in [0, 1] {
            self.take(phone).await;
        }
        for _ in 0..12 + self.dice.below(12) {
            let phone = self.dice.below(2);
            match self.dice.below(10) {
                0 => self.take(phone).await,
                1 => self.office_changes().await,
                2..=5 => self.enter(phone).await,
                // Any entry in any order, new or sent before, by a phone whose answer was lost.
                _ if !self.made.is_empty() => {
                    let n = self.dice.below(self.made.len());
                    self.send(n).await;
                }
                _ => {}
            }
        }
        // At last everything is sent, some of it twice, in an order of its own.
        let mut left: Vec<usize> = (0..self.made.len()).chain(0..self.made.len() / 2).collect();
        while !left.is_empty() {
            let n = left.swap_remove(self.dice.below(left.len()));
            self.send(n).await;
        }
        self.check().await;
    }
    async fn check(&self) {
        let seed = self.seed;
        assert_eq!(self.answers.len(), self.made.len(), "seed {seed}: an entry was lost");
        let reads = self.rig.world.store().reads();
        let mut waiting = BTreeSet::new();
        for (n, answer) in &self.answers {
            let sql = "SELECT COUNT(*) FROM phone_entry WHERE division_code = $1 AND entry_id = $2 AND state = $3";
            let id = self.made[*n].1.entry_id;
            let kept = reads.number(sql, vals![reads.division(), id, answer.state]).await.unwrap();
            assert_eq!(kept, 1, "seed {seed} entry {n}");
            let sql = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND entry_id = $2";
            let visits = reads.number(sql, vals![reads.division(), id]).await.unwrap();
            assert_eq!(visits, i64::from(answer.state == "done"), "seed {seed} entry {n}");
            waiting.extend(answer.conflict_id);
        }
        for (home, model) in &self.model {
            let members: BTreeMap<_, _> =
                self.rig.members_of(*home).await.iter().map(|m| (m.resident_id, m.version)).collect();
            assert_eq!(members, model.here, "seed {seed}: the household");
            let sql = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND home_id = $2";
            assert_eq!(reads.number(sql, vals![reads.division(), *home]).await.unwrap(), model.visits, "seed {seed}");
            let sql =
                "SELECT COUNT(*) FROM phone_conflict WHERE division_code = $1 AND home_id = $2 AND state = 'open'";
            let open = reads.number(sql, vals![reads.division(), *home]).await.unwrap();
            let made = self.made.iter().enumerate().filter(|(_, m)| m.1.home_id == *home);
            let told = made.filter(|(n, _)| self.answers[n].state == "conflict").count();
            assert_eq!(open, i64::try_from(told).unwrap(), "seed {seed}: a conflict that nobody sees");
        }
        for id in waiting {
            conflict::find(&reads, &self.readers[0], id).await.unwrap();
        }
    }
}

/// Three people of a schedule who may be met, the same by both phones.
fn newcomer_number(seed: u64, n: usize) -> u16 {
    u16::try_from(200 + (seed * 3 + n as u64) % 780).unwrap()
}

/// Two homes of two people each, for one schedule.
async fn homes_of(rig: &Rig, seed: u64) -> Vec<HomeId> {
    let store = rig.world.store();
    let tx = store.begin(&office(store)).await.unwrap();
    let address = |n: u64| NewAddress {
        address_id: None,
        text: format!("新府中路{}弄{n}号", 1_000 + seed),
        committee_code: "310118003001".into(),
        grid_id: Some(rig.world.grids[0]),
        lon: None,
        lat: None,
        source: Source::Import,
    };
    let addresses = addresses::insert_many(&tx, vec![address(1), address(2)]).await.unwrap();
    let new = addresses.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
    let homes = homes::insert_many(&tx, new).await.unwrap();
    let mut people = Vec::new();
    for (n, home) in homes.iter().flat_map(|h| [h, h]).enumerate() {
        let mut person = rig.world.person(1, 0);
        person.home_id = *home;
        person.doc_kind = cn_identity::DocumentKind::Passport;
        person.doc_no = format!("ZZ{seed:06}{n}");
        person.doc_confirmed = true;
        person.birth = Some(At(0).day().0);
        person.phone = None;
        people.push(person);
    }
    residents::register_many(&tx, people, Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
    homes
}

#[tokio::test]
async fn whatever_becomes_of_an_outbox_on_its_way_nothing_is_done_twice_nothing_is_lost_and_conflicts_are_seen() {
    let count = std::env::var("LINLI_PHONE_SCHEDULES").ok().and_then(|n| n.parse().ok()).unwrap_or(ORDINARY);
    for rig in rigs().await {
        rig.world.store().fill_without_waiting().await.unwrap();
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let two = rig.colleague("two", &[(Role::GridWorker, 0)]).await;
        let phones = [rig.phone(one).await, rig.phone(two).await];
        let readers = [rig.reader(one).await, rig.reader(two).await];
        let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
        for seed in 1..=count {
            let homes = homes_of(&rig, seed).await;
            let mut model = BTreeMap::new();
            for home in &homes {
                let here = rig.members_of(*home).await.iter().map(|m| (m.resident_id, m.version)).collect();
                model.insert(*home, Model { here, ..Model::default() });
            }
            let numbers = registered(&rig, seed).await;
            let mut schedule = Schedule {
                rig: &rig,
                dice: Dice(seed),
                phones: &phones,
                readers: &readers,
                taken: [Taken::new(), Taken::new()],
                taken_at: [rig.now(); 2],
                homes,
                model,
                numbers,
                number_of: BTreeMap::new(),
                made: Vec::new(),
                answers: HashMap::new(),
                seed,
            };
            schedule.run().await;
            for answer in schedule.answers.values() {
                *seen.entry(answer.state).or_default() += 1;
            }
        }
        // Schedules in which nothing ever met would show nothing.
        assert!(seen["done"] > count as usize && seen["conflict"] > count as usize / 2, "{seen:?}");
    }
}

/// Numbers of this schedule that an earlier one with the same number registered.
async fn registered(rig: &Rig, seed: u64) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for n in 0..3 {
        let number = rig.newcomer(newcomer_number(seed, n)).doc_no;
        let reads = rig.world.store().reads();
        let blind = rig.world.store().keys().blind_index("doc", &number);
        let sql = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND doc_blind = $2 AND state = 'current'";
        if reads.number(sql, vals![reads.division(), blind]).await.unwrap() > 0 {
            all.insert(number);
        }
    }
    all
}
