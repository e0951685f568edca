//! The exit codes of the `motpart` command: an interface for scripts and CI.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done; under `check`: the target conforms |
//! | 1 | the answer is no: `health` found nobody well; under `check`: the target does not conform, or a known failure is stale |
//! | 2 | usage or configuration: a flag, a file, an address that cannot be had |
//! | 3 | the specification is invalid: a script or a feature cannot be read |
//! | 4 | the target could not be started or driven: that is no verdict on it |
//! | 5 | nothing ran: no feature, a filter that leaves nothing, everything not applicable |
//! | 6 | the harness itself failed |
//!
//! Where several apply, the first of 6, 2, 3, 4, 5, 1 counts. `serve -- CMD` is the exception: it ends with the code of CMD, and with 128
//! and the signal's number when a signal ended CMD. A signal ends `check` in the same way, after what it started is stopped.

/// Done.
pub const OK: u8 = 0;
/// The answer is no.
pub const NO: u8 = 1;
/// Usage or configuration. The argument parser uses it as well.
pub const USAGE: u8 = 2;
/// A script cannot be read.
pub const SPECIFICATION: u8 = 3;
/// The target could not be started or driven.
pub const TARGET: u8 = 4;
/// Nothing ran.
pub const NOTHING: u8 = 5;
/// Motpart itself failed.
pub const HARNESS: u8 = 6;
/// Added to the number of the signal that ended a child process, as shells do.
pub const SIGNALLED: u8 = 128;

/// The same table for `--help`.
pub const TABLE: &str = "\
Exit codes:
  0  done
  1  the answer is no (`health`: nobody is well there; `check`: the target does not conform, or a known failure is stale)
  2  usage or configuration: a flag, a file, an address that cannot be had
  3  a script or a feature cannot be read
  4  the target could not be started or driven: that is no verdict on it
  5  nothing ran: no feature, a filter that leaves nothing, everything not applicable
  6  Motpart itself failed
  Of several the first of 6, 2, 3, 4, 5, 1 counts. `serve -- CMD` ends with the code of CMD. A signal that ends CMD or `check` gives 128
  and its number.";
