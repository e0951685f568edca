//! What a relying party needs to know of a provider besides its address and its credentials.

/// Something to know, before it is said at which address we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A value as it is: a certificate, a key.
    Value(String),
    /// A path below our address, as the relying party reaches us.
    Path(String),
    /// A path below the address that browsers call us: a name that tokens hold, and that has to be the same for everybody.
    PublicPath(String),
}

impl Fact {
    /// As the relying party is told it. Both addresses end with a slash.
    ///
    /// ```
    /// use motpart::simulation::Fact;
    ///
    /// let issuer = Fact::PublicPath("oidc".into());
    /// assert_eq!(issuer.told("http://127.0.0.1:8480/", "https://motpart.test/"), "https://motpart.test/oidc");
    /// ```
    #[must_use]
    pub fn told(&self, reached_at: &str, public: &str) -> String {
        match self {
            Self::Value(value) => value.clone(),
            Self::Path(path) => format!("{reached_at}{path}"),
            Self::PublicPath(path) => format!("{public}{path}"),
        }
    }
}
