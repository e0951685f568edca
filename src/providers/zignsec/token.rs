//! The tokens of versions 2 and 3.

use crate::simulation::DEFAULT;

/// The token of the documents' examples, the same for all versions: what a client copied from there holds.
pub const DOCUMENTED_TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";

/// A space's token: the documented one for `default`, else a GUID.
pub(in crate::providers) fn mint(space: &str, entropy: [u8; 32]) -> String {
    if space == DEFAULT {
        return DOCUMENTED_TOKEN.to_owned();
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&entropy[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
