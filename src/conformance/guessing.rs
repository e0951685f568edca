//! How hard it is to guess an address: the freedom of its longest random part.

/// The bits of the longest part of path or query that looks random, leaving out what is `known` otherwise.
///
/// It is an upper limit: nobody can see in one address how it was made. Words are no secret, whatever their length: a part has to mix
/// digits and letters, or be digits alone.
#[must_use]
pub(super) fn bits(address: &str, known: &str) -> u32 {
    let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
    let behind = behind.split_once('/').map_or("", |(_, path)| path);
    let parts = behind.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    parts.filter(|part| known.is_empty() || *part != known).map(freedom).max().unwrap_or_default()
}

fn freedom(part: &str) -> u32 {
    // Of its 128 bits, six say which kind of UUID it is.
    if uuid::Uuid::parse_str(part).is_ok() {
        return if part.contains('-') { 122 } else { 128 };
    }
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    let has_digits = part.bytes().any(|byte| byte.is_ascii_digit());
    let is_mixed = part.bytes().any(|b| b.is_ascii_lowercase()) && part.bytes().any(|b| b.is_ascii_uppercase());
    let tenths = if part.bytes().all(|byte| byte.is_ascii_digit()) {
        33
    } else if !(has_digits || is_mixed) {
        0
    } else if part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        40
    } else if is_mixed {
        60
    } else {
        52
    };
    length.saturating_mul(tenths) / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_parts_are_long_and_words_are_none() {
        for (address, expected) in [
            ("https://h/room/4f2c1a9e-1111-4222-8333-198501012382", 122),
            ("https://h/sign?t=0123456789abcdef0123456789abcde", 124),
            ("https://h/r/Zk3_9xQpLm2-7TvRb8WcYd", 132),
            ("https://h/rooms/a-very-long-name-of-an-agreement-for-everybody", 0),
            ("https://h/rooms/12345", 16),
            ("https://h", 0),
        ] {
            assert_eq!(bits(address, ""), expected, "{address}");
        }
        assert_eq!(bits("https://h/r/4f2c1a9e-1111-4222-8333-198501012382", "4f2c1a9e-1111-4222-8333-198501012382"), 0);
    }
}
