//! The files of `scenarios/`, embedded.

/// Each file's name and text, by name.
pub(super) const BUNDLED: &[(&str, &str)] = &[
    ("already-in-progress.toml", include_str!("../../scenarios/already-in-progress.toml")),
    ("cancelled.toml", include_str!("../../scenarios/cancelled.toml")),
    ("certificate-error.toml", include_str!("../../scenarios/certificate-error.toml")),
    ("exception.toml", include_str!("../../scenarios/exception.toml")),
    ("finished.toml", include_str!("../../scenarios/finished.toml")),
    ("hints.toml", include_str!("../../scenarios/hints.toml")),
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
    ("start-failed.toml", include_str!("../../scenarios/start-failed.toml")),
    ("superseded.toml", include_str!("../../scenarios/superseded.toml")),
    ("token-503-once.toml", include_str!("../../scenarios/token-503-once.toml")),
    ("token-unavailable.toml", include_str!("../../scenarios/token-unavailable.toml")),
    ("userinfo-unavailable.toml", include_str!("../../scenarios/userinfo-unavailable.toml")),
    ("webhook-altered.toml", include_str!("../../scenarios/webhook-altered.toml")),
    ("webhook-duplicate-keys.toml", include_str!("../../scenarios/webhook-duplicate-keys.toml")),
    ("webhook-empty-key.toml", include_str!("../../scenarios/webhook-empty-key.toml")),
    ("webhook-late.toml", include_str!("../../scenarios/webhook-late.toml")),
    ("webhook-lost.toml", include_str!("../../scenarios/webhook-lost.toml")),
    ("webhook-other-session.toml", include_str!("../../scenarios/webhook-other-session.toml")),
    ("webhook-out-of-order.toml", include_str!("../../scenarios/webhook-out-of-order.toml")),
    ("webhook-person-swapped.toml", include_str!("../../scenarios/webhook-person-swapped.toml")),
    ("webhook-relaystate-swapped.toml", include_str!("../../scenarios/webhook-relaystate-swapped.toml")),
    ("webhook-reserialised.toml", include_str!("../../scenarios/webhook-reserialised.toml")),
    ("webhook-signature-empty.toml", include_str!("../../scenarios/webhook-signature-empty.toml")),
    ("webhook-signature-foreign-key.toml", include_str!("../../scenarios/webhook-signature-foreign-key.toml")),
    ("webhook-signature-missing.toml", include_str!("../../scenarios/webhook-signature-missing.toml")),
    ("webhook-signature-truncated.toml", include_str!("../../scenarios/webhook-signature-truncated.toml")),
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
