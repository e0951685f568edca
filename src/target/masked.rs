//! What of a target may be printed.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::TargetFile;
use crate::identity::mask;

impl TargetFile {
    /// The text without national numbers, without values that came from the environment, and without what `redact` names.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        self.masked_with(text, &[])
    }

    /// The same, with further values hidden.
    pub(super) fn masked_with(&self, text: &str, hidden: &[String]) -> String {
        let mut out = text.to_owned();
        let secret = self.events.as_ref().and_then(super::Events::secret).map(str::to_owned);
        let known = self.secrets.iter().chain(hidden).chain(&secret).filter(|value| value.len() >= SHORTEST);
        for value in known {
            out = out.replace(value.as_str(), HIDDEN);
        }
        out = CREDENTIALS.replace_all(&out, format!("${{1}}{HIDDEN}")).into_owned();
        for name in &self.redact {
            let name = regex::escape(name);
            // As a header, as a member of JSON, as a field of a form.
            let forms = format!(r#"(?i)(\b{name}(?:: *|" *: *"|=))[^"\r\n&;]+"#);
            // Names are escaped: the pattern is one.
            let Ok(forms) = Regex::new(&forms) else { continue };
            if let Cow::Owned(hidden) = forms.replace_all(&out, format!("${{1}}{HIDDEN}")) {
                out = hidden;
            }
        }
        mask(&out).into_owned()
    }
}

const HIDDEN: &str = "[hidden]";
const SHORTEST: usize = 4;

/// What every service keeps secret.
static CREDENTIALS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^((?:authorization|proxy-authorization|cookie|set-cookie): *)[^\r\n]+")
        .expect("a pattern without input")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_credentials_and_what_the_file_names_are_hidden() {
        let mut file = TargetFile::bundled_zigned();
        file.redact = vec!["code".to_owned(), "x-key".to_owned()];
        file.secrets = vec!["hunter22".to_owned()];
        let text = "Authorization: Bearer abc\nX-Key: k1\n\n{\"code\":\"123456\",\"n\":\"198501012382\",\"p\":\"hunter22\"}\na=1&code=77&b=2";
        assert_eq!(
            file.masked(text),
            "Authorization: [hidden]\nX-Key: [hidden]\n\n{\"code\":\"[hidden]\",\"n\":\"************\",\"p\":\"[hidden]\"}\na=1&code=[hidden]&b=2"
        );
    }
}
