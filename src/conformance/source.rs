//! Feature files as text: found, read, freed of their byte order mark.

use std::fs;
use std::path::{Path, PathBuf};

use super::syntax::span_of_line;
use crate::diagnostic::Diagnostic;
use crate::identity::mask;

/// A feature file, not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called in messages: the path as given, or `bundled:` and the file's name.
    pub name: String,
    /// The text without a byte order mark.
    pub text: String,
    /// The same, byte for byte, with national numbers masked: what messages quote.
    pub shown: String,
}

/// Why files could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system does not give it.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not text.
    #[error("{}: not UTF-8 from byte {at} on; save the file as UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first byte that is none.
        at: usize,
    },
}

impl Source {
    /// A text that is at hand already.
    #[must_use]
    pub fn new(name: impl Into<String>, text: &str) -> Self {
        // The parser takes a byte order mark for an unknown keyword.
        let text = text.trim_start_matches('\u{feff}').to_owned();
        Self { name: name.into(), shown: mask(&text).into_owned(), text }
    }

    /// A mistake in one line; `words` narrows it down to a part of the line.
    #[must_use]
    pub fn mistake(
        &self,
        line: usize,
        words: Option<&str>,
        problem: impl Into<String>,
        help: Option<String>,
    ) -> Diagnostic {
        let mut span = span_of_line(&self.text, line);
        if let Some((words, at)) = words.and_then(|words| Some((words, self.text.get(span.clone())?.rfind(words)?))) {
            span = span.start + at..span.start + at + words.len();
        }
        Diagnostic::new(&self.name, &self.shown, span, problem, help)
    }

    /// The files, and of folders every `.feature` in them at any depth, sorted by path.
    ///
    /// # Errors
    /// For the first path that cannot be read.
    pub fn read(paths: &[PathBuf]) -> Result<Vec<Self>, SourceError> {
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() { collect(path, &mut files)? } else { files.push(path.clone()) }
        }
        files.sort();
        files.dedup();
        files.into_iter().map(|path| one(&path)).collect()
    }
}

fn one(path: &Path) -> Result<Source, SourceError> {
    let bytes = fs::read(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let text = String::from_utf8(bytes)
        .map_err(|e| SourceError::NotUtf8 { path: path.to_owned(), at: e.utf8_error().valid_up_to() })?;
    Ok(Source::new(path.display().to_string(), &text))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let failed = |source| SourceError::Io { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            files.push(path);
        }
    }
    Ok(())
}
