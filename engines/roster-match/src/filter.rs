//! One bit for each hash: most look-ups that would find nothing end here.

/// A set that may say yes too often, never no too often.
#[derive(Clone)]
pub(crate) struct Filter {
    words: Vec<u64>,
    mask: usize,
}

impl Filter {
    /// For about so many members: sixteen bits each.
    pub(crate) fn for_members(members: usize) -> Self {
        let bits = members.saturating_mul(16).next_power_of_two().clamp(1 << 10, 1 << 28);
        Self { words: vec![0; bits / 64], mask: bits - 1 }
    }

    pub(crate) fn add(&mut self, key: u64) {
        let bit = spread(key) & self.mask;
        self.words[bit >> 6] |= 1 << (bit & 63);
    }

    pub(crate) fn may_have(&self, key: u64) -> bool {
        let bit = spread(key) & self.mask;
        self.words[bit >> 6] >> (bit & 63) & 1 == 1
    }
}

pub(crate) fn spread(key: u64) -> usize {
    let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)) as usize
}

/// How often each hash was counted; two hashes may rarely share a count.
#[derive(Clone)]
pub(crate) struct Counts {
    counts: Vec<u16>,
}

impl Counts {
    pub(crate) fn for_members(members: usize) -> Self {
        Self { counts: vec![0; members.saturating_mul(2).next_power_of_two().clamp(1 << 8, 1 << 24)] }
    }

    pub(crate) fn add(&mut self, key: u32) {
        let slot = self.slot(key);
        self.counts[slot] = self.counts[slot].saturating_add(1);
    }

    pub(crate) fn of(&self, key: u32) -> u32 {
        u32::from(self.counts[self.slot(key)])
    }

    fn slot(&self, key: u32) -> usize {
        spread(u64::from(key)) & (self.counts.len() - 1)
    }
}
