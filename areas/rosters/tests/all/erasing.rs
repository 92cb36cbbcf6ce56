//! What a roster holds about somebody goes in the transaction that erases the record.

use linli_platform::{erasures, reader::Reader, store::Query as _, vals};
use linli_rosters::{Kind, compare, send};
use sea_orm::FromQueryResult;

use super::world::{ADDRESSES, mobile, number, worlds};

#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
struct Row {
    row_no: i64,
    name_masked: String,
    doc_masked: String,
    resident_id: Option<uuid::Uuid>,
    row_sealed: Option<Vec<u8>>,
}

#[tokio::test]
async fn compared_rows_and_rows_as_sent_lose_the_erased_person_and_keep_everybody_else() {
    for world in worlds().await {
        let ids = world.register(&[("王小明", 1, 0, true), ("李大力", 2, 1, true)]).await;
        let csv = format!(
            "姓名,证件号码,手机号,居住地址\n王小明,{},{},{a}\n李大力,{},{},{a}\n",
            number(1),
            mobile(1),
            number(2),
            mobile(2),
            a = ADDRESSES[0]
        );
        let roster = world.compared(Kind::Full, &csv).await;
        let reads = world.store().reads();
        let sql = "SELECT row_no, name_masked, doc_masked, resident_id, row_sealed FROM roster_result
                   WHERE division_code = $1 AND roster_id = $2 ORDER BY row_no";
        let rows = async || reads.rows::<Row>(sql, vals![reads.division(), roster]).await.unwrap();
        let before = rows().await;
        let eraser = erasures::eraser(&world.app, "resident").unwrap();
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        assert!(eraser.erase(&world.app, &tx, ids[0].0).await.unwrap());
        tx.commit().await.unwrap();
        let after = rows().await;
        let of = |rows: &[Row], id: uuid::Uuid| rows.iter().find(|r| r.resident_id == Some(id)).cloned();
        assert!(of(&before, ids[0].0).is_some() && of(&after, ids[0].0).is_none(), "{}", world.engine());
        assert_eq!(of(&after, ids[1].0), of(&before, ids[1].0), "{}: the other row is as it was", world.engine());
        let gone = of(&before, ids[0].0).unwrap().row_no;
        let left = after.iter().find(|r| r.row_no == gone).unwrap();
        assert_eq!((left.name_masked.as_str(), left.doc_masked.as_str(), &left.row_sealed), ("", "", &None));
    }
}

#[tokio::test]
async fn a_roster_that_waits_to_be_compared_no_longer_names_whom_it_was_sent_with() {
    for world in worlds().await {
        let ids = world.register(&[("王小明", 1, 0, true), ("李大力", 2, 1, true)]).await;
        let csv = format!("姓名,证件号码\n王小明,{}\n李大力,{}\n", number(1), number(2));
        let roster = world.checked(Kind::Full, &csv).await;
        send::send(world.store(), &world.liaison(world.employer), roster).await.unwrap();
        let eraser = erasures::eraser(&world.app, "resident").unwrap();
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        eraser.erase(&world.app, &tx, ids[0].0).await.unwrap();
        tx.commit().await.unwrap();
        compare::compare(&world.app, roster, None).await.unwrap();
        let sql = "SELECT COUNT(*) FROM roster_result WHERE division_code = $1 AND name_masked = ";
        assert_eq!(world.number_of(&format!("{sql}'王**'")).await, 0, "{}", world.engine());
        assert_eq!(world.number_of(&format!("{sql}'李**'")).await, 1, "{}", world.engine());
    }
}
