//! One place cannot try the numbers of a whole town, and nothing is told on the way.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo};
use http::{Request, StatusCode};
use linli_declarations::{ASKS_FROM_A_SOURCE_A_QUARTER, Source, entrance::Refused};
use linli_platform::testing::Client;

use super::world::{NAME, areas, number, worlds};

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
        assert_eq!(world.count(kept).await, ASKS_FROM_A_SOURCE_A_QUARTER + 2);
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
