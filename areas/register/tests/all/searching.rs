use std::collections::HashSet;

use cn_identity::DocumentKind;
use linli_platform::{reader::Reader, store::Query as _, vals};
use linli_register::{
    Slice,
    codes::{CancelReason, Source},
    residents::{self, Change, SearchKind, Typing},
};

use super::world::{mobile, number, worlds};

#[tokio::test]
async fn a_resident_is_found_by_name_pinyin_number_mobile_and_address() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        residents::register(&tx, w.person("王大力", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let cases = [
            ("曾小明".to_owned(), SearchKind::Name),
            ("曾小".to_owned(), SearchKind::Name),
            ("zxm".to_owned(), SearchKind::Pinyin),
            ("Zeng Xiao".to_owned(), SearchKind::Pinyin),
            (number(2), SearchKind::Number),
            (number(2).to_lowercase(), SearchKind::Number),
            (mobile(2), SearchKind::Mobile),
            ("新府中路501弄12-301".to_owned(), SearchKind::Address),
            ("新府中路".to_owned(), SearchKind::Address),
        ];
        for (text, kind) in cases {
            let found = residents::search(&w.app, &w.office(), &text, Slice::first(10)).await.unwrap();
            let ids: Vec<_> = found.rows.iter().map(|r| r.resident_id).collect();
            assert_eq!((found.kind, ids.as_slice(), found.total), (kind, [id].as_slice(), 1), "{text} {}", w.engine());
        }
        let masked = residents::search(&w.app, &w.office(), "zxm", Slice::first(10)).await.unwrap();
        assert_eq!(masked.rows[0].name_masked, "曾**");
    }
}

#[tokio::test]
async fn a_part_of_a_number_or_an_empty_question_finds_nobody() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        for text in ["", " ", "z", "%", "_", "9", "曾", "zeng", "Zeng ", "zen"] {
            let refused = residents::search(&w.app, &w.office(), text, Slice::first(10)).await.unwrap_err();
            assert_eq!(refused.code, "search-too-short", "{text:?}");
        }
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("张大力", 4, 0)).await.unwrap();
        tx.commit().await.unwrap();
        // `zh` begins a surname, and would list whoever bears it; as initials it is nobody's here.
        for text in ["990101", "0023", "1990000", "%%", "小明", "zh"] {
            let found = residents::search(&w.app, &w.office(), text, Slice::first(10)).await;
            assert!(found.is_ok_and(|f| f.total == 0) || text == "%%", "{text} {}", w.engine());
        }
    }
}

#[tokio::test]
async fn the_directory_follows_every_change() {
    for w in worlds().await {
        let search = |text: &'static str| {
            let (app, office) = (w.app.clone(), w.office());
            async move { residents::search(&app, &office, text, Slice::first(10)).await.unwrap().total }
        };
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(search("曾小明").await, 1, "{}", w.engine());
        let tx = w.store().begin(&w.office()).await.unwrap();
        let renamed = Change { name: Some("曾晓明".into()), ..Change::default() };
        residents::change(&tx, id, 1, renamed, Source::Counter).await.unwrap();
        residents::register(&tx, w.person("王大力", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((search("曾小明").await, search("曾晓明").await, search("wdl").await), (0, 1, 1));
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::cancel(&tx, id, 2, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(search("曾晓明").await, 0);
    }
}

#[tokio::test]
async fn what_the_directory_does_not_know_yet_is_neither_shown_nor_counted() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let gone = residents::register(&tx, w.person("曾小明", 2, 0)).await.unwrap();
        let elsewhere = residents::register(&tx, w.person("曾小明", 4, 0)).await.unwrap();
        let stays = residents::register(&tx, w.person("曾小明", 6, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let here = w.coordinator(0);
        let search = async || residents::search(&w.app, &here, "曾小", Slice::first(10)).await.unwrap();
        assert_eq!(search().await.total, 3, "{}", w.engine());
        // Written without the instant by which the directory learns of changes: as one that has not come to it yet.
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("what the directory does not know");
        for (set, id) in [("state = 'cancelled'", gone), ("grid_id = NULL", elsewhere)] {
            let sql = format!("UPDATE resident SET {set} WHERE division_code = $1 AND resident_id = $2");
            tx.execute(&sql, vals![tx.division(), id]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = search().await;
        let ids: Vec<_> = found.rows.iter().map(|r| r.resident_id).collect();
        assert_eq!((ids, found.total), (vec![stays], 1), "{}", w.engine());
    }
}

#[tokio::test]
async fn paging_shows_each_hit_once() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let people = (0..25).map(|n| w.person("曾小明", 101 + n * 2, 0)).collect();
        residents::register_many(&tx, people, residents::Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        let mut seen = HashSet::new();
        for offset in [0, 10, 20] {
            let page = residents::search(&w.app, &w.office(), "zxm", Slice { offset, limit: 10 }).await.unwrap();
            assert_eq!(page.total, 25);
            seen.extend(page.rows.iter().map(|r| r.resident_id));
        }
        assert_eq!(seen.len(), 25, "{}", w.engine());
    }
}

#[tokio::test]
async fn candidates_are_asked_with_whole_values_only_and_come_with_reasons() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("欧阳小明", 2, 0)).await.unwrap();
        let elsewhere = residents::register(&tx, w.person("欧阳小明", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let ask = |name: &str, doc_no: &str, phone: &str| {
            let (app, here) = (w.app.clone(), w.coordinator(0));
            let (name, doc_no, phone) = (name.to_owned(), doc_no.to_owned(), phone.to_owned());
            async move {
                let typing = Typing { name: &name, doc_kind: DocumentKind::Resident, doc_no: &doc_no, phone: &phone };
                residents::candidates(&app, &here, typing).await.unwrap()
            }
        };
        for (name, doc_no, phone) in [("", "", ""), ("欧", "", ""), ("欧阳", "990101", "1990"), ("%%", "%", "_")] {
            assert!(ask(name, doc_no, phone).await.is_empty(), "{name:?} {doc_no:?} {}", w.engine());
        }
        let both = ask("欧阳小明", &number(2), &mobile(2)).await;
        assert_eq!(both.len(), 1, "{elsewhere} lies in another grid");
        assert_eq!(both[0].resident.resident_id, id);
        assert_eq!(both[0].reasons, ["same-number", "same-mobile", "same-name"]);
        assert!(!both[0].resident.name_masked.contains("小明"));
        // The last digit but one mistyped: no such number can be, and the nearest that can is registered.
        let mut slip: Vec<char> = number(2).chars().collect();
        slip[16] = if slip[16] == '9' { '8' } else { '9' };
        let near = ask("", &slip.iter().collect::<String>(), "").await;
        assert_eq!(near.len(), 1, "{}", w.engine());
        assert_eq!(near[0].reasons, ["number-one-slip"]);
    }
}
