//! The groups of the catalogue.

use super::Requirement;

/// What a requirement is about: the first three letters of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named by `title`")]
pub enum Group {
    Configuration,
    Numbers,
    CrossCheck,
    Outcomes,
    Blocking,
    Provider,
    Webhooks,
    Sessions,
    Tokens,
    Privacy,
    Concurrency,
    Audit,
    /// A team's own.
    Own,
}

impl Group {
    /// Every one, in order.
    pub const ALL: [Self; 13] = [
        Self::Configuration,
        Self::Numbers,
        Self::CrossCheck,
        Self::Outcomes,
        Self::Blocking,
        Self::Provider,
        Self::Webhooks,
        Self::Sessions,
        Self::Tokens,
        Self::Privacy,
        Self::Concurrency,
        Self::Audit,
        Self::Own,
    ];

    pub(super) fn of(requirement: &Requirement) -> Self {
        // A team may call its own as it likes, `XCK-900` as well.
        if requirement.who.is_some() {
            return Self::Own;
        }
        let (letters, _) = requirement.id.split_once('-').unwrap_or_default();
        Self::ALL.into_iter().find(|group| group.letters() == letters).unwrap_or(Self::Own)
    }

    /// The letters of its ids.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Configuration => "CFG",
            Self::Numbers => "NRM",
            Self::CrossCheck => "XCK",
            Self::Outcomes => "OUT",
            Self::Blocking => "BLK",
            Self::Provider => "PRV",
            Self::Webhooks => "WHK",
            Self::Sessions => "SES",
            Self::Tokens => "TOK",
            Self::Privacy => "PRI",
            Self::Concurrency => "CON",
            Self::Audit => "AUD",
            Self::Own => "",
        }
    }

    /// Its name in English and in Swedish.
    #[must_use]
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Configuration => ("Configuration", "Inställning"),
            Self::Numbers => ("National numbers", "Personnummer"),
            Self::CrossCheck => ("Cross-check", "Jämförelsen"),
            Self::Outcomes => ("Outcomes", "Utfall"),
            Self::Blocking => ("Blocking", "Spärrar"),
            Self::Provider => ("What the provider says", "Vad leverantören säger"),
            Self::Webhooks => ("Notifications from the provider", "Aviseringar från leverantören"),
            Self::Sessions => ("Sessions, browsers, replay", "Sessioner, webbläsare, uppspelning"),
            Self::Tokens => ("Tokens and signatures", "Intyg och signaturer"),
            Self::Privacy => ("Privacy", "Integritet"),
            Self::Concurrency => ("At the same time", "Samtidigt"),
            Self::Audit => ("Records and events", "Protokoll och händelser"),
            Self::Own => ("Your own", "Egna"),
        }
    }
}
