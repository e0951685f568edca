use url::Url;

/// How much of its address a page tells where it leads (W3C Referrer Policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    NoReferrer,
    NoReferrerWhenDowngrade,
    Origin,
    OriginWhenCrossOrigin,
    SameOrigin,
    StrictOrigin,
    StrictOriginWhenCrossOrigin,
    UnsafeUrl,
}

impl Policy {
    /// The last policy that the headers name and that is known; that of browsers without one.
    pub(super) fn of(headers: &[(String, String)]) -> Self {
        let named = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("referrer-policy"));
        let words = named.flat_map(|(_, value)| value.split(','));
        words.filter_map(|word| Self::word(word.trim())).next_back().unwrap_or(Self::StrictOriginWhenCrossOrigin)
    }

    pub(super) fn referer(self, from: &Url, to: &Url) -> Option<String> {
        let whole = || {
            let mut url = from.clone();
            url.set_fragment(None);
            // Credentials in an address are never told; a URL of http has a place for none.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Some(url.to_string())
        };
        let origin = || Some(from.origin().ascii_serialization() + "/");
        let is_same = from.origin() == to.origin();
        let is_downgrade = from.scheme() == "https" && to.scheme() == "http";
        match self {
            Self::NoReferrer => None,
            Self::NoReferrerWhenDowngrade => whole().filter(|_| !is_downgrade),
            Self::Origin => origin(),
            Self::OriginWhenCrossOrigin => {
                if is_same {
                    whole()
                } else {
                    origin()
                }
            }
            Self::SameOrigin => whole().filter(|_| is_same),
            Self::StrictOrigin => origin().filter(|_| !is_downgrade),
            Self::StrictOriginWhenCrossOrigin if is_same => whole(),
            Self::StrictOriginWhenCrossOrigin => origin().filter(|_| !is_downgrade),
            Self::UnsafeUrl => whole(),
        }
    }

    fn word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "no-referrer" => Self::NoReferrer,
            "no-referrer-when-downgrade" => Self::NoReferrerWhenDowngrade,
            "origin" => Self::Origin,
            "origin-when-cross-origin" => Self::OriginWhenCrossOrigin,
            "same-origin" => Self::SameOrigin,
            "strict-origin" => Self::StrictOrigin,
            "strict-origin-when-cross-origin" => Self::StrictOriginWhenCrossOrigin,
            "unsafe-url" => Self::UnsafeUrl,
            _ => return None,
        })
    }
}
