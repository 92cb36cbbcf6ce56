//! Swaps between colleagues, and what was worked.

use linli_platform::{Result, reader::Reader};
use linli_shifts::{
    Cell, plans, rules,
    swaps::{self, Offer},
    worked,
};

use super::town::{Town, WEEK, day, hour, towns};

async fn offer(town: &Town, who: &Reader, offer: Offer) -> Result<linli_shifts::SwapId> {
    let tx = town.store().begin(who).await.unwrap();
    let id = swaps::offer(&tx, offer).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_shift_changes_hands_when_the_other_accepts_and_not_before() {
    for town in towns().await {
        let id = town.drafted().await;
        let (anna, bela) = (town.staff("anna").await, town.staff("bela").await);
        let (monday, thursday) = (day(WEEK), day("2026-11-26"));
        town.save(id, &[(anna, monday, Cell::Late), (bela, thursday, Cell::Day)]).await.unwrap();
        let me = town.reader("anna").await;
        let asked = Offer { day: monday, to: bela, for_day: Some(thursday) };
        assert!(offer(&town, &me, asked).await.unwrap_err().is("shift-not-filed"), "{}", town.test.engine);
        town.file(id, true).await.unwrap();
        let nothing = Offer { day: day("2026-11-25"), to: bela, for_day: None };
        assert!(offer(&town, &me, nothing).await.unwrap_err().is("shift-swap-changed"), "a day without a shift");
        let swap = offer(&town, &me, asked).await.unwrap();
        let before = rules::row(&town.cells(id).await, anna, monday);
        assert_eq!(before[0], Cell::Late);
        let worker = town.reader("worker").await;
        let tx = town.store().begin(&worker).await.unwrap();
        assert!(
            swaps::accept(&town.app, &tx, swap, 1).await.unwrap_err().is("not-found"),
            "it was offered to somebody else"
        );
        drop(tx);
        let other = town.reader("bela").await;
        let tx = town.store().begin(&other).await.unwrap();
        swaps::accept(&town.app, &tx, swap, 1).await.unwrap();
        tx.commit().await.unwrap();
        let cells = town.cells(id).await;
        assert_eq!(rules::row(&cells, anna, monday)[..4], [Cell::Off, Cell::Off, Cell::Off, Cell::Day]);
        assert_eq!(rules::row(&cells, bela, monday)[..4], [Cell::Late, Cell::Off, Cell::Off, Cell::Off]);
        let tx = town.store().begin(&other).await.unwrap();
        assert!(swaps::decline(&tx, swap, 2).await.unwrap_err().is("shift-swap-ended"));
        drop(tx);
        assert_eq!(swaps::accepted(&town.store().reads(), id).await.unwrap().len(), 1);
        let (monday_free, thursday_free) = (town.is_free("anna", monday).await, town.is_free("anna", thursday).await);
        assert!(monday_free && !thursday_free, "the visits of the days follow");
    }
}

#[tokio::test]
async fn an_offer_is_declined_or_taken_back_and_a_new_plan_overtakes_it() {
    for town in towns().await {
        let id = town.filed().await;
        let (anna, bela) = (town.staff("anna").await, town.staff("bela").await);
        let (me, other) = (town.reader("anna").await, town.reader("bela").await);
        let free = {
            let cells = town.cells(id).await;
            let (own, theirs) = (rules::row(&cells, anna, day(WEEK)), rules::row(&cells, bela, day(WEEK)));
            (0..7).find(|n| own[*n].is_shift() && theirs[*n] == Cell::Off).unwrap()
        };
        let asked = Offer { day: day(WEEK).plus_days(free as i64), to: bela, for_day: None };
        for (who, left) in [(&other, 0), (&me, 0)] {
            let swap = offer(&town, &me, asked).await.unwrap();
            let tx = town.store().begin(who).await.unwrap();
            swaps::decline(&tx, swap, 1).await.unwrap();
            tx.commit().await.unwrap();
            let waiting = swaps::waiting(&town.store().reads(), anna).await.unwrap();
            assert_eq!(waiting.len(), left, "{}", town.test.engine);
        }
        offer(&town, &me, asked).await.unwrap();
        town.save(id, &[(bela, day(WEEK), Cell::Day)]).await.unwrap();
        assert!(swaps::waiting(&town.store().reads(), bela).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn each_says_what_was_worked_of_days_that_are_over() {
    for town in towns().await {
        let id = town.filed().await;
        let anna = town.staff("anna").await;
        let (first, planned) = town.first(id, anna).await;
        let confirm = async |who: &Reader, day, cell| {
            let tx = town.store().begin(who).await.unwrap();
            worked::confirm(&tx, day, cell).await?;
            tx.commit().await
        };
        let me = town.reader("anna").await;
        assert!(confirm(&me, first, planned).await.unwrap_err().is("shift-worked-day"), "a day ahead");
        town.test.clock.set(hour("2026-11-29", 20));
        assert!(confirm(&me, first, Cell::Away).await.unwrap_err().is("shift-worked-cell"));
        confirm(&me, first, planned).await.unwrap();
        let free = {
            let row = rules::row(&town.cells(id).await, anna, day(WEEK));
            day(WEEK).plus_days((0..7).find(|n| row[*n as usize] == Cell::Off).unwrap())
        };
        confirm(&me, free, Cell::Late).await.unwrap();
        let turns = plans::turns(&town.store().reads(), id).await.unwrap();
        let own = turns.iter().filter(|t| t.staff_id == anna);
        let sum = worked::Sum::of(own, &rules::shifts(&town.app.pack), day("2026-11-30"));
        assert_eq!((sum.other, sum.planned_rounds >= 2), (1, true), "{}", town.test.engine);
        assert!(sum.unconfirmed >= 3 && sum.worked_minutes >= 960, "{sum:?}");
        let guard = town.reader("guard").await;
        assert!(confirm(&guard, first, Cell::Day).await.unwrap_err().is("shift-not-member"));
        town.test.clock.set(hour("2026-12-20", 9));
        assert!(confirm(&me, first, planned).await.unwrap_err().is("shift-worked-day"), "too long ago");
    }
}
