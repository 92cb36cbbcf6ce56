//! What an account sees, by role, day and agreement.

use linli_platform::{access::Role, app::AccountScope, sessions, testing};
use linli_team::Post;

use super::{JINGYANG, XINQIAO, towns};

#[tokio::test]
async fn the_scope_follows_the_post() {
    for town in towns().await {
        let (a1, a2, b1) = (town.grids[0], town.grids[1], town.grids[2]);
        let sorted = |mut grids: Vec<linli_platform::ids::GridId>| {
            grids.sort_unstable();
            grids
        };
        let cases = [
            (Post::PopulationOffice, vec![String::new()], true, vec![]),
            (Post::Station, vec![String::new()], true, vec![]),
            (Post::CommitteeSecretary, vec![JINGYANG.into()], false, sorted(vec![a1, a2])),
            (Post::TeamLeader, vec![JINGYANG.into(), XINQIAO.into()], false, sorted(vec![a1, a2, b1])),
            (Post::Officer, vec![a1.to_string(), b1.to_string()], false, sorted(vec![a1, b1])),
            (Post::Coordinator, vec![a2.to_string()], false, vec![a2]),
            (Post::Volunteer, vec![b1.to_string()], false, vec![b1]),
            (Post::Surveyor, vec![String::new()], false, vec![]),
        ];
        for (post, areas, division, grids) in cases {
            let (id, account) = town.with_account("王小明", true).await;
            for area in &areas {
                town.appoint(town.to(id, post, area)).await.unwrap();
            }
            let scope = town.scope(account, town.today).await;
            assert_eq!((scope.division, scope.grids), (division, grids), "{post:?} on {}", town.t.engine);
            assert_eq!(scope.committees.is_empty(), post.area_kind().code() != "committee", "{post:?}");
        }
    }
}

#[tokio::test]
async fn without_a_signed_agreement_nothing_is_seen_and_from_the_day_it_is_signed_everything() {
    for town in towns().await {
        let (id, account) = town.with_account("李安", false).await;
        town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap();
        assert_eq!(town.scope(account, town.today).await, AccountScope::default(), "{}", town.t.engine);
        let tx = town.t.store.begin(&town.office).await.unwrap();
        let tomorrow = linli_team::sign_agreement(&tx, id, town.today.plus_days(1)).await.unwrap_err();
        assert_eq!(tomorrow.code, "agreement-future");
        linli_team::sign_agreement(&tx, id, town.today).await.unwrap();
        let twice = linli_team::sign_agreement(&tx, id, town.today).await.unwrap_err();
        assert_eq!(twice.code, "agreement-signed");
        tx.commit().await.unwrap();
        assert_eq!(town.scope(account, town.today).await.grids, [town.grids[0]]);
        assert_eq!(town.scope(account, town.today.plus_days(-1)).await, AccountScope::default());
    }
}

#[tokio::test]
async fn an_account_that_is_nobodys_sees_nothing_unless_it_is_an_administrators() {
    for town in towns().await {
        let office = testing::account(&town.t.store, "office", &[(Role::PopulationOffice, testing::DIVISION)]).await;
        assert_eq!(town.scope(office, town.today).await, AccountScope::default());
        let auditor = testing::account(&town.t.store, "auditor", &[(Role::Auditor, testing::DIVISION)]).await;
        assert!(town.scope(auditor, town.today).await.division);
        let nobody = testing::account(&town.t.store, "nobody", &[]).await;
        assert_eq!(town.scope(nobody, town.today).await, AccountScope::default());
    }
}

#[tokio::test]
async fn a_stand_in_has_the_role_in_its_days_only() {
    for town in towns().await {
        let (leader, _) = town.with_account("网格长", true).await;
        let (other, account) = town.with_account("代理人", true).await;
        let post = town.appoint(town.to(leader, Post::GridLeader, town.grids[0])).await.unwrap();
        let (first, after) = (town.today.plus_days(2), town.today.plus_days(5));
        let tx = town.t.store.begin(&town.office).await.unwrap();
        let code = |r: linli_platform::Result<linli_team::AppointmentId>| r.unwrap_err().code;
        assert_eq!(code(linli_team::stand_in(&tx, post, leader, first, after).await), "stand-in-self");
        assert_eq!(code(linli_team::stand_in(&tx, post, other, first, first).await), "stand-in-days");
        let before = town.today.plus_days(-1);
        assert_eq!(code(linli_team::stand_in(&tx, post, other, before, after).await), "stand-in-days");
        linli_team::stand_in(&tx, post, other, first, after).await.unwrap();
        // The same person may stand in again later.
        linli_team::stand_in(&tx, post, other, town.today.plus_days(20), town.today.plus_days(22)).await.unwrap();
        tx.commit().await.unwrap();
        for (day, sees) in [(1, false), (2, true), (4, true), (5, false), (20, true), (22, false)] {
            let grids = town.scope(account, town.today.plus_days(day)).await.grids;
            assert_eq!(grids == [town.grids[0]], sees, "day {day} on {}", town.t.engine);
            let roles = sessions::roles_on(&town.t.store.reads(), account, town.today.plus_days(day)).await.unwrap();
            assert_eq!(roles == [Role::GridLeader], sees, "day {day}");
        }
        // When the post ends, so does standing in for it.
        let tx = town.t.store.begin(&town.office).await.unwrap();
        linli_team::end_appointment(&tx, post, town.today.plus_days(3)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!town.scope(account, town.today.plus_days(2)).await.grids.is_empty());
        assert!(town.scope(account, town.today.plus_days(3)).await.grids.is_empty());
        assert!(town.scope(account, town.today.plus_days(20)).await.grids.is_empty());
    }
}

