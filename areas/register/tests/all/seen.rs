//! Every form that writes a fact says when it was learnt, and so does a table that has the column.

use http::StatusCode;
use linli_platform::{
    access::Role,
    clock::At,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::{
    addresses::{self, NewAddress},
    codes::Source,
    figures, outward, transfers,
};
use sea_orm::FromQueryResult;

use super::{
    importing::{HOME, apply, check, codes, rows},
    world::{COMMITTEE, ORG_CODE, World, areas, number, worlds},
};

#[derive(FromQueryResult)]
struct Seen {
    seen_at: Option<At>,
}

/// When the fact of the only event of a kind that says so was learnt.
async fn seen(w: &World, kind: &str) -> Option<String> {
    let sql = "SELECT seen_at FROM event WHERE division_code = $1 AND kind = $2 AND seen_at IS NOT NULL";
    let q = w.store().reads();
    let row: Option<Seen> = q.row(sql, vals![q.division(), kind]).await.unwrap();
    row.expect(kind).seen_at.map(At::minute_text)
}

async fn office(w: &World) -> Client {
    let account = testing::account(w.store(), "office", &[(Role::PopulationOffice, testing::DIVISION)]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

async fn posted(me: &Client, path: &str, form: &[(&str, &str)]) -> String {
    let answer = me.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    answer.location().to_owned()
}

#[tokio::test]
async fn every_form_writes_when_the_fact_was_learnt_and_the_share_within_a_day_follows() {
    for w in worlds().await {
        let me = office(&w).await;
        let late = w.store().now().plus_hours(-30).minute_text();
        let said = late.replace(' ', "T");
        let said = ("seen", said.as_str());
        let now = w.store().now().minute_text().replace(' ', "T");
        assert!(
            me.get("/residents/new").await.text.contains(&format!("value=\"{now}\"")),
            "now, unless said otherwise"
        );
        let no = number(2);
        let form = [("name", "王小明"), ("doc_kind", "resident"), ("doc_no", &*no), ("address", HOME), said];
        let record = posted(&me, "/residents", &form).await;
        posted(&me, &format!("{record}/change"), &[("version", "1"), ("local", "local"), said]).await;
        let to = [("version", "2"), ("address", "新府中路501弄12号302室"), said];
        posted(&me, &format!("{record}/move"), &to).await;
        let form = [("version", "3"), ("reason", "left"), said];
        posted(&me, &format!("{record}/cancellation"), &form).await;
        let home = format!("/homes/{}/change", w.homes[1]);
        posted(&me, &home, &[("version", "1"), ("was_home-places", ""), ("home-places", "4"), said]).await;
        let employer = format!("/employers/{}/change", w.employer);
        let change = [("version", "1"), ("was_employer-staff", "0"), ("employer-staff", "7"), said];
        posted(&me, &employer, &change).await;
        let renumber = format!("/addresses/{}/renumbering", w.addresses[1]);
        posted(&me, &renumber, &[("version", "1"), ("text", "新府中路501弄12号309室"), said]).await;
        for kind in [
            "resident.registered",
            "resident.changed",
            "resident.moved",
            "resident.cancelled",
            "home.changed",
            "employer.changed",
            "address.renumbered",
        ] {
            assert_eq!(seen(&w, kind).await.as_deref(), Some(&*late), "{kind} {}", w.engine());
        }
        let month = figures::month(&w.store().reads(), &w.office(), w.today().month()).await.unwrap();
        let total = figures::total(&month);
        assert_eq!((total.entered, total.entered_within_24h), (4, 0), "R10 is measured, not assumed");
    }
}

#[tokio::test]
async fn what_becomes_of_premises_says_when_it_was_learnt() {
    for w in worlds().await {
        let me = office(&w).await;
        let late = w.store().now().plus_hours(-30).minute_text();
        let said = late.replace(' ', "T");
        let said = ("seen", said.as_str());
        let (address, employer) = (format!("/addresses/{}", w.addresses[1]), format!("/employers/{}", w.employer));
        posted(&me, &format!("{address}/demolition"), &[("version", "1"), said]).await;
        posted(&me, &format!("{address}/restoration"), &[("version", "2"), said]).await;
        posted(&me, &format!("{employer}/closure"), &[("version", "1"), said]).await;
        posted(&me, &format!("{employer}/reopening"), &[("version", "2"), said]).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        let bare = NewAddress {
            address_id: None,
            text: "新府中路501弄12号909室".into(),
            committee_code: COMMITTEE.into(),
            grid_id: Some(w.grids[0]),
            lon: None,
            lat: None,
            source: Source::DoorVisit,
        };
        let bare = addresses::insert_many(&tx, vec![bare]).await.unwrap()[0];
        tx.commit().await.unwrap();
        let home = posted(&me, &format!("/addresses/{bare}/homes"), &[("kind", "flat"), said]).await;
        let home = home.strip_suffix("/change").unwrap();
        posted(&me, &format!("{home}/hazards"), &[("hazard", "dog"), said]).await;
        let officer = testing::account(w.store(), "officer", &[(Role::Officer, &w.grids[0].to_string())]).await;
        let officer = Client::signed_in(&w.app, &areas(), officer).await;
        let label = [("version", "1"), ("label", "crowded"), ("reason", "ten-or-more"), said];
        posted(&officer, &format!("/homes/{}/label", w.homes[0]), &label).await;
        for kind in [
            "address.demolished",
            "address.restored",
            "employer.closed",
            "employer.reopened",
            "home.added",
            "home.hazard-noted",
            "home.labelled",
        ] {
            assert_eq!(seen(&w, kind).await.as_deref(), Some(&*late), "{kind} {}", w.engine());
        }
    }
}

#[tokio::test]
async fn an_accepted_hand_over_says_when_it_was_learnt_that_the_person_lives_there() {
    for w in worlds().await {
        let me = office(&w).await;
        let now = w.store().now();
        let late = now.plus_hours(-30).minute_text();
        let said = late.replace(' ', "T");
        let said = ("seen", said.as_str());
        let tomorrow = now.plus_hours(24).minute_text().replace(' ', "T");
        let tx = w.store().begin(&w.office()).await.unwrap();
        let due = now.plus_hours(72);
        let here = linli_register::residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let there = linli_register::residents::register(&tx, w.person("李大明", 4, 0)).await.unwrap();
        let inside = transfers::offer(&tx, here, w.grids[1], due).await.unwrap();
        let outside = outward::offer(&tx, there, "华新镇社区服务中心", due).await.unwrap();
        tx.commit().await.unwrap();
        let (inside, outside) = (format!("/transfers/{inside}"), format!("/outward-transfers/{outside}"));
        let answers = [
            (inside, ("address", "新府中路501弄12号302室"), "resident.moved"),
            (outside, ("receipt", "HX-2026-118"), "resident.cancelled"),
        ];
        for (path, typed, kind) in answers {
            let path = format!("{path}/acceptance");
            let answer = me.post(&path, &[("version", "1"), typed, ("seen", &tomorrow)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            let id = path.split('/').nth(2).unwrap();
            for kept in
                [format!("id=\"e-seen-{id}\""), format!("value=\"{tomorrow}\""), format!("value=\"{}\"", typed.1)]
            {
                assert!(answer.text.contains(&kept), "{kept}: {}", answer.text);
            }
            posted(&me, &path, &[("version", "1"), typed, said]).await;
            assert_eq!(seen(&w, kind).await.as_deref(), Some(&*late), "{kind} {}", w.engine());
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_the_field_with_what_was_typed() {
    for w in worlds().await.into_iter().take(1) {
        let me = office(&w).await;
        let officer = testing::account(w.store(), "officer", &[(Role::Officer, &w.grids[0].to_string())]).await;
        let officer = Client::signed_in(&w.app, &areas(), officer).await;
        let tomorrow = w.store().now().plus_hours(24).minute_text().replace(' ', "T");
        let old = w.store().now().plus_hours(-24 * 400).minute_text().replace(' ', "T");
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = linli_register::residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (home, employer, address) = (w.homes[0], w.employer, w.addresses[0]);
        for (path, field) in [
            ("/residents".to_owned(), "seen"),
            ("/employers".to_owned(), "seen"),
            ("/addresses".to_owned(), "seen"),
            (format!("/residents/{id}/change"), "seen"),
            (format!("/residents/{id}/move"), "seen"),
            (format!("/residents/{id}/cancellation"), "seen"),
            (format!("/homes/{home}/change"), "seen"),
            (format!("/homes/{home}/hazards"), "seen-hazard"),
            (format!("/homes/{home}/label"), "seen-label"),
            (format!("/employers/{employer}/change"), "seen"),
            (format!("/employers/{employer}/closure"), "seen"),
            (format!("/addresses/{address}/renumbering"), "seen-renumbering"),
            (format!("/addresses/{address}/demolition"), "seen-demolition"),
        ] {
            for typed in [&*tomorrow, &*old, "neulich"] {
                let client = if field == "seen-label" { &officer } else { &me };
                let answer = client.post(&path, &[("version", "1"), ("seen", typed)]).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
                let (kept, message) = (format!("value=\"{typed}\""), format!("id=\"e-{field}\""));
                assert!(
                    answer.text.contains(&kept) && answer.text.contains(&message),
                    "{path} {typed} {}",
                    answer.text
                );
            }
        }
    }
}

#[tokio::test]
async fn a_table_may_say_when_each_row_was_learnt() {
    for w in worlds().await {
        let no = number(2);
        let row = |seen: &'static str| {
            let cells: &[&str] = &["王明", "", &no, "", "", "", "", HOME, "", "", seen];
            rows(&[cells])
        };
        let future = check(&w, "residents", &row("2999-01-01 08:00")).await;
        // Invented people have area codes that nobody was ever given, which is a warning of its own.
        let invented = "resident-doc-no area-unknown";
        assert_eq!(codes(&future), [invented, "!resident-seen seen-future"]);
        assert_eq!(codes(&check(&w, "residents", &row("neulich")).await), [invented, "!resident-seen not-a-time"]);
        let learnt = w.store().now().plus_hours(-3).minute_text();
        let cells: &[&str] = &["王明", "", &no, "", "", "", "", HOME, "", "", &learnt];
        assert_eq!(apply(&w, "residents", &rows(&[cells])).await, 1);
        assert_eq!(seen(&w, "resident.registered").await, Some(learnt), "{}", w.engine());
        let cells: &[&str] = &[ORG_CODE, "别的单位", "", "二店", "", "", "", "", "", "2026-01-05 09:30"];
        assert_eq!(apply(&w, "employers", &rows(&[cells])).await, 1);
        assert_eq!(seen(&w, "employer.added").await.as_deref(), Some("2026-01-05 09:30"));
    }
}
