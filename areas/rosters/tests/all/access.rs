//! Who sees what of a roster.

use linli_platform::web::Paging;
use linli_rosters::{Filter, Kind, confirm, find, list, results, send};

use super::{
    comparison::five,
    world::{number, worlds},
};

#[tokio::test]
async fn an_officer_or_coordinator_sees_the_rows_of_the_own_grid_alone() {
    for world in worlds().await {
        let id = five(&world).await;
        let reads = world.store().reads();
        let paging = Paging { page: 1, per_page: 50, total: 0 };
        for (reader, expected) in [
            (world.officer(0), vec![2, 3, 5]),
            (world.coordinator(1), vec![3, 4, -1]),
            (world.steward(), vec![2, 3, 4, 5, -1]),
        ] {
            let (rows, total) = results::list(&reads, &reader, id, None, &paging).await.unwrap();
            let mut seen: Vec<i64> = rows.iter().map(|r| r.row_no).collect();
            let mut expected = expected;
            seen.sort();
            expected.sort();
            assert_eq!(seen, expected, "{}", world.engine());
            let counted: i64 = results::counts(&reads, &reader, id).await.unwrap().iter().map(|(_, n)| n).sum();
            assert_eq!(counted, total);
        }
        // Registered in the first grid, claimed in the second: there, the register's side stays closed.
        let row = results::find(&reads, &world.coordinator(1), id, 3).await.unwrap();
        assert_eq!((row.register_name, row.register_address), (None, None));
        let row = results::find(&reads, &world.officer(0), id, 3).await.unwrap();
        assert_eq!(row.register_name.as_deref(), Some("李**"));
    }
}

#[tokio::test]
async fn an_officer_of_another_grid_sees_nothing_and_confirms_nothing() {
    for world in worlds().await {
        let csv = format!("姓名,证件号码,居住地址\n王未登,{},\n", number(500));
        let id = world.compared(Kind::Full, &csv).await;
        let other = world.officer(1);
        let reads = world.store().reads();
        assert_eq!(find(&reads, &other, id).await.unwrap_err().code, "not-found");
        assert_eq!(results::find(&reads, &other, id, 2).await.unwrap_err().code, "not-found");
        assert_eq!(list(&reads, &other, Filter::default(), &Paging::default()).await.unwrap().1, 0);
        let version = world.version(id).await;
        assert_eq!(confirm::confirm(&world.app, &other, id, version).await.unwrap_err().code, "not-found");
        let coordinator = world.coordinator(0);
        assert_eq!(confirm::confirm(&world.app, &coordinator, id, version).await.unwrap_err().code, "forbidden");
    }
}

#[tokio::test]
async fn a_liaison_sees_neither_results_nor_other_employers() {
    for world in worlds().await {
        let id = five(&world).await;
        let reads = world.store().reads();
        let own = world.liaison(world.employer);
        assert!(find(&reads, &own, id).await.is_ok());
        let paging = Paging { page: 1, per_page: 50, total: 0 };
        assert_eq!(results::list(&reads, &own, id, None, &paging).await.unwrap_err().code, "forbidden");
        assert_eq!(results::find(&reads, &own, id, 2).await.unwrap_err().code, "forbidden");
        assert_eq!(results::counts(&reads, &own, id).await.unwrap_err().code, "forbidden");
        let other = world.liaison(world.other_employer);
        assert_eq!(find(&reads, &other, id).await.unwrap_err().code, "not-found");
        let today = world.store().now().day();
        let refused = send::no_change(&world.app, &other, world.employer, today).await.unwrap_err();
        assert_eq!(refused.code, "not-found");
        assert_eq!(send::reject(world.store(), &own, id).await.unwrap_err().code, "forbidden");
    }
}
