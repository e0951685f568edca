//! The files of `scenarios/`, embedded.

/// Each file's name and text, by name.
pub(super) const BUNDLED: &[(&str, &str)] = &[
    ("already-in-progress.toml", include_str!("../../scenarios/already-in-progress.toml")),
    ("callback-code-of-another-session.toml", include_str!("../../scenarios/callback-code-of-another-session.toml")),
    ("callback-complete-elsewhere.toml", include_str!("../../scenarios/callback-complete-elsewhere.toml")),
    ("callback-error-with-foreign-state.toml", include_str!("../../scenarios/callback-error-with-foreign-state.toml")),
    ("callback-issuer-foreign.toml", include_str!("../../scenarios/callback-issuer-foreign.toml")),
    ("callback-state-foreign.toml", include_str!("../../scenarios/callback-state-foreign.toml")),
    ("callback-state-missing.toml", include_str!("../../scenarios/callback-state-missing.toml")),
    ("cancelled.toml", include_str!("../../scenarios/cancelled.toml")),
    ("certificate-error.toml", include_str!("../../scenarios/certificate-error.toml")),
    ("exception.toml", include_str!("../../scenarios/exception.toml")),
    ("finished.toml", include_str!("../../scenarios/finished.toml")),
    ("hints.toml", include_str!("../../scenarios/hints.toml")),
    ("id-token-acr-swapped.toml", include_str!("../../scenarios/id-token-acr-swapped.toml")),
    (
        "id-token-algorithm-hs256-certificate.toml",
        include_str!("../../scenarios/id-token-algorithm-hs256-certificate.toml"),
    ),
    ("id-token-algorithm-hs256-der.toml", include_str!("../../scenarios/id-token-algorithm-hs256-der.toml")),
    ("id-token-algorithm-hs256-jwk.toml", include_str!("../../scenarios/id-token-algorithm-hs256-jwk.toml")),
    ("id-token-algorithm-hs256-pem.toml", include_str!("../../scenarios/id-token-algorithm-hs256-pem.toml")),
    ("id-token-algorithm-missing.toml", include_str!("../../scenarios/id-token-algorithm-missing.toml")),
    (
        "id-token-algorithm-none-capitalised.toml",
        include_str!("../../scenarios/id-token-algorithm-none-capitalised.toml"),
    ),
    ("id-token-algorithm-none-mixed.toml", include_str!("../../scenarios/id-token-algorithm-none-mixed.toml")),
    ("id-token-algorithm-none-upper.toml", include_str!("../../scenarios/id-token-algorithm-none-upper.toml")),
    ("id-token-algorithm-none.toml", include_str!("../../scenarios/id-token-algorithm-none.toml")),
    ("id-token-algorithm-rsa1-5.toml", include_str!("../../scenarios/id-token-algorithm-rsa1-5.toml")),
    ("id-token-at-hash-wrong.toml", include_str!("../../scenarios/id-token-at-hash-wrong.toml")),
    ("id-token-audience-wrong.toml", include_str!("../../scenarios/id-token-audience-wrong.toml")),
    ("id-token-azp-wrong.toml", include_str!("../../scenarios/id-token-azp-wrong.toml")),
    ("id-token-base64url-bad.toml", include_str!("../../scenarios/id-token-base64url-bad.toml")),
    ("id-token-ciphertext-altered.toml", include_str!("../../scenarios/id-token-ciphertext-altered.toml")),
    ("id-token-crit-unknown.toml", include_str!("../../scenarios/id-token-crit-unknown.toml")),
    ("id-token-embedded-jku.toml", include_str!("../../scenarios/id-token-embedded-jku.toml")),
    ("id-token-embedded-jwk.toml", include_str!("../../scenarios/id-token-embedded-jwk.toml")),
    ("id-token-embedded-x5c.toml", include_str!("../../scenarios/id-token-embedded-x5c.toml")),
    ("id-token-embedded-x5u.toml", include_str!("../../scenarios/id-token-embedded-x5u.toml")),
    ("id-token-encrypted-key-altered.toml", include_str!("../../scenarios/id-token-encrypted-key-altered.toml")),
    ("id-token-encrypted-to-another.toml", include_str!("../../scenarios/id-token-encrypted-to-another.toml")),
    ("id-token-encryption-crit-unknown.toml", include_str!("../../scenarios/id-token-encryption-crit-unknown.toml")),
    ("id-token-expired.toml", include_str!("../../scenarios/id-token-expired.toml")),
    ("id-token-expiry-as-text.toml", include_str!("../../scenarios/id-token-expiry-as-text.toml")),
    ("id-token-expiry-missing.toml", include_str!("../../scenarios/id-token-expiry-missing.toml")),
    ("id-token-foreign-key.toml", include_str!("../../scenarios/id-token-foreign-key.toml")),
    ("id-token-header-duplicate-keys.toml", include_str!("../../scenarios/id-token-header-duplicate-keys.toml")),
    ("id-token-huge.toml", include_str!("../../scenarios/id-token-huge.toml")),
    ("id-token-issued-in-future.toml", include_str!("../../scenarios/id-token-issued-in-future.toml")),
    ("id-token-issuer-missing.toml", include_str!("../../scenarios/id-token-issuer-missing.toml")),
    ("id-token-issuer-slash.toml", include_str!("../../scenarios/id-token-issuer-slash.toml")),
    ("id-token-issuer-wrong.toml", include_str!("../../scenarios/id-token-issuer-wrong.toml")),
    ("id-token-iv-altered.toml", include_str!("../../scenarios/id-token-iv-altered.toml")),
    ("id-token-key-expired.toml", include_str!("../../scenarios/id-token-key-expired.toml")),
    ("id-token-key-rotated-out.toml", include_str!("../../scenarios/id-token-key-rotated-out.toml")),
    ("id-token-key-unknown.toml", include_str!("../../scenarios/id-token-key-unknown.toml")),
    ("id-token-missing.toml", include_str!("../../scenarios/id-token-missing.toml")),
    ("id-token-nonce-missing.toml", include_str!("../../scenarios/id-token-nonce-missing.toml")),
    ("id-token-nonce-wrong.toml", include_str!("../../scenarios/id-token-nonce-wrong.toml")),
    ("id-token-not-yet-valid.toml", include_str!("../../scenarios/id-token-not-yet-valid.toml")),
    ("id-token-other-client.toml", include_str!("../../scenarios/id-token-other-client.toml")),
    ("id-token-padded.toml", include_str!("../../scenarios/id-token-padded.toml")),
    ("id-token-payload-altered.toml", include_str!("../../scenarios/id-token-payload-altered.toml")),
    ("id-token-payload-unencoded.toml", include_str!("../../scenarios/id-token-payload-unencoded.toml")),
    ("id-token-plain-claims.toml", include_str!("../../scenarios/id-token-plain-claims.toml")),
    ("id-token-protected-header-altered.toml", include_str!("../../scenarios/id-token-protected-header-altered.toml")),
    ("id-token-segments-four.toml", include_str!("../../scenarios/id-token-segments-four.toml")),
    ("id-token-segments-two.toml", include_str!("../../scenarios/id-token-segments-two.toml")),
    ("id-token-signature-missing.toml", include_str!("../../scenarios/id-token-signature-missing.toml")),
    ("id-token-signature-replaced.toml", include_str!("../../scenarios/id-token-signature-replaced.toml")),
    ("id-token-signature-truncated.toml", include_str!("../../scenarios/id-token-signature-truncated.toml")),
    ("id-token-subject-swapped.toml", include_str!("../../scenarios/id-token-subject-swapped.toml")),
    ("id-token-tag-altered.toml", include_str!("../../scenarios/id-token-tag-altered.toml")),
    ("identity-country-swapped.toml", include_str!("../../scenarios/identity-country-swapped.toml")),
    ("identity-error-beside.toml", include_str!("../../scenarios/identity-error-beside.toml")),
    ("identity-finished-without.toml", include_str!("../../scenarios/identity-finished-without.toml")),
    ("identity-method-swapped.toml", include_str!("../../scenarios/identity-method-swapped.toml")),
    ("identity-name-of-requested.toml", include_str!("../../scenarios/identity-name-of-requested.toml")),
    ("identity-number-as-array.toml", include_str!("../../scenarios/identity-number-as-array.toml")),
    ("identity-number-duplicated.toml", include_str!("../../scenarios/identity-number-duplicated.toml")),
    ("identity-number-empty.toml", include_str!("../../scenarios/identity-number-empty.toml")),
    ("identity-number-from-request.toml", include_str!("../../scenarios/identity-number-from-request.toml")),
    ("identity-number-hyphenated.toml", include_str!("../../scenarios/identity-number-hyphenated.toml")),
    ("identity-number-in-person-id.toml", include_str!("../../scenarios/identity-number-in-person-id.toml")),
    ("identity-number-missing.toml", include_str!("../../scenarios/identity-number-missing.toml")),
    ("identity-number-padded.toml", include_str!("../../scenarios/identity-number-padded.toml")),
    ("identity-number-ten-digits.toml", include_str!("../../scenarios/identity-number-ten-digits.toml")),
    ("identity-other-id.toml", include_str!("../../scenarios/identity-other-id.toml")),
    ("identity-pending-beside.toml", include_str!("../../scenarios/identity-pending-beside.toml")),
    ("identity-person-swapped-first.toml", include_str!("../../scenarios/identity-person-swapped-first.toml")),
    ("identity-person-swapped-later.toml", include_str!("../../scenarios/identity-person-swapped-later.toml")),
    ("identity-person-swapped.toml", include_str!("../../scenarios/identity-person-swapped.toml")),
    ("identity-stale.toml", include_str!("../../scenarios/identity-stale.toml")),
    ("identity-state-unknown.toml", include_str!("../../scenarios/identity-state-unknown.toml")),
    ("key-set-empty.toml", include_str!("../../scenarios/key-set-empty.toml")),
    ("key-set-foreign-key.toml", include_str!("../../scenarios/key-set-foreign-key.toml")),
    ("key-set-malformed.toml", include_str!("../../scenarios/key-set-malformed.toml")),
    ("key-set-rotated.toml", include_str!("../../scenarios/key-set-rotated.toml")),
    ("keys-unavailable.toml", include_str!("../../scenarios/keys-unavailable.toml")),
    ("link-expired.toml", include_str!("../../scenarios/link-expired.toml")),
    ("manual.toml", include_str!("../../scenarios/manual.toml")),
    ("mismatch-on-confirm.toml", include_str!("../../scenarios/mismatch-on-confirm.toml")),
    ("mismatch.toml", include_str!("../../scenarios/mismatch.toml")),
    ("order-expired.toml", include_str!("../../scenarios/order-expired.toml")),
    ("pending-then-finished-by-polls.toml", include_str!("../../scenarios/pending-then-finished-by-polls.toml")),
    ("pending-then-finished-by-signal.toml", include_str!("../../scenarios/pending-then-finished-by-signal.toml")),
    ("pending-then-finished-by-time.toml", include_str!("../../scenarios/pending-then-finished-by-time.toml")),
    ("pending.toml", include_str!("../../scenarios/pending.toml")),
    ("provider-429-once.toml", include_str!("../../scenarios/provider-429-once.toml")),
    ("provider-500-on-start.toml", include_str!("../../scenarios/provider-500-on-start.toml")),
    ("provider-503-once.toml", include_str!("../../scenarios/provider-503-once.toml")),
    ("provider-byte-order-mark-always.toml", include_str!("../../scenarios/provider-byte-order-mark-always.toml")),
    ("provider-garbage-always.toml", include_str!("../../scenarios/provider-garbage-always.toml")),
    ("provider-garbage-once.toml", include_str!("../../scenarios/provider-garbage-once.toml")),
    ("provider-hold.toml", include_str!("../../scenarios/provider-hold.toml")),
    ("provider-html-always.toml", include_str!("../../scenarios/provider-html-always.toml")),
    ("provider-html-once.toml", include_str!("../../scenarios/provider-html-once.toml")),
    ("provider-reset-always.toml", include_str!("../../scenarios/provider-reset-always.toml")),
    ("provider-reset-once.toml", include_str!("../../scenarios/provider-reset-once.toml")),
    ("provider-slow.toml", include_str!("../../scenarios/provider-slow.toml")),
    ("provider-truncated-always.toml", include_str!("../../scenarios/provider-truncated-always.toml")),
    ("provider-truncated-once.toml", include_str!("../../scenarios/provider-truncated-once.toml")),
    ("provider-unavailable.toml", include_str!("../../scenarios/provider-unavailable.toml")),
    ("register-of-someone-else.toml", include_str!("../../scenarios/register-of-someone-else.toml")),
    ("sdo-foreign-key.toml", include_str!("../../scenarios/sdo-foreign-key.toml")),
    ("sdo-person-swapped.toml", include_str!("../../scenarios/sdo-person-swapped.toml")),
    ("sdo-signature-broken.toml", include_str!("../../scenarios/sdo-signature-broken.toml")),
    ("sdo-signature-missing.toml", include_str!("../../scenarios/sdo-signature-missing.toml")),
    ("sdo-text-swapped.toml", include_str!("../../scenarios/sdo-text-swapped.toml")),
    ("signed-identity-absent.toml", include_str!("../../scenarios/signed-identity-absent.toml")),
    (
        "signed-identity-algorithm-hs256-certificate.toml",
        include_str!("../../scenarios/signed-identity-algorithm-hs256-certificate.toml"),
    ),
    (
        "signed-identity-algorithm-hs256-der.toml",
        include_str!("../../scenarios/signed-identity-algorithm-hs256-der.toml"),
    ),
    (
        "signed-identity-algorithm-hs256-jwk.toml",
        include_str!("../../scenarios/signed-identity-algorithm-hs256-jwk.toml"),
    ),
    (
        "signed-identity-algorithm-hs256-pem.toml",
        include_str!("../../scenarios/signed-identity-algorithm-hs256-pem.toml"),
    ),
    ("signed-identity-algorithm-missing.toml", include_str!("../../scenarios/signed-identity-algorithm-missing.toml")),
    (
        "signed-identity-algorithm-none-capitalised.toml",
        include_str!("../../scenarios/signed-identity-algorithm-none-capitalised.toml"),
    ),
    (
        "signed-identity-algorithm-none-mixed.toml",
        include_str!("../../scenarios/signed-identity-algorithm-none-mixed.toml"),
    ),
    (
        "signed-identity-algorithm-none-upper.toml",
        include_str!("../../scenarios/signed-identity-algorithm-none-upper.toml"),
    ),
    ("signed-identity-algorithm-none.toml", include_str!("../../scenarios/signed-identity-algorithm-none.toml")),
    ("signed-identity-base64url-bad.toml", include_str!("../../scenarios/signed-identity-base64url-bad.toml")),
    ("signed-identity-country-swapped.toml", include_str!("../../scenarios/signed-identity-country-swapped.toml")),
    ("signed-identity-crit-unknown.toml", include_str!("../../scenarios/signed-identity-crit-unknown.toml")),
    ("signed-identity-duplicate-keys.toml", include_str!("../../scenarios/signed-identity-duplicate-keys.toml")),
    ("signed-identity-embedded-jku.toml", include_str!("../../scenarios/signed-identity-embedded-jku.toml")),
    ("signed-identity-embedded-jwk.toml", include_str!("../../scenarios/signed-identity-embedded-jwk.toml")),
    ("signed-identity-embedded-x5c.toml", include_str!("../../scenarios/signed-identity-embedded-x5c.toml")),
    ("signed-identity-embedded-x5u.toml", include_str!("../../scenarios/signed-identity-embedded-x5u.toml")),
    ("signed-identity-foreign-key.toml", include_str!("../../scenarios/signed-identity-foreign-key.toml")),
    ("signed-identity-from-the-future.toml", include_str!("../../scenarios/signed-identity-from-the-future.toml")),
    (
        "signed-identity-header-duplicate-keys.toml",
        include_str!("../../scenarios/signed-identity-header-duplicate-keys.toml"),
    ),
    ("signed-identity-huge.toml", include_str!("../../scenarios/signed-identity-huge.toml")),
    ("signed-identity-key-expired.toml", include_str!("../../scenarios/signed-identity-key-expired.toml")),
    ("signed-identity-key-rotated-out.toml", include_str!("../../scenarios/signed-identity-key-rotated-out.toml")),
    ("signed-identity-key-unknown.toml", include_str!("../../scenarios/signed-identity-key-unknown.toml")),
    ("signed-identity-level-too-low.toml", include_str!("../../scenarios/signed-identity-level-too-low.toml")),
    (
        "signed-identity-number-as-user-info.toml",
        include_str!("../../scenarios/signed-identity-number-as-user-info.toml"),
    ),
    ("signed-identity-number-empty.toml", include_str!("../../scenarios/signed-identity-number-empty.toml")),
    (
        "signed-identity-number-from-request.toml",
        include_str!("../../scenarios/signed-identity-number-from-request.toml"),
    ),
    (
        "signed-identity-number-in-person-id.toml",
        include_str!("../../scenarios/signed-identity-number-in-person-id.toml"),
    ),
    ("signed-identity-number-missing.toml", include_str!("../../scenarios/signed-identity-number-missing.toml")),
    ("signed-identity-other-session.toml", include_str!("../../scenarios/signed-identity-other-session.toml")),
    (
        "signed-identity-outer-person-swapped.toml",
        include_str!("../../scenarios/signed-identity-outer-person-swapped.toml"),
    ),
    (
        "signed-identity-outer-status-rejected.toml",
        include_str!("../../scenarios/signed-identity-outer-status-rejected.toml"),
    ),
    ("signed-identity-padded.toml", include_str!("../../scenarios/signed-identity-padded.toml")),
    ("signed-identity-payload-altered.toml", include_str!("../../scenarios/signed-identity-payload-altered.toml")),
    ("signed-identity-payload-unencoded.toml", include_str!("../../scenarios/signed-identity-payload-unencoded.toml")),
    ("signed-identity-person-swapped.toml", include_str!("../../scenarios/signed-identity-person-swapped.toml")),
    ("signed-identity-segments-four.toml", include_str!("../../scenarios/signed-identity-segments-four.toml")),
    ("signed-identity-segments-two.toml", include_str!("../../scenarios/signed-identity-segments-two.toml")),
    ("signed-identity-signature-missing.toml", include_str!("../../scenarios/signed-identity-signature-missing.toml")),
    (
        "signed-identity-signature-replaced.toml",
        include_str!("../../scenarios/signed-identity-signature-replaced.toml"),
    ),
    (
        "signed-identity-signature-truncated.toml",
        include_str!("../../scenarios/signed-identity-signature-truncated.toml"),
    ),
    ("signed-identity-stale.toml", include_str!("../../scenarios/signed-identity-stale.toml")),
    ("signed-identity-status-missing.toml", include_str!("../../scenarios/signed-identity-status-missing.toml")),
    ("signed-identity-status-rejected.toml", include_str!("../../scenarios/signed-identity-status-rejected.toml")),
    (
        "signed-identity-timestamp-in-seconds.toml",
        include_str!("../../scenarios/signed-identity-timestamp-in-seconds.toml"),
    ),
    ("start-failed.toml", include_str!("../../scenarios/start-failed.toml")),
    ("superseded.toml", include_str!("../../scenarios/superseded.toml")),
    ("token-503-once.toml", include_str!("../../scenarios/token-503-once.toml")),
    ("token-unavailable.toml", include_str!("../../scenarios/token-unavailable.toml")),
    ("userinfo-algorithm-rsa1-5.toml", include_str!("../../scenarios/userinfo-algorithm-rsa1-5.toml")),
    ("userinfo-ciphertext-altered.toml", include_str!("../../scenarios/userinfo-ciphertext-altered.toml")),
    ("userinfo-encrypted-key-altered.toml", include_str!("../../scenarios/userinfo-encrypted-key-altered.toml")),
    ("userinfo-encrypted-to-another.toml", include_str!("../../scenarios/userinfo-encrypted-to-another.toml")),
    ("userinfo-encryption-crit-unknown.toml", include_str!("../../scenarios/userinfo-encryption-crit-unknown.toml")),
    ("userinfo-foreign-key.toml", include_str!("../../scenarios/userinfo-foreign-key.toml")),
    ("userinfo-iv-altered.toml", include_str!("../../scenarios/userinfo-iv-altered.toml")),
    ("userinfo-person-swapped.toml", include_str!("../../scenarios/userinfo-person-swapped.toml")),
    ("userinfo-plain-claims.toml", include_str!("../../scenarios/userinfo-plain-claims.toml")),
    ("userinfo-protected-header-altered.toml", include_str!("../../scenarios/userinfo-protected-header-altered.toml")),
    ("userinfo-subject-swapped.toml", include_str!("../../scenarios/userinfo-subject-swapped.toml")),
    ("userinfo-tag-altered.toml", include_str!("../../scenarios/userinfo-tag-altered.toml")),
    ("userinfo-unavailable.toml", include_str!("../../scenarios/userinfo-unavailable.toml")),
    ("webhook-altered.toml", include_str!("../../scenarios/webhook-altered.toml")),
    ("webhook-duplicate-keys.toml", include_str!("../../scenarios/webhook-duplicate-keys.toml")),
    ("webhook-empty-key.toml", include_str!("../../scenarios/webhook-empty-key.toml")),
    ("webhook-late.toml", include_str!("../../scenarios/webhook-late.toml")),
    ("webhook-lost.toml", include_str!("../../scenarios/webhook-lost.toml")),
    ("webhook-other-scheme.toml", include_str!("../../scenarios/webhook-other-scheme.toml")),
    ("webhook-other-session.toml", include_str!("../../scenarios/webhook-other-session.toml")),
    ("webhook-out-of-order.toml", include_str!("../../scenarios/webhook-out-of-order.toml")),
    ("webhook-person-swapped.toml", include_str!("../../scenarios/webhook-person-swapped.toml")),
    ("webhook-relaystate-swapped.toml", include_str!("../../scenarios/webhook-relaystate-swapped.toml")),
    ("webhook-reserialised.toml", include_str!("../../scenarios/webhook-reserialised.toml")),
    ("webhook-signature-empty.toml", include_str!("../../scenarios/webhook-signature-empty.toml")),
    ("webhook-signature-foreign-key.toml", include_str!("../../scenarios/webhook-signature-foreign-key.toml")),
    ("webhook-signature-missing.toml", include_str!("../../scenarios/webhook-signature-missing.toml")),
    ("webhook-signature-truncated.toml", include_str!("../../scenarios/webhook-signature-truncated.toml")),
    ("webhook-timestamp-future.toml", include_str!("../../scenarios/webhook-timestamp-future.toml")),
    ("webhook-timestamp-stale.toml", include_str!("../../scenarios/webhook-timestamp-stale.toml")),
    ("webhook-twice.toml", include_str!("../../scenarios/webhook-twice.toml")),
    ("wrong-person-refused.toml", include_str!("../../scenarios/wrong-person-refused.toml")),
];

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use crate::script::words::Word;
    use crate::script::{Becomes, Hint, Library, Reason, Script, Tampering};

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_bundled() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut files: Vec<String> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let bundled: Vec<&str> = BUNDLED.iter().map(|(file, _)| *file).collect();
        assert_eq!(bundled, files);
    }

    #[test]
    fn every_bundled_script_is_read_titled_and_explained() {
        let mut titles = Vec::new();
        for (file, text) in BUNDLED {
            let script = Script::parse(text, file).unwrap_or_else(|error| panic!("{error}"));
            assert!(text.starts_with("# "), "{file} begins with an explanation");
            assert!(script.title != script.name && !titles.contains(&script.title), "{file} has a title of its own");
            assert!(script.unknown_persons(|_| false).is_empty(), "{file} needs a person that not every register has");
            assert_eq!(Script::parse(&script.to_toml(), file).as_ref(), Ok(&script));
            titles.push(script.title);
        }
    }

    #[test]
    fn every_hint_reason_and_tampering_has_a_script() {
        let library = Library::bundled();
        let becomes = |wanted: &Becomes| {
            library.iter().any(|entry| entry.script.steps.iter().any(|step| step.becomes == *wanted))
        };
        for hint in Hint::ALL {
            assert!(becomes(&Becomes::Pending(*hint)), "no script shows {hint}");
        }
        for reason in Reason::ALL {
            let by_deadline = |script: &Script| match reason {
                Reason::LinkExpired => script.lifetime.link.is_some(),
                Reason::OrderExpired => script.lifetime.order.is_some(),
                Reason::AlreadyInProgress
                | Reason::Cancelled
                | Reason::CertificateError
                | Reason::Exception
                | Reason::StartFailed
                | Reason::Superseded
                | Reason::WrongPerson => false,
            };
            let shown = becomes(&Becomes::Failed(*reason)) || library.iter().any(|entry| by_deadline(&entry.script));
            assert!(shown, "no script shows {reason}");
        }
        for how in Tampering::all() {
            let forged = library.iter().any(|entry| entry.script.forgeries.iter().any(|one| one.how == how));
            assert!(forged, "no script shows {how}");
        }
    }
}
