use policy_pack::{FILES, Lang, Pack, Points, excluded_word, forbidden_heading};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn no_text_in_place_of_a_file_makes_the_reader_panic(file in 0..FILES.len(), text in any::<String>()) {
        let mut files = Pack::embedded_files();
        files.insert(FILES[file].to_owned(), text);
        let problems = Pack::from_files(&files).unwrap_err();
        prop_assert!(problems.iter().any(|problem| problem.file == FILES[file]));
    }

    #[test]
    fn a_file_cut_anywhere_never_panics_and_names_a_line_that_exists(file in 0..FILES.len(), share in 0.0_f64..1.0) {
        let mut files = Pack::embedded_files();
        let text = files.get_mut(FILES[file]).unwrap();
        let wanted = (text.len() as f64 * share) as usize;
        let cut = (0..=wanted).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        text.truncate(cut);
        let lines = text.matches('\n').count() + 1;
        if let Err(problems) = Pack::from_files(&files) {
            for problem in problems.iter().filter(|problem| problem.file == FILES[file]) {
                prop_assert!(problem.line <= lines, "{}", problem.text(Lang::Zh));
            }
        }
    }

    #[test]
    fn headings_of_any_text_never_panic(text in any::<String>()) {
        let _ = (forbidden_heading(&text), excluded_word(&text));
    }

    #[test]
    fn points_add_up_exactly(parts in proptest::collection::vec(0_i64..10_000, 0..50)) {
        let sum: Points = parts.iter().map(|part| Points::from_hundredths(*part)).sum();
        prop_assert_eq!(sum.hundredths(), parts.iter().sum::<i64>());
    }
}