#[tokio::test]
async fn leaving_ends_all_access_at_once() {
    for town in towns().await {
        let (id, account) = town.with_account("赵平", true).await;
        town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap();
        let mut later = town.to(id, Post::GridWorker, town.grids[1]);
        later.from = town.today.plus_days(30);
        town.appoint(later).await.unwrap();
        let tx = town.t.store.begin(&town.office).await.unwrap();
        // A role that somebody granted by hand goes as well.
        linli_platform::accounts::grant_role(&tx, account, Role::Surveyor, testing::DIVISION, town.today, None)
            .await
            .unwrap();
        let token = sessions::begin(&tx, account).await.unwrap();
        tx.commit().await.unwrap();
        assert!(sessions::load(&town.app, &token).await.unwrap().is_some());

        let tx = town.t.store.begin(&town.office).await.unwrap();
        linli_team::leave(&tx, id).await.unwrap();
        assert_eq!(linli_team::leave(&tx, id).await.unwrap_err().code, "staff-left");
        tx.commit().await.unwrap();
        assert!(sessions::load(&town.app, &token).await.unwrap().is_none(), "the session is closed");
        for day in [0, 30, 400] {
            let day = town.today.plus_days(day);
            assert_eq!(town.scope(account, day).await, AccountScope::default(), "{}", town.t.engine);
            assert!(sessions::roles_on(&town.t.store.reads(), account, day).await.unwrap().is_empty());
        }
        let refused = town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap_err();
        assert_eq!(refused.code, "staff-left");
    }
}

#[tokio::test]
async fn a_role_without_an_agreement_in_force_grants_nothing_whatever_the_action() {
    use linli_platform::access::Action;
    for town in towns().await {
        for post in [Post::PopulationOffice, Post::Coordinator, Post::Surveyor, Post::Volunteer] {
            let (id, account) = town.with_account("没签承诺书", false).await;
            let area = if post == Post::Coordinator || post == Post::Volunteer {
                town.grids[0].to_string()
            } else {
                String::new()
            };
            town.appoint(town.to(id, post, area)).await.unwrap();
            let reader = async || sessions::reader(&town.app, account, "某人".into(), town.today).await.unwrap();
            let before = reader().await;
            assert!(before.roles.is_empty() && before.pending.len() == 1, "{post:?} on {}", town.t.engine);
            for action in Action::ALL.iter().filter(|a| !matches!(a, Action::AgreementFile)) {
                assert!(!before.may(*action), "{post:?} {action}");
            }
            let tx = town.t.store.begin(&town.office).await.unwrap();
            linli_team::sign_agreement(&tx, id, town.today).await.unwrap();
            tx.commit().await.unwrap();
            let after = reader().await;
            assert!(after.pending.is_empty() && after.may(Action::Overview), "{post:?} on {}", town.t.engine);
        }
    }
}

#[tokio::test]
async fn each_role_acts_where_it_is_held() {
    use linli_platform::{access::Action, reader::Scope};
    for town in towns().await {
        let (a1, a2, b1) = (town.grids[0], town.grids[1], town.grids[2]);
        let (id, account) = town.with_account("两岗", true).await;
        town.appoint(town.to(id, Post::TeamLeader, JINGYANG)).await.unwrap();
        town.appoint(town.to(id, Post::GridWorker, a1)).await.unwrap();
        town.appoint(town.to(id, Post::Coordinator, b1)).await.unwrap();
        let reader = sessions::reader(&town.app, account, "两岗".into(), town.today).await.unwrap();
        let writes = reader.clone().doing(Action::RegisterWrite);
        let mut held = vec![a1, b1];
        held.sort_unstable();
        assert_eq!(writes.scope, Scope::Grids(held), "a team leader writes nowhere: {}", town.t.engine);
        assert_eq!((writes.role_code(Some(a1)), writes.role_code(Some(b1))), ("grid-worker", "coordinator"));
        let reads = reader.doing(Action::RegisterRead);
        assert!(reads.scope.contains(Some(a2)));
        assert_eq!(reads.role_code(Some(a2)), "team-leader");
    }
}
