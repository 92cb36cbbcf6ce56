//! One place cannot try the numbers of a whole town, and nothing is told on the way.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo};
use http::{Request, StatusCode};
use linli_declarations::{
    ASKS_FROM_A_SOURCE_A_QUARTER, Caller, KNOWN_COOKIE, KNOWN_S, Source,
    entrance::{self, ASKS_A_QUARTER, Refused, SENT_A_QUARTER, SENT_IN_SIX_HOURS},
    gateway::{Gateways, Most},
};
use linli_platform::testing::Client;

use super::{
    newcomers::arrive,
    pages::entered,
    world::{NAME, World, areas, mobile, number, worlds},
};

#[tokio::test]
async fn askings_from_one_place_end_whatever_the_numbers_and_go_on_from_another() {
    for world in worlds().await {
        let here = Source::of("192.0.2.7".parse().unwrap());
        for seq in 0..ASKS_FROM_A_SOURCE_A_QUARTER {
            // The registered one among strangers.
            let (seq, name) = if seq == 3 { (1, NAME) } else { (500 + u16::try_from(seq).unwrap(), "无此人") };
            assert!(world.ask_from(seq, name, Some(&here)).await.is_ok(), "{}: {seq}", world.engine());
        }
        for (seq, name) in [(1, NAME), (600, "无此人")] {
            assert_eq!(world.ask_from(seq, name, Some(&here)).await, Err(Refused::FromHere));
        }
        let there = Source::of("192.0.2.8".parse().unwrap());
        assert!(world.ask_from(600, "无此人", Some(&there)).await.is_ok());
        world.later_s(16 * 60);
        assert!(world.ask_from(601, "无此人", Some(&here)).await.is_ok(), "the lock ends by itself");
        let kept = "SELECT COUNT(*) FROM door_source WHERE division_code = $1";
        let counted = 3 * (ASKS_FROM_A_SOURCE_A_QUARTER + 2);
        assert_eq!(world.count(kept).await, counted, "by the place, by place and number together, and by the day");
    }
}

