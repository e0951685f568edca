//! Tokens as a reader can read them: what is in them instead of what they look like.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regex::{Captures, Regex};

/// The text with compact tokens (RFC 7515, RFC 7516) spelt out: `⟨{header} {claims} signed …⟩`, `⟨{header} encrypted⟩`.
pub(super) fn spelt_out(text: &str) -> Cow<'_, str> {
    static TOKEN: std::sync::LazyLock<Regex> = std::sync::LazyLock::new(|| {
        Regex::new(r"eyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2,4}").expect("a constant expression")
    });
    TOKEN.replace_all(text, |found: &Captures<'_>| {
        let parts: Vec<&str> = found[0].split('.').collect();
        let decoded = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            String::from_utf8(bytes).ok().filter(|text| text.starts_with('{'))
        };
        let spelt = match parts[..] {
            [header, payload, signature] => decoded(header).zip(decoded(payload)).map(|(header, payload)| {
                // Two signatures are told apart by how they begin.
                let begins: String = signature.chars().take(8).collect();
                let seal = match signature.len() {
                    0 => "without a signature".to_owned(),
                    length => format!("signed {begins}… of {length}"),
                };
                format!("⟨{header} {payload} {seal}⟩")
            }),
            [header, _, _, _, _] => decoded(header).map(|header| format!("⟨{header} encrypted⟩")),
            _ => None,
        };
        spelt.unwrap_or_else(|| found[0].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_spelt_out_and_other_text_stays() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let token = format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(r#"{"sub":"x"}"#));
        assert_eq!(spelt_out(&format!("a={token}&b")), r#"a=⟨{"alg":"RS256"} {"sub":"x"} signed c2ln… of 4⟩&b"#);
        let sealed = format!("{}.a.b.c.d", part(r#"{"enc":"x"}"#));
        assert_eq!(spelt_out(&sealed), r#"⟨{"enc":"x"} encrypted⟩"#);
        assert_eq!(spelt_out("eyJhbGciOiJ4"), "eyJhbGciOiJ4");
    }
}
