//! How many typing errors lie between two names, one that sounds the same counting half.

use pinyin::ToPinyin as _;
use smallvec::SmallVec;

use crate::encode::distinguishes;

/// Another character of the same sound (泾 and 径): what an input method offers beside the right one.
pub(crate) const HALF_ERROR: u32 = 1;
/// One character wrong, missing, too many, or two neighbours exchanged.
pub(crate) const ONE_ERROR: u32 = 2;
/// Two of those.
pub(crate) const TWO_ERRORS: u32 = 4;
/// Names of fewer characters are not borne with two errors: too little is left of them.
const MIN_CHARS_TWO_ERRORS: usize = 5;
/// Longer names are not compared.
const MAX_CHARS: usize = 24;
/// More than any number of errors that is borne.
const NEVER: u32 = 1_000;

type Chars = SmallVec<[char; MAX_CHARS]>;

/// Half errors between two names, when they are few enough for their length: two halves for names below five characters,
/// four for longer ones, and never one of the characters by which neighbouring roads are told apart for another.
pub(crate) fn half_errors(a: &str, b: &str) -> Option<u32> {
    let (a, b): (Chars, Chars) = (a.chars().take(MAX_CHARS + 1).collect(), b.chars().take(MAX_CHARS + 1).collect());
    let shorter = a.len().min(b.len());
    let most = if shorter < MIN_CHARS_TWO_ERRORS { ONE_ERROR } else { TWO_ERRORS };
    if shorter < 2 || a.len().max(b.len()) > MAX_CHARS || 2 * a.len().abs_diff(b.len()) > most as usize {
        return None;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let errors = between(&a[head..a.len() - tail], &b[head..b.len() - tail]);
    // Of a name of two characters one must be left as it was.
    let kept = head + tail > 0 || shorter > 2;
    (errors <= most && kept).then_some(errors)
}

/// By rows of a table: the cheapest way from the first characters of one to the first characters of the other.
fn between(a: &[char], b: &[char]) -> u32 {
    let mut before = [0u32; MAX_CHARS + 1];
    let mut last: [u32; MAX_CHARS + 1] = std::array::from_fn(|j| ONE_ERROR * j as u32);
    for i in 1..=a.len() {
        let mut row = [ONE_ERROR * i as u32; MAX_CHARS + 1];
        for j in 1..=b.len() {
            let (x, y) = (a[i - 1], b[j - 1]);
            let plain = (last[j] + ONE_ERROR).min(row[j - 1] + ONE_ERROR).min(last[j - 1] + exchanged(x, y));
            let turned = i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y;
            row[j] = if turned { plain.min(before[j - 2] + ONE_ERROR) } else { plain };
        }
        (before, last) = (last, row);
    }
    last[b.len()]
}

fn exchanged(x: char, y: char) -> u32 {
    match () {
        () if x == y => 0,
        () if distinguishes(x) && distinguishes(y) => NEVER,
        () if sound_alike(x, y) => HALF_ERROR,
        () => ONE_ERROR,
    }
}

/// One syllable, tones apart.
fn sound_alike(x: char, y: char) -> bool {
    let syllable = |c: char| c.to_pinyin().map(pinyin::Pinyin::plain);
    syllable(x).is_some_and(|one| syllable(y) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::half_errors;

    #[test]
    fn what_sounds_the_same_counts_half_and_directions_are_never_taken_for_each_other() {
        for (a, b, errors) in [
            ("曹泾", "曹泾", Some(0)),
            ("曹泾", "曹径", Some(1)),
            ("曹泾", "曹洪", Some(2)),
            ("曹泾", "泾曹", None),
            ("外青松公路", "外松青公路", Some(2)),
            ("外青松公路", "外清松工路", Some(2)),
            ("外青松公路", "外洪松洪路", Some(4)),
            ("外青松公路", "外青公路", Some(2)),
            ("青松路", "洪洪路", None),
            ("新桥东路", "新桥西路", None),
            ("新桥东路", "新桥路", Some(2)),
            ("新桥一路", "新桥二路", None),
            ("318国道", "31国道", Some(2)),
            ("路", "街", None),
        ] {
            assert_eq!(half_errors(a, b), errors, "{a} {b}");
            assert_eq!(half_errors(b, a), errors, "{b} {a}");
        }
    }
}
