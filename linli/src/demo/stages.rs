//! Telling how far the building is.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Shows one stage at a time; a line with its time stays when it ends.
pub struct Stages {
    begun: Instant,
    current: Option<(String, Instant, ProgressBar)>,
}

impl Stages {
    /// None yet; times count from the program's start.
    pub fn new(begun: Instant) -> Self {
        Stages { begun, current: None }
    }
    /// Ends the stage before and begins another.
    pub fn begin(&mut self, text: String) {
        self.end();
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(text.clone());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.current = Some((text, Instant::now(), bar));
    }
    /// Ends the last stage.
    pub fn end(&mut self) {
        if let Some((text, since, bar)) = self.current.take() {
            bar.finish_and_clear();
            crate::say!(
                "  {:5.1} s  {text} ({:.1} s)",
                self.begun.elapsed().as_secs_f64(),
                since.elapsed().as_secs_f64()
            );
        }
    }
}
