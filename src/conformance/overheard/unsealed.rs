//! A request that came encrypted, as the provider found it: its header, and what it says.

use serde_json::Value;

/// What was inside, masked, and what it was wrapped in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conformance) struct Unsealed {
    header: Value,
    request: Value,
    /// What tells its key from another one.
    pub(in crate::conformance) key: String,
    /// The same of its initialisation vector.
    pub(in crate::conformance) vector: String,
}

impl Unsealed {
    /// Reads what the journal has of it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut read: Value = serde_json::from_str(text).ok()?;
        let mark = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
        let (key, vector) = (mark("key"), mark("vector"));
        Some(Self { header: read["header"].take(), request: read["request"].take(), key, vector })
    }

    /// A member of the request that is a text with something in it.
    pub(in crate::conformance) fn text(&self, name: &str) -> Option<&str> {
        self.request[name].as_str().filter(|text| !text.trim().is_empty())
    }

    /// The text that is to be signed, where something is.
    pub(in crate::conformance) fn sign_text(&self) -> Option<&str> {
        self.text("signicat_signtext")
    }

    /// What is wrong with the encryption. Documented: "enc A256CBC-HS512, typ JWE, kid and alg as the key set names them".
    pub(in crate::conformance) fn wrapping(&self) -> Option<String> {
        let wanted = [("alg", "RSA-OAEP"), ("enc", "A256CBC-HS512"), ("typ", "JWE")];
        let wrong = wanted.into_iter().find(|(name, value)| self.header[*name] != *value);
        let is_named = self.header["kid"].as_str().is_some_and(|kid| !kid.is_empty());
        match wrong {
            Some((name, value)) => Some(format!("its `{name}` is {}, not \"{value}\"", self.header[name])),
            None if !is_named => Some("its header names no key (`kid`)".to_owned()),
            None => None,
        }
    }

    /// What is missing of what the documents want in a request.
    pub(in crate::conformance) fn missing(&self) -> Option<String> {
        let absent = ["client_id", "redirect_uri", "response_type", "scope", "acr_values", "state"];
        if let Some(name) = absent.into_iter().find(|name| self.text(name).is_none()) {
            return Some(format!("it has no `{name}`"));
        }
        if self.text("response_type") != Some("code") {
            return Some("its `response_type` is not `code`".to_owned());
        }
        if url::Url::parse(self.text("redirect_uri").unwrap_or_default()).is_err() {
            return Some("its `redirect_uri` is no address".to_owned());
        }
        let asks = |word: &str| self.text("scope").is_some_and(|scope| scope.split(' ').any(|own| own == word));
        let signs = self.text("acr_values").is_some_and(|acr| acr.ends_with("-sign"));
        let hints = self.request["login_hint"].as_array();
        if !asks("openid") {
            Some("its `scope` lacks `openid`".to_owned())
        } else if signs && !asks("signicat.sign") {
            Some("it signs, and its `scope` lacks `signicat.sign`".to_owned())
        } else if signs && self.sign_text().is_none() {
            Some("it signs, and has no `signicat_signtext`".to_owned())
        } else if signs && hints.is_none_or(Vec::is_empty) {
            Some("it signs, and its `login_hint` is no list with something in it".to_owned())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(changes: &Value) -> Unsealed {
        let mut whole = json!({
            "header": { "alg": "RSA-OAEP", "enc": "A256CBC-HS512", "typ": "JWE", "kid": "k" }, "key": "1", "vector": "2",
            "request": {
                "client_id": "c", "redirect_uri": "https://rp.test/cb", "response_type": "code", "state": "s",
                "scope": "openid profile signicat.sign", "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign",
                "login_hint": ["subject-************"], "signicat_signtext": "Lease 7",
            },
        });
        for part in ["header", "request"] {
            for (name, value) in changes[part].as_object().into_iter().flatten() {
                whole[part][name] = value.clone();
            }
        }
        Unsealed::read(&whole.to_string()).unwrap()
    }

    #[test]
    fn each_thing_that_is_not_as_documented_is_named() {
        assert_eq!((with(&json!({})).wrapping(), with(&json!({})).missing()), (None, None));
        for (name, value) in
            [("alg", json!("RSA1_5")), ("enc", json!("A128CBC-HS256")), ("typ", Value::Null), ("kid", json!(""))]
        {
            let problem = with(&json!({ "header": { name: value } })).wrapping();
            assert!(problem.is_some_and(|problem| problem.contains(&format!("`{name}`"))), "{name}");
        }
        for (name, value) in [
            ("state", json!("")),
            ("response_type", json!("token")),
            ("redirect_uri", json!("cb")),
            ("scope", json!("openid profile")),
            ("login_hint", json!("subject-************")),
            ("signicat_signtext", json!(" ")),
        ] {
            let problem = with(&json!({ "request": { name: value } })).missing();
            assert!(problem.is_some_and(|problem| problem.contains(&format!("`{name}`"))), "{name}");
        }
    }
}
