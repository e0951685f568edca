//! A script in words.

use crate::script::{
    Becomes, CallbackTampering, Damage, Delivery, Fault, IdTokenTampering, IdentityTampering, JweTampering,
    JwsTampering, KeySetTampering, Millis, Occurrence, Script, SdoTampering, SignalName, SignedIdentityTampering, Step,
    Tampering, Trigger, UserinfoTampering, WebhookTampering, Who,
};

/// What a script says, a line each: its steps, deadlines, faults, forgeries and deliveries.
#[must_use]
pub fn in_words(script: &Script) -> Vec<String> {
    let mut lines: Vec<String> = script.steps.iter().map(step).collect();
    if script.steps.is_empty() {
        lines.push("a person, a test or the judge decides what happens; every signal has its usual effect".to_owned());
    }
    lines.extend(script.lifetime.link.map(|span| format!("the link may wait at most {span} to be opened")));
    lines.extend(script.lifetime.order.map(|span| format!("the person may take at most {span}")));
    lines.extend(script.faults.iter().map(fault));
    lines.extend(script.forgeries.iter().map(|f| format!("{}{}", which(f.occurrence), tampering(f.how))));
    lines.extend(script.deliveries.iter().map(delivery));
    lines
}

/// What somebody does when giving a signal.
pub(super) const fn signal_in_words(signal: SignalName) -> &'static str {
    match signal {
        SignalName::Cancelled => "the person presses cancel",
        SignalName::Confirmed => "the person authenticates",
        SignalName::Delivered => "the order reaches the person's app",
        SignalName::Failed => "the attempt fails",
        SignalName::Opened => "the person opens the page",
    }
}

fn step(step: &Step) -> String {
    let trigger = match step.trigger {
        Trigger::After(Millis(0)) => "at once".to_owned(),
        Trigger::After(span) => format!("after {span}"),
        Trigger::On(signal) => format!("when {}", signal_in_words(signal)),
        Trigger::Polls(n) => format!("after {n} pending answers"),
    };
    let becomes = match &step.becomes {
        Becomes::Failed(reason) => format!("the attempt fails: {reason}"),
        Becomes::Finished(Who::Named(name)) => format!("`{name}` has authenticated"),
        Becomes::Finished(Who::Requested) => "the requested person has authenticated".to_owned(),
        Becomes::Finished(Who::SomeoneElse) => "somebody else has authenticated".to_owned(),
        Becomes::Pending(hint) => format!("it is still pending: {hint}"),
    };
    format!("{trigger}, {becomes}")
}

fn fault(fault: &Fault) -> String {
    let happens = match &fault.damage {
        Damage::ByteOrderMark => "begins with a byte order mark".to_owned(),
        Damage::Delay(span) => format!("comes {span} late"),
        Damage::Hold => "is held until somebody releases it".to_owned(),
        Damage::Replace { status, content_type, headers, .. } => {
            let more: String = headers.iter().map(|(name, value)| format!(", {name}: {value}")).collect();
            format!("is replaced by status {status} ({content_type}{more})")
        }
        Damage::Reset => "is a connection reset".to_owned(),
        Damage::Truncate { keep: Some(bytes) } => format!("ends after {bytes} bytes of its body"),
        Damage::Truncate { keep: None } => "ends in the middle of its body".to_owned(),
    };
    format!("{}the answer to `{}` {happens}", which(fault.occurrence), fault.on)
}

fn delivery(delivery: &Delivery) -> String {
    let times = match (delivery.lost, delivery.copies) {
        (true, _) => return format!("{}the webhook is never sent", which(delivery.occurrence)),
        (false, 1) => "once".to_owned(),
        (false, 2) => "twice".to_owned(),
        (false, copies) => format!("{copies} times"),
    };
    let late = if delivery.after == Millis(0) { String::new() } else { format!(", {} late", delivery.after) };
    format!("{}the webhook is sent {times}{late}", which(delivery.occurrence))
}

