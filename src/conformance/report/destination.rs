//! A file that a report goes to. That it can be written is tried before the run, which may take long.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Format, Unknown};

/// A report to be written: `junit=out/motpart.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The form.
    pub format: Format,
    /// The file. It is replaced as a whole, or left as it was.
    pub path: PathBuf,
}

impl Destination {
    /// Reads `format=path`, makes the folder when it is missing, and tries to write there.
    ///
    /// # Errors
    /// When it is not understood, or the file could not be written.
    pub fn open(spec: &str) -> Result<Self, DestinationError> {
        let (format, path) = spec
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| DestinationError::Form { spec: spec.to_owned() })?;
        let destination = Self { format: format.parse()?, path: PathBuf::from(path) };
        if destination.path.is_dir() {
            return Err(DestinationError::Folder { path: destination.path });
        }
        let failed = |error| DestinationError::Write { path: destination.path.clone(), error };
        fs::create_dir_all(destination.folder()).map_err(failed)?;
        let beside = destination.beside();
        fs::write(&beside, "").and_then(|()| fs::remove_file(&beside)).map_err(failed)?;
        Ok(destination)
    }

    /// Writes the file beside its place, and moves it there.
    ///
    /// # Errors
    /// When it cannot be written; then the file that was there before is still there.
    pub fn write(&self, text: &str) -> Result<(), DestinationError> {
        let beside = self.beside();
        let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.path));
        written.map_err(|error| {
            // What cannot be moved may still be removed; whether it can changes nothing.
            let _ = fs::remove_file(&beside);
            DestinationError::Write { path: self.path.clone(), error }
        })
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
    }

    /// In the same folder, so that moving it is one step; of this process, so that two runs do not meet.
    fn beside(&self) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.folder().join(format!(".{name}.{}.part", std::process::id()))
    }
}

/// Why a report cannot go where it was sent.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// A folder where a file was expected.
    #[error("`{path}` is a folder: name a file in it, such as `{path}/motpart.xml`", path = .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Not `format=path`.
    #[error("`{spec}` does not say what to write where: expected `FORMAT=FILE`, such as `junit=out/motpart.xml`")]
    Form {
        /// What was given.
        spec: String,
    },
    /// An unknown format.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The system said no.
    #[error("the report `{path}` cannot be written: {error}; choose a folder that this user may write to", path = .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let scratch = std::env::temp_dir().join(format!("motpart-destination-{}", std::process::id()));
        let file = scratch.join("deep/er/run.json");
        let destination = Destination::open(&format!("json={}", file.display())).expect("a place to write");
        assert!(!file.exists(), "trying leaves nothing");
        destination.write("one").expect("a file");
        destination.write("two").expect("a file");
        assert_eq!(fs::read_to_string(&file).expect("the file"), "two");
        assert_eq!(fs::read_dir(destination.folder()).expect("the folder").count(), 1);
        let into_a_file = format!("json={}", file.join("x.json").display());
        assert!(matches!(Destination::open(&into_a_file), Err(DestinationError::Write { .. })));
        assert!(matches!(
            Destination::open(&format!("text={}", scratch.display())),
            Err(DestinationError::Folder { .. })
        ));
        fs::remove_dir_all(scratch).expect("the scratch folder");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_is() {
        for (spec, message) in [
            (
                "junit",
                "`junit` does not say what to write where: expected `FORMAT=FILE`, such as `junit=out/motpart.xml`",
            ),
            ("html=x", "unknown report `html`: expected text, junit or json"),
        ] {
            assert_eq!(Destination::open(spec).expect_err("a refusal").to_string(), message);
        }
    }
}
