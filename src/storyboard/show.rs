//! A storyboard as text.

use std::fmt::{self, Display, Formatter};

use super::{Scene, Storyboard};
use crate::script::Millis;

impl Display for Storyboard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.provider)?;
        if let Some(refused) = &self.refused {
            return writeln!(f, "  is not played: {refused}");
        }
        self.scenes.iter().try_for_each(|scene| scene.fmt(f))
    }
}

impl Display for Scene {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:>9}  {}", Millis(self.at_ms), self.what)?;
        for (sign, text) in [('>', &self.request), ('<', &self.answer)] {
            for line in text.iter().flat_map(|text| text.lines()) {
                writeln!(f, "{:>9}    {sign} {}", "", shortened(line))?;
            }
        }
        Ok(())
    }
}

/// The line without the middle of its signatures and certificates: nobody reads base64.
fn shortened(line: &str) -> String {
    // Without the signs that addresses and ids are made of: they are shown whole.
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '=' | '_');
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(is_base64) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !is_base64(c)).unwrap_or(from.len()));
        out.push_str(before);
        match run.get(..KEPT).filter(|_| run.len() > LONGEST_RUN) {
            Some(kept) => {
                out.push_str(kept);
                out.push('…');
            }
            None => out.push_str(run),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A hexadecimal SHA-256 is shown whole.
const LONGEST_RUN: usize = 64;
const KEPT: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_base64_is_cut_and_all_else_stays() {
        let long = "A".repeat(65);
        assert_eq!(shortened(&format!("å{{\"s\":\"{long}\"}}")), format!("å{{\"s\":\"{}…\"}}", "A".repeat(24)));
        assert_eq!(shortened(&long[1..]), &long[1..]);
        let address = "http://localhost:8480/v2/Hosted/35b31aac-ed4e-4af3-8098-f989c9b062a2/sbid-another/";
        assert_eq!(shortened(address), address);
    }
}
