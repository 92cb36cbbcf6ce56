//! Sealing and opening many values on all processors, away from the threads that serve pages.

use linli_platform::{AppError, Result};

/// Below this many, starting threads costs more than it saves.
const WORTH_IT: usize = 64;

/// Applies `f` to each item, in order, on as many threads as the machine has.
pub(crate) async fn map<T, U, F>(items: Vec<T>, f: F) -> Result<Vec<U>>
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(T) -> U + Send + Sync + 'static,
{
    if items.len() < WORTH_IT {
        return Ok(items.into_iter().map(f).collect());
    }
    tokio::task::spawn_blocking(move || {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let per_thread = items.len().div_ceil(threads);
        let mut chunks: Vec<Vec<T>> = Vec::with_capacity(threads);
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            chunks.push(items.by_ref().take(per_thread).collect());
        }
        let f = &f;
        std::thread::scope(|scope| {
            let running: Vec<_> = chunks
                .into_iter()
                .map(|chunk| scope.spawn(move || chunk.into_iter().map(f).collect::<Vec<U>>()))
                .collect();
            let mut out = Vec::new();
            for thread in running {
                out.extend(thread.join().map_err(|_| AppError::internal("a sealing thread ended early"))?);
            }
            Ok(out)
        })
    })
    .await
    .map_err(AppError::internal)?
}
