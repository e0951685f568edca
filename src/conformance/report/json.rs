//! The canonical JSON report: a [`Run`], byte for byte the same for the same run.

use schemars::schema_for;

use super::super::result::Run;

/// The form that this version writes and reads.
pub const SCHEMA: &str = "motpart.run/1";

/// The run as indented JSON, members in the order of their declaration, with a line break at the end.
#[must_use]
pub fn write(run: &Run) -> String {
    serde_json::to_string_pretty(run).expect("a run has text keys only") + "\n"
}

/// The run that [`write()`] wrote.
///
/// # Errors
/// When it is no JSON, or not a run of this form.
pub fn read(text: &str) -> Result<Run, NotARun> {
    let form = |value: &serde_json::Value| value.get("schema").and_then(|form| form.as_str()).map(str::to_owned);
    let value: serde_json::Value = serde_json::from_str(text)?;
    match form(&value) {
        Some(form) if form == SCHEMA => Ok(serde_json::from_str(text)?),
        other => Err(NotARun::Form { found: other.unwrap_or_else(|| "none".to_owned()) }),
    }
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> serde_json::Value {
    schema_for!(Run).to_value()
}

/// Why a text is no run.
#[derive(Debug, thiserror::Error)]
pub enum NotARun {
    /// Another form, or something else entirely.
    #[error(
        "this is no report that can be read: expected the member `schema` to be `{SCHEMA}`, found `{found}`; take the file that `--report json=FILE` wrote, with the same version of Motpart"
    )]
    Form {
        /// What `schema` says.
        found: String,
    },
    /// No JSON, or members that do not fit.
    #[error("the report cannot be read: {0}; it may have been cut or edited, so run the check again")]
    Json(#[from] serde_json::Error),
}
