//! The pages, as a browser sees them.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use linli_platform::{
    access::Role,
    testing::{self, Client, DIVISION, TestStore},
};
use linli_territory::area;

use super::{file, square, stores};

async fn office(t: &TestStore, role: Role) -> Client {
    let app = testing::app(&t.store, &[area()]);
    let account = testing::account(&t.store, role.code(), &[(role, DIVISION)]).await;
    Client::signed_in(&app, &[area()], account).await
}

fn upload(text: &str) -> Request<Body> {
    let part = |name: &str, extra: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{extra}\r\n\r\n{value}\r\n")
    };
    let body =
        [part("datum", "", "wgs84"), part("file", "; filename=\"grids.geojson\"", text), "--frontier--\r\n".into()];
    Request::post("/territory/boundaries")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=frontier")
        .header(header::ORIGIN, "http://linli.test")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.concat()))
        .unwrap()
}

#[tokio::test]
async fn a_set_goes_from_upload_through_preview_to_effect_without_scripts() {
    for t in stores().await {
        let client = office(&t, Role::PopulationOffice).await;
        let empty = client.get("/territory").await;
        assert!(empty.text.contains("泾阳村") && empty.text.contains("还没有生效的边界"), "{}", t.engine);

        let good = file(&[square("a", "泾阳村", 0, 0, 10), square("b", "新桥村", 9, 0, 10)]);
        let sent = client.send(upload(&good)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let preview = sent.location().to_owned();
        let page = client.get(&preview).await;
        assert!(page.text.contains("重叠") && page.text.contains("a / b"), "{}", page.text);
        let map = client.get(&format!("{preview}/map.geojson")).await;
        assert!(map.text.contains("\"fault\":\"overlap\"") && map.text.contains("\"change\":\"new\""));

        let schedule = format!("{preview}/schedule");
        let refused = client.post(&schedule, &[("day", "2026-11-20")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("1 处重叠") && refused.text.contains("value=\"2026-11-20\""),
            "what was typed stays"
        );
        assert_eq!(client.post(&schedule, &[("day", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = client.post(&schedule, &[("day", "2026-11-20"), ("accept_faults", "true")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(client.get(&preview).await.text.contains("生效中"));
        let map = client.get("/territory/map.geojson").await;
        assert_eq!(map.header("content-type"), "application/geo+json");
        let map: serde_json::Value = serde_json::from_str(&map.text).unwrap();
        assert_eq!(map["features"][1]["properties"]["committee"], "新桥村");
        let href = map["features"][0]["properties"]["href"].as_str().unwrap().to_owned();
        assert!(client.get(&href).await.text.contains("公顷"));
    }
}

#[tokio::test]
async fn a_file_with_faults_is_answered_with_every_fault_and_its_number() {
    for t in stores().await {
        let client = office(&t, Role::OperationCentre).await;
        let sent = client.send(upload(&file(&[square("a", "泾阳村", 0, 0, 9), square("b", "外滩", 9, 0, 9)]))).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.text.contains("<td>2</td><td>没有叫“外滩”的村居。</td>"), "{}", sent.text);
        let none = client.send(upload("not json")).await;
        assert!(none.text.contains("不是 JSON 文件"), "{}", none.text);
        assert!(client.send(upload("")).await.text.contains("请选择一个文件"));
    }
}

#[tokio::test]
async fn an_alias_is_added_on_the_committees_page_by_those_who_may() {
    for t in stores().await {
        let client = office(&t, Role::PopulationOffice).await;
        let path = "/territory/committees/310118003218";
        let aliases = format!("{path}/aliases");
        assert_eq!(client.post(&aliases, &[("alias", "泾阳一村")]).await.status, StatusCode::SEE_OTHER);
        assert!(client.get(path).await.text.contains("泾阳一村"));
        let taken = client.post(&aliases, &[("alias", "新桥村")]).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text.contains("value=\"新桥村\""));
        let gone = client.post(&format!("{aliases}/removal"), &[("alias", "泾阳一村")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(client.get("/territory/committees/000").await.status, StatusCode::NOT_FOUND);

        let officer = office(&t, Role::Station).await;
        assert!(!officer.get(path).await.text.contains("<form method=\"post\" action=\"/territory"));
        assert_eq!(officer.post(&aliases, &[("alias", "x")]).await.status, StatusCode::FORBIDDEN);
    }
}
