//! The built-in service as a target: in process, over a real socket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use motpart::dial::Dialer;
use motpart::reference::{self, Flaw, Flaws, Reference, Variant};
use motpart::target::{Connections, Feature, HttpTarget, Policy, Setup, Sign, TargetFile, Trigger};
use serde::Deserialize;

use crate::cli::Failure;

/// The built-in service, correct, in another design, or wrong on purpose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builtin {
    /// What it does wrong.
    pub(crate) flaws: BTreeSet<Flaw>,
    /// In what its design differs.
    pub(crate) variants: BTreeSet<Variant>,
}

impl Builtin {
    /// From the names after `reference:`, with commas between them.
    pub(crate) fn named(names: &str) -> Result<Self, Failure> {
        let mut builtin = Self::default();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match (name.parse::<Flaw>(), name.parse::<Variant>()) {
                (Ok(flaw), _) => drop(builtin.flaws.insert(flaw)),
                (Err(_), Ok(variant)) => drop(builtin.variants.insert(variant)),
                (Err(flaw), Err(variant)) => {
                    return Err(Failure::usage(format!("the built-in service has no `{name}`: {flaw}; {variant}")));
                }
            }
        }
        Ok(builtin)
    }

    /// What such a service declares.
    pub(crate) fn file(&self) -> Result<TargetFile, Failure> {
        let mut file = TargetFile::bundled_zigned();
        file.name = "reference".to_owned();
        file.version = Some(env!("CARGO_PKG_VERSION").to_owned());
        file.timing.poll = POLL;
        file.timing.settle = SETTLE;
        file.timing.max_parallel = PARALLEL;
        for variant in &self.variants {
            let design: Design = toml::from_str(variant.policy_toml())
                .map_err(|e| Failure::harness(format!("the declarations of `{}`: {e}", variant.name())))?;
            design.declare(&mut file);
        }
        Ok(file)
    }

    /// Starts it, and makes the way to it.
    pub(crate) async fn open(
        self,
        file: Arc<TargetFile>,
        connections: &Connections,
        seed: &str,
        dialer: Dialer,
    ) -> Result<(Reference, HttpTarget), Failure> {
        let options = reference::Options {
            connections: connections.clone(),
            flaws: Flaws::from_iter(self.flaws),
            variants: self.variants,
            poll: POLL,
            provider_timeout: PROVIDER_TIMEOUT,
            seed: Some(seed.to_owned()),
            ..reference::Options::default()
        };
        let reference = Reference::start(options).await.map_err(Failure::target)?;
        let base = reference.base_url().as_str().trim_end_matches('/').to_owned();
        let variables = BTreeMap::from([("base_url".to_owned(), base)]);
        Ok((reference, HttpTarget::new(file, dialer, variables)))
    }
}

/// What a design declares otherwise than the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Design {
    setup: Setup,
    sign: Sign,
    triggers: Option<Vec<Trigger>>,
    /// The providers that it cannot use.
    #[serde(default)]
    without: Vec<String>,
    policy: Policy,
}

impl Design {
    fn declare(self, file: &mut TargetFile) {
        file.setup = self.setup;
        file.sign = self.sign;
        file.policy = self.policy;
        file.providers.retain(|provider, _| !self.without.contains(provider));
        file.provider_order.retain(|provider| !self.without.contains(provider));
        if let Some(triggers) = self.triggers {
            if !triggers.contains(&Trigger::Webhook) {
                file.features = std::mem::take(&mut file.features).without(Feature::WebhookIn);
            }
            file.timing.triggers = triggers;
        }
    }
}

/// A machine that does other things at the same time is no provider that is down; an unoptimised build takes its time as well.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 });
/// In process there is nobody to spare: results are looked for often.
const POLL: Duration = Duration::from_millis(50);
const SETTLE: Duration = Duration::from_millis(500);
const PARALLEL: u32 = 16;
