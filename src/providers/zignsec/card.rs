//! Somebody whom one can be on a hosted page: what `person.html` shows.

/// Somebody whom one can be.
#[derive(Debug)]
pub(in crate::providers) struct Card {
    /// The register name.
    pub(in crate::providers) name: String,
    pub(in crate::providers) full_name: String,
    /// What is special about them.
    pub(in crate::providers) word: String,
    /// What they are to the order.
    pub(in crate::providers) relation: Option<&'static str>,
    pub(in crate::providers) class: &'static str,
    /// What a filter finds, in lower case.
    pub(in crate::providers) search: String,
    pub(in crate::providers) chosen: bool,
}
