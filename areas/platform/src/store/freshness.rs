//! When something kept in memory must look at the database again.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::Store;

/// Another process's writes are noticed after this long at the latest; this process's own at once.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// Guards a value rebuilt from the database: says when looking whether it still holds is worth a statement.
#[derive(Debug, Default)]
pub struct Freshness(Mutex<Option<Look>>);

/// A look at the database; hand it to [`Freshness::looked`] once what was found has been taken in.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    commits: u64,
    at: Instant,
}

impl Freshness {
    /// A look that is due now: nobody has looked, this process has committed since, or the last look is too old.
    pub fn due(&self, store: &Store) -> Option<Look> {
        let look = Look { commits: store.commits(), at: Instant::now() };
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = last.is_some_and(|l| l.commits == look.commits && look.at.duration_since(l.at) < LOOK_AGAIN_AFTER);
        (!fresh).then_some(look)
    }
    /// The look found the value right, or it was put right.
    pub fn looked(&self, look: Look) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|l| l.commits <= look.commits) {
            *last = Some(look);
        }
    }
}
