//! Hazards of premises at the desk.

use http::StatusCode;
use linli_platform::{
    access::Role,
    retention::{self, Due},
    testing::{self, Client},
};
use linli_register::hazards;

use super::world::{World, areas, worlds};

async fn client(w: &World, name: &str, grid: usize) -> Client {
    let area = w.grids[grid].to_string();
    let account = testing::account(w.store(), name, &[(Role::Coordinator, &area)]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

#[tokio::test]
async fn a_hazard_is_noted_with_its_last_day_shown_put_right_and_taken_away() {
    for w in worlds().await {
        let me = client(&w, "me", 0).await;
        let home = format!("/homes/{}", w.homes[0]);
        let note = format!("{home}/hazards");
        let today = w.store().clock().today();
        let past = today.plus_days(-1).to_string();
        for (sent, at) in [
            (vec![("hazard", ""), ("until", "")], "e-hazard"),
            (vec![("hazard", "a-person"), ("until", "")], "e-hazard"),
            (vec![("hazard", "dog"), ("until", past.as_str())], "e-until"),
            (vec![("hazard", "dog"), ("until", "soon")], "e-until"),
        ] {
            let refused = me.post(&note, &sent).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent:?}");
            assert!(refused.text.contains(&format!("id=\"{at}\"")), "{sent:?} {}", refused.text);
            assert!(refused.text.contains(&format!("value=\"{}\"", sent[1].1)), "what was typed stays");
        }
        let until = today.plus_days(30).to_string();
        let noted = me.post(&note, &[("hazard", "dog"), ("until", &until)]).await;
        assert_eq!((noted.status, noted.location()), (StatusCode::SEE_OTHER, home.as_str()), "{}", noted.text);
        let page = me.get(&home).await.text;
        assert!(page.contains("犬只") && page.contains(&until) && page.contains("登记隐患"), "{page}");
        // Noted again, it lasts anew; longer than the pack allows it does not.
        let far = today.plus_days(999).to_string();
        me.post(&note, &[("hazard", "dog"), ("until", &far)]).await;
        let rows = hazards::of_home(&w.store().reads(), w.homes[0]).await.unwrap();
        assert_eq!((rows.len(), rows[0].until_day), (1, today.plus_days(180)), "{}", w.engine());

        let other = client(&w, "other", 1).await;
        for path in [note.clone(), format!("{note}/dog/removal")] {
            assert_eq!(other.post(&path, &[("hazard", "dog")]).await.status, StatusCode::NOT_FOUND, "another grid's");
        }
        for _ in 0..2 {
            let gone = me.post(&format!("{note}/dog/removal"), &[]).await;
            assert_eq!(gone.status, StatusCode::SEE_OTHER);
        }
        assert!(hazards::of_home(&w.store().reads(), w.homes[0]).await.unwrap().is_empty());
        assert!(me.get(&home).await.text.contains("隐患消除"), "the home's history tells of it");
    }
}

#[tokio::test]
async fn a_hazard_past_its_last_day_is_shown_to_nobody_and_deleted_by_the_days_job() {
    for w in worlds().await {
        let me = client(&w, "me", 0).await;
        let note = format!("/homes/{}/hazards", w.homes[0]);
        me.post(&note, &[("hazard", "gas-smell")]).await;
        let at = w.store().now();
        for (days, left) in [(7, 1), (8, 0)] {
            w.test.clock.set(at.plus_hours(24 * days));
            assert_eq!(
                hazards::of_home(&w.store().reads(), w.homes[0]).await.unwrap().len(),
                left,
                "after {days} days"
            );
        }
        let app = testing::app(w.store(), &areas());
        let gone = |all: Vec<Due>| all.into_iter().find(|d| d.key == "home-hazard").unwrap().rows;
        assert_eq!(gone(retention::due(&app).await.unwrap()), 1);
        retention::erase(&app).await.unwrap();
        assert_eq!(gone(retention::due(&app).await.unwrap()), 0, "{}", w.engine());
    }
}