fn tampering(how: Tampering) -> String {
    match how {
        Tampering::Callback(how) => callback(how).to_owned(),
        Tampering::IdToken(how) => id_token(how).to_owned(),
        Tampering::Identity(how) => identity(how).to_owned(),
        Tampering::Jwe(artefact, how) => format!("the {artefact}{}", jwe(how)),
        Tampering::Jws(artefact, how) => format!("the {artefact}{}", jws(how)),
        Tampering::KeySet(how) => key_set(how).to_owned(),
        Tampering::Sdo(how) => sdo(how).to_owned(),
        Tampering::SignedIdentity(how) => signed_identity(how).to_owned(),
        Tampering::Userinfo(how) => userinfo(how).to_owned(),
        Tampering::Webhook(how) => webhook(how).to_owned(),
    }
}

const fn jwe(how: JweTampering) -> &'static str {
    match how {
        JweTampering::AlgorithmRsa15 => "'s key is encrypted with RSA1_5",
        JweTampering::CiphertextAltered => "'s ciphertext has one bit changed",
        JweTampering::EncryptedKeyAltered => "'s encrypted key has one bit changed",
        JweTampering::EncryptedToAnother => " is encrypted to somebody else",
        JweTampering::EncryptionCritUnknown => "'s encryption demands an extension that nobody knows",
        JweTampering::IvAltered => "'s initialisation vector has one bit changed",
        JweTampering::ProtectedHeaderAltered => "'s protected header has a member changed after encrypting",
        JweTampering::TagAltered => "'s authentication tag has one bit changed",
    }
}

const fn jws(how: JwsTampering) -> &'static str {
    match how {
        JwsTampering::AlgorithmHs256Certificate => " is signed with HS256, the certificate being the key",
        JwsTampering::AlgorithmHs256Der | JwsTampering::AlgorithmHs256Jwk | JwsTampering::AlgorithmHs256Pem => {
            " is signed with HS256, the public key being the key"
        }
        JwsTampering::AlgorithmMissing => " names no algorithm",
        JwsTampering::AlgorithmNone
        | JwsTampering::AlgorithmNoneCapitalised
        | JwsTampering::AlgorithmNoneMixed
        | JwsTampering::AlgorithmNoneUpper => " says that it is not signed",
        JwsTampering::Base64urlBad => "'s payload is not base64url",
        JwsTampering::CritUnknown => " demands an extension that nobody knows",
        JwsTampering::EmbeddedJku | JwsTampering::EmbeddedX5u => " says where its foreign key is to be fetched",
        JwsTampering::EmbeddedJwk | JwsTampering::EmbeddedX5c => " brings its foreign key along",
        JwsTampering::ForeignKey => " is signed with a foreign key, under the name of the right one",
        JwsTampering::HeaderDuplicateKeys => " names two algorithms, the right one last",
        JwsTampering::Huge => " is larger than a megabyte",
        JwsTampering::KeyExpired => " is signed with a key whose certificate has expired",
        JwsTampering::KeyRotatedOut => " is signed with a key that was taken out of service",
        JwsTampering::KeyUnknown => " is signed with a key that nobody was told of",
        JwsTampering::Padded => "'s parts are padded",
        JwsTampering::PayloadAltered => "'s payload has one digit changed after signing",
        JwsTampering::PayloadUnencoded => " says that its payload is not encoded",
        JwsTampering::SegmentsFour => " has a fourth part",
        JwsTampering::SegmentsTwo => " has only two parts",
        JwsTampering::SignatureMissing => " has an empty signature",
        JwsTampering::SignatureReplaced => " has the signature of other bytes",
        JwsTampering::SignatureTruncated => "'s signature is cut short",
    }
}

