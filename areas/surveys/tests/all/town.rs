//! A small invented town: two committees, three grids, thirty homes each, two people to a home. Areas of resident
//! numbers are 990101, which was never issued.

use cn_identity::{DocumentKind, make::resident_number};
use linli_platform::{
    access::Role,
    app::App,
    area::Area,
    clock::{At, Day},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Migration, Query, Store, Tx},
    testing::{self, TestStore},
    vals,
};
use linli_register::{
    HomeId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
    residents::{self, NewResident},
};
use linli_surveys::{SurveyId, assign, locks, rounds, seeds};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid, store::committees, store::grids};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use survey_sample::{Commitment, Opening};

pub const C1: &str = "310118003001";
pub const C2: &str = "310118003002";
pub const HOMES: usize = 30;

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_papers::migrations());
    all.extend(linli_surveys::migrations());
    all
}

/// The areas of the town's application.
pub fn areas() -> Vec<Area> {
    vec![linli_papers::area(), linli_work::area(), linli_surveys::area()]
}

pub struct Town {
    pub test: TestStore,
    pub app: App,
    pub pack: Pack,
    /// The first two are the first committee's.
    pub grids: Vec<GridId>,
    pub office: Reader,
    pub secretary: Reader,
    /// Countersigns.
    pub assessor: Reader,
    pub surveyors: Vec<Reader>,
}

/// A fresh town on every engine, built on 1 July 2026, the clock standing at noon of 20 November.
pub async fn towns() -> Vec<Town> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        all.push(Town::build(test).await);
    }
    all
}

pub fn noon(day: &str) -> At {
    day.parse::<Day>().unwrap().start().plus_hours(12)
}

