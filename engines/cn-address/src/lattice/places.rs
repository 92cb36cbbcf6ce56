//! Which characters of a stretch carry a flag, as bits: most carry none, and names are looked for from many places.

use super::MAX_STRETCH;
use crate::fold::Ch;

const WORDS: usize = MAX_STRETCH / 64 + 2;

/// The places of a stretch whose characters carry a flag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places([u64; WORDS]);

impl Places {
    pub(super) fn of(chars: &[Ch], flags: u8) -> Self {
        let mut words = [0; WORDS];
        for (word, chars) in words.iter_mut().zip(chars.chunks(64)) {
            *word = (0..).zip(chars).fold(0, |bits, (n, ch)| bits | u64::from(ch.flags & flags != 0) << n);
        }
        Self(words)
    }

    /// The 64 places from `n`.
    fn window(&self, n: usize) -> u64 {
        let (word, bit) = (n / 64, n % 64);
        let low = self.0[word] >> bit;
        if bit == 0 { low } else { low | self.0[word + 1] << (64 - bit) }
    }

    /// How many places from `n` to the first that carries the flag; 64 when it is farther.
    pub(super) fn first_from(&self, n: usize) -> usize {
        self.window(n).trailing_zeros() as usize
    }

    /// Those within `count` places from `n`, at most 63, reckoned from there.
    pub(super) fn within(&self, n: usize, count: usize) -> impl Iterator<Item = usize> + use<> {
        let mut bits = self.window(n) & ((1 << count) - 1);
        std::iter::from_fn(move || {
            let next = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(next)
        })
    }
}
