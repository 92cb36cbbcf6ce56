//! What is overdue climbs one level, once; the duty board counts it within the scope.

use linli_platform::{area::Duty, reader::Reader, testing};
use linli_register::{
    Slice,
    codes::DoubtCause,
    daily, doubts,
    escalation::{self, Climbed, Clocked},
    history, outward, residents, transfers,
};

use super::world::{World, worlds};

async fn duties(w: &World, reader: &Reader) -> Vec<Duty> {
    let mut all = Vec::new();
    for source in &w.app.duties {
        all.extend(source.duties(&w.app, reader).await.unwrap());
    }
    all
}

fn of(duties: &[Duty], key: &str) -> (i64, i64, i64) {
    let found = duties.iter().find(|d| d.key == key).unwrap_or_else(|| panic!("{key} is on the board"));
    (found.due, found.done, found.late)
}

#[tokio::test]
async fn what_nobody_settled_in_time_is_reported_once_and_stands_in_the_history() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let doubted = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let handed = residents::register(&tx, w.person("李小红", 4, 0)).await.unwrap();
        let sent = residents::register(&tx, w.person("赵小刚", 6, 2)).await.unwrap();
        doubts::raise(&tx, doubted, DoubtCause::NotMet, doubts::due_at(&w.app).unwrap()).await.unwrap();
        let due = transfers::due_at(&w.app).unwrap();
        transfers::offer(&tx, handed, w.grids[1], due).await.unwrap();
        outward::offer(&tx, sent, "华新镇社区事务受理中心", due).await.unwrap();
        assert_eq!(escalation::climb(&tx).await.unwrap(), [], "nothing is overdue yet: {}", w.engine());
        tx.commit().await.unwrap();
        w.test.clock.set(w.today().plus_days(90).start());
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        let mut climbed = escalation::climb(&tx).await.unwrap();
        tx.commit().await.unwrap();
        climbed.sort_by_key(|c| c.kind);
        let one = |kind, grid: usize| Climbed { kind, grid: w.grids[grid], number: 1 };
        assert_eq!(climbed, [one(Clocked::Doubt, 0), one(Clocked::Transfer, 1), one(Clocked::Outward, 1)]);
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        assert_eq!(escalation::climb(&tx).await.unwrap(), [], "each deadline once");
        drop(tx);
        let q = w.store().reads();
        let steps = history::of_resident(&q, &w.office(), doubted).await.unwrap();
        assert_eq!(steps[0].kind, "resident.overdue-climbed");
        let homes = doubts::homes(&q, &w.office(), Slice::first(10)).await.unwrap();
        assert_eq!(homes.rows[0].climbed, 1);
        // A registration that goes takes what was overdue of it along.
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::cancel(
            &tx,
            doubted,
            1,
            linli_register::codes::CancelReason::Left,
            tx.now().day(),
            linli_register::codes::Source::DoorVisit,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        w.test.clock.set(w.today().plus_days(4_000).start());
        linli_register::expire::expire(&w.app).await.unwrap();
        use linli_platform::{store::Query as _, vals};
        let left = "SELECT COUNT(*) FROM escalation WHERE division_code = $1 AND kind = 'doubt'";
        assert_eq!(w.store().reads().number(left, vals![w.store().division()]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn the_duty_board_counts_doubts_hand_overs_and_receipts_within_the_scope() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let doubted = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let handed = residents::register(&tx, w.person("李小红", 4, 0)).await.unwrap();
        doubts::raise(&tx, doubted, DoubtCause::NotMet, doubts::due_at(&w.app).unwrap()).await.unwrap();
        let transfer = transfers::offer(&tx, handed, w.grids[1], transfers::due_at(&w.app).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let here = duties(&w, &w.coordinator(0)).await;
        assert_eq!((of(&here, "doubts"), of(&here, "transfers")), ((1, 0, 0), (0, 0, 0)), "{}", w.engine());
        assert!(!here.iter().any(|d| d.key == "daily-receipts"), "the office's alone");
        let there = duties(&w, &w.coordinator(1)).await;
        assert_eq!((of(&there, "doubts"), of(&there, "transfers")), ((0, 0, 0), (1, 0, 0)));
        let tx = w.store().begin(&w.coordinator(1)).await.unwrap();
        transfers::refuse(&tx, transfer, 1, transfers::REFUSALS[0]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(of(&duties(&w, &w.coordinator(1)).await, "transfers"), (1, 1, 0));
        let made_on = w.today();
        w.test.clock.set(made_on.plus_days(1).start().plus_hours(9));
        let tx = w.store().begin(&w.office()).await.unwrap();
        daily::make(&tx, made_on).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(of(&duties(&w, &w.office()).await, "daily-receipts"), (1, 0, 0));
        w.test.clock.set(made_on.plus_days(40).start());
        let late = duties(&w, &w.office()).await;
        assert_eq!(of(&late, "daily-receipts"), (1, 0, 1), "the receipt never came");
        assert_eq!(of(&late, "doubts"), (1, 0, 1));
        let surveyor = testing::reader(w.store(), &[linli_platform::access::Role::Surveyor], w.office().scope);
        assert!(duties(&w, &surveyor).await.is_empty(), "whoever writes nothing owes nothing");
    }
}