const fn signed_identity(how: SignedIdentityTampering) -> &'static str {
    match how {
        SignedIdentityTampering::Absent => "the result is approved and has no signed identity",
        SignedIdentityTampering::CountrySwapped => "the signed number's country is another one",
        SignedIdentityTampering::DuplicateKeys => "the signed identity tells two numbers, the right one last",
        SignedIdentityTampering::FromTheFuture => "the signed identity is from an hour ahead",
        SignedIdentityTampering::LevelTooLow => "the signed registration level is the lowest",
        SignedIdentityTampering::NumberAsUserInfo => "the number is signed as if it were an e-mail address",
        SignedIdentityTampering::NumberEmpty => "the signed number is empty",
        SignedIdentityTampering::NumberFromRequest => {
            "the signed identity has no number but the requested one, repeated"
        }
        SignedIdentityTampering::NumberInPersonId => "the number is signed in the technical keys only",
        SignedIdentityTampering::NumberMissing => "the signed identity has no number",
        SignedIdentityTampering::OtherSession => "the signed identity is another session's",
        SignedIdentityTampering::OuterPersonSwapped => "the unsigned attributes are somebody else's",
        SignedIdentityTampering::OuterStatusRejected => "the unsigned status is rejected, the signed one approved",
        SignedIdentityTampering::PersonSwapped => {
            "the signed identity is somebody else's, the unsigned attributes are not"
        }
        SignedIdentityTampering::Stale => "the signed identity is a day old",
        SignedIdentityTampering::StatusMissing => "the signed identity has no status",
        SignedIdentityTampering::StatusRejected => "the signed status is rejected, the unsigned one approved",
        SignedIdentityTampering::TimestampInSeconds => "the signed timestamp counts seconds",
    }
}

const fn callback(how: CallbackTampering) -> &'static str {
    match how {
        CallbackTampering::CodeOfAnotherSession => "the code is that of another session",
        CallbackTampering::CompleteElsewhere => "the address that completes is on another host than the provider's",
        CallbackTampering::ErrorWithForeignState => "an error comes back with a state that nobody sent",
        CallbackTampering::IssuerForeign => "the code comes back in another issuer's name",
        CallbackTampering::StateForeign => "the code comes back with a state that nobody sent",
        CallbackTampering::StateMissing => "the code comes back without the state",
    }
}

const fn id_token(how: IdTokenTampering) -> &'static str {
    match how {
        IdTokenTampering::AcrSwapped => "the id_token names another method",
        IdTokenTampering::AtHashWrong => "the id_token's `at_hash` belongs to another access token",
        IdTokenTampering::AudienceWrong => "the id_token is for somebody else",
        IdTokenTampering::AzpWrong => "the id_token's authorised party is somebody else",
        IdTokenTampering::Expired => "the id_token has expired",
        IdTokenTampering::ExpiryAsText => "the id_token says when it ends in a text",
        IdTokenTampering::ExpiryMissing => "the id_token does not say when it ends",
        IdTokenTampering::IssuedInFuture => "the id_token was issued in the future",
        IdTokenTampering::IssuerMissing => "the id_token has no issuer",
        IdTokenTampering::IssuerSlash => "the id_token's issuer has a slash too many",
        IdTokenTampering::IssuerWrong => "the id_token's issuer is another one",
        IdTokenTampering::Missing => "there is no id_token",
        IdTokenTampering::NonceMissing => "the id_token has no nonce",
        IdTokenTampering::NonceWrong => "the id_token's nonce is another one",
        IdTokenTampering::NotYetValid => "the id_token is not valid yet",
        IdTokenTampering::OtherClient => "the id_token was issued to another relying party",
        IdTokenTampering::PlainClaims => "the id_token is nothing but its claims",
        IdTokenTampering::SubjectSwapped => "the id_token's subject is somebody else",
    }
}

const fn key_set(how: KeySetTampering) -> &'static str {
    match how {
        KeySetTampering::Empty => "the key set is empty",
        KeySetTampering::ForeignKey => "the key set has foreign keys under the provider's names",
        KeySetTampering::Malformed => "the key set is none",
        KeySetTampering::Rotated => "the key set is the one from before a rotation",
    }
}

const fn sdo(how: SdoTampering) -> &'static str {
    match how {
        SdoTampering::ForeignKey => "the signed data object is signed with a foreign key",
        SdoTampering::PersonSwapped => "the signed data object is somebody else's",
        SdoTampering::SignatureBroken => "the signed data object's signature is one of other bytes",
        SdoTampering::SignatureMissing => "the signed data object has no signature",
        SdoTampering::TextSwapped => "the signed data object's text is another one",
    }
}

