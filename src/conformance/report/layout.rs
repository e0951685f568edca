//! Lines of limited width, labels in a column, colours.

/// Whether a text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// With ANSI escapes.
    Ansi,
    /// Plain.
    Never,
}

impl Colours {
    /// On a terminal, unless `NO_COLOR` holds something (no-color.org).
    #[must_use]
    pub fn of(is_terminal: bool, no_color: Option<&std::ffi::OsStr>) -> Self {
        let refused = no_color.is_some_and(|value| !value.is_empty());
        if is_terminal && !refused { Self::Ansi } else { Self::Never }
    }

    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match (self, tone) {
            (Self::Never, _) | (_, Tone::Plain) => return text.to_owned(),
            (Self::Ansi, Tone::Bad) => "1;31",
            (Self::Ansi, Tone::Care) => "1;33",
            (Self::Ansi, Tone::Good) => "1;32",
            (Self::Ansi, Tone::Strong) => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Bad,
    Care,
    Good,
    Plain,
    Strong,
}

/// The text in lines of at most [`WIDTH`] characters, the first after `first`, the others indented as far. Longer words stay whole.
pub(super) fn wrapped(first: &str, text: &str) -> String {
    let indent = first.chars().count();
    let mut out = first.to_owned();
    let mut column = indent;
    for (index, word) in text.split_whitespace().enumerate() {
        let len = word.chars().count();
        if index > 0 && column + 1 + len > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += len;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Labels in a column of their own, each with its text.
pub(super) fn labelled(indent: usize, rows: &[(&str, String)]) -> String {
    let widest = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let line = |(label, text): &(&str, String)| wrapped(&format!("{:indent$}{label:widest$}  ", ""), text);
    rows.iter().map(line).collect()
}

/// Lines that are copied as they are, and so never broken.
pub(super) fn verbatim(indent: usize, lines: &[String]) -> String {
    lines.iter().flat_map(|text| text.lines()).map(|line| format!("{:indent$}{line}\n", "")).collect()
}

/// Characters.
const WIDTH: usize = 100;
