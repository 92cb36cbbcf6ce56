use linli_platform::{access::Action, reader::Reader, store::Tx, web::Paging};
use linli_volunteers::{
    StipendId, VolunteerNoticeId,
    codes::{NoticeKind, NoticeResult, Refusal, StipendState},
    ledger::{self, Balance},
    notices, stipends,
};

use super::world::{World, worlds};

impl World {
    async fn apply(&self, notice: VolunteerNoticeId, yuan: i64) -> Result<StipendId, &'static str> {
        let act = async |tx: &Tx| stipends::apply(&self.app, tx, notice, yuan).await;
        self.with(&self.coordinator(), act).await.map_err(|e| e.code)
    }
    async fn approve(&self, reader: &Reader, id: StipendId, version: i64) -> Result<StipendState, &'static str> {
        let act = async |tx: &Tx| stipends::approve(&self.app, tx, id, version).await;
        self.with(reader, act).await.map_err(|e| e.code)
    }
    async fn pay(&self, id: StipendId, version: i64) -> Result<(), &'static str> {
        let payer = self.office().doing(Action::StipendPay);
        self.with(&payer, async |tx: &Tx| stipends::pay(tx, id, version).await).await.map_err(|e| e.code)
    }
    async fn allot(&self, yuan: i64) {
        let payer = self.office().doing(Action::StipendPay);
        self.with(&payer, async |tx: &Tx| ledger::allot(tx, yuan).await).await.unwrap();
    }
    async fn books(&self) -> Balance {
        let reads = self.store().reads();
        assert!(ledger::is_sound(&reads).await.unwrap(), "{}: the books balance", self.test.engine);
        ledger::balance(&reads).await.unwrap()
    }
}

#[tokio::test]
async fn a_stipend_passes_an_applicant_two_approvals_by_different_people_and_the_accounts() {
    for world in worlds().await {
        let place = world.place().await;
        let notice = world.confirmed(place, 0).await;
        let max = stipends::max_yuan(&world.app.pack);
        for wrong in [0, -5, max + 1] {
            assert_eq!(world.apply(notice, wrong).await.unwrap_err(), "stipend-amount", "{wrong}");
        }
        let id = world.apply(notice, 30).await.unwrap();
        assert_eq!(world.apply(notice, 30).await.unwrap_err(), "stipend-twice");
        assert_eq!(world.approve(&world.office(), id, 1).await.unwrap_err(), "stipend-grid-first");
        assert_eq!(world.approve(&world.coordinator(), id, 1).await.unwrap_err(), "stipend-same-person");
        assert_eq!(world.approve(&world.volunteer(), id, 1).await.unwrap_err(), "stipend-own");
        assert_eq!(world.pay(id, 1).await.unwrap_err(), "stale-version", "nothing is paid before it is approved");
        assert_eq!(world.approve(&world.leader(), id, 1).await, Ok(StipendState::Applied));
        assert_eq!(world.approve(&world.leader(), id, 2).await.unwrap_err(), "stipend-same-person");
        assert_eq!(world.approve(&world.officer(), id, 2).await.unwrap_err(), "stipend-office-last");
        assert_eq!(world.approve(&world.office(), id, 2).await.unwrap_err(), "stipend-fund-short", "no money yet");
        world.allot(100).await;
        assert_eq!(world.approve(&world.office(), id, 2).await, Ok(StipendState::Approved));
        let books = world.books().await;
        assert_eq!((books.free(), books.owed(), books.paid()), (70, 30, 0));
        world.pay(id, 3).await.unwrap();
        assert_eq!(world.pay(id, 3).await.unwrap_err(), "stale-version", "paid once");
        let books = world.books().await;
        assert_eq!((books.fund, books.owed(), books.paid(), books.set_aside()), (70, 0, 30, 100));
        let reads = world.store().reads();
        let approved = stipends::approvals(&reads, id).await.unwrap();
        assert_eq!(approved.iter().map(|a| a.account_id).collect::<Vec<_>>(), [world.leader, world.office]);
        let own = notices::own(&reads, &world.volunteer(), 9).await.unwrap();
        assert_eq!((own[0].yuan, own[0].stipend_state.as_deref()), (Some(30), Some("paid")));
    }
}

#[tokio::test]
async fn what_is_owed_is_covered_and_what_is_free_can_be_given_back() {
    for world in worlds().await {
        world.allot(50).await;
        let place = world.place().await;
        for (home, granted) in [(0, true), (1, false)] {
            let notice = world.confirmed(place, home).await;
            let id = world.apply(notice, 40).await.unwrap();
            world.approve(&world.leader(), id, 1).await.unwrap();
            let last = world.approve(&world.office(), id, 2).await;
            assert_eq!(last.is_ok(), granted, "50 yuan grant 40 once");
        }
        let payer = world.office().doing(Action::StipendPay);
        let back = async |yuan| {
            let act = async |tx: &Tx| ledger::give_back(tx, yuan).await;
            world.with(&payer, act).await.map_err(|e| e.code)
        };
        assert_eq!(back(11).await.unwrap_err(), "stipend-fund-short");
        world.test.clock.set(world.store().now().plus_s(60));
        back(10).await.unwrap();
        assert_eq!(world.books().await.free(), 0);
        let (entries, n) = ledger::entries(&world.store().reads(), &Paging::default()).await.unwrap();
        assert_eq!((n, entries[0].kind.as_str(), entries[0].yuan), (3, "return", 10));
    }
}

#[tokio::test]
async fn an_unconfirmed_notice_carries_none_and_a_refused_one_can_be_applied_for_anew() {
    for world in worlds().await {
        let place = world.place().await;
        let open = world.tell(&world.notice(place, NoticeKind::MovedIn, Some(0))).await.unwrap();
        assert_eq!(world.apply(open, 30).await.unwrap_err(), "stipend-notice");
        let known = async |tx: &Tx| notices::check(tx, open, 1, NoticeResult::Known).await;
        world.with(&world.coordinator(), known).await.unwrap();
        assert_eq!(world.apply(open, 30).await.unwrap_err(), "stipend-notice");
        let notice = world.confirmed(place, 1).await;
        let id = world.apply(notice, 30).await.unwrap();
        let refuse = async |tx: &Tx| stipends::refuse(tx, id, 1, Refusal::Amount).await;
        world.with(&world.leader(), refuse).await.unwrap();
        assert_eq!(world.approve(&world.leader(), id, 2).await.unwrap_err(), "stale-version");
        let told = linli_work::notices::list(&world.store().reads(), &world.coordinator(), 9).await.unwrap();
        assert!(told.iter().any(|n| n.text_key == "notice-stipend-refused"), "the applicant is told");
        world.apply(notice, 20).await.unwrap();
        let reads = world.store().reads();
        let waiting = stipends::list(&reads, &world.leader(), StipendState::Applied, &Paging::default()).await.unwrap();
        assert_eq!(waiting.1, 1);
        let elsewhere = stipends::list(&reads, &world.stranger(), StipendState::Applied, &Paging::default()).await;
        assert_eq!(elsewhere.unwrap().1, 0, "another grid's");
    }
}
