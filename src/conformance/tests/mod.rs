//! The engine from end to end, against a small service that is right or wrong on purpose.

mod freja;
mod messages;
mod signed;
mod toy;
mod whole;
