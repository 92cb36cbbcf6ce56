//! The syllables of pinyin. One alone is a surname in letters: to ask for it would list everybody who bears it, as the one
//! character would (boundary 10).

use std::{collections::BTreeSet, sync::LazyLock};

use pinyin::ToPinyin as _;

/// Every syllable as the directory spells it, without tones.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let read = ('\u{4e00}'..='\u{9fff}').filter_map(|c| c.to_pinyin()).map(|p| p.plain().replace('ü', "v"));
    // `m`, `n` and `ng` are sounds, and begin other syllables.
    read.filter(|s| s.contains(['a', 'e', 'i', 'o', 'u', 'v'])).collect()
});

/// Whether letters are one whole syllable: `zhang`, `li`.
pub(crate) fn is_one(letters: &str) -> bool {
    SYLLABLES.contains(letters)
}

/// Whether letters go no further than one syllable: `zh`, `zhan`, `zhang`.
pub(crate) fn within_one(letters: &str) -> bool {
    SYLLABLES.range(letters.to_owned()..).next().is_some_and(|s| s.starts_with(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surname_in_letters_is_one_syllable_and_a_name_goes_further() {
        for (letters, one, within) in [
            ("zhang", true, true),
            ("li", true, true),
            ("lv", true, true),
            ("zh", false, true),
            ("zx", false, false),
            ("zhangx", false, false),
            ("ouyang", false, false),
            ("wxm", false, false),
            ("john", false, false),
        ] {
            assert_eq!((is_one(letters), within_one(letters)), (one, within), "{letters}");
        }
    }
}
