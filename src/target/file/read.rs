//! Reading a target file piece by piece, so that a mistake in one operation does not hide those in the others.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::environment::{Environment, Used, expand};
use super::form::{Form, OpForm};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::identity::mask;

/// A file being read, with what is wrong so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    /// Masked, byte for byte.
    text: String,
    pub(super) used: Vec<Used>,
    pub(super) mistakes: Vec<Diagnostic>,
}

type Piece<'i> = Spanned<DeValue<'i>>;

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &str) -> Self {
        Self { file, text: mask(text).into_owned(), used: Vec::new(), mistakes: Vec::new() }
    }

    /// Everything that can be read.
    pub(super) fn form(&mut self, text: &str, environment: Environment<'_>) -> Form {
        let mut form = Form::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                self.refuse(&error, None);
                return form;
            }
        };
        for (key, mut value) in table {
            self.expand(&mut value, environment);
            self.top(&mut form, &key, value);
        }
        form
    }

    fn top(&mut self, form: &mut Form, key: &Spanned<std::borrow::Cow<'_, str>>, value: Piece<'_>) {
        match key.get_ref().as_ref() {
            "schema" => form.schema = self.schema(value),
            "name" => form.name = self.piece(value),
            "version" => form.version = self.piece(value),
            "adapter" => form.adapter = self.piece(value),
            "base_url" => form.base_url = self.piece(value),
            "sign" => form.sign = self.piece(value),
            "setup" => form.setup = self.piece(value),
            "state" => form.state = self.piece(value),
            "policy" => form.policy = self.piece(value),
            "deviation" => form.deviation = self.pieces(value),
            "features" => form.features = self.piece(value).unwrap_or_default(),
            "providers" => {
                form.provider_order = in_order(&value);
                form.providers = self.piece(value).unwrap_or_default();
            }
            "methods" => form.methods = self.piece(value).unwrap_or_default(),
            "methods_at" => form.methods_at = self.piece(value).unwrap_or_default(),
            "asks_number" => form.asks_number = self.piece(value).unwrap_or_default(),
            "asks_number_at" => form.asks_number_at = self.piece(value).unwrap_or_default(),
            "simulators" => form.simulators = self.piece(value).unwrap_or_default(),
            "network" => form.network = self.piece(value),
            "timing" => form.timing = self.piece(value),
            "start" => form.start = self.piece(value),
            "stop" => form.stop = self.piece(value),
            "ready" => form.ready = self.piece(value),
            "redact" => form.redact = self.piece(value).unwrap_or_default(),
            "vars" => form.vars = self.piece(value).unwrap_or_default(),
            "actor" => {
                for (name, value) in self.table(value) {
                    if let (Some(actor), Some(plan)) = (self.word(&name), self.piece(value)) {
                        form.actor.insert(actor, plan);
                    }
                }
            }
            "op" => {
                for (name, value) in self.table(value) {
                    let op = self.word(&name);
                    let plan = self.operation(value);
                    if let Some(op) = op {
                        form.op.insert(op, plan);
                    }
                }
            }
            "result" => form.result = self.piece(value),
            "outcome" => form.outcome = self.pieces(value),
            "events" => form.events = self.piece(value),
            _ => self.unknown("key", key, &KEYS),
        }
    }

    fn schema(&mut self, value: Piece<'_>) -> Option<u32> {
        let at = value.span();
        let version: u32 = self.piece(value)?;
        if version != 1 {
            self.mistake(at, format!("unknown version `{version}` of target files"), Some("expected 1".to_owned()));
        }
        Some(version)
    }

    fn operation(&mut self, value: Piece<'_>) -> OpForm {
        let mut form = OpForm::default();
        let at = value.span();
        for (key, value) in self.table(value) {
            match key.get_ref().as_ref() {
                "none" => form.none = self.piece(value).unwrap_or_default(),
                "steps" => form.steps = self.pieces(value),
                "result" => form.result = self.piece(value),
                _ => self.unknown("key", &key, &["none", "steps", "result"]),
            }
        }
        if form.none && !form.steps.is_empty() {
            let help = Some("`none = true` says that there is nothing to do: leave out one of the two".to_owned());
            self.mistake(at, "the operation has steps and says `none`", help);
        }
        form
    }

    /// One piece of the file; none after a mistake in it.
    fn piece<T: for<'de> Deserialize<'de>>(&mut self, value: Piece<'_>) -> Option<T> {
        let at = value.span();
        T::deserialize(ValueDeserializer::from(value)).map_err(|error| self.refuse(&error, Some(at))).ok()
    }

    fn pieces<T: for<'de> Deserialize<'de>>(&mut self, value: Piece<'_>) -> Vec<T> {
        let at = value.span();
        #[expect(clippy::wildcard_enum_match_arm, reason = "everything else in TOML is no list")]
        match value.into_inner() {
            DeValue::Array(items) => items.into_iter().filter_map(|item| self.piece(item)).collect(),
            _ => {
                let help = "there can be several: write a list, or each with two brackets, such as `[[outcome]]`";
                self.mistake(at, "expected a list", Some(help.to_owned()));
                Vec::new()
            }
        }
    }

    fn table<'i>(&mut self, value: Piece<'i>) -> DeTable<'i> {
        let at = value.span();
        #[expect(clippy::wildcard_enum_match_arm, reason = "everything else in TOML is no table")]
        match value.into_inner() {
            DeValue::Table(table) => table,
            _ => {
                self.mistake(at, "expected a table", None);
                DeTable::default()
            }
        }
    }

    /// A key that is one of the words of an enum.
    fn word<T: for<'de> Deserialize<'de>>(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>) -> Option<T> {
        let word = serde::de::value::StrDeserializer::<toml::de::Error>::new(key.get_ref());
        T::deserialize(word).map_err(|error| self.refuse(&error, Some(key.span()))).ok()
    }

    fn expand(&mut self, value: &mut Piece<'_>, environment: Environment<'_>) {
        let mut wrong = Vec::new();
        expand(value, environment, &mut self.used, &mut |at, problem| wrong.push((at, problem)));
        for (at, problem) in wrong {
            self.mistake(at, problem, None);
        }
    }

    fn unknown(&mut self, kind: &str, word: &Spanned<std::borrow::Cow<'_, str>>, known: &[&str]) {
        let help = match did_you_mean(word.get_ref(), known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.mistake(word.span(), format!("unknown {kind} `{}`", word.get_ref()), Some(help));
    }

    /// What the `toml` crate refused; at `place`, where it does not say where.
    fn refuse(&mut self, error: &toml::de::Error, place: Option<Range<usize>>) {
        let Diagnostic { problem, help, .. } = Diagnostic::from_toml(self.file, &self.text, error);
        // serde speaks of Rust's types; people write files.
        let problem = ["u32", "i64", "u16"]
            .iter()
            .fold(problem, |problem, number| problem.replace(&format!("expected {number}"), "expected a whole number"));
        let problem =
            problem.replace("expected a sequence", "expected a list").replace("expected a map", "expected a table");
        let problem = problem.replace("missing field", "missing key");
        let at = error.span().or(place).unwrap_or_default();
        self.mistake(at, problem, help);
    }

    pub(super) fn mistake(&mut self, at: Range<usize>, problem: impl Into<String>, help: Option<String>) {
        let hidden = |text: &str| {
            let long = self.used.iter().filter(|used| used.value.len() >= SHORTEST_SECRET);
            let hidden =
                long.fold(text.to_owned(), |text, used| text.replace(&used.value, &format!("${{ENV:{}}}", used.name)));
            mask(&hidden).into_owned()
        };
        let (problem, help) = (hidden(&problem.into()), help.map(|help| hidden(&help)));
        self.mistakes.push(Diagnostic::new(self.file, &self.text, at, problem, help));
    }
}

/// Shorter values of the environment are no secrets, and would be found in every second word.
pub(super) const SHORTEST_SECRET: usize = 6;

/// The keys of a table as they are written.
fn in_order(value: &Piece<'_>) -> Vec<String> {
    let mut keys: Vec<_> = value.get_ref().as_table().into_iter().flat_map(DeTable::keys).collect();
    keys.sort_by_key(|key| key.span().start);
    keys.into_iter().map(|key| key.get_ref().to_string()).collect()
}

const KEYS: [&str; 29] = [
    "schema",
    "name",
    "version",
    "adapter",
    "base_url",
    "sign",
    "setup",
    "state",
    "policy",
    "deviation",
    "features",
    "providers",
    "methods",
    "methods_at",
    "asks_number",
    "asks_number_at",
    "simulators",
    "network",
    "timing",
    "start",
    "stop",
    "ready",
    "redact",
    "vars",
    "actor",
    "op",
    "result",
    "outcome",
    "events",
];
