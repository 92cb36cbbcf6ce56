//! Suggestions and their clock.

use linli_platform::access::Action;
use linli_supervision::{NewSuggestion, SuggestionKind, answer, find_suggestion, make};

use super::town::{day, hour, towns};

fn objection(words: &str) -> NewSuggestion {
    NewSuggestion { kind: SuggestionKind::Objection, words: words.into() }
}

#[tokio::test]
async fn a_suggestion_is_answered_within_three_working_days_and_seen_by_two_sides_alone() {
    for town in towns().await {
        // A Friday: the third working day is Wednesday.
        town.test.clock.set(hour("2026-11-20", 10));
        let guard = town.reader("guard", Action::SuggestionMake).await;
        let tx = town.store().begin(&guard).await.unwrap();
        for (words, refused) in [("", "suggestion-words"), ("请找 13900001111", "free-text-number")] {
            assert!(make(&town.app, &tx, objection(words)).await.unwrap_err().is(refused), "{words}");
        }
        let id = make(&town.app, &tx, objection("抽查的扣分与走访记录不符")).await.unwrap();
        tx.commit().await.unwrap();
        let reads = town.store().reads();
        let row = find_suggestion(&reads, &guard, id).await.unwrap();
        assert_eq!(row.due_at, day("2026-11-25").end(), "{}", town.test.engine);
        assert!(!row.is_late(hour("2026-11-25", 23)) && row.is_late(hour("2026-11-26", 1)));
        for name in ["leader", "station", "secretary"] {
            let other = town.reader(name, Action::SuggestionMake).await;
            assert!(find_suggestion(&reads, &other, id).await.unwrap_err().is("not-found"), "{name}");
        }
        let force = town.reader("task-force", Action::SuggestionAnswer).await;
        let tx = town.store().begin(&force).await.unwrap();
        answer(&tx, id, 1, "已核对，更正扣分。").await.unwrap();
        assert!(answer(&tx, id, 2, "再答").await.unwrap_err().is("suggestion-answered"));
        tx.commit().await.unwrap();
        assert!(!find_suggestion(&reads, &guard, id).await.unwrap().is_late(hour("2026-12-01", 1)), "it was in time");
    }
}
