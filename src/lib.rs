//! Motpart: the counterparty for identity enforcement.
