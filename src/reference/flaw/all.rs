//! Every flaw in one entry: its word, the requirements that it breaks, what follows from that, and what the service does wrong.

/// Writes the enum, the list of all, and the tables of words and requirements from one entry each.
macro_rules! flaws {
    ($($name:ident = $word:literal [$($requirement:literal),+] $(also [$($follows:literal),+])? $about:literal;)+) => {
        /// One deliberate mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Flaw {
            $(#[doc = $about] $name,)+
        }

        impl Flaw {
            /// Every flaw, by name.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What the service does wrong, in a sentence.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }

            /// The requirements it breaks, such as `XCK-005`: a check of one of them has to notice.
            #[must_use]
            pub const fn requirements(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($requirement),+],)+ }
            }

            /// What it breaks besides, because it follows: whoever compares four digits takes one century for the other. Requirements, or
            /// the beginning of several: `NRM-` is the whole group, and `*` is anything.
            #[must_use]
            pub const fn follows(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($($follows),+)?],)+ }
            }
        }
    };
}

flaws! {
    AcceptsAlgorithmNone = "accepts-algorithm-none" ["TOK-004"]
        "A token whose header says `none`, in whatever case, needs no signature.";
    AcceptsAnySession = "accepts-any-session" ["SES-003", "SES-005", "SES-002"] also ["TOK-008", "TOK-027"]
        "The return address takes the session from its query: any finished session of the account counts.";
    AcceptsPlainClaimsInAJwe = "accepts-plain-claims-in-a-jwe" ["TOK-021"]
        "Claims that are encrypted to the service, and signed by nobody, are believed.";
    AcceptsStaleIdentity = "accepts-stale-identity" ["PRV-029", "TOK-011"]
        "An identification from before the attempt began counts.";
    AcceptsStatusFromClient = "accepts-status-from-client" ["CFG-015"]
        "`status` inside identity_enforcement is obeyed.";
    AnyIdentitySigns = "any-identity-signs" ["BLK-012", "TOK-025"]
        "Once somebody has passed, the eID of anybody can sign.";
    AnyOwner = "any-owner" ["CFG-017"]
        "Any tenant can change anybody's participants.";
    AsksAgainAfterEnd = "asks-again-after-end" ["OUT-008", "OUT-007", "PRV-018"]
        "A result that was final is fetched again, and the newer one counts.";
    BatchDropsBadNumbers = "batch-drops-bad-numbers" ["CFG-006", "CFG-005"]
        "In a batch, a participant with an unreadable number is created without enforcement.";
    BelievesRedirectParameters = "believes-redirect-parameters" ["SES-002", "XCK-009"]
        "A number in the query of the return address is taken for the identity.";
    BelievesWebhookOverFetch = "believes-webhook-over-fetch" ["WHK-009"] also ["PRV-009"]
        "A signed webhook decides, whatever the fetched result says.";
    BindsCodesToNothing = "binds-codes-to-nothing" ["SES-013"]
        "A code is asked for without a nonce and without a challenge: that of another session is exchanged as well.";
    CachesKeysForEver = "caches-keys-for-ever" ["TOK-012"]
        "The issuer's keys are fetched once: after a rotation its tokens are refused.";
    ChangesAfterActivation = "changes-after-activation" ["CFG-002", "CFG-013"]
        "The number of a participant can be set and replaced after the agreement was sent, and what was proven stays.";
    ClosesOnForeignErrors = "closes-on-foreign-errors" ["SES-015"]
        "An error that comes back ends the attempt, whatever state it carries.";
    ComparesLastFourDigits = "compares-last-four-digits" ["XCK-004"] also ["NRM-", "XCK-003"]
        "Only the last four characters of the number are compared.";
    ComparesLastTenDigits = "compares-last-ten-digits" ["XCK-003", "NRM-005"] also ["NRM-002", "NRM-003", "NRM-017"]
        "The century is dropped on both sides.";
    ComparesNames = "compares-names" ["XCK-005"] also ["CFG-008", "CFG-009", "CFG-013", "NRM-008", "XCK-002", "XCK-010"]
        "The full name is compared, without regard to case, instead of the number.";
    ComparesRawStrings = "compares-raw-strings" ["NRM-001", "NRM-002"] also ["NRM-"]
        "Numbers are compared as they were typed: a hyphen never matches.";
    ComparesWhatItSent = "compares-what-it-sent" ["XCK-008", "XCK-015", "XCK-016"] also ["SES-009", "XCK-006", "XCK-007", "XCK-010"]
        "The number that the signer typed at the start is compared, instead of the one that came back.";
    CountsAfterCancel = "counts-after-cancel" ["OUT-012", "PRV-017"]
        "An attempt still counts after the agreement was cancelled.";
    CurrentSessionIsGlobal = "current-session-is-global" ["CON-012", "XCK-011", "CON-005"] also ["*"]
        "Every return fetches the session that anybody started last.";
    DecodesTheIdentityWithoutVerifying = "decodes-the-identity-without-verifying" ["TOK-001", "TOK-002", "TOK-007"] also ["PRI-006", "TOK-"]
        "The payload of the signed identity is decoded, and its signature is not looked at.";
    DisablesAfterFailure = "disables-after-failure" ["CFG-002", "CFG-007", "AUD-004"]
        "Enforcement of a failed participant can be switched off while the agreement is pending, without a trace.";
    DropsApproversNumber = "drops-approvers-number" ["CFG-004"]
        "A number on an approver is accepted and silently dropped.";
    DropsPlus = "drops-plus" ["NRM-005", "XCK-003"]
        "A plus is read like a minus: who is a hundred equals a child.";
    DuplicatesCount = "duplicates-count" ["WHK-007", "CON-003", "CON-001"]
        "Each further delivery of a result tells the sender again.";
    EchoesNumberInErrors = "echoes-number-in-errors" ["PRI-003"] also ["declarations"]
        "A refused number is repeated in the message.";
    EitherCenturyMatches = "either-century-matches" ["NRM-004"] also ["NRM-003", "NRM-005", "NRM-006"]
        "Ten digits without a separator match the person of either century.";
    EmptyKeyOpensWebhooks = "empty-key-opens-webhooks" ["WHK-002"] also ["PRV-009", "WHK-009"]
        "A webhook without a signature, or signed with the empty key, is believed.";
    EndlessTries = "endless-tries" ["OUT-009", "BLK-005"]
        "After a mismatch a new attempt can be started, as often as one likes.";
    FailedIsCosmetic = "failed-is-cosmetic" ["BLK-001", "BLK-006"]
        also ["BLK-", "CFG-", "CON-", "PRV-022", "SES-009", "TOK-003", "TOK-017", "XCK-"]
        "A participant shown as failed can still sign.";
    FailsOpenOnOutage = "fails-open-on-outage" ["PRV-010", "OUT-002"] also ["CON-009", "OUT-005", "PRI-006", "PRV-", "TOK-007", "TOK-012"]
        "When the provider does not answer, the person is let through.";
    FinnishSeparatorsAlike = "finnish-separators-alike" ["NRM-012"]
        "The separator of a Finnish number is dropped: `-` and `A` are one person.";
    FollowsTheCompleteUrlAnywhere = "follows-the-complete-url-anywhere" ["PRV-027"]
        "The address that completes is called on whatever host it names.";
    FulfilledBeforePassed = "fulfilled-before-passed" ["AUD-006"] also ["AUD-001", "AUD-002", "AUD-003", "CON-001", "CON-003", "PRI-002"]
        "The sender is told of the signature before the pass.";
    IgnoresAtHash = "ignores-at-hash" ["TOK-019"]
        "The id_token may belong to another access token.";
    IgnoresCountry = "ignores-country" ["XCK-010", "CFG-012"] also ["XCK-001", "XCK-002"]
        "Digits are compared without the country that gave them.";
    IgnoresCriticalExtensions = "ignores-critical-extensions" ["TOK-026"]
        "An extension that a token's header calls critical is passed over, known or not.";
    IgnoresErrors = "ignores-errors" ["PRV-004"] also ["OUT-002", "PRI-006"]
        "A finished session counts, although it lists errors.";
    IgnoresExpiry = "ignores-expiry" ["PRV-016", "PRV-015"]
        "A result counts, however long after the attempt's end it comes.";
    IgnoresIssuer = "ignores-issuer" ["TOK-013"]
        "Nobody asks which issuer an id_token names.";
    IgnoresIssuerOfTheAnswer = "ignores-issuer-of-the-answer" ["SES-012"]
        "Nobody asks which issuer the way back names, and whether it names the one that was promised.";
    IgnoresMethod = "ignores-method" ["XCK-018", "TOK-018"]
        "It does not matter which method answered.";
    IgnoresNonce = "ignores-nonce" ["TOK-016"]
        "The nonce is sent, and not compared.";
    IgnoresState = "ignores-state" ["SES-006"]
        "The state is sent, and not compared.";
    IgnoresTheAuthRef = "ignores-the-auth-ref" ["TOK-008", "TOK-027", "PRV-030"]
        "A signed identity counts whatever transaction it names.";
    IgnoresTheSignedStatus = "ignores-the-signed-status" ["TOK-009", "PRV-028"] also ["PRI-006", "PRV-019"]
        "The status inside the signed identity is not read.";
    IgnoresTheSignedText = "ignores-the-signed-text" ["TOK-025"]
        "A signature counts whatever text was signed.";
    IgnoresTheSigner = "ignores-the-signer" ["TOK-025"]
        "A signature counts whoever signed.";
    IgnoresWebhookSignature = "ignores-webhook-signature" ["WHK-001", "WHK-002", "WHK-005"] also ["PRV-009", "WHK-"]
        "The webhook's signature is not verified, and its body is believed.";
    KeepsARotatedCertificateForEver = "keeps-a-rotated-certificate-for-ever" ["TOK-007", "TOK-012"]
        "A certificate that was once trusted stays so after it was taken out of service.";
    KeepsAttemptsAcrossRounds = "keeps-attempts-across-rounds" ["CON-006", "CFG-008", "PRV-017"]
        "An attempt of an earlier round, or on an earlier number, still counts.";
    KeepsBindingAfterEnd = "keeps-binding-after-end" ["PRI-013"]
        "What was kept of the number stays after it was disabled, or the agreement cancelled.";
    KeepsNumberAndSendsIt = "keeps-number-and-sends-it" ["PRI-008", "SES-010"] also ["XCK-002", "declarations"]
        "The number is kept, and sent to the provider at the start.";
    KeepsPassedOnReopen = "keeps-passed-on-reopen" ["OUT-010"] also ["SES-005"]
        "A pass survives that the agreement is opened and sent again.";
    KeepsWrongSignature = "keeps-wrong-signature" ["BLK-004"]
        also ["BLK-", "CFG-", "CON-", "PRV-022", "SES-009", "TOK-003", "TOK-017", "XCK-"]
        "The signature that a wrong person made is kept and shown.";
    KeysOutageSkipsTheSignature = "keys-outage-skips-the-signature" ["TOK-012"] also ["TOK-007"]
        "As long as the issuer's keys cannot be had, tokens are believed unverified.";
    LastWriteWins = "last-write-wins" ["CON-001", "CON-002", "OUT-006", "SES-014"] also ["OUT-007", "PRV-016"]
        "Of two attempts, the one that is decided last overwrites the outcome.";
    LaterMatchLiftsFailed = "later-match-lifts-failed" ["OUT-007", "OUT-009", "SES-014"] also ["CON-002", "PRV-016"]
        "After a failure, another session with the right person passes, also one that was opened before.";
    LogsProviderBodies = "logs-provider-bodies" ["PRI-006"]
        "What the provider answers is logged.";
    MissingNumberPasses = "missing-number-passes" ["XCK-006", "XCK-015", "XCK-016", "OUT-014"] also ["TOK-010", "XCK-007", "XCK-008"]
        "Without a number in the result the person counts as the right one.";
    NeverCompares = "never-compares" ["XCK-002", "OUT-003"] also ["*"]
        "Any finished session passes.";
    NonResultsFail = "non-results-fail" ["OUT-005", "PRV-005", "PRV-006"]
        also ["AUD-001", "AUD-008", "PRI-006", "PRV-", "SES-013", "TOK-026"]
        "Cancel, expiry and provider errors are recorded as failed, for good.";
    NumberInAddress = "number-in-address" ["PRI-004"]
        "The number that was typed stands in the return address.";
    NumbersAsIntegers = "numbers-as-integers" ["NRM-010"] also ["NRM-013", "PRV-022", "XCK-001"]
        "The configured number is kept as an integer: leading zeros vanish on one side.";
    OffersCodeAfterFailure = "offers-code-after-failure" ["BLK-005", "CFG-010"]
        also ["BLK-", "CFG-", "CON-", "PRV-022", "SES-009", "TOK-003", "TOK-017", "XCK-"]
        "After a failure the e-mail code is offered and signs.";
    OneFailedFulfils = "one-failed-fulfils" ["BLK-006"] also ["BLK-001", "BLK-004", "TOK-025"]
        "The agreement is fulfilled once everybody has either signed or failed.";
    OverrideParameter = "override-parameter" ["SES-009"]
        "A forgotten test parameter, `personnummerOverride`, still replaces the identity.";
    PlusBecomesSpace = "plus-becomes-space" ["NRM-006", "NRM-005"]
        "A plus is decoded to a space, and ten digits are of this century.";
    ReadsOneWebhookSignature = "reads-one-webhook-signature" ["WHK-012"]
        "Of several signatures of a webhook only the first is looked at.";
    ReadsPendingIdentity = "reads-pending-identity" ["PRV-002", "OUT-004"]
        "What looks like an identity is judged while the session is pending.";
    ReadsTheHintInTheSignedIdentity = "reads-the-hint-in-the-signed-identity" ["TOK-010", "XCK-008"]
        "Where the signed identity has no number, the number in its user information is taken: who was asked for.";
    RelaystateDecides = "relaystate-decides" ["SES-004", "WHK-006"] also ["PRV-009", "TOK-008", "TOK-027", "WHK-009"]
        "A webhook belongs to the attempt that its relaystate names, whatever its session.";
    RenamingDropsBinding = "renaming-drops-binding" ["CFG-009"]
        "Changing a participant's name switches the enforcement off.";
    RepairsCoordinationNumbers = "repairs-coordination-numbers" ["NRM-008"]
        "Sixty is subtracted from the day of a coordination number.";
    ResultByEmail = "result-by-email" ["XCK-011", "CON-005"]
        "A result counts for everybody in the agreement with the same e-mail address.";
    ReturnPasses = "return-passes" ["SES-001"]
        also ["CON-009", "CON-012", "OUT-", "PRI-006", "PRI-007", "PRV-", "SES-", "XCK-009"]
        "Arriving at the return address counts as success.";
    SesSkipsEnforcement = "ses-skips-enforcement" ["CFG-010"] also ["*"]
        "With trust level SES, the e-mail code signs in spite of enforcement.";
    ShowsNumberToOwner = "shows-number-to-owner" ["PRI-001"] also ["PRI-010", "PRI-016", "declarations"]
        "The owner reads the number back.";
    SignsBeforePass = "signs-before-pass" ["BLK-002"] also ["*"]
        "The e-mail code signs while the check is pending.";
    SignsWhatItParsed = "signs-what-it-parsed" ["WHK-003"] also ["PRV-009", "WHK-009"]
        "A webhook's signature is checked over the body as it is written again after parsing.";
    SkipsAudience = "skips-audience" ["TOK-014", "TOK-020"]
        "An id_token counts that was issued to somebody else.";
    SkipsExpiry = "skips-expiry" ["TOK-015"]
        "An id_token counts before its time, after it, and without one.";
    SkipsTheSealOfTheDocument = "skips-the-seal-of-the-document" ["TOK-025"]
        "The signed document is read, and its seal is not verified.";
    SkipsTheSignedDocument = "skips-the-signed-document" ["PRV-026", "TOK-025"] also ["PRV-024"]
        "What was signed is neither fetched nor looked at.";
    SkipsTheTagOfEncryptedTokens = "skips-the-tag-of-encrypted-tokens" ["TOK-022"]
        "What is encrypted is decrypted, and its authentication tag is not compared.";
    SupersededCounts = "superseded-counts" ["SES-014", "PRV-016"] also ["CON-002"]
        "An attempt counts, although a newer one took its place.";
    TakesAnyEndingForApproval = "takes-any-ending-for-approval" ["PRV-019"]
        also ["OUT-002", "OUT-005", "PRI-006", "PRV-028", "TOK-001", "TOK-009"]
        "Whatever is neither cancelled nor expired counts as approved, with or without an identity.";
    TakesAnyRegistrationLevel = "takes-any-registration-level" ["XCK-017"]
        "Freja's registration level is not looked at: an address that was confirmed is enough.";
    TakesAnyUserInfoForANumber = "takes-any-user-info-for-a-number" ["TOK-010"]
        "Where the signed identity has no number, whatever digits its user information holds are taken, of whatever type it is.";
    TakesAnybodysUserinfo = "takes-anybodys-userinfo" ["TOK-017"]
        "The subject of the claims is not compared with the id_token's.";
    TakesExpiredCertificates = "takes-expired-certificates" ["TOK-007"]
        "Nobody asks whether the certificate of a signed identity is still valid.";
    TakesIdentitiesFromTheFuture = "takes-identities-from-the-future" ["TOK-011"]
        "A signed identity counts, however far ahead its moment lies.";
    TakesPersonIdForNumber = "takes-person-id-for-number" ["XCK-007", "XCK-015"] also ["TOK-010", "XCK-008"]
        "The provider's own id of a person is taken for the number where there is none.";
    TakesSecondsForMilliseconds = "takes-seconds-for-milliseconds" ["TOK-011"]
        "A moment that looks like seconds is read as seconds.";
    TakesTheLastOfTwins = "takes-the-last-of-twins" ["XCK-013"] also ["PRV-009", "WHK-009"]
        "Of a member that stands twice the last one counts.";
    TakesThePublicKeyForASecret = "takes-the-public-key-for-a-secret" ["TOK-005"]
        "A token with HS256 is checked with the public key as the shared secret.";
    TakesTokensInAnyShape = "takes-tokens-in-any-shape" ["TOK-026"]
        "What follows a token's third part, padding and other characters are passed over.";
    TakesUnknownCertificates = "takes-unknown-certificates" ["TOK-007", "TOK-012"]
        "A token that names a certificate that nobody knows is taken as it is.";
    TakesWebhooksInAnyScheme = "takes-webhooks-in-any-scheme" ["WHK-012"] also ["PRV-009", "WHK-009"]
        "A webhook of the gateway may be signed as those of version 2 are, without a moment.";
    TakesWebhooksOfAnyAge = "takes-webhooks-of-any-age" ["WHK-004"] also ["PRV-009", "WHK-009"]
        "The signed moment of a webhook is not compared with the clock.";
    TellsWhatDoesNotDecrypt = "tells-what-does-not-decrypt" ["TOK-022"]
        "The outcome shows how far the decryption of a broken token came.";
    TreatsCompleteAsProof = "treats-complete-as-proof" ["PRV-023"] also ["*"]
        "Once the provider says that it is complete, whoever was asked for counts as identified.";
    TrustsTheKeyInTheHeader = "trusts-the-key-in-the-header" ["TOK-006"]
        "A token is checked with the key that its own header brings along or leads to.";
    TrustsTheUnsignedNeighbours = "trusts-the-unsigned-neighbours" ["TOK-003"] also ["TOK-010", "XCK-010"]
        "The signed identity is checked, and the person is read from the unsigned members beside it.";
    TrustsWhenCertificatesAreUnavailable = "trusts-when-certificates-are-unavailable" ["TOK-012"]
        "As long as the trusted certificates cannot be read, tokens are taken as they are.";
    UnfinishedPasses = "unfinished-passes" ["PRV-004", "PRV-008", "XCK-006"] also ["OUT-002", "OUT-005", "TOK-001"]
        "A finished session without an identity passes.";
    UnknownStatePasses = "unknown-state-passes" ["PRV-008", "PRV-019"] also ["PRI-006"]
        "A state that is not known counts as success.";
    UnsaltedDigest = "unsalted-digest" ["PRI-009"] also ["XCK-010"]
        "The number is kept as a plain SHA-256.";
    WebhookShowsNumber = "webhook-shows-number" ["PRI-002"] also ["AUD-002", "PRI-001", "PRI-015", "declarations"]
        "The webhooks to the sender hold the number.";
}
