//! Legitimate designs that differ from the default one: each has a policy to declare, and all of them enforce.

use std::fmt;
use std::str::FromStr;

/// What the default design declares in its target file: see [`Variant::policy_toml`].
pub const DEFAULT_POLICY: &str = "\
setup = \"stepwise\"
sign = \"second-transaction\"

[policy]
number_to_provider = \"signer-supplied\"
";

/// One legitimate design. They can be combined where that makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// The redirect is told later, by asking for the attempt.
    AsynchronousStart,
    /// Cancelling fails the check for good.
    CancelledCountsAsFailed,
    /// Of two live attempts the first that tells who the person is decides.
    FirstWins,
    /// An outcome survives reopening, as long as the number stays.
    KeepsOnReopen,
    /// The bound number is kept encrypted, and the provider is told.
    NumberSent,
    /// The identification is the signature.
    OneStep,
    /// Forged webhooks are answered 200, and have no effect.
    PoliteToForgeries,
    /// Only the poller fetches results.
    PollOnly,
    /// A call signs, once the person is identified.
    SeparateCall,
    /// Three verified mismatches block, not one.
    ThreeTries,
    /// An id_token is believed because it came from the issuer over TLS.
    TlsDirect,
    /// Swedish numbers are taken with twelve digits only.
    TwelveDigitsOnly,
    /// Only signed webhooks tell results.
    WebhookOnly,
}

impl Variant {
    /// Every variant, by name.
    pub const ALL: [Self; 13] = [
        Self::AsynchronousStart,
        Self::CancelledCountsAsFailed,
        Self::FirstWins,
        Self::KeepsOnReopen,
        Self::NumberSent,
        Self::OneStep,
        Self::PoliteToForgeries,
        Self::PollOnly,
        Self::SeparateCall,
        Self::ThreeTries,
        Self::TlsDirect,
        Self::TwelveDigitsOnly,
        Self::WebhookOnly,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsynchronousStart => "asynchronous-start",
            Self::CancelledCountsAsFailed => "cancelled-counts-as-failed",
            Self::FirstWins => "first-wins",
            Self::KeepsOnReopen => "keeps-on-reopen",
            Self::NumberSent => "number-sent",
            Self::OneStep => "one-step",
            Self::PoliteToForgeries => "polite-to-forgeries",
            Self::PollOnly => "poll-only",
            Self::SeparateCall => "separate-call",
            Self::ThreeTries => "three-tries",
            Self::TlsDirect => "tls-direct",
            Self::TwelveDigitsOnly => "twelve-digits-only",
            Self::WebhookOnly => "webhook-only",
        }
    }

    /// What is different, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::AsynchronousStart => {
                "A start is accepted at once; where to send the browser is told by asking again."
            }
            Self::CancelledCountsAsFailed => "Who cancels has failed, for good.",
            Self::FirstWins => {
                "Several attempts can be open; the first that tells who the person is decides, and ends the others."
            }
            Self::KeepsOnReopen => {
                "An outcome survives that the agreement is opened again, as long as the number stays."
            }
            Self::NumberSent => "The bound number is kept encrypted, and told to the provider at each start.",
            Self::OneStep => "The identification is the signature: a match has passed and signed at once.",
            Self::PoliteToForgeries => {
                "A forged webhook is answered 200 and has no effect: no oracle, no storm of retries."
            }
            Self::PollOnly => {
                "Results are fetched by the poller alone; there is no webhook, and the return fetches nothing."
            }
            Self::SeparateCall => "Once identified, the person signs by a call, without a second eID transaction.",
            Self::ThreeTries => "A mismatch fails; a new attempt decides anew, until the third mismatch blocks.",
            Self::TlsDirect => {
                "An id_token that comes straight from the issuer over https is believed without its signature; over http it needs one."
            }
            Self::TwelveDigitsOnly => "Swedish numbers are taken in the provider's own form only: twelve digits.",
            Self::WebhookOnly => {
                "The signed body of the webhook is the result; nothing is ever fetched, and no provider is used that sends none."
            }
        }
    }

    /// What a service of this design declares: keys of a target file, `[policy]` with the switches of
    /// [`Policy`](../../target/struct.Policy.html) last.
    #[must_use]
    pub const fn policy_toml(self) -> &'static str {
        match self {
            Self::AsynchronousStart | Self::PoliteToForgeries => DEFAULT_POLICY,
            Self::CancelledCountsAsFailed => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\noutcome = { cancelled = \"failed\" }\n"
            }
            Self::FirstWins => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\nparallel_attempts = \"first-wins\"\n"
            }
            Self::KeepsOnReopen => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\nreopen = \"keep\"\n"
            }
            Self::NumberSent => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"stored\"\nnumber_storage = \"encrypted\"\n"
            }
            Self::OneStep => {
                "setup = \"stepwise\"\nsign = \"same-transaction\"\n\n[policy]\nnumber_to_provider = \"signer-supplied\"\n"
            }
            Self::PollOnly => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\ntriggers = [\"poll\"]\n\n[policy]\nnumber_to_provider \
                 = \"signer-supplied\"\nevidence = [\"fetch\"]\n"
            }
            Self::SeparateCall => {
                "setup = \"stepwise\"\nsign = \"separate-call\"\n\n[policy]\nnumber_to_provider = \"signer-supplied\"\n"
            }
            Self::ThreeTries => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\nfailed = { tries = 3 }\n"
            }
            Self::TlsDirect => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\nid_token_signature = \"tls-direct\"\n"
            }
            Self::TwelveDigitsOnly => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\n\n[policy]\nnumber_to_provider = \
                 \"signer-supplied\"\nspellings = { SE = [\"12\"] }\n"
            }
            Self::WebhookOnly => {
                "setup = \"stepwise\"\nsign = \"second-transaction\"\ntriggers = [\"webhook\"]\nwithout = [\"signicat\"]\n\n[policy]\nnumber_to_provider \
                 = \"signer-supplied\"\nevidence = [\"signed-webhook\"]\n"
            }
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Variant {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|variant| variant.name() == text);
        found.ok_or_else(|| UnknownVariant { name: text.chars().take(60).collect() })
    }
}

/// There is no variant of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no variant `{name}`: `motpart variants` lists them")]
pub struct UnknownVariant {
    /// What was asked for, at most 60 characters.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Policy;

    #[test]
    fn every_variant_declares_a_policy_that_can_be_read() {
        for variant in Variant::ALL {
            let table: toml::Table = variant.policy_toml().parse().unwrap();
            let policy: Policy = table["policy"].clone().try_into().unwrap_or_else(|e| panic!("{variant}: {e}"));
            assert_ne!(policy, Policy::default(), "{variant}");
            assert_eq!(variant.name().parse(), Ok(variant));
        }
    }
}
