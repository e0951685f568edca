use std::fmt;
use std::str::FromStr;

use hyper::http::Uri;
use thiserror::Error;

/// "Whoever wants to go to this host and port, connect there instead": `api.test:443=localhost:8443`.
///
/// Like curl's option of this name, it changes the TCP destination alone: the URL, the `Host` header and the name in TLS stay.
///
/// ```
/// use motpart::dial::ConnectTo;
///
/// let rule: ConnectTo = "api.test:443=[::1]:8443".parse()?;
/// assert_eq!(rule.to_string(), "api.test:443=[::1]:8443");
/// # Ok::<(), motpart::dial::ConnectToError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    from: Place,
    to: Place,
}

/// A rule that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{rule}` is not a connect-to rule: {problem}; expected `host:port=otherhost:otherport`, such as `api.test:443=localhost:8443`"
)]
pub struct ConnectToError {
    /// The rule as it was given.
    pub rule: String,
    /// What is wrong with it.
    pub problem: String,
}

/// A host and a port; IPv6 addresses are kept without brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    host: String,
    port: u16,
}

impl ConnectTo {
    /// Where to connect instead, if this rule speaks of that place.
    pub(super) fn reroute(&self, place: &Place) -> Option<&Place> {
        (self.from == *place).then_some(&self.to)
    }
}

impl FromStr for ConnectTo {
    type Err = ConnectToError;

    fn from_str(rule: &str) -> Result<Self, ConnectToError> {
        let wrong = |problem: String| ConnectToError { rule: rule.to_owned(), problem };
        let (from, to) = rule.split_once('=').ok_or_else(|| wrong("the `=` is missing".to_owned()))?;
        Ok(Self { from: Place::parse(from).map_err(wrong)?, to: Place::parse(to).map_err(wrong)? })
    }
}

impl fmt::Display for ConnectTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.from, self.to)
    }
}

impl Place {
    /// Where the URL leads; the port is the scheme's when the URL names none.
    pub(super) fn of(uri: &Uri) -> Self {
        let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        Self { host: host.to_ascii_lowercase(), port: uri.port_u16().unwrap_or(usual) }
    }

    /// Whether this is the machine (or the container) we run in.
    pub(super) fn is_local(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = text.rsplit_once(':').ok_or_else(|| format!("`{text}` has no port"))?;
        let port = port
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| format!("`{port}` is not a port between 1 and 65535"))?;
        let bare = match host.strip_prefix('[') {
            Some(rest) => rest
                .strip_suffix(']')
                .filter(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
                .ok_or_else(|| format!("`{host}` is not an IPv6 address in brackets"))?,
            None if host.parse::<std::net::Ipv6Addr>().is_ok() => {
                return Err(format!("`{host}` is an IPv6 address without brackets"));
            }
            None => host,
        };
        let strange = |c: char| c.is_whitespace() || "/@?#=%[]".contains(c);
        if bare.is_empty() || bare.contains(strange) || (bare == host && bare.contains(':')) {
            return Err(format!("`{host}` is not a host name"));
        }
        Ok(Self { host: bare.to_ascii_lowercase(), port })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(rule: &str, url: &str) -> Option<String> {
        let rule: ConnectTo = rule.parse().unwrap();
        rule.reroute(&Place::of(&url.parse().unwrap())).map(Place::to_string)
    }

    #[test]
    fn a_rule_speaks_of_its_host_and_port_alone() {
        let rule = "Api.test:443=localhost:8443";
        assert_eq!(destination(rule, "https://api.test/x").as_deref(), Some("localhost:8443"));
        assert_eq!(destination(rule, "http://API.test:443/").as_deref(), Some("localhost:8443"));
        assert_eq!(destination(rule, "http://api.test/"), None);
        assert_eq!(destination(rule, "https://api.test:8443/"), None);
        assert_eq!(destination(rule, "https://other.test/"), None);
        assert_eq!(destination("[::1]:80=[::2]:81", "http://[::1]/").as_deref(), Some("[::2]:81"));
    }

    #[test]
    fn a_wrong_rule_is_refused_with_its_problem() {
        for (rule, problem) in [
            ("", "`=` is missing"),
            ("a:1", "`=` is missing"),
            ("a=b:1", "`a` has no port"),
            ("a:1=b", "`b` has no port"),
            ("a:0=b:1", "`0` is not a port"),
            ("a:1=b:65536", "`65536` is not a port"),
            (":1=b:1", "`` is not a host name"),
            ("a:1=::1:2", "without brackets"),
            ("a:1=[b]:2", "not an IPv6 address"),
            ("http://a:1=b:2", "`http://a` is not a host name"),
            ("a:1=b:2=c:3", "`b:2=c` is not a host name"),
        ] {
            let message = rule.parse::<ConnectTo>().unwrap_err().to_string();
            assert!(message.contains(problem), "{rule}: {message}");
            assert!(message.contains("expected `host:port=otherhost:otherport`"), "{message}");
        }
    }
}
