//! Looking until it shows: *eventually* ends with the first good look, *never* goes on until the target is idle.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Looks at growing intervals until a look is good, or the limit is over. Returns the last look, and whether it was good.
///
/// # Errors
/// Whatever a look fails with.
pub(super) async fn eventually<T, E>(
    limit: Duration,
    mut look: impl AsyncFnMut() -> Result<T, E>,
    good: impl Fn(&T) -> bool,
) -> Result<(T, bool), E> {
    let end = Instant::now() + limit;
    let mut interval = SHORTEST;
    loop {
        let seen = look().await?;
        if good(&seen) {
            return Ok((seen, true));
        }
        let now = Instant::now();
        if now >= end {
            return Ok((seen, false));
        }
        sleep_until((now + interval).min(end)).await;
        interval = (interval * 2).min(LONGEST);
    }
}

/// Looks at growing intervals until a look is bad, or `quiet` has passed; the last look is after that. Returns the first bad look, or the
/// last one, and whether it was bad.
///
/// # Errors
/// Whatever a look fails with.
pub(super) async fn throughout<T, E>(
    quiet: Duration,
    look: impl AsyncFnMut() -> Result<T, E>,
    bad: impl Fn(&T) -> bool,
) -> Result<(T, bool), E> {
    eventually(quiet, look, bad).await
}

/// The first interval.
const SHORTEST: Duration = Duration::from_millis(20);
/// No interval is longer.
const LONGEST: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn eventually_ends_with_the_first_good_look() {
        let began = Instant::now();
        let mut looks = 0;
        let seen = eventually(
            Duration::from_secs(10),
            async || {
                Ok::<_, ()>({
                    looks += 1;
                    began.elapsed()
                })
            },
            |at| *at >= Duration::from_secs(2),
        )
        .await;
        let (at, good) = seen.unwrap();
        assert!(good && at < Duration::from_secs(3), "{at:?}");
        assert!(looks < 15, "{looks} looks");
    }

    #[tokio::test(start_paused = true)]
    async fn never_looks_once_more_when_the_time_is_over() {
        let began = Instant::now();
        let quiet = Duration::from_secs(5);
        let seen = throughout(quiet, async || Ok::<_, ()>(began.elapsed()), |_| false).await.unwrap();
        assert_eq!(seen, (quiet, false));
        let seen = throughout(quiet, async || Ok::<_, ()>(()), |()| true).await.unwrap();
        assert!(seen.1);
    }
}
