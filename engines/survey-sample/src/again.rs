//! Households that are asked a second time, drawn from those of a survey with its own seed.

use crate::digest::Digest;
use crate::seed::Seed;

/// How many of the drawn households are asked a second time: a share in percent, rounded up, and at least so many.
///
/// ```
/// assert_eq!(survey_sample::again_size(630, 5, 3), 32);
/// assert_eq!(survey_sample::again_size(18, 5, 3), 3);
/// assert_eq!(survey_sample::again_size(2, 5, 3), 2);
/// ```
pub fn again_size(drawn: usize, percent: u32, least: u32) -> usize {
    let share = drawn.saturating_mul(percent as usize).div_ceil(100);
    share.max(least as usize).min(drawn)
}

/// Those that are asked a second time, by their pseudonyms: the first by SHA-256(seed ‖ "again" ‖ line feed ‖ pseudonym).
pub fn draw_again(seed: &Seed, mut drawn: Vec<String>, percent: u32, least: u32) -> Vec<String> {
    let size = again_size(drawn.len(), percent, least);
    let rank = |pseudonym: &String| {
        let message = [&seed.0.0[..], b"again\n", pseudonym.as_bytes()].concat();
        (Digest::of(&message), pseudonym.clone())
    };
    drawn.sort_by_cached_key(rank);
    drawn.truncate(size);
    drawn
}
