//! What can be read from addresses.

/// Everything in an address that has the form of a GUID.
pub(super) fn guids(url: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '-';
    let words = url.split(|c: char| !is_part(c)).filter(|word| uuid::Uuid::parse_str(word).is_ok() && word.len() == 36);
    words.map(str::to_owned).collect()
}

/// Host and port of an address.
pub(super) fn host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_addresses() {
        assert_eq!(
            guids("http://h:1/v2/Hosted/4f2c1a9e-1111-4222-8333-198501012382/sbid/?a=b-c"),
            ["4f2c1a9e-1111-4222-8333-198501012382"]
        );
    }
}
