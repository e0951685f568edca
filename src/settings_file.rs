//! The `--settings` file: the relying parties a simulation begins with, in TOML.
//!
//! ```toml
//! public_url = "http://localhost:8480"
//!
//! [[space]]
//! name = "default"
//! script = "mismatch"
//!
//! [space.credentials.zignsec-v2]
//! token = "11111111-1111-4111-8111-111111111111"
//!
//! [space.settings.zignsec-v2]
//! default_language = "SV"
//! ```
//!
//! [`SettingsFile::parse`] reads the form, [`SettingsFile::check`] asks the providers about their parts; both name line and column.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use url::Url;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::identity::mask;
use crate::running::SpaceOptions;
use crate::script::Library;
use crate::simulation::{Control, DEFAULT, Simulation};

/// A settings file whose form is right.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    file: String,
    /// Masked, byte for byte.
    text: String,
    written: Written,
    public_url: Option<Url>,
}

/// Everything that is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFileError {
    /// In the order in which it was noticed.
    pub mistakes: Vec<Diagnostic>,
}

type Switches = BTreeMap<Spanned<String>, Spanned<toml::Value>>;
type Words = BTreeMap<Spanned<String>, Spanned<String>>;
type ByProvider<T> = BTreeMap<Spanned<String>, T>;

/// The relying parties a simulation begins with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Motpart settings")]
struct Written {
    /// What browsers call the simulation: pages and redirects are built from it.
    #[schemars(with = "Option<String>", extend("format" = "uri"))]
    public_url: Option<Spanned<String>>,
    /// The relying parties. The one called `default` exists anyhow; naming it changes it.
    #[serde(default)]
    space: Vec<WrittenSpace>,
}

/// One relying party.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenSpace {
    /// Its name.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// The script that plays when nothing else does; without one a person decides.
    #[schemars(with = "Option<String>")]
    script: Option<Spanned<String>>,
    /// What browsers call the simulation in this space.
    #[schemars(with = "Option<String>", extend("format" = "uri"))]
    public_url: Option<Spanned<String>>,
    /// Credentials the service holds already, by provider and name. Those not given are made.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    credentials: ByProvider<Words>,
    /// The providers' switches, by provider and name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Value>>")]
    settings: ByProvider<Switches>,
}

impl SettingsFile {
    /// Reads a settings file. `file` is its name, for the errors.
    ///
    /// # Errors
    /// With everything that is wrong with its form.
    pub fn parse(text: &str, file: &str) -> Result<Self, SettingsFileError> {
        // A number pasted in a wrong place must not come back in the message.
        let masked = mask(text).into_owned();
        let written: Written = toml::from_str(text).map_err(|e| {
            let mut mistake = Diagnostic::from_toml(file, &masked, &e);
            mistake.problem = mask(&mistake.problem).into_owned();
            SettingsFileError { mistakes: vec![mistake] }
        })?;
        let mut this = Self { file: file.to_owned(), text: masked, written, public_url: None };
        let mut mistakes = Vec::new();
        this.public_url = this.address(this.written.public_url.as_ref(), &mut mistakes);
        let mut names: Vec<&str> = Vec::new();
        for space in &this.written.space {
            let name = space.name.get_ref().as_str();
            if name.is_empty() {
                mistakes.push(this.mistake(space.name.span(), "a space needs a name", None));
            }
            if names.contains(&name) {
                let help = Some("put both into one `[[space]]`, or choose another name".to_owned());
                mistakes.push(this.mistake(space.name.span(), format!("there are two spaces `{name}`"), help));
            }
            names.push(name);
            this.address(space.public_url.as_ref(), &mut mistakes);
        }
        if mistakes.is_empty() { Ok(this) } else { Err(SettingsFileError { mistakes }) }
    }

    /// Asks the providers whether their parts can be had, and whether the scripts exist. `scratch` is a simulation that nobody uses: the
    /// switches are tried on it, one at a time, so that the one that is refused can be named.
    ///
    /// # Errors
    /// With every part that is refused.
    pub fn check(&self, scratch: &Simulation, scripts: &Library) -> Result<(), SettingsFileError> {
        let mut mistakes = Vec::new();
        for space in &self.written.space {
            if let Some(script) = &space.script
                && let Err(unknown) = scripts.find(script.get_ref())
            {
                mistakes.push(self.mistake(script.span(), unknown.to_string(), None));
            }
            for (provider, words) in &space.credentials {
                let Some(control) = self.provider(scratch, provider, &mut mistakes) else { continue };
                for name in words.keys().filter(|name| !control.credentials().contains(&name.get_ref().as_str())) {
                    let problem = format!("{} has no credential `{}`", kebab(control.name()), name.get_ref());
                    mistakes.push(self.unknown(name, problem, control.credentials()));
                }
            }
            for (provider, switches) in &space.settings {
                if let Some(control) = self.provider(scratch, provider, &mut mistakes) {
                    self.try_switches(scratch, &**control, switches, &mut mistakes);
                }
            }
        }
        mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
        if mistakes.is_empty() { Ok(()) } else { Err(SettingsFileError { mistakes }) }
    }

