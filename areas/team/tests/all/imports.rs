//! The table of staff.

use linli_platform::{
    access::Role,
    import::{ImportKind, MappedRow},
    reader::Scope,
    testing::reader,
};
use linli_team::{Post, StaffImport, store::appointments};

use super::towns;

fn row(row: u64, cells: [&str; 7]) -> MappedRow {
    MappedRow { row, cells: cells.iter().map(ToString::to_string).collect() }
}

#[tokio::test]
async fn each_bad_cell_has_its_message() {
    for town in towns().await {
        let held = town.person("在任").await;
        town.appoint(town.to(held, Post::GridLeader, town.grids[2])).await.unwrap();
        let rows = [
            row(2, ["", "19900001234", "协管员", "泾阳村", "a1", "", ""]),
            row(3, ["甲", "123", "协管员", "泾阳村", "a1", "", ""]),
            row(4, ["甲", "", "科长", "泾阳村", "a1", "", ""]),
            row(5, ["甲", "", "协管员", "泾阴村", "a1", "", ""]),
            row(6, ["甲", "", "协管员", "新桥村", "a1", "", ""]),
            row(7, ["甲", "", "协管员", "", "z9", "", ""]),
            row(8, ["甲", "", "书记", "", "", "", ""]),
            row(9, ["甲", "", "协管员", "", "a1", "明天", ""]),
            row(10, ["甲", "", "协管员", "", "a1", "2026-11-20", "2026-11-19"]),
            row(11, ["甲", "", "网格长", "", "b1", "", ""]),
            row(12, ["甲", "", "网格长", "", "a2", "", ""]),
            row(13, ["乙", "", "网格长", "", "a2", "", ""]),
            row(14, ["甲", "19900001111", "协管员", "", "a1", "", ""]),
            row(15, ["乙", "199 0000 1111", "协管员", "", "a2", "", ""]),
            row(16, ["甲", "", "企业人事联络员", "", "a1", "", ""]),
            row(17, ["甲", "", "审计管理员", "", "", "", ""]),
        ];
        let outcome = StaffImport.check(&town.app, &town.office, &rows).await.unwrap();
        let told: Vec<(u64, &str)> = outcome.problems.iter().map(|p| (p.row, p.code.as_ref())).collect();
        assert_eq!(
            told,
            [
                (2, "staff-name"),
                (3, "staff-mobile"),
                (4, "staff-post"),
                (5, "committee-unsure"),
                (6, "grid-other-committee"),
                (7, "grid-unknown"),
                (8, "staff-committee-missing"),
                (9, "staff-day"),
                (10, "staff-days"),
                (11, "staff-post-taken"),
                (13, "staff-post-twice"),
                (15, "staff-mobile-twice"),
                (16, "staff-post-employer"),
                (17, "staff-post"),
            ],
            "{}",
            town.t.engine
        );
        for problem in &outcome.problems {
            assert!(town.app.texts.has(&format!("cell-{}", problem.code)), "{}", problem.code);
            assert!(!problem.args.iter().any(|(_, v)| v.contains("1990000")), "no personal value in a message");
        }
    }
}

#[tokio::test]
async fn a_table_becomes_staff_and_appointments_and_a_second_time_nothing() {
    for town in towns().await {
        let rows = [
            row(2, ["张三", "19900001111", "社区民警", "泾阳村", "a1", "2026年9月1日", ""]),
            row(3, ["张三", "19900001111", "社区民警", "泾阳村村委会", "第a2微网格", "2026-09-01", "2026-12-31"]),
            row(4, ["李四", "", "书记", "泾阳村", "", "", ""]),
        ];
        let outcome = StaffImport.check(&town.app, &town.office, &rows).await.unwrap();
        assert_eq!((outcome.problems.len(), outcome.counts), (0, vec![("new".into(), 3), ("same".into(), 0)]));
        let tx = town.t.store.begin(&town.office).await.unwrap();
        assert_eq!(StaffImport.apply(&town.app, &tx, &rows, None).await.unwrap(), 3);
        tx.commit().await.unwrap();
        let held = appointments::on(&town.t.store.reads(), town.today).await.unwrap();
        let zhang: Vec<_> = held.iter().filter(|a| a.name == "张三").collect();
        assert_eq!((zhang.len(), zhang[0].staff_id), (2, zhang[1].staff_id), "one person, two posts");
        let last = zhang.iter().find_map(|a| a.last_day()).unwrap();
        assert_eq!(last.to_string(), "2026-12-31", "{}", town.t.engine);
        let again = StaffImport.check(&town.app, &town.office, &rows[..2]).await.unwrap();
        assert_eq!(again.counts, vec![("new".into(), 0), ("same".into(), 2)]);
    }
}

#[tokio::test]
async fn who_may_import_tables_but_not_appoint_imports_no_staff() {
    for town in towns().await {
        let steward = reader(&town.t.store, &[Role::DataSteward], Scope::Division);
        let rows = [row(2, ["张三", "", "人口办", "", "", "", ""])];
        assert_eq!(StaffImport.check(&town.app, &steward, &rows).await.unwrap_err().code, "forbidden");
        let tx = town.t.store.begin(&steward).await.unwrap();
        assert_eq!(StaffImport.apply(&town.app, &tx, &rows, None).await.unwrap_err().code, "forbidden");
    }
}
