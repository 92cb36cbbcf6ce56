//! Committees in the store, their aliases, and the table of them.

use linli_platform::{
    access::Role,
    import::{ImportKind, MappedRow},
    reader::{Reader, Scope},
    testing::{self, reader},
};
use linli_territory::{Resolved, imports::CommitteeImport, store::committees};

use super::{known, stores};

#[tokio::test]
async fn the_packs_committees_are_there_with_groups_and_aliases() {
    for t in stores().await {
        let all = committees::all(&t.store.reads()).await.unwrap();
        assert_eq!(all.len(), 35, "{}", t.engine);
        let of = |group: &str| all.iter().filter(|c| c.group_code == group).count();
        assert_eq!((of("A"), of("B"), of("C"), of("D")), (9, 4, 15, 7));
        let known = known(&t.store).await;
        for (written, name) in [
            ("香花桥居委会", "香花居委会"),
            ("民惠社区居委会", "民惠一居委"),
            ("民惠第二社区居委会", "民惠二居委"),
            ("泾阳村村委会", "泾阳村"),
            ("都汇华庭社区居委会", "都汇华庭"),
        ] {
            let resolved = known.resolve(written);
            assert_eq!(known.name(resolved.sure().unwrap()), Some(name), "{written}");
        }
        assert!(matches!(known.resolve("民惠四居委"), Resolved::Unsure(_)));
        // A second time changes nothing.
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        assert_eq!(linli_territory::setup_from_pack(&tx, &policy_pack::Pack::embedded()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_alias_is_known_once_it_was_added_and_belongs_to_one_committee() {
    for t in stores().await {
        let office = reader(&t.store, &[Role::PopulationOffice], Scope::Division);
        let tx = t.store.begin(&office).await.unwrap();
        assert!(committees::add_alias(&tx, "310118003007", " 民惠１社区 ").await.unwrap());
        assert!(!committees::add_alias(&tx, "310118003007", "民惠1社区").await.unwrap(), "known already");
        let taken = committees::add_alias(&tx, "310118003008", "民惠1社区").await.unwrap_err();
        assert_eq!(taken.code, "committee-alias-taken");
        let name = committees::add_alias(&tx, "310118003008", "泾阳村").await.unwrap_err();
        assert_eq!(name.code, "committee-alias-taken", "a name is no alias of another");
        assert_eq!(committees::add_alias(&tx, "310118003008", "  ").await.unwrap_err().code, "committee-alias-empty");
        tx.commit().await.unwrap();
        assert_eq!(known(&t.store).await.resolve("民惠1社区"), Resolved::Alias("310118003007".into()));
        let tx = t.store.begin(&office).await.unwrap();
        committees::remove_alias(&tx, "310118003007", "民惠1社区").await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(known(&t.store).await.resolve("民惠1社区"), Resolved::Alias("310118003007".into()));
    }
}

fn row(row: u64, cells: [&str; 7]) -> MappedRow {
    MappedRow { row, cells: cells.iter().map(ToString::to_string).collect() }
}

#[tokio::test]
async fn a_table_of_committees_is_checked_and_written() {
    for t in stores().await {
        let app = testing::app(&t.store, &[linli_territory::area()]);
        let office = reader(&t.store, &[Role::PopulationOffice], Scope::Division);
        let bad = [
            row(2, ["31011800", "新村", "", "C", "", "", ""]),
            row(3, ["310118003299", "", "", "C", "", "", ""]),
            row(4, ["310118003298", "试验村", "", "E", "", "", ""]),
            row(5, ["310118003297", "泾阳村", "", "C", "", "", ""]),
            row(6, ["310118003296", "试点村", "", "C", "", "", "香花桥居委会"]),
            row(7, ["310118003296", "重复村", "", "C", "", "", ""]),
        ];
        let outcome = CommitteeImport.check(&app, &office, &bad).await.unwrap();
        let told: Vec<(u64, &str)> = outcome.problems.iter().map(|p| (p.row, p.code.as_ref())).collect();
        assert_eq!(
            told,
            [
                (2, "committee-code"),
                (3, "committee-name"),
                (4, "committee-group"),
                (5, "committee-alias-taken"),
                (6, "committee-alias-taken"),
                (7, "committee-twice"),
            ]
        );
        assert!(outcome.problems.iter().all(|p| app.texts.has(&format!("cell-{}", p.code))));

        let good = [row(2, ["310118003299", "试验村", "", "农村类", "", "第二警务队", "试验、试验小区"])];
        assert!(CommitteeImport.check(&app, &office, &good).await.unwrap().problems.is_empty());
        let tx = t.store.begin(&office).await.unwrap();
        assert_eq!(CommitteeImport.apply(&app, &tx, &good, None).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let made = committees::find(&t.store.reads(), "310118003299").await.unwrap();
        assert_eq!((made.group_code.as_str(), made.kind.as_str()), ("C", "village"));
        assert_eq!(made.police_area.as_deref(), Some("第二警务队"));
        assert_eq!(known(&t.store).await.resolve("试验小区").sure(), Some("310118003299"));
    }
}