#[tokio::test]
async fn the_place_is_the_peer_or_what_a_proxy_on_this_machine_saw() {
    let world = worlds().await.remove(0);
    let client = Client::new(&world.app, &areas());
    let ask = async |n: i64, peer: &str, forwarded: Option<String>| {
        let body =
            format!("doc_kind=resident&doc_no={}&name=%E6%97%A0%E6%AD%A4", number(700 + u16::try_from(n).unwrap()));
        let mut request = Request::builder().method("POST").uri("/me/codes").header("sec-fetch-site", "same-origin");
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        client.send(request).await.status
    };
    for n in 0..ASKS_FROM_A_SOURCE_A_QUARTER {
        // Whatever somebody writes before it, the proxy's own entry counts.
        let status = ask(n, "127.0.0.1:9", Some(format!("198.51.100.{n}, 192.0.2.7"))).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{n}");
    }
    let full = StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(ask(40, "127.0.0.1:9", Some("192.0.2.7".into())).await, full);
    assert_eq!(ask(41, "192.0.2.7:9", Some("203.0.113.1".into())).await, full, "a stranger's header is not believed");
    assert_eq!(ask(42, "127.0.0.1:9", Some("192.0.2.9".into())).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_knows_a_number_keeps_its_bearer_out_neither_with_a_wrong_name_nor_with_the_right_one() {
    for world in worlds().await {
        let stranger = Source::of("192.0.2.7".parse().unwrap());
        let home = Source::of("198.51.100.9".parse().unwrap());
        for name in ["不是她", NAME, "不是她"] {
            assert!(world.ask_from(1, name, Some(&stranger)).await.is_ok(), "{}", world.engine());
        }
        // Whether the name fits changes nothing in the answer.
        for name in [NAME, "不是她"] {
            assert_eq!(world.ask_from(1, name, Some(&stranger)).await, Err(Refused::TooOften));
        }
        while world.letter().await.is_some() {}
        for _ in 0..ASKS_A_QUARTER {
            assert!(world.ask_from(1, NAME, Some(&home)).await.is_ok());
            assert!(world.letter().await.is_some(), "the resident's own askings bring codes");
        }
    }
}

#[tokio::test]
async fn one_mobile_is_not_flooded_from_many_places_and_nobody_is_told() {
    for world in worlds().await {
        let mut sent = 0;
        for n in 0..SENT_A_QUARTER + 3 {
            let from = Source::of(format!("192.0.2.{n}").parse().unwrap());
            assert!(world.ask_from(1, NAME, Some(&from)).await.is_ok(), "{}", world.engine());
            sent += i64::from(world.letter().await.is_some());
        }
        assert_eq!(sent, SENT_A_QUARTER);
    }
}

/// Somebody who knows name and number has codes sent from ever other places until none goes out; how many did.
async fn exhaust(world: &World) -> i64 {
    let mut sent = 0;
    for n in 0..SENT_IN_SIX_HOURS + 3 {
        let from = Source::of(format!("203.0.113.{n}").parse().unwrap());
        if n % (SENT_A_QUARTER - 1) == 0 {
            world.later_s(16 * 60);
        }
        world.ask_from(1, NAME, Some(&from)).await.unwrap();
        sent += i64::from(world.letter().await.is_some());
    }
    sent
}

#[tokio::test]
async fn whoever_has_codes_sent_to_somebody_keeps_that_person_out_for_hours_at_most_and_of_a_known_browser_not_at_all()
{
    for world in worlds().await {
        let token = world.ask(1, NAME).await.unwrap();
        let (_, code) = world.letter().await.unwrap();
        let browser = entrance::enter(&world.app, &token, &code).await.unwrap().unwrap().browser.unwrap();
        let own = Caller { source: None, browser: Some(&browser) };
        world.later_s(7 * 3600);
        assert_eq!(exhaust(&world).await, SENT_IN_SIX_HOURS, "{}", world.engine());
        let fresh = Source::of("198.51.100.9".parse().unwrap());
        assert!(world.ask_from(1, NAME, Some(&fresh)).await.is_ok(), "nothing is said");
        assert!(world.letter().await.is_none(), "and nothing is sent");
        for _ in 0..ASKS_A_QUARTER {
            assert!(world.ask_by(1, NAME, own).await.is_ok());
            assert!(world.letter().await.is_some(), "the own browser gets its code");
        }
        assert_eq!(world.ask_by(1, NAME, own).await, Err(Refused::TooOften), "whoever took the browser floods nobody");
        world.later_s(6 * 3600);
        assert!(world.ask_from(1, NAME, Some(&fresh)).await.is_ok());
        assert!(world.letter().await.is_some(), "after six hours every browser gets one again");
    }
}

#[tokio::test]
async fn a_browser_is_known_for_one_person_and_a_time_and_by_a_mark_of_ours_alone() {
    let world = worlds().await.remove(0);
    let token = world.ask(1, NAME).await.unwrap();
    let (_, code) = world.letter().await.unwrap();
    let mark = entrance::enter(&world.app, &token, &code).await.unwrap().unwrap().browser.unwrap();
    let changed = format!("{}{}", &mark[..42], if mark.ends_with('A') { 'E' } else { 'A' });
    exhaust(&world).await;
    let asked = async |seq: u16, name: &str, mark: &str| {
        let from = Source::of("198.51.100.10".parse().unwrap());
        world.ask_by(seq, name, Caller { source: Some(&from), browser: Some(mark) }).await.unwrap();
        world.letter().await.is_some()
    };
    assert!(asked(1, NAME, &mark).await);
    assert!(!asked(1, NAME, &changed).await, "nobody makes one");
    assert!(!asked(1, "不是她", &mark).await, "the name is still needed");
    assert!(asked(2, "欧阳山", &mark).await, "for somebody else it is like no mark");
    world.later_s(KNOWN_S);
    exhaust(&world).await;
    assert!(!asked(1, NAME, &mark).await, "it ends");
}

#[tokio::test]
async fn the_browser_keeps_the_mark_and_it_names_nobody() {
    let world = worlds().await.remove(0);
    let client = entered(&world).await;
    let mark = client.cookie(KNOWN_COOKIE).expect("kept");
    assert!(!mark.contains(&number(1)[6..]) && mark.len() == 43, "{mark}");
    client.post("/me/leaving", &[]).await;
    let newcomer = arrive(&world, 31, "慕容初到").await;
    assert_eq!(newcomer.cookie(KNOWN_COOKIE), None, "a mobile that was typed proves nobody's number");
    assert_eq!(client.cookie(KNOWN_COOKIE).as_deref(), Some(&*mark));
}

#[tokio::test]
async fn a_day_pays_for_so_many_codes_and_newcomers_use_up_their_own_alone() {
    for world in worlds().await {
        Gateways::limited(&world.app, world.letters.clone(), Most { on_file: 2, typed: 1 });
        arrive(&world, 31, "慕容初到").await;
        let second = Client::new(&world.app, &areas());
        let form = [("doc_kind", "resident"), ("doc_no", &*number(32)), ("name", "慕容后到"), ("phone", &*mobile(32))];
        let refused = second.post("/newcomers/codes", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", world.engine());
        assert!(refused.text.contains("今天的验证码已经发完"), "{}", refused.text);
        // A stranger's asking costs nothing.
        for name in ["不是她", NAME, "不是她", NAME] {
            assert!(world.ask(if name == NAME { 1 } else { 8 }, name).await.is_ok());
        }
        for (seq, name) in [(1, NAME), (8, "无此人"), (1, "不是她")] {
            let from = Source::of(format!("203.0.113.{seq}").parse().unwrap());
            assert_eq!(world.ask_from(seq, name, Some(&from)).await, Err(Refused::Today), "told alike: {seq}");
        }
        let told = "SELECT COUNT(*) FROM security_notice WHERE division_code = $1 AND kind = 'codes-exhausted'";
        assert_eq!(world.count(told).await, 1, "the security officer is told once until somebody has looked");
        world.later_s(24 * 3600 + 1);
        assert!(world.ask(1, NAME).await.is_ok(), "another day");
    }
}
