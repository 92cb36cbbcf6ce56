//! The gateway for messages, called over real HTTP.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use linli_declarations::gateway::{Gateway as _, GatewayError, HttpGateway, Message};
use zeroize::Zeroizing;

type Heard = Arc<Mutex<Vec<(String, serde_json::Value)>>>;

async fn take(State(heard): State<Heard>, headers: HeaderMap, Json(body): Json<serde_json::Value>) -> StatusCode {
    let authorization = headers.get("authorization").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let refused = body["mobile"] == "19900009999";
    heard.lock().unwrap().push((authorization, body));
    if refused { StatusCode::FORBIDDEN } else { StatusCode::ACCEPTED }
}

async fn slow() -> StatusCode {
    tokio::time::sleep(Duration::from_secs(30)).await;
    StatusCode::OK
}

fn message(mobile: &str) -> Message {
    let keep = |text: &str| Zeroizing::new(text.to_owned());
    Message { mobile: keep(mobile), code: keep("123456"), text: keep("验证码 123456") }
}

#[tokio::test]
async fn a_message_reaches_an_http_gateway_and_what_it_answers_is_told_without_the_message() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let heard = Heard::default();
    let router = Router::new().route("/send", post(take)).route("/slow", post(slow)).with_state(heard.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let gateway = |path: &str| {
        HttpGateway::new(&format!("{base}{path}"), Some("Bearer a-secret"), Duration::from_millis(500)).unwrap()
    };
    gateway("/send").send(&message("19900000001")).await.unwrap();
    {
        let heard = heard.lock().unwrap();
        assert_eq!(heard[0].0, "Bearer a-secret");
        assert_eq!(heard[0].1, serde_json::json!({ "mobile": "19900000001", "text": "验证码 123456" }));
    }
    let refused = gateway("/send").send(&message("19900009999")).await.unwrap_err();
    assert!(matches!(refused, GatewayError::Refused(403)), "{refused}");
    let late = gateway("/slow").send(&message("19900000001")).await.unwrap_err();
    server.abort();
    let gone = gateway("/send").send(&message("19900000001")).await.unwrap_err();
    for error in [refused, late, gone] {
        let told = format!("{error} {error:?}");
        for secret in ["1990000", "123456", "a-secret", "127.0.0.1"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    assert!(!format!("{:?}", message("19900000001")).contains("1990000"));
}
