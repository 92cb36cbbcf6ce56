use cn_identity::make::resident_number;
use linli_platform::{
    import::{CheckOutcome, ImportKind, MappedRow},
    store::Query as _,
    vals,
};
use linli_register::{Slice, addresses, employers, homes, residents, transfers};

use super::world::{ORG_CODE, World, mobile, number, worlds};

pub fn rows(cells: &[&[&str]]) -> Vec<MappedRow> {
    let row =
        |(n, cells): (u64, &&[&str])| MappedRow { row: n, cells: cells.iter().map(ToString::to_string).collect() };
    (2..).zip(cells).map(row).collect()
}

fn kind<'a>(w: &'a World, name: &str) -> &'a dyn ImportKind {
    linli_platform::import::kind_of(&w.app, name).unwrap()
}

pub async fn check(w: &World, name: &str, rows: &[MappedRow]) -> CheckOutcome {
    kind(w, name).check(&w.app, &w.office(), rows).await.unwrap()
}

pub async fn apply(w: &World, name: &str, rows: &[MappedRow]) -> u64 {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let n = kind(w, name).apply(&w.app, &tx, rows, None).await.unwrap();
    tx.commit().await.unwrap();
    kind(w, name).applied(&w.app).await.unwrap();
    n
}

/// Column and code of every message, the fatal ones with `!`.
pub fn codes(outcome: &CheckOutcome) -> Vec<String> {
    let shown =
        |p: &linli_platform::import::CellProblem| format!("{}{} {}", if p.fatal { "!" } else { "" }, p.column, p.code);
    outcome.problems.iter().map(shown).collect()
}

pub fn count(outcome: &CheckOutcome, key: &str) -> i64 {
    outcome.counts.iter().find(|(k, _)| k == key).map_or(0, |(_, n)| *n)
}

pub const HOME: &str = "新府中路501弄12号301室";

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

/// Kind and version of what happened to something, from the beginning.
async fn steps(w: &World, subject: uuid::Uuid) -> Vec<(String, i64)> {
    #[derive(sea_orm::FromQueryResult)]
    struct Step {
        kind: String,
        version: i64,
    }
    let q = w.store().reads();
    let rows: Vec<Step> = q
        .rows(
            "SELECT kind, version FROM event WHERE division_code = $1 AND subject_id = $2 ORDER BY version, event_id",
            vals![q.division(), subject],
        )
        .await
        .unwrap();
    rows.into_iter().map(|s| (s.kind, s.version)).collect()
}

#[tokio::test]
async fn what_goes_into_another_grid_gets_a_new_version_and_an_event_each() {
    use linli_territory::PremisesPoints as _;
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        linli_register::RegisterPremises.reassign(&tx, &[(w.addresses[2].0, w.grids[0])]).await.unwrap();
        tx.commit().await.unwrap();
        for (what, subject, version) in [
            ("address", w.addresses[2].0, 2),
            ("home", w.homes[2].0, 2),
            ("employer", w.employer.0, 2),
            ("resident", id.0, 2),
        ] {
            let last = steps(&w, subject).await.pop().unwrap();
            assert_eq!(last, (format!("{what}.regridded"), version), "{}", w.engine());
        }
        let resident = residents::find(&w.store().reads(), &w.coordinator(0), id).await.unwrap();
        assert_eq!(resident.version, 2);
        let untouched = steps(&w, w.homes[0].0).await;
        assert_eq!(untouched.len(), 1, "what stays has no event: {untouched:?}");
    }
}

#[tokio::test]
async fn an_open_hand_over_follows_its_premises_and_returns_from_a_grid_that_is_closed() {
    use linli_territory::PremisesPoints as _;
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let due = tx.now().plus_hours(72);
        let moves = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let waits = residents::register(&tx, w.person("李大力", 4, 1)).await.unwrap();
        let third = linli_territory::NewGrid {
            grid_id: None,
            code: format!("{}003", super::world::COMMITTEE),
            name: "大盈第3微网格".into(),
            committee_code: super::world::COMMITTEE.into(),
        };
        let third = linli_territory::store::grids::open(&tx, vec![third], w.today()).await.unwrap()[0];
        transfers::offer(&tx, moves, third, due).await.unwrap();
        transfers::offer(&tx, waits, w.grids[1], due).await.unwrap();
        linli_territory::store::grids::close(&tx, w.grids[1], w.today()).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        linli_register::RegisterPremises.reassign(&tx, &[(w.addresses[0].0, third)]).await.unwrap();
        tx.commit().await.unwrap();
        let all = transfers::list(&w.store().reads(), &w.office()).await.unwrap();
        let of = |id| all.iter().find(|t| t.resident_id == id).unwrap();
        assert_eq!((of(moves).from_grid_id, of(moves).state.as_str(), of(moves).version), (Some(third), "offered", 2));
        assert_eq!((of(waits).state.as_str(), of(waits).refusal.as_deref()), ("refused", Some("grid-closed")));
        assert!(steps(&w, moves.0).await.iter().any(|(kind, _)| kind == "resident.transfer-regridded"));
        assert!(w.app.texts.has("refusal-grid-closed"), "{}", w.engine());
    }
}

#[tokio::test]
async fn free_cells_pass_the_guard_against_personal_text() {
    for w in worlds().await {
        let table = rows(&[
            &[ORG_CODE, "盈港电子有限公司", "电子 13900001111", "一号工地", "", "8"],
            &[ORG_CODE, "盈港电子有限公司", "", "重点人员工地", "", "8"],
            &[ORG_CODE, "盈港 99010119900307002X", "", "三号工地", "", "8"],
        ]);
        let outcome = check(&w, "employers", &table).await;
        let messages =
            ["employer-business free-text-number", "!employer-site free-text-word", "!employer-name free-text-number"];
        assert_eq!(codes(&outcome), messages, "{}", w.engine());
        assert!(!format!("{:?}", outcome.problems).contains("1390000"), "no message quotes what it refuses");
        assert_eq!(apply(&w, "employers", &table[..1]).await, 1);
        let (q, office) = (w.store().reads(), w.office());
        let filter = employers::Filter { text: "盈港".into(), ..employers::Filter::default() };
        let found = employers::list(&q, &office, &filter, Slice::first(5)).await.unwrap();
        assert!(found.rows.iter().all(|e| !e.business.contains("139")), "the cell is dropped");

        let mut homes_table = vec![""; 11];
        homes_table[0] = "崧泽大道88号2幢101室";
        homes_table[8] = "王小二";
        let address = addresses::NewAddress {
            address_id: None,
            text: format!("香花桥街道{}", homes_table[0]),
            committee_code: super::world::COMMITTEE.into(),
            grid_id: Some(w.grids[0]),
            lon: None,
            lat: None,
            source: linli_register::codes::Source::Import,
        };
        let tx = w.store().begin(&w.office()).await.unwrap();
        addresses::insert_many(&tx, vec![address]).await.unwrap();
        tx.commit().await.unwrap();
        let table = rows(&[&homes_table]);
        assert_eq!(codes(&check(&w, "homes", &table).await), ["home-agent free-text-person"], "{}", w.engine());
        assert_eq!(apply(&w, "homes", &table).await, 1);
        let filter = homes::Filter { text: "崧泽大道".into(), ..homes::Filter::default() };
        let found = homes::list(&w.store().reads(), &w.office(), &filter, Slice::first(5)).await.unwrap();
        assert_eq!(found.rows[0].agent_name, None);
    }
}
