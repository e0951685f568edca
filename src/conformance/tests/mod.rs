//! The engine from end to end, against a small service that is right or wrong on purpose.

mod messages;
mod toy;
mod whole;
