//! The scripts that can be named: those that come with Motpart, and above them the user's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::{fmt, fs, io};

use crate::diagnostic::did_you_mean;

use super::bundled::BUNDLED;
use super::{Script, ScriptError};

/// Scripts by name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Library(Arc<BTreeMap<String, Entry>>);

/// One script, where it came from, and how it was written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The script.
    pub script: Arc<Script>,
    /// Where it came from.
    pub source: Source,
    /// The text of the file, with its comments.
    pub text: Arc<str>,
}

/// Where a script came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It comes with Motpart.
    Bundled,
    /// The user's file.
    File(PathBuf),
}

/// No script has the name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no script is called `{name}`; {}", meant.as_ref().map_or_else(
    || "`motpart scripts list` shows all of them".to_owned(), |meant| format!("did you mean `{meant}`?")))]
pub struct UnknownScript {
    /// What was asked for.
    pub name: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

/// Everything that is wrong with the user's scripts; none of them was taken.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
pub struct LibraryErrors(pub Vec<LibraryError>);

/// One thing that is wrong with the user's scripts.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file is no script.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// Two of the user's files name the same script.
    #[error("{} and {} are both the script `{name}`; rename one of them", first.display(), second.display())]
    Twice {
        /// The name.
        name: String,
        /// The file that was read first.
        first: PathBuf,
        /// The file that was read then.
        second: PathBuf,
    },
}

impl Library {
    /// The scripts that come with Motpart.
    #[must_use]
    pub fn bundled() -> Self {
        static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
            let entries = BUNDLED.iter().map(|(file, text)| {
                let script = Script::parse(text, file).expect("every bundled script is read in a test");
                let entry = Entry { script: Arc::new(script), source: Source::Bundled, text: Arc::from(*text) };
                (entry.script.name.clone(), entry)
            });
            Library(Arc::new(entries.collect()))
        });
        LIBRARY.clone()
    }

    /// The bundled scripts, overlaid by the `*.toml` files of a folder.
    ///
    /// # Errors
    /// Everything that is wrong with the folder and its files.
    pub fn with_folder(folder: impl AsRef<Path>) -> Result<Self, LibraryErrors> {
        Self::bundled().overlaid(&[folder])
    }

    /// These scripts, overlaid by the user's files and the `*.toml` files of the user's folders. A user's script replaces a bundled one
    /// of the same name.
    ///
    /// # Errors
    /// Everything that is wrong with the files; nothing is taken then.
    pub fn overlaid<P: AsRef<Path>>(&self, paths: &[P]) -> Result<Self, LibraryErrors> {
        let mut entries = BTreeMap::clone(&self.0);
        let mut errors = Vec::new();
        let mut own: BTreeMap<String, PathBuf> = BTreeMap::new();
        for path in paths {
            let files = files(path.as_ref()).unwrap_or_else(|error| {
                errors.push(error);
                Vec::new()
            });
            for file in files {
                match read(&file) {
                    Err(error) => errors.push(error),
                    Ok(entry) => {
                        let name = entry.script.name.clone();
                        if let Some(first) = own.insert(name.clone(), file.clone()) {
                            errors.push(LibraryError::Twice { name: name.clone(), first, second: file });
                        }
                        entries.insert(name, entry);
                    }
                }
            }
        }
        if errors.is_empty() { Ok(Self(Arc::new(entries))) } else { Err(LibraryErrors(errors)) }
    }

    /// The script of that name.
    ///
    /// # Errors
    /// [`UnknownScript`], with the name that was probably meant.
    pub fn find(&self, name: &str) -> Result<&Arc<Script>, UnknownScript> {
        self.entry(name).map(|entry| &entry.script)
    }

    /// The script of that name, with its source.
    ///
    /// # Errors
    /// [`UnknownScript`], with the name that was probably meant.
    pub fn entry(&self, name: &str) -> Result<&Entry, UnknownScript> {
        self.0.get(name).ok_or_else(|| {
            let meant = did_you_mean(name, self.0.keys().map(String::as_str)).map(str::to_owned);
            UnknownScript { name: name.to_owned(), meant }
        })
    }

    /// Every script, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }
}

/// `bundled`, or the path.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str("bundled"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The script files that `path` stands for, by name: itself, or the visible `*.toml` files in it.
fn files(path: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let unreadable = |error| LibraryError::Read { path: path.to_owned(), error };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let hidden = file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Entry, LibraryError> {
    let text = fs::read_to_string(file).map_err(|error| LibraryError::Read { path: file.to_owned(), error })?;
    let script = Script::parse(&text, &file.to_string_lossy())?;
    Ok(Entry { script: Arc::new(script), source: Source::File(file.to_owned()), text: text.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("motpart-library-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_users_script_is_added_and_replaces_a_bundled_one() {
        let folder = folder(
            "own",
            &[("finished.toml", "title = 'Ours'"), ("ours.toml", ""), (".hidden.toml", "!"), ("notes.md", "!")],
        );
        let library = Library::with_folder(&folder).unwrap();
        assert_eq!(library.find("finished").unwrap().title, "Ours");
        assert_eq!(library.entry("ours").unwrap().source, Source::File(folder.join("ours.toml")));
        assert_eq!(library.entry("mismatch").unwrap().source, Source::Bundled);
        assert_eq!(library.iter().count(), Library::bundled().iter().count() + 1);
        assert_ne!(Library::bundled().find("finished").unwrap().title, "Ours", "the bundled ones stay as they are");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let wrong = folder("wrong", &[("one.toml", "setp = 1"), ("two.toml", "[[step]]"), ("fine.toml", "")]);
        let again = folder("again", &[("fine.toml", "")]);
        let missing = wrong.join("missing");
        let errors = Library::bundled().overlaid(&[&wrong, &missing, &again]).unwrap_err();
        let kinds: Vec<&str> = errors
            .0
            .iter()
            .map(|error| match error {
                LibraryError::Read { .. } => "read",
                LibraryError::Script(_) => "script",
                LibraryError::Twice { .. } => "twice",
            })
            .collect();
        assert_eq!(kinds, ["script", "script", "read", "twice"], "{errors}");
        fs::remove_dir_all(wrong).unwrap();
        fs::remove_dir_all(again).unwrap();
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_one_that_was_meant() {
        let error = Library::bundled().find("mismach").unwrap_err();
        assert_eq!(error.to_string(), "no script is called `mismach`; did you mean `mismatch`?");
        let error = Library::bundled().find("zzz").unwrap_err();
        assert_eq!(error.to_string(), "no script is called `zzz`; `motpart scripts list` shows all of them");
    }
}
