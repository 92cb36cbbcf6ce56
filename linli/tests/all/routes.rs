//! Every route, walked from the areas' own list.

use http::{Method, Request, StatusCode};
use linli_platform::{
    access::{Action, Role},
    testing::Client,
    web::{self, ServedRoute},
};

use super::world::{Demo, account};

/// A path with something in its places that may or may not exist.
fn filled(route: &ServedRoute) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{month}" => "2026-10".to_owned(),
        "{code}" => "310118003001".to_owned(),
        "{kind}" => "residents".to_owned(),
        part if part.starts_with('{') => "01932c00-0000-7000-8000-000000000000".to_owned(),
        part => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Pages whose action several kinds of people share and that then look closer: employers' liaisons and those who
/// review have lists of their own, and the share of a grid's workers is for those who lead them (boundary 6).
const LOOK_CLOSER: [&str; 2] = ["/rosters", "/fieldwork/shares"];

async fn send(client: &Client, route: &ServedRoute) -> (StatusCode, String) {
    let answer = match route.method {
        "GET" => client.get(&filled(route)).await,
        "POST" => client.post(&filled(route), &[]).await,
        other => {
            let method: Method = other.parse().unwrap();
            let request = Request::builder().method(method).uri(filled(route)).header("sec-fetch-site", "same-origin");
            client.send(request.body(axum::body::Body::empty()).unwrap()).await
        }
    };
    let location = answer.location().to_owned();
    (answer.status, location)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_somebody_without_the_right_and_answers_somebody_with_it() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let (app, areas) = (&started.app, &started.areas);
    let routes = web::served_routes(areas);
    assert!(routes.len() > 60, "only {} routes are listed", routes.len());

    let nobody = Client::new(app, areas);
    for route in routes.iter().filter(|r| r.action != Action::Public) {
        let (status, location) = send(&nobody, route).await;
        let sent_away = status == StatusCode::SEE_OTHER && location.starts_with("/sign-in");
        assert!(
            sent_away || status == StatusCode::UNAUTHORIZED,
            "nobody: {} {} gave {status} {location}",
            route.method,
            route.path
        );
    }
    for role in Role::ALL {
        let client = Client::signed_in(app, areas, account(&app.store, role.code()).await).await;
        // Signing out in the middle would end the walk.
        for route in routes.iter().filter(|r| !["/sign-out", "/account/sessions/end"].contains(&r.path)) {
            let (status, _) = send(&client, route).await;
            let place = format!("{role}: {} {}", route.method, route.path);
            if role.allows(route.action) {
                assert!(!status.is_server_error(), "{place} gave {status}");
                if route.method == "GET"
                    && !route.path.contains('{')
                    && !LOOK_CLOSER.iter().any(|path| route.path.starts_with(path))
                {
                    assert_ne!(status, StatusCode::FORBIDDEN, "{place}");
                }
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{place}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_listed_is_not_served() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let reader = account(&started.app.store, "population-office").await;
    let client = Client::signed_in(&started.app, &started.areas, reader).await;
    for path in ["/no-such-page", "/static/no-such-file.js", "/residents/../linli.db", "/admin"] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn every_text_that_an_area_names_is_there_in_both_languages() {
    for lang in [linli_platform::texts::Lang::Zh, linli_platform::texts::Lang::En] {
        let t = linli::areas::texts(lang).unwrap();
        for area in linli::areas() {
            for item in &area.nav {
                let key = format!("nav-{}", item.key);
                assert_ne!(t.s(&key), key, "{}", area.name);
            }
            for job in &area.jobs {
                let text = t.code("job", job.kind());
                assert!(!text.starts_with("job-"), "{}: {text}", area.name);
            }
            for kind in &area.imports {
                for column in kind.columns() {
                    let key = format!("column-{}", column.name);
                    assert_ne!(t.s(&key), key, "{}", area.name);
                }
            }
        }
    }
}
