//! What a sender is told of the own file (R14), and what is never kept (boundaries 1 and 9).

use linli_platform::import::DropReason;
use linli_rosters::{Kind, State, find, problems, send};

use super::world::{ADDRESSES, mistyped, mobile, number, worlds};

#[tokio::test]
async fn forbidden_columns_are_dropped_and_named_and_unmapped_ones_with_them() {
    for world in worlds().await {
        let csv = format!(
            "姓名,证件号码,民族,手机号,居住地址,备注\n张小满,{},某族,{},{},不要保存\n",
            number(1),
            mobile(1),
            ADDRESSES[0]
        );
        let id = world.checked(Kind::Full, &csv).await;
        let roster = find(&world.store().reads(), &world.steward(), id).await.unwrap();
        let dropped: Vec<(String, DropReason)> =
            roster.dropped().unwrap().into_iter().map(|d| (d.heading, d.reason)).collect();
        assert_eq!(dropped, [("民族".into(), DropReason::Forbidden), ("备注".into(), DropReason::Unmapped)]);
        assert!(!roster.headers.contains("民族"));
    }
}

#[tokio::test]
async fn a_wrong_check_character_is_told_at_its_cell_and_the_value_stays_masked() {
    for world in worlds().await {
        let csv = format!(
            "姓名,证件号码,居住地址\n张小满,{},{}\n李好,{},{}\n",
            number(1),
            ADDRESSES[0],
            mistyped(2),
            ADDRESSES[1]
        );
        let id = world.checked(Kind::Full, &csv).await;
        let found = problems(&world.store().reads(), id).await.unwrap();
        assert_eq!(found.len(), 1, "{}", world.engine());
        assert_eq!((found[0].row, found[0].column.as_str(), found[0].code.as_str()), (3, "roster-doc", "number-check"));
        assert!(found[0].fatal && found[0].shown.contains("*****") && !found[0].shown.contains(&mistyped(2)));
        let roster = find(&world.store().reads(), &world.steward(), id).await.unwrap();
        assert_eq!((roster.row_count, roster.bad_count, roster.state()), (2, 1, Some(State::Checked)));
    }
}

#[tokio::test]
async fn a_withdrawn_roster_leaves_no_row_and_no_key() {
    for world in worlds().await {
        let id = world.checked(Kind::Full, &format!("姓名,证件号码\n张小满,{}\n", number(1))).await;
        let keys = "SELECT COUNT(*) FROM subject_key k JOIN roster r ON r.division_code = k.division_code
                    AND r.roster_id = k.subject_id WHERE k.division_code = $1";
        assert_eq!(world.number_of(keys).await, 1);
        send::reject(world.store(), &world.liaison(world.employer), id).await.unwrap();
        assert_eq!(world.number_of(keys).await, 0);
        assert_eq!(world.number_of("SELECT COUNT(*) FROM roster_chunk WHERE division_code = $1").await, 0);
        let again = send::send(world.store(), &world.liaison(world.employer), id).await.unwrap_err();
        assert_eq!(again.code, "stale-version");
    }
}