    /// What browsers call the simulation, if the file says so.
    #[must_use]
    pub const fn public_url(&self) -> Option<&Url> {
        self.public_url.as_ref()
    }

    /// The spaces, for the start of a simulation.
    #[must_use]
    pub fn spaces(&self) -> Vec<SpaceOptions> {
        let spaces = self.written.space.iter().map(|space| SpaceOptions {
            name: space.name.get_ref().clone(),
            credentials: space
                .credentials
                .iter()
                .map(|(provider, words)| {
                    let words = words.iter().map(|(name, word)| (name.get_ref().clone(), word.get_ref().clone()));
                    (provider.get_ref().clone(), words.collect())
                })
                .collect(),
            script: space.script.as_ref().map(|script| script.get_ref().clone()),
            public_url: space.public_url.as_ref().and_then(|url| Url::parse(url.get_ref()).ok()),
            settings: space
                .settings
                .iter()
                .map(|(provider, switches)| {
                    let members = switches.iter().map(|(name, value)| (name.get_ref().clone(), json(value.get_ref())));
                    (provider.get_ref().clone(), Value::Object(members.collect()))
                })
                .collect(),
        });
        spaces.collect()
    }

    /// The JSON Schema (draft 2020-12) of a settings file, for editors.
    #[must_use]
    pub fn schema() -> Value {
        schemars::schema_for!(Written).to_value()
    }

    fn provider<'a>(
        &self,
        scratch: &'a Simulation,
        name: &Spanned<String>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<&'a std::sync::Arc<dyn Control>> {
        match scratch.provider(name.get_ref()) {
            Ok(control) => Some(control),
            Err(unknown) => {
                let known: Vec<&str> = unknown.known.iter().map(String::as_str).collect();
                mistakes.push(self.unknown(name, format!("there is no provider `{}`", name.get_ref()), &known));
                None
            }
        }
    }

    fn try_switches(
        &self,
        scratch: &Simulation,
        control: &dyn Control,
        switches: &Switches,
        mistakes: &mut Vec<Diagnostic>,
    ) {
        let space = scratch.commons.spaces.named(DEFAULT).expect("every simulation has the space `default`");
        let before = control.settings(DEFAULT);
        let known: Vec<&str> = before.as_object().into_iter().flat_map(|all| all.keys().map(String::as_str)).collect();
        for (name, value) in switches {
            let word = name.get_ref().as_str();
            // A switch that is not set may not show among the settings: only the provider knows.
            let change = Value::Object([(word.to_owned(), json(value.get_ref()))].into_iter().collect());
            let Err(refused) = control.change_settings(&space, &change) else { continue };
            if refused.problem.starts_with("unknown field") {
                let problem = format!("{} has no switch `{word}`", kebab(control.name()));
                mistakes.push(self.unknown(name, problem, &known));
            } else {
                // serde speaks of Rust's types; people write files.
                let problem = refused.problem.replace("expected u32", "expected a whole number");
                mistakes.push(self.mistake(value.span(), format!("switch `{word}`: {problem}"), None));
            }
        }
    }

    fn address(&self, written: Option<&Spanned<String>>, mistakes: &mut Vec<Diagnostic>) -> Option<Url> {
        let written = written?;
        match Url::parse(written.get_ref()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => return Some(url),
            Ok(url) => mistakes.push(self.mistake(
                written.span(),
                format!("`{}` is no address of a web server", url.scheme()),
                Some("expected http://… or https://…".to_owned()),
            )),
            Err(error) => mistakes.push(self.mistake(
                written.span(),
                format!("not an address: {error}"),
                Some("expected one such as `http://localhost:8480`".to_owned()),
            )),
        }
        None
    }

    fn unknown(&self, word: &Spanned<String>, problem: String, known: &[&str]) -> Diagnostic {
        let help = match did_you_mean(word.get_ref(), known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.mistake(word.span(), problem, Some(help))
    }

    fn mistake(&self, at: Range<usize>, problem: impl Into<String>, help: Option<String>) -> Diagnostic {
        Diagnostic::new(&self.file, &self.text, at, mask(&problem.into()), help)
    }
}

impl fmt::Display for SettingsFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().enumerate() {
            write!(f, "{}{mistake}", if i == 0 { "" } else { "\n\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsFileError {}

/// TOML in JSON's words; dates become text.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Boolean(yes) => Value::from(*yes),
        toml::Value::Datetime(moment) => Value::from(moment.to_string()),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(name, value)| (name.clone(), json(value))).collect())
        }
    }
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

#[cfg(test)]
mod tests;
