//! What is judged: a target file, or the built-in service.

use std::path::Path;
use std::sync::Arc;

use motpart::conformance::Setting;
use motpart::conformance::result::TargetIdentity;
use motpart::dial::Dialer;
use motpart::reference::Reference;
use motpart::target::{Connections, HttpTarget, TargetFile};
use sha2::{Digest as _, Sha256};

use super::builtin::Builtin;
use crate::cli::Failure;

/// What is known of a target before it is called.
#[derive(Debug)]
pub(crate) struct Subject {
    /// What it declares, and how it is driven.
    pub(crate) file: Arc<TargetFile>,
    /// What the engine has to know of it.
    pub(crate) setting: Setting,
    /// The providers that it uses, in snake_case.
    pub(crate) providers: Vec<String>,
    named: String,
    builtin: Option<Builtin>,
}

/// A target that can be called.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The way to it.
    pub(crate) target: HttpTarget,
    /// The built-in service, where it is that.
    pub(crate) reference: Option<Reference>,
}

impl Subject {
    /// The target of a name: a file, `reference`, or `reference:NAME,NAME`.
    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let builtin = match name.split_once(':') {
            Some(("reference", names)) => Some(Builtin::named(names)?),
            None if name == "reference" => Some(Builtin::default()),
            Some(_) | None => None,
        };
        match builtin {
            Some(builtin) => Self::builtin(builtin, name),
            None => Self::of(TargetFile::load(Path::new(name)).map_err(Failure::usage)?, None, name),
        }
    }

    /// The built-in service.
    pub(crate) fn builtin(builtin: Builtin, name: &str) -> Result<Self, Failure> {
        Self::of(builtin.file()?, Some(builtin), name)
    }

    fn of(file: TargetFile, builtin: Option<Builtin>, name: &str) -> Result<Self, Failure> {
        let providers = file.provider_order.clone();
        if providers.is_empty() {
            return Err(Failure::usage(format!(
                "{name} names no provider: add `providers = {{ zignsec-v2 = [\"…\"] }}`"
            )));
        }
        let setting = Setting::of(&file);
        Ok(Self { file: Arc::new(file), setting, providers, named: name.to_owned(), builtin })
    }

    /// Those of its providers that somebody wants, as people write them; all when nobody names one.
    pub(crate) fn chosen(&self, wanted: &[String]) -> Result<Vec<String>, Failure> {
        let wanted: Vec<String> = wanted.iter().map(|name| name.replace('-', "_")).collect();
        if let Some(unknown) = wanted.iter().find(|name| !self.providers.contains(name)) {
            let known = self.providers.join(", ");
            return Err(Failure::usage(format!("the target declares no provider `{unknown}`: it has {known}")));
        }
        Ok(if wanted.is_empty() { self.providers.clone() } else { wanted })
    }

    /// As it was named on the command line.
    pub(crate) fn name(&self) -> &str {
        &self.named
    }

    /// For the report.
    pub(crate) fn identity(&self) -> TargetIdentity {
        TargetIdentity {
            name: self.file.name.clone(),
            version: self.file.version.clone(),
            from: self.named.clone(),
            sha256: hex::encode(Sha256::digest(self.file.text.as_bytes())),
        }
    }

    /// Starts it where it is ours to start, and makes the way to it.
    pub(crate) async fn open(&self, connections: &Connections, seed: &str, dialer: Dialer) -> Result<Opened, Failure> {
        match self.builtin.clone() {
            Some(builtin) => {
                let (reference, target) = builtin.open(self.file.clone(), connections, seed, dialer).await?;
                Ok(Opened { target, reference: Some(reference) })
            }
            None => {
                let target = HttpTarget::new(self.file.clone(), dialer, std::collections::BTreeMap::new());
                Ok(Opened { target, reference: None })
            }
        }
    }
}
