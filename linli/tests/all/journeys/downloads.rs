//! Files that a journey takes along.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use super::browser::{Browser, SOON};

impl Browser {
    /// Follows a link to a file and waits until the file is whole.
    pub async fn download(&self, css: &str) -> Vec<u8> {
        let before = self.downloaded();
        self.click(css).await;
        // Between two looks a file may get its own name in place of a passing one.
        let arrived =
            || self.downloaded().into_iter().find(|f| !before.contains(f)).and_then(|f| std::fs::read(f).ok());
        let end = Instant::now() + SOON;
        loop {
            match arrived() {
                Some(whole) => return whole,
                None => assert!(Instant::now() < end, "no file came from {css} on {}", self.path().await),
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    fn downloaded(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.downloads).unwrap().map(|f| f.unwrap().path());
        let passing = |f: &PathBuf| f.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
        files.filter(|f| !passing(f) && f.extension().is_some_and(|e| e != "crdownload" && e != "tmp")).collect()
    }
}
