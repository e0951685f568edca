//! HOW THINGS ARE SEALED: keys, signatures, certificates, keyed digests.
//!
//! This is the one place that touches josekit, openssl and rcgen. It knows no provider: callers hand over bytes and header members, and get
//! bytes back. The keys are public fixtures (see `fixtures/keys/README.md`), so that the same seed always signs with the same key.

pub mod cert;
pub mod jwe;
pub mod jws;
pub mod keys;
pub mod mac;
pub mod pinned;
pub mod private_key;
pub mod seal;
pub mod sealed;
pub mod signatory;
pub mod unkeyed;
pub mod xmldsig;
