//! Names with typing errors that only the rest of the address can tell: the table's doors decide.

use cn_address::{Index, Reason, Verdict};

const ROADS: [&str; 12] = [
    "外青松公路",
    "漕盈大道",
    "新桥东路",
    "胜利路",
    "纪鹤公路",
    "白石公路",
    "318国道",
    "崧泽大道",
    "公园街",
    "海盈路",
    "嘉松公路",
    "城中路",
];
const VILLAGES: [&str; 6] = ["曹泾村", "泾阳村", "爱星村", "郏一村", "大联村", "金米村"];

/// Lanes have numbers of their own, groups and houses of all villages the same.
fn table() -> Vec<String> {
    let mut rows = Vec::new();
    for (n, road) in ROADS.iter().enumerate() {
        for lane in 0..4 {
            for room in [101, 102, 201, 202] {
                rows.extend(
                    (1..=6).map(|house| {
                        format!("上海市青浦区香花桥街道{road}{}弄{house}号{room}室", 1 + n * 4 + lane * 97)
                    }),
                );
            }
        }
    }
    for village in VILLAGES {
        rows.extend(
            (1..=9).flat_map(|group| {
                (1..=12).map(move |house| format!("上海市青浦区香花桥街道{village}{group}组{house}号"))
            }),
        );
    }
    rows
}

fn resolved(index: &Index, rows: &[String], text: &str) -> Option<(String, Reason)> {
    let found = index.resolve(text);
    let best = found.best.first().filter(|_| found.verdict == Verdict::Door)?;
    Some((rows[best.id as usize].replace("上海市青浦区香花桥街道", ""), best.reason))
}

#[test]
fn a_name_that_the_table_does_not_have_is_read_by_the_door_it_stands_before() {
    let rows = table();
    let index = Index::build((0u32..).zip(rows.iter().map(String::as_str)));
    for (written, meant) in [
        // A direction left out, and a character that roads are told apart by.
        ("香花桥街道漕盈道5弄3号201室", "漕盈大道5弄3号201室"),
        ("香花桥街道新桥路9弄3号201室", "新桥东路9弄3号201室"),
        ("香花桥街道31国道122弄3号201室", "318国道122弄3号201室"),
        // Two errors in a long name.
        ("香花桥街道外清松工路1弄2号102室", "外青松公路1弄2号102室"),
        // Names of two characters but for the ending.
        ("香花桥街道曹径村3组12号", "曹泾村3组12号"),
        ("曹径村3组12号", "曹泾村3组12号"),
        ("香花桥街道爱心村3组12号", "爱星村3组12号"),
    ] {
        assert_eq!(resolved(&index, &rows, written), Some((meant.to_owned(), Reason::NameMisspelt)), "{written}");
    }
}

#[test]
fn a_name_is_not_read_as_another_where_that_would_be_chance() {
    let rows = table();
    let index = Index::build((0u32..).zip(rows.iter().map(String::as_str)));
    for written in [
        // 一 is no 二, the lane belongs to no such road, and nothing is left of the name.
        "郏二村3组12号",
        "漕盈道6弄3号201室",
        "无此路5弄3号201室",
        "曹米村3组12号",
    ] {
        assert_eq!(resolved(&index, &rows, written), None, "{written}");
    }
    // Where every road has the same lanes, a direction left out may be any of them, or another road.
    let same: Vec<String> = ["东", "西", "大"]
        .iter()
        .flat_map(|part| (1..=400).map(move |house| format!("新桥{part}路5弄{house}号101室")))
        .collect();
    let index = Index::build((0u32..).zip(same.iter().map(String::as_str)));
    assert_eq!(resolved(&index, &same, "新桥路5弄3号101室"), None);
    assert_eq!(resolved(&index, &same, "新桥新路5弄3号101室"), None);
}
