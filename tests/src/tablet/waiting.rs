//! Waiting: never for a time, always for something, with a generous end.

use std::time::{Duration, Instant};

/// After this long it will not happen any more.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often one looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Looks until there is something; `None` when patience ends.
pub async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if begun.elapsed() > PATIENCE {
            return None;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
