//! The addresses of a relying party: which ones are taken, and where the browser goes in the end.

use url::{Url, form_urlencoded};

/// A return address with what the provider appends: `relaystate`, `service`, and the error's code where the switch says so.
///
/// Source: "target" of both pages. That the parameters join a query that is already there, and come before a fragment, is inferred; the
/// rest of the address stays byte for byte as the relying party gave it.
pub(in crate::providers) fn with_answer(address: &str, relaystate: &str, error: Option<&str>) -> String {
    let (before, fragment) = match address.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (address, None),
    };
    let joint = match before.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let mut answer = form_urlencoded::Serializer::new(String::new());
    answer.append_pair("relaystate", relaystate).append_pair("service", "eIDBasic");
    if let Some(code) = error {
        answer.append_pair("error", code);
    }
    let answer = answer.finish();
    match fragment {
        Some(fragment) => format!("{before}{joint}{answer}#{fragment}"),
        None => format!("{before}{joint}{answer}"),
    }
}

/// Whether a browser can be sent there without running what is written in the address itself. Apps' own schemes are fine.
pub(in crate::providers) fn is_safe(address: &str) -> bool {
    let scripting = ["about", "blob", "data", "file", "javascript", "vbscript"];
    let visible = address.chars().all(|c| !c.is_control());
    visible && Url::parse(address).is_ok_and(|url| !scripting.contains(&url.scheme()))
}

/// Which addresses a field takes.
#[derive(Clone, Copy, Debug)]
pub(in crate::providers) enum Schemes {
    /// Browsers go there: an app's own scheme will do. Inferred.
    Anything,
    /// We go there.
    Web,
}

/// Why an address cannot be gone to; `None` where it can.
pub(in crate::providers) fn not_an_address(text: &str, schemes: Schemes) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else {
        return Some("not an absolute address such as https://example.com/return");
    };
    match (schemes, url.scheme()) {
        (_, "http" | "https") => (!url.has_host()).then_some("the address has no host"),
        (Schemes::Anything, "javascript" | "data" | "vbscript" | "file" | "about" | "blob") => {
            Some("this scheme runs or shows something instead of going somewhere")
        }
        (Schemes::Anything, _) => None,
        (Schemes::Web, _) => Some("expected http or https"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_joins_whatever_address_was_given() {
        let cases = [
            ("http://app/back", "http://app/back?relaystate=r&service=eIDBasic"),
            ("http://app/back?", "http://app/back?relaystate=r&service=eIDBasic"),
            ("http://app/back?a=1", "http://app/back?a=1&relaystate=r&service=eIDBasic"),
            ("http://app/back?a=1&", "http://app/back?a=1&relaystate=r&service=eIDBasic"),
            ("http://app/#/klar?x", "http://app/?relaystate=r&service=eIDBasic#/klar?x"),
            ("http://app/%7Eå?q=%20#", "http://app/%7Eå?q=%20&relaystate=r&service=eIDBasic#"),
        ];
        for (given, expected) in cases {
            assert_eq!(with_answer(given, "r", None), expected);
        }
        assert_eq!(
            with_answer("http://app/", "a b&c", Some("Internal Exception")),
            "http://app/?relaystate=a+b%26c&service=eIDBasic&error=Internal+Exception"
        );
    }

    #[test]
    fn addresses_that_run_something_are_not_followed() {
        for bad in ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/relative", "http://a/\r\nX: y"]
        {
            assert!(!is_safe(bad), "{bad}");
        }
        for good in ["http://localhost:3000/x", "https://a.example/å", "com.example.app://back"] {
            assert!(is_safe(good), "{good}");
        }
    }
}
