//! The valid numbers next to a mistyped one.

use crate::{AreaKnowledge, ResidentNumber, clean};

/// Valid numbers that differ from `input` by one character or by two neighbours swapped.
///
/// Swaps come first, then substitutions; within each, known areas come first, then numbers born in the
/// years 1900 to 2099. At most 35 are found. Empty for a number that is valid, that has not eighteen
/// characters, or that has two bad characters or more: a person then reads the card again.
///
/// ```
/// let near = cn_identity::suggestions("990101199003070203"); // 0023 typed as 0203
/// assert!(near.iter().any(|n| n.as_str() == "990101199003070023"));
/// ```
#[must_use]
pub fn suggestions(input: &str) -> Vec<ResidentNumber> {
    let text: Vec<char> = clean::compact(input).chars().collect();
    if text.len() != 18 || valid(&text).is_some() {
        return Vec::new();
    }
    let mut swaps = swapped(&text);
    let mut substitutions = substituted(&text);
    swaps.sort_by_key(rank);
    substitutions.sort_by_key(rank);
    let mut found: Vec<ResidentNumber> = Vec::new();
    for number in swaps.into_iter().chain(substitutions) {
        if !found.contains(&number) {
            found.push(number);
        }
    }
    found
}

fn valid(text: &[char]) -> Option<ResidentNumber> {
    let text: String = text.iter().collect();
    ResidentNumber::parse_confirmed(&text).ok()
}

fn swapped(text: &[char]) -> Vec<ResidentNumber> {
    (0..text.len() - 1)
        .filter(|&place| text[place] != text[place + 1])
        .filter_map(|place| {
            let mut copy = text.to_vec();
            copy.swap(place, place + 1);
            valid(&copy)
        })
        .collect()
}

fn substituted(text: &[char]) -> Vec<ResidentNumber> {
    let fits = |place: usize, c: char| c.is_ascii_digit() || (place == 17 && c == 'X');
    let bad: Vec<usize> = (0..18).filter(|&place| !fits(place, text[place])).collect();
    let places: Vec<usize> = match bad.as_slice() {
        [] => (0..18).collect(),
        [one] => vec![*one],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for place in places {
        for c in "0123456789X".chars().filter(|&c| fits(place, c) && c != text[place]) {
            let mut copy = text.to_vec();
            copy[place] = c;
            found.extend(valid(&copy));
        }
    }
    found
}

fn rank(number: &ResidentNumber) -> (bool, bool) {
    let year = number.birth_date().0;
    (number.area_known() == AreaKnowledge::Unknown, !(1900..2100).contains(&year))
}
