//! The team as its members see it, and the bodies above.

use linli_platform::{
    access::Role,
    reader::Scope,
    testing::{in_grids, reader},
};
use linli_team::{Gap, Post, notice_sign, teams};
use policy_pack::Pack;

use super::{JINGYANG, towns};

#[tokio::test]
async fn a_team_shows_names_and_posts_and_what_is_missing() {
    for town in towns().await {
        let (a1, a2) = (town.grids[0], town.grids[1]);
        let names = ["网格长", "民警", "协管员", "志愿者"];
        let mut people = Vec::new();
        for name in names {
            people.push(town.person(name).await);
        }
        for (i, post) in [Post::GridLeader, Post::Officer, Post::Coordinator, Post::Volunteer].into_iter().enumerate() {
            town.appoint(town.to(people[i], post, a1)).await.unwrap();
        }
        town.appoint(town.to(people[3], Post::Volunteer, a2)).await.unwrap();
        let reads = town.t.store.reads();
        let of = |all: Vec<linli_team::CommitteeTeam>| {
            all.into_iter().find(|c| c.committee.committee_code == JINGYANG).unwrap()
        };
        let team = of(teams(&reads, &town.office, town.today, 2).await.unwrap());
        assert_eq!(team.n_members, 1, "one person in two grids is one member");
        assert_eq!(team.gaps, [Gap::FewN], "{}", town.t.engine);
        let shown: Vec<&str> = team.grids[0].members.iter().map(|m| m.name.as_str()).collect();
        assert_eq!((shown.as_slice(), team.grids[0].gaps.len()), (names.as_slice(), 0));
        assert_eq!(team.grids[1].gaps, [Gap::NoLeader, Gap::NoOfficer, Gap::NoCoordinator]);

        let second = town.person("社工").await;
        town.appoint(town.to(second, Post::SocialWorker, a2)).await.unwrap();
        assert!(of(teams(&reads, &town.office, town.today, 2).await.unwrap()).gaps.is_empty());

        // A member sees the own grid's team and no other's.
        let volunteer = in_grids(&town.t.store, Role::Volunteer, &[a2]);
        let own = teams(&reads, &volunteer, town.today, 2).await.unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].grids.iter().map(|g| g.grid.grid_id).collect::<Vec<_>>(), [a2]);
        let none = reader(&town.t.store, &[Role::Volunteer], Scope::Grids(vec![]));
        assert!(teams(&reads, &none, town.today, 2).await.unwrap().is_empty());

        let sign = notice_sign(&reads, &volunteer, a2, town.today).await.unwrap();
        let lines: Vec<_> = sign.iter().map(|l| (l.post, l.names.join("、"))).collect();
        assert_eq!(lines, [(Post::SocialWorker, "社工".to_owned()), (Post::Volunteer, "志愿者".to_owned())]);
        assert_eq!(notice_sign(&reads, &volunteer, a1, town.today).await.unwrap_err().code, "not-found");
    }
}

#[tokio::test]
async fn staff_outside_the_scope_do_not_exist() {
    use linli_platform::web::Paging;
    use linli_team::store::staff;
    for town in towns().await {
        let id = town.person("甲").await;
        town.appoint(town.to(id, Post::Coordinator, town.grids[0])).await.unwrap();
        let reads = town.t.store.reads();
        let near = in_grids(&town.t.store, Role::GridLeader, &[town.grids[0]]);
        let far = in_grids(&town.t.store, Role::GridLeader, &[town.grids[2]]);
        assert!(staff::find(&reads, &near, id).await.is_ok(), "{}", town.t.engine);
        assert_eq!(staff::find(&reads, &far, id).await.unwrap_err().code, "not-found");
        assert_eq!(staff::list(&reads, &far, "", Paging::default()).await.unwrap().1, 0);
        assert_eq!(staff::list(&reads, &near, "甲", Paging::default()).await.unwrap().1, 1);
        assert_eq!(
            staff::list(&reads, &near, "%", Paging::default()).await.unwrap().1,
            0,
            "a percent sign is a letter"
        );
    }
}

#[tokio::test]
async fn bodies_have_the_packs_posts_dated_members_and_one_head() {
    use linli_team::{add_body_member, store::bodies};
    let pack = Pack::embedded();
    for town in towns().await {
        let tx = town.t.store.begin(&town.office).await.unwrap();
        let today = town.today;
        let code = |r: linli_platform::Result<linli_team::MemberId>| r.unwrap_err().code;
        let head = "political-legal-secretary";
        let first = add_body_member(&tx, &pack, "leading-group", head, "张三", today, None).await.unwrap();
        assert_eq!(
            code(add_body_member(&tx, &pack, "leading-group", head, "李四", today, None).await),
            "body-head-taken"
        );
        let elsewhere = add_body_member(&tx, &pack, "task-force", head, "李四", today, None).await;
        assert_eq!(code(elsewhere), "body-post", "the post is no seat of that body");
        assert_eq!(code(add_body_member(&tx, &pack, "committee", head, "李四", today, None).await), "body-unknown");
        assert_eq!(code(add_body_member(&tx, &pack, "leading-group", head, " ", today, None).await), "staff-name");
        for name in ["王五", "赵六"] {
            add_body_member(&tx, &pack, "leading-group", "committee-secretary", name, today, None).await.unwrap();
        }
        bodies::end(&tx, first, today.plus_days(3)).await.unwrap();
        add_body_member(&tx, &pack, "leading-group", head, "李四", today.plus_days(3), None).await.unwrap();
        tx.commit().await.unwrap();
        let store = &town.t.store;
        let heads = |day| async move {
            let all = bodies::all(&store.reads()).await.unwrap();
            all.into_iter().filter(|m| m.place == "head" && m.holds_on(day)).map(|m| m.name).collect::<Vec<_>>()
        };
        assert_eq!(heads(today.plus_days(2)).await, ["张三"], "{}", town.t.engine);
        assert_eq!(heads(today.plus_days(3)).await, ["李四"]);
    }
}