const fn userinfo(how: UserinfoTampering) -> &'static str {
    match how {
        UserinfoTampering::ForeignKey => "the claims are signed with a foreign key",
        UserinfoTampering::PersonSwapped => "the claims are somebody else's under the right subject",
        UserinfoTampering::PlainClaims => "the claims have no signature",
        UserinfoTampering::SubjectSwapped => "the claims' subject is somebody else",
    }
}

const fn identity(how: IdentityTampering) -> &'static str {
    match how {
        IdentityTampering::CountrySwapped => "the result's country is another one",
        IdentityTampering::ErrorBesideIdentity => "an error stands beside the identity",
        IdentityTampering::FinishedWithoutIdentity => "the result is finished and has no identity",
        IdentityTampering::MethodSwapped => "the result names another method and another provider",
        IdentityTampering::NameOfRequested => "the result has the requested person's name, with the number of who came",
        IdentityTampering::NumberAsArray => "the result's national number is a list",
        IdentityTampering::NumberDuplicated => "the result tells two national numbers, the right one last",
        IdentityTampering::NumberEmpty => "the result's national number is empty",
        IdentityTampering::NumberFromRequest => "the result has no number of its own, and repeats the requested one",
        IdentityTampering::NumberHyphenated => "the result's national number has a hyphen",
        IdentityTampering::NumberInPersonId => "the national number stands in the technical keys only",
        IdentityTampering::NumberMissing => "the result has no national number",
        IdentityTampering::NumberPadded => "the result's national number has blanks around it",
        IdentityTampering::NumberTenDigits => "the result's national number has ten digits and a sign",
        IdentityTampering::OtherId => "the result names another session",
        IdentityTampering::PendingBesideIdentity => "the result is pending, beside an identity",
        IdentityTampering::PersonSwapped => "the result is somebody else's",
        IdentityTampering::RegisterOfSomeoneElse => "the result's register record is somebody else's",
        IdentityTampering::Stale => "the identification was a day earlier",
        IdentityTampering::StateUnknown => "the result's state is an unknown word, beside an identity",
    }
}

const fn webhook(how: WebhookTampering) -> &'static str {
    match how {
        WebhookTampering::Altered => "one digit of the webhook is changed after signing",
        WebhookTampering::DuplicateKeys => {
            "the webhook has a key twice, under the signature of the body with the last one only"
        }
        WebhookTampering::EmptyKey => "the webhook is signed with an empty key",
        WebhookTampering::OtherScheme => "the webhook is signed with the right key in another scheme",
        WebhookTampering::OtherSession => "the webhook names another session, signed with the right key",
        WebhookTampering::PersonSwapped => "the webhook names another person, under the signature of the honest body",
        WebhookTampering::RelaystateSwapped => {
            "the webhook carries another session's reference, signed with the right key"
        }
        WebhookTampering::Reserialised => {
            "the webhook is the same JSON in other bytes, under the signature of the first ones"
        }
        WebhookTampering::SignatureEmpty => "the webhook's signature is empty",
        WebhookTampering::SignatureForeignKey => "the webhook is signed with a foreign key",
        WebhookTampering::SignatureMissing => "the webhook has no signature",
        WebhookTampering::SignatureTruncated => "the webhook's signature is cut short",
        WebhookTampering::TimestampFuture => "the webhook is signed as of an hour ahead",
        WebhookTampering::TimestampStale => "the webhook is signed as of an hour ago",
    }
}

fn which(occurrence: Occurrence) -> String {
    match occurrence {
        Occurrence::ALL => "every time, ".to_owned(),
        Occurrence { first, last: Some(last) } if first == last => format!("the {} time, ", ordinal(first)),
        Occurrence { first, last: Some(last) } => format!("the {} to {} time, ", ordinal(first), ordinal(last)),
        Occurrence { first, last: None } => format!("from the {} time on, ", ordinal(first)),
    }
}

fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
