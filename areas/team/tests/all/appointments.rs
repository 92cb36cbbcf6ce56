//! Appointing: who, to what, and what is refused.

use linli_platform::{access::Role, ids::GridId, reader::Reader, sessions, store::Query, testing, vals};
use linli_team::{NewStaff, Post, TeamScopes};

use super::{JINGYANG, towns};

#[tokio::test]
async fn a_grid_has_one_leader_and_one_officer_and_any_number_of_coordinators() {
    for town in towns().await {
        let (grid, other) = (town.grids[0], town.grids[1]);
        let (one, two) = (town.person("甲").await, town.person("乙").await);
        for post in [Post::GridLeader, Post::Officer] {
            town.appoint(town.to(one, post, grid)).await.unwrap();
            let taken = town.appoint(town.to(two, post, grid)).await.unwrap_err();
            assert_eq!((taken.code, taken.args[0].1.as_str()), ("post-taken", "甲"), "{}", town.t.engine);
            town.appoint(town.to(two, post, other)).await.unwrap();
        }
        town.appoint(town.to(one, Post::Coordinator, grid)).await.unwrap();
        town.appoint(town.to(two, Post::Coordinator, grid)).await.unwrap();
        let held = town.appoint(town.to(two, Post::Coordinator, grid)).await.unwrap_err();
        assert_eq!(held.code, "appointment-held");
    }
}

#[tokio::test]
async fn a_post_is_free_again_after_its_last_day() {
    for town in towns().await {
        let (one, two) = (town.person("甲").await, town.person("乙").await);
        let mut first = town.to(one, Post::GridLeader, town.grids[0]);
        first.until = Some(town.today.plus_days(10));
        town.appoint(first).await.unwrap();
        let mut second = town.to(two, Post::GridLeader, town.grids[0]);
        second.from = town.today.plus_days(9);
        assert_eq!(town.appoint(second.clone()).await.unwrap_err().code, "post-taken", "{}", town.t.engine);
        second.from = town.today.plus_days(10);
        town.appoint(second).await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    for town in towns().await {
        let id = town.person("甲").await;
        let code = |r: linli_platform::Result<linli_team::AppointmentId>| r.unwrap_err().code;
        let nowhere: GridId = town.t.store.new_id();
        for (new, expected) in [
            (town.to(id, Post::Coordinator, nowhere), "appointment-area"),
            (town.to(id, Post::Coordinator, "somewhere"), "appointment-area"),
            (town.to(id, Post::CommitteeSecretary, "000"), "appointment-area"),
            (town.to(id, Post::Auditor, ""), "forbidden"),
        ] {
            assert_eq!(code(town.appoint(new).await), expected, "{}", town.t.engine);
        }
        let mut backwards = town.to(id, Post::Coordinator, town.grids[0]);
        backwards.until = Some(town.today);
        assert_eq!(code(town.appoint(backwards).await), "appointment-days");

        // Nobody appoints themselves, and an administrator works with no data (R38).
        let own = testing::account(&town.t.store, "own", &[(Role::PopulationOffice, testing::DIVISION)]).await;
        let me = Reader { account: own, ..town.office.clone() };
        let tx = town.t.store.begin(&me).await.unwrap();
        linli_team::link_account(&tx, id, own).await.unwrap();
        assert_eq!(code(linli_team::appoint(&tx, town.to(id, Post::Station, "")).await), "appointment-own");
        drop(tx);
        let auditor = testing::account(&town.t.store, "auditor", &[(Role::Auditor, testing::DIVISION)]).await;
        let watcher = town.person("审计").await;
        town.appoint(town.to(watcher, Post::Coordinator, town.grids[0])).await.unwrap();
        let tx = town.t.store.begin(&town.office).await.unwrap();
        assert_eq!(linli_team::link_account(&tx, watcher, auditor).await.unwrap_err().code, "admins-apart");
    }
}

#[tokio::test]
async fn an_account_tied_later_gets_the_roles_of_the_posts() {
    for town in towns().await {
        let id = town.person("甲").await;
        town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap();
        let account = testing::account(&town.t.store, "later", &[]).await;
        let tx = town.t.store.begin(&town.office).await.unwrap();
        linli_team::link_account(&tx, id, account).await.unwrap();
        let twice = linli_team::link_account(&tx, id, account).await.unwrap_err();
        assert_eq!(twice.code, "staff-account-has");
        tx.commit().await.unwrap();
        let roles = sessions::roles_on(&town.t.store.reads(), account, town.today).await.unwrap();
        assert_eq!(roles, [Role::Coordinator], "{}", town.t.engine);
        let other = town.person("乙").await;
        let tx = town.t.store.begin(&town.office).await.unwrap();
        assert_eq!(linli_team::link_account(&tx, other, account).await.unwrap_err().code, "staff-account-taken");
    }
}

#[tokio::test]
async fn many_are_written_at_once_with_roles_agreements_and_sealed_mobiles() {
    use linli_platform::app::ScopeSource;
    for town in towns().await {
        let account = testing::account(&town.t.store, "officer", &[]).await;
        let member = |name: &str, post, areas: Vec<String>, account| NewStaff {
            name: name.into(),
            mobile: Some("19900001234".into()),
            post,
            areas,
            grid: None,
            account,
            from_day: town.today.plus_days(-90),
            until_day: None,
            agreement_day: Some(town.today.plus_days(-90)),
            trained_day: Some(town.today.plus_days(-30)),
        };
        let two = town.grids.iter().take(2).map(ToString::to_string).collect();
        let all = vec![
            member("民警", Post::Officer, two, Some(account)),
            member("书记", Post::CommitteeSecretary, vec![JINGYANG.into()], None),
            member("人口办", Post::PopulationOffice, vec![], None),
        ];
        let tx = town.t.store.begin(&Reader::system()).await.unwrap();
        let ids = linli_team::bulk(&tx, all).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids.len(), 3);
        let mut expected = town.grids[..2].to_vec();
        expected.sort_unstable();
        assert_eq!(TeamScopes.scope(&town.t.store, account, town.today).await.unwrap().grids, expected);
        let found = linli_team::store::staff::find(&town.t.store.reads(), &town.office, ids[0]).await.unwrap();
        assert_eq!(found.mobile_masked.as_deref(), Some("199****1234"));
        let sealed = "SELECT COUNT(*) FROM staff WHERE division_code = $1 AND mobile_sealed IS NOT NULL";
        let count = town.t.store.reads().number(sealed, vals![town.t.store.division()]).await.unwrap();
        assert_eq!(count, 3, "{}", town.t.engine);
    }
}
