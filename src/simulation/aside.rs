//! Work with private RSA keys, done where it holds up nobody else.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Does what takes about half a millisecond of one core, as an RSA-2048 operation does: longer than all else in a request. Whoever waits
/// for the same thread of the runtime goes on in another one meanwhile. Without such a runtime it is simply done.
#[must_use]
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        Ok(_) | Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn others_go_on_meanwhile() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (tell, hear) = mpsc::channel();
        let long = runtime.spawn(async move { aside(|| hear.recv_timeout(Duration::from_mins(1))) });
        runtime.block_on(async {
            tokio::spawn(async move { tell.send("done").unwrap() }).await.unwrap();
            assert_eq!(long.await.unwrap(), Ok("done"));
        });
    }

    #[test]
    fn without_a_runtime_it_is_done_as_well() {
        assert_eq!(aside(|| 1), 1);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(async { aside(|| 2) }), 2);
    }
}