impl Town {
    async fn build(test: TestStore) -> Town {
        test.clock.set(noon("2026-07-01"));
        let store = test.store.clone();
        let tx = store.begin(&Reader::system()).await.unwrap();
        let committee = |code: &str, name: &str, group| NewCommittee {
            code: code.into(),
            name: name.into(),
            official_name: format!("{name}村民委员会"),
            kind: CommitteeKind::Village,
            group,
            police_area: None,
            aliases: Vec::new(),
        };
        committees::write(&tx, &[committee(C1, "柳塘村", Group::C), committee(C2, "荷渡村", Group::D)]).await.unwrap();
        let grid = |code: &str, committee: &str| NewGrid {
            grid_id: None,
            code: code.into(),
            name: format!("{code}微网格"),
            committee_code: committee.into(),
        };
        let three = vec![grid("L1", C1), grid("L2", C1), grid("H1", C2)];
        let grids = grids::open(&tx, three, "2026-07-01".parse().unwrap()).await.unwrap();
        for (n, code) in [C1, C2].into_iter().enumerate() {
            let of = |i: usize| if n == 0 { grids[i % 2] } else { grids[2] };
            people(&tx, code, of).await;
        }
        tx.commit().await.unwrap();
        let office = account(&store, "office", &[(Role::PopulationOffice, "")], Scope::Division).await;
        let secretary =
            account(&store, "secretary", &[(Role::CommitteeSecretary, C1)], Scope::Grids(grids[..2].to_vec()));
        let secretary = secretary.await;
        let assessor = account(&store, "signer", &[(Role::Assessor, "")], Scope::Division).await;
        let mut surveyors = Vec::new();
        for n in 1..=4 {
            surveyors
                .push(account(&store, &format!("surveyor{n}"), &[(Role::Surveyor, "")], Scope::Grids(vec![])).await);
        }
        test.clock.set(noon("2026-11-20"));
        let app = testing::app(&store, &areas());
        Town { test, app, pack: Pack::embedded(), grids, office, secretary, assessor, surveyors }
    }
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn surveyor_accounts(&self) -> Vec<AccountId> {
        self.surveyors.iter().map(|s| s.account).collect()
    }
    /// Somebody who does something, committed.
    pub async fn tx(&self, reader: &Reader) -> Tx {
        self.store().begin(reader).await.unwrap()
    }
    pub async fn framed(&self) -> SurveyId {
        let tx = self.tx(&self.office).await;
        let month = "2026-11".parse().unwrap();
        let id = rounds::frame(&tx, &self.pack, month, None, 15).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
    pub async fn commit(&self, reader: &Reader, id: SurveyId, secret: u8) -> linli_platform::Result<()> {
        let tx = self.tx(reader).await;
        seeds::commit(&tx, id, Commitment::of(&Opening::new([secret; 32]))).await?;
        tx.commit().await
    }
    pub async fn announce(&self, id: SurveyId) -> linli_platform::Result<()> {
        let tx = self.tx(&self.office).await;
        rounds::announce(&tx, &self.pack, id).await?;
        tx.commit().await
    }
    pub async fn open(&self, reader: &Reader, id: SurveyId, secret: u8) -> linli_platform::Result<bool> {
        let tx = self.tx(reader).await;
        let last = seeds::open(&tx, id, &Opening::new([secret; 32])).await?;
        tx.commit().await?;
        Ok(last)
    }
    pub async fn drawn(&self) -> SurveyId {
        let id = self.framed().await;
        self.commit(&self.office, id, 1).await.unwrap();
        self.commit(&self.secretary, id, 2).await.unwrap();
        self.announce(id).await.unwrap();
        assert!(!self.open(&self.office, id, 1).await.unwrap());
        assert!(self.open(&self.secretary, id, 2).await.unwrap());
        id
    }
    pub async fn assign(&self, id: SurveyId, chosen: &[AccountId]) -> linli_platform::Result<usize> {
        let tx = self.tx(&self.office).await;
        let n = assign::assign(&tx, &self.pack, id, chosen).await?;
        tx.commit().await?;
        Ok(n)
    }
    pub async fn lock(&self, id: SurveyId) -> linli_platform::Result<()> {
        let tx = self.tx(&self.office).await;
        locks::lock(&self.app, &tx, id).await?;
        tx.commit().await
    }
    /// The digest of the figures that wait or stand.
    pub async fn figures(&self, id: SurveyId) -> String {
        locks::of_survey(&self.store().reads(), id).await.unwrap().remove(0).digest
    }
    pub async fn countersign(&self, who: &Reader, id: SurveyId) -> linli_platform::Result<()> {
        let digest = self.figures(id).await;
        let tx = self.tx(who).await;
        locks::countersign(&tx, &self.pack, id, &digest).await?;
        tx.commit().await
    }
    /// The grid that a drawn home lies in.
    pub async fn drawn_grid(&self, home: HomeId) -> GridId {
        #[derive(FromQueryResult)]
        struct Row {
            grid_id: GridId,
        }
        let sql = "SELECT grid_id FROM survey_home WHERE division_code = $1 AND home_id = $2";
        let reads = self.store().reads();
        let row: Option<Row> = reads.row(sql, vals![reads.division(), home]).await.unwrap();
        row.unwrap().grid_id
    }
    /// The homes that are asked twice, with who goes there the second time.
    pub async fn twice(&self, id: SurveyId) -> Vec<(HomeId, AccountId)> {
        #[derive(FromQueryResult)]
        struct Row {
            home_id: HomeId,
            account_id: AccountId,
        }
        let sql = "SELECT home_id, account_id FROM survey_again
                   WHERE division_code = $1 AND survey_id = $2 ORDER BY place";
        let reads = self.store().reads();
        let rows: Vec<Row> = reads.rows(sql, vals![reads.division(), id]).await.unwrap();
        rows.into_iter().map(|r| (r.home_id, r.account_id)).collect()
    }
    /// A surveyor's homes that nobody else is sent to.
    pub async fn asked_once(&self, id: SurveyId, who: &Reader) -> Vec<HomeId> {
        let twice = self.twice(id).await;
        let mine = assign::mine(&self.store().reads(), who).await.unwrap();
        mine.iter().map(|h| h.home_id).filter(|home| twice.iter().all(|(other, _)| other != home)).collect()
    }
    /// The drawn homes with who goes there, by committee and place.
    pub async fn drawn_homes(&self, id: SurveyId) -> Vec<DrawnHome> {
        let sql = "SELECT home_id, committee_code, people, account_id FROM survey_home
                   WHERE division_code = $1 AND survey_id = $2 ORDER BY committee_code, place";
        let reads = self.store().reads();
        reads.rows(sql, vals![reads.division(), id]).await.unwrap()
    }
}

#[derive(Debug, Clone, FromQueryResult)]
pub struct DrawnHome {
    pub home_id: HomeId,
    pub committee_code: String,
    pub people: i64,
    pub account_id: Option<AccountId>,
}

/// An account with the reader that it becomes.
pub async fn account(store: &Store, name: &str, roles: &[(Role, &str)], scope: Scope) -> Reader {
    let account = testing::account(store, name, roles).await;
    Reader {
        account,
        name: format!("测试 {name}"),
        roles: roles.iter().map(|(role, _)| *role).collect(),
        scope,
        ..Reader::system()
    }
}

async fn people(tx: &Tx, committee: &str, grid_of: impl Fn(usize) -> GridId) {
    let address = |i: usize| NewAddress {
        address_id: None,
        text: format!("{committee}组{i}号"),
        committee_code: committee.into(),
        grid_id: Some(grid_of(i)),
        lon: None,
        lat: None,
        source: Source::Import,
    };
    let addresses = addresses::insert_many(tx, (0..HOMES).map(address).collect()).await.unwrap();
    let kind = |i: usize| if i.is_multiple_of(5) { HomeKind::SharedLet } else { HomeKind::House };
    let new = addresses.iter().enumerate().map(|(i, a)| NewHome::at(*a, kind(i))).collect();
    let homes = homes::insert_many(tx, new).await.unwrap();
    let person = |i: usize| NewResident {
        resident_id: None,
        name: format!("试人{i}"),
        doc_kind: DocumentKind::Resident,
        doc_no: resident_number("990101", (if committee == C1 { 1980 } else { 1990 }, 3, 7), i as u16 + 1)
            .as_str()
            .into(),
        doc_confirmed: false,
        phone: None,
        sex: None,
        birth: None,
        local: false,
        home_id: homes[i / 2],
        employer_id: None,
        since_day: "2026-06-01".parse().unwrap(),
        source: Source::Import,
        seen_at: None,
        entered_at: None,
    };
    residents::register_many(tx, (0..2 * HOMES).map(person).collect(), residents::Entered::Now).await.unwrap();
}
