//! The interface for other systems on a whole demonstration: what is served is documented, nobody is let in without
//! being admitted, nothing of a person goes out, and what comes in is answered once.

mod declarations;
mod of_homes;
mod orders;
mod out;
mod rosters;
mod schemathesis;

use axum::body::Body;
use http::{Request, header};
use linli::start::Started;
use linli_platform::{
    api::{
        self, ApiScope, ClientId, OperationLine,
        clients::{self, NewClient},
    },
    reader::Reader,
    testing::{Answer, Client},
};
use serde_json::Value;

use super::world::Demo;

/// A demonstration, and clients that were admitted to it.
struct Interface {
    demo: Demo,
    started: Started,
    client: Client,
}

impl Interface {
    async fn open() -> Interface {
        let demo = Demo::build().await;
        let started = demo.open().await;
        let client = Client::new(&started.app, &started.areas);
        Interface { demo, started, client }
    }
    /// A client admitted to these, for the whole sub-district unless changed.
    async fn admit(&self, scopes: &[ApiScope], change: impl FnOnce(&mut NewClient)) -> (ClientId, String) {
        let store = &self.started.app.store;
        let mut new = NewClient {
            name: "别的系统".into(),
            scopes: scopes.iter().map(|s| s.code().to_owned()).collect(),
            area_kind: "division".into(),
            areas: Vec::new(),
            requests_a_minute: 60_000,
            from: store.clock().today(),
            until: None,
        };
        change(&mut new);
        let tx = store.begin(&Reader::system()).await.unwrap();
        let id = clients::admit(&tx, &new).await.unwrap();
        let token = clients::make_token(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        (id, token)
    }
    async fn get(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_LANGUAGE, "en");
        self.client.send(request.body(Body::empty()).unwrap()).await
    }
    async fn json(&self, token: &str, path: &str) -> Value {
        let answer = self.get(token, path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }
    async fn post(&self, token: &str, key: &str, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        self.client.send(request.body(Body::from(body.to_string())).unwrap()).await
    }
    /// The operations as the served document has them.
    async fn operations(&self) -> Vec<OperationLine> {
        let served = self.client.get("/api/v1/openapi.json").await;
        let text = linli::areas::texts(linli_platform::texts::Lang::Zh).unwrap();
        let document = api::document(&self.started.app.api, &text);
        assert_eq!(serde_json::from_str::<Value>(&served.text).unwrap(), serde_json::to_value(&document).unwrap());
        api::operations(&document)
    }
}

/// A path with something in its places that is not there.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{month}" => "2019-10",
        "{code}" => "AAAAAAAAAAAAAAAAAAAAAA",
        part if part.starts_with('{') => "01932c00-0000-7000-8000-000000000000",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {}", answer.text))
}
