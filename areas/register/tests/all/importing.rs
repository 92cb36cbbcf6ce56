use cn_identity::make::resident_number;
use linli_platform::import::{CheckOutcome, ImportKind, MappedRow};
use linli_register::{Slice, addresses, employers, homes, residents};

use super::world::{ORG_CODE, World, mobile, number, worlds};

fn rows(cells: &[&[&str]]) -> Vec<MappedRow> {
    let row =
        |(n, cells): (u64, &&[&str])| MappedRow { row: n, cells: cells.iter().map(ToString::to_string).collect() };
    (2..).zip(cells).map(row).collect()
}

fn kind<'a>(w: &'a World, name: &str) -> &'a dyn ImportKind {
    linli_platform::import::kind_of(&w.app, name).unwrap()
}

async fn check(w: &World, name: &str, rows: &[MappedRow]) -> CheckOutcome {
    kind(w, name).check(&w.app, &w.office(), rows).await.unwrap()
}

async fn apply(w: &World, name: &str, rows: &[MappedRow]) -> u64 {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let n = kind(w, name).apply(&w.app, &tx, rows, None).await.unwrap();
    tx.commit().await.unwrap();
    kind(w, name).applied(&w.app).await.unwrap();
    n
}

/// Column and code of every message, the fatal ones with `!`.
fn codes(outcome: &CheckOutcome) -> Vec<String> {
    let shown =
        |p: &linli_platform::import::CellProblem| format!("{}{} {}", if p.fatal { "!" } else { "" }, p.column, p.code);
    outcome.problems.iter().map(shown).collect()
}

fn count(outcome: &CheckOutcome, key: &str) -> i64 {
    outcome.counts.iter().find(|(k, _)| k == key).map_or(0, |(_, n)| *n)
}

const HOME: &str = "新府中路501弄12号301室";

#[tokio::test]
async fn every_bad_cell_of_a_table_of_residents_has_its_message() {
    for w in worlds().await {
        let future = resident_number("990101", (2030, 1, 1), 2).as_str().to_owned();
        let good = number(2);
        let mut wrong = good.clone();
        wrong.replace_range(17.., if good.ends_with('3') { "4" } else { "3" });
        let cases: &[(&[&str], &str)] = &[
            (&["", "", &good, "", "", "", "", HOME], "!resident-name name-empty"),
            (&["王明", "", &wrong, "", "", "", "", HOME], "!resident-doc-no number-check"),
            (&["王明", "", "9.90101E+17", "", "", "", "", HOME], "!resident-doc-no number-excel"),
            (&["王明", "", &future, "", "", "", "", HOME], "!resident-doc-no birth-future"),
            (&["王明", "护照", "!!", "", "", "", "", HOME], "!resident-doc-no number-character"),
            (&["王明", "图书证", &good, "", "", "", "", HOME], "!resident-doc-kind word-unknown"),
            (&["王明", "", &good, "12345", "", "", "", HOME], "!resident-phone phone-length"),
            (&["王明", "", &good, "", "男", "", "", HOME], "resident-sex sex-differs"),
            (&["王明", "", &good, "", "甲", "", "", HOME], "!resident-sex word-unknown"),
            (&["王明", "", &good, "", "", "昨天", "", HOME], "!resident-birth not-a-day"),
            (&["王明", "", &good, "", "", "1991-01-01", "", HOME], "resident-birth birth-differs"),
            (&["王明", "", &good, "", "", "", "不知道", HOME], "!resident-local word-unknown"),
            (&["王明", "", &good, "", "", "", "", ""], "!resident-address address-empty"),
            (&["王明", "", &good, "", "", "", "", "无名路1号"], "!resident-address address-unknown"),
            (&["王明", "", &good, "", "", "", "", "新府中路501弄12号999室"], "!resident-address address-unknown-near"),
            (&["王明", "", &good, "", "", "", "", HOME, "没有的公司"], "resident-employer employer-unknown"),
            (&["王明", "", &good, "", "", "", "", HOME, "", "2030-01-01"], "!resident-since since-future"),
        ];
        for (cells, message) in cases {
            let outcome = check(&w, "residents", &rows(&[cells])).await;
            let mut found = codes(&outcome);
            found.retain(|c| c != "resident-doc-no area-unknown");
            assert_eq!(found, [(*message).to_owned()], "{}", w.engine());
            for p in &outcome.problems {
                assert!(w.app.texts.has(&format!("cell-{}", p.code)), "{} has no text", p.code);
                assert!(p.args.iter().all(|(_, v)| !v.contains(&good)), "a message carries the number");
            }
        }
        let twice: &[&str] = &["王明", "", &good, "", "", "", "", HOME];
        let outcome = check(&w, "residents", &rows(&[twice, twice])).await;
        assert!(codes(&outcome).contains(&"!resident-doc-no person-twice".to_owned()));
    }
}

