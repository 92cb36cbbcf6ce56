//! Policy packs.

use policy_pack::{FILES, Lang, Pack};

use super::text;

/// A pack of which one file is replaced: the first byte says which. Every fault names a file and a place in it.
pub fn policy(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let file = FILES[usize::from(*first) % FILES.len()];
    let mut files = Pack::embedded_files();
    let text = text(rest);
    files.insert(file.to_owned(), text.clone().into_owned());
    match Pack::from_files(&files) {
        Ok(pack) => assert!(!pack.digest().is_empty()),
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(!problem.text(Lang::En).is_empty() && !problem.text(Lang::Zh).is_empty());
                let lines = files.get(&problem.file).map_or(usize::MAX, |text| text.lines().count() + 1);
                assert!(problem.line >= 1 && problem.line <= lines.max(1), "line {} of {lines}", problem.line);
            }
        }
    }
}

/// Each file of the pack that ships.
pub fn policy_seeds() -> Vec<Vec<u8>> {
    let files = Pack::embedded_files();
    let numbered = (0u8..).zip(FILES);
    numbered.map(|(n, file)| [&[n][..], files[file].as_bytes()].concat()).collect()
}
