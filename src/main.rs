//! The `motpart` binary.
fn main() {}