#[tokio::test]
async fn a_table_of_residents_registers_changes_and_moves() {
    for w in worlds().await {
        let (a, b, c) = (number(2), number(4), number(6));
        let first = rows(&[
            &["王小明", "居民身份证", &format!("'{a}"), &mobile(2), "女", "", "本市户籍", HOME, "盈港电子有限公司"],
            &["李四", "身份证", &b, "", "", "", "外来", "大盈村3组12号", ORG_CODE, "2026年1月5日"],
        ]);
        let outcome = check(&w, "residents", &first).await;
        assert_eq!((count(&outcome, "register-new"), outcome.problems.iter().filter(|p| p.fatal).count()), (2, 0));
        assert_eq!(apply(&w, "residents", &first).await, 2, "{}", w.engine());
        let household = homes::household(&w.store().reads(), &w.office(), w.homes[0]).await.unwrap();
        let one = &household.members[0];
        assert_eq!((one.name_masked.as_str(), one.is_local, one.employer_id), ("王**", true, Some(w.employer)));

        let second = rows(&[
            &["王小明", "", &a, &mobile(2), "", "", "", HOME],
            &["李四", "", &b, "13800001234", "", "", "", HOME],
            &["赵六", "", &c, "", "", "", "", HOME],
        ]);
        let outcome = check(&w, "residents", &second).await;
        let counted = ["register-new", "register-same", "register-moved"].map(|k| count(&outcome, k));
        assert_eq!(counted, [1, 1, 1], "{}", w.engine());
        assert_eq!(apply(&w, "residents", &second).await, 2);
        let household = homes::household(&w.store().reads(), &w.office(), w.homes[0]).await.unwrap();
        assert_eq!(household.members.len(), 3);
        assert_eq!(residents::search(&w.app, &w.office(), "13800001234", Slice::first(5)).await.unwrap().total, 1);

        let taken = rows(&[&["钱七", "", &a, "", "", "", "", HOME]]);
        let outcome = check(&w, "residents", &taken).await;
        assert!(codes(&outcome).contains(&"!resident-name number-of-another".to_owned()));
    }
}

#[tokio::test]
async fn addresses_homes_and_employers_come_from_tables() {
    for w in worlds().await {
        let table = rows(&[
            &["崧泽大道9881弄5号602室", "大盈居委会", "大盈第1微网格", "121.11", "31.19"],
            &["崧泽大道9881弄5号603室", "大盈居委会", "", "", ""],
            &["新桥路1号", "没有的村", "", "", ""],
            &["新桥路2号", "大盈居委会", "大盈第9微网格", "", ""],
            &["新桥路3号", "大盈居委会", "", "1211", ""],
            &["", "大盈居委会", "", "", ""],
        ]);
        let outcome = check(&w, "addresses", &table).await;
        let messages = [
            "address-grid address-outside-grids",
            "!address-committee committee-unknown",
            "!address-grid grid-unknown",
            "!address-lon coordinate",
            "!address-text address-empty",
        ];
        assert_eq!(codes(&outcome), messages, "{}", w.engine());
        assert_eq!(apply(&w, "addresses", &table[..2]).await, 2);
        assert_eq!(count(&check(&w, "addresses", &table[..2]).await, "register-same"), 2);

        let table = rows(&[
            &[
                "崧泽大道9881弄5号602室",
                "群租房",
                "出租",
                "有人居住",
                "12",
                "张三",
                "李房东",
                "13900002222",
                "",
                "群租",
            ],
            &["崧泽大道9881弄5号604室", "", "", "", "", "", "", "", "", ""],
            &["崧泽大道9881弄5号602室", "宫殿", "", "", "很多", "", "", "12", "", "重点人员"],
        ]);
        let outcome = check(&w, "homes", &table).await;
        let messages = [
            "!home-address address-unknown-near",
            "!home-kind word-unknown",
            "!home-places word-unknown",
            "!home-landlord-phone phone-length",
            "!home-label word-unknown",
        ];
        assert_eq!(codes(&outcome), messages, "{}", w.engine());
        assert_eq!(apply(&w, "homes", &table[..1]).await, 1);
        let filter = homes::Filter { text: "崧泽大道".into(), ..homes::Filter::default() };
        let found = homes::list(&w.store().reads(), &w.office(), &filter, Slice::first(5)).await.unwrap();
        let home = &found.rows[0];
        assert_eq!((home.kind.as_str(), home.label.as_deref()), ("shared-let", Some("crowded")));
        assert_eq!(
            (home.owner_masked.as_deref(), home.landlord_phone_masked.as_deref()),
            (Some("张*"), Some("139****2222"))
        );

        let table = rows(&[
            &[ORG_CODE, "盈港电子有限公司", "", "", "", "80"],
            &[ORG_CODE, "盈港电子有限公司", "", "二号工地", HOME, "12", "否", "孙工", "13900003333"],
            &["91110000600037341X", "错码公司", "", "", "", ""],
            &[ORG_CODE, "", "", "三号工地", "", "许多"],
        ]);
        let outcome = check(&w, "employers", &table).await;
        let messages =
            ["!employer-org-code number-check", "!employer-name employer-name", "!employer-staff not-a-number"];
        assert_eq!(codes(&outcome), messages, "{}", w.engine());
        assert_eq!((count(&outcome, "register-same"), apply(&w, "employers", &table[..2]).await), (1, 1));
        let (q, office, every) = (w.store().reads(), w.office(), employers::Filter::default());
        assert_eq!(employers::list(&q, &office, &every, Slice::first(5)).await.unwrap().total, 2);
    }
}

#[tokio::test]
async fn boundaries_move_addresses_with_all_that_hangs_on_them() {
    use linli_territory::PremisesPoints as _;
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let premises = linli_register::RegisterPremises;
        let points = premises.points(w.store(), &w.coordinator(0)).await.unwrap();
        assert_eq!(points.len(), 2, "{}", w.engine());
        let point = points.iter().find(|p| p.id == w.addresses[0].0).unwrap();
        assert_eq!((point.homes, point.residents), (1, 1));
        let tx = w.store().begin(&w.office()).await.unwrap();
        assert_eq!(premises.reassign(&tx, &[(w.addresses[0].0, w.grids[1])]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let q = w.store().reads();
        assert_eq!(residents::find(&q, &w.coordinator(1), id).await.unwrap().grid_id, Some(w.grids[1]));
        assert!(residents::find(&q, &w.coordinator(0), id).await.is_err());
        assert!(addresses::find(&q, &w.coordinator(1), w.addresses[0]).await.is_ok());
        assert!(homes::find(&q, &w.coordinator(1), w.homes[0]).await.is_ok());
    }
}
