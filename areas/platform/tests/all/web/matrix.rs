//! Which role may do what, and that every route asks.

use std::collections::BTreeSet;

use http::{Request, StatusCode};
use linli_platform::{
    access::{Action, Role},
    store::migrations,
    testing::{self, Client, DIVISION},
    web,
};

#[test]
fn the_matrix_of_roles_and_actions() {
    let mut text = String::new();
    for role in Role::ALL {
        let allowed: Vec<&str> = Action::ALL
            .iter()
            .filter(|a| !matches!(a, Action::Public | Action::Own) && role.allows(**a))
            .map(|a| a.code())
            .collect();
        text.push_str(&format!("{:<20} {}\n", role.code(), allowed.join(" ")));
    }
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("role_matrix", text);
    });
}

#[test]
fn the_routes_of_the_platform_and_their_actions() {
    let lines: Vec<String> =
        web::served_routes(&[]).iter().map(|r| format!("{:<6} {:<40} {}", r.method, r.path, r.action)).collect();
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("routes", lines.join("\n"));
    });
}

#[test]
fn no_route_is_served_twice() {
    let routes = web::served_routes(&[web::area()]);
    let distinct: BTreeSet<_> = routes.iter().map(|r| (r.method, r.path)).collect();
    assert_eq!(distinct.len(), routes.len());
}

fn filled(path: &str) -> String {
    let id = "00000000-0000-7000-8000-000000000000";
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_refuses_whoever_is_not_signed_in_or_lacks_the_role() {
    let t = testing::sqlite(migrations()).await;
    let app = testing::app(&t.store, &[]);
    let nobody = Client::new(&app, &[]);
    // A volunteer may do next to nothing, the HR liaison something else; together every action is refused once.
    let mut visitors = Vec::new();
    for role in [Role::Volunteer, Role::HrLiaison] {
        let id = testing::account(&t.store, role.code(), &[(role, DIVISION)]).await;
        visitors.push((role, Client::signed_in(&app, &[], id).await));
    }
    for route in web::served_routes(&[]).iter().filter(|r| r.action != Action::Public) {
        let request = || {
            let body = axum::body::Body::empty();
            Request::builder().method(route.method).uri(filled(route.path)).body(body).unwrap()
        };
        let answer = nobody.send(request()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {}", route.method, route.path);
        assert!(answer.location().starts_with("/sign-in"), "{} {}", route.method, route.path);
        for (role, client) in visitors.iter().filter(|(role, _)| !role.allows(route.action)) {
            let status = client.send(request()).await.status;
            assert_eq!(status, StatusCode::FORBIDDEN, "{} {} as {role}", route.method, route.path);
        }
    }
}
