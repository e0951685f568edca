//! Who may import whom, where a number may be exposed, and how long a file may be.
//!
//! Reads every `crate::` path, also inside expressions; comments and `mod tests` are left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the crate and the modules it may name. A new module has to be entered here.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    // The judge knows the simulator only by its control API, and no provider's inside.
    ("conformance", &["target", "control", "script", "identity", "diagnostic", "dial", "serve", "crypto", "exit"]),
    ("control", &["simulation", "script", "session", "identity", "diagnostic", "crypto"]),
    ("crypto", &[]),
    ("dial", &["crypto"]),
    ("diagnostic", &[]),
    ("identity", &["diagnostic"]),
    // Providers speak HTTP, sign, and translate sessions; never another provider.
    ("providers", &["simulation", "session", "script", "identity", "crypto", "dial"]),
    // Correct by itself: it must not be able to look into the simulator.
    ("reference", &["identity", "crypto", "dial", "serve"]),
    ("script", &["identity", "diagnostic"]),
    ("serve", &[]),
    ("session", &["script", "identity"]),
    ("simulation", &["session", "script", "identity", "crypto", "dial", "serve"]),
    ("target", &["identity", "diagnostic", "dial", "crypto"]),
];

/// The modules that put the others together.
const MAY_IMPORT_ALL: &[&str] = &["cli", "exit", "lib", "main", "running", "settings_file", "storyboard"];

/// Libraries that stay out of the pure modules.
const PURE: &[(&str, &[&str])] = &[
    ("identity", &["tokio", "axum", "hyper", "openssl", "josekit", "rcgen"]),
    ("script", &["tokio", "axum", "hyper", "openssl", "josekit", "rcgen"]),
    ("session", &["tokio", "axum", "hyper", "openssl", "josekit", "rcgen", "serde_json"]),
    ("crypto", &["tokio", "axum", "hyper"]),
    ("simulation", &["openssl", "josekit", "rcgen"]),
    ("providers", &["openssl", "josekit", "rcgen"]),
    ("control", &["openssl", "josekit", "rcgen"]),
];

/// Where a national number may leave its type: identity itself, what the wire says, what a person types, and what tests must seed.
const MAY_EXPOSE: &[&str] = &[
    "src/identity/",
    "src/providers/signicat/claims.rs",
    // Orders are kept in dumps of sessions, numbers in clear.
    "src/providers/signicat/order.rs",
    "src/providers/signicat/sdo.rs",
    "src/providers/zignsec/wrong.rs",
    "src/providers/zignsec_gateway/claims.rs",
    "src/providers/zignsec_gateway/errands.rs",
    "src/providers/zignsec_gateway/forge.rs",
    "src/providers/zignsec_gateway/order.rs",
    "src/providers/zignsec_v2/forge.rs",
    "src/providers/zignsec_v2/order.rs",
    "src/providers/zignsec_v2/say.rs",
    "src/providers/zignsec_v2/page/",
    "src/providers/zignsec_v2/page.rs",
    "src/providers/zignsec_v3/order.rs",
    "src/providers/zignsec_v3/say.rs",
    // The number that the signer typed, on its way to the provider.
    "src/reference/provider/zignsec_gateway/request.rs",
    "src/reference/provider/zignsec_v2/request.rs",
    "src/reference/provider/zignsec_v3/request.rs",
    // What the sender types and what the person at the provider shows: the judge plays both.
    "src/conformance/cast.rs",
    "src/conformance/simulator.rs",
    "src/control/persons.rs",
    "src/storyboard.rs",
    // From a number to its keyed digest; what the provider demands at a start; the flaws that tell it.
    "src/reference/attempts.rs",
    "src/reference/binding.rs",
    "src/reference/views.rs",
    "src/reference/wish.rs",
];

/// What documents say once for several interfaces of one company; it is no provider.
const SHARED_BY_PROVIDERS: &[&str] = &["zignsec"];

const LONGEST_FILE: usize = 400;

#[test]
fn every_import_is_allowed() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module();
        if MAY_IMPORT_ALL.contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: the module `{module}` is not in the import table", file.path.display()));
            continue;
        };
        for (line, imported) in file.words_after("crate::") {
            if imported != module
                && !allowed.contains(&imported.as_str())
                && imported.chars().all(|c| !c.is_uppercase())
            {
                wrong.push(format!("{}:{line}: `{module}` may not import `{imported}`", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn providers_do_not_know_each_other() {
    let mut wrong = Vec::new();
    for file in sources().into_iter().filter(|f| f.module() == "providers") {
        let own = file.path.components().nth(2).map(|c| c.as_os_str().to_string_lossy().into_owned());
        for (line, other) in file.words_after("providers::") {
            let shared = SHARED_BY_PROVIDERS.contains(&other.as_str());
            if Some(&other) != own.as_ref() && !shared && !file.path.ends_with("src/providers/mod.rs") {
                wrong.push(format!("{}:{line}: names the provider `{other}`", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_stay_pure() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module();
        for (_, forbidden) in PURE.iter().filter(|(name, _)| *name == module) {
            for library in *forbidden {
                let path = format!("{library}::");
                for (number, line) in file.code() {
                    if contains_word(&line, &path) {
                        wrong.push(format!("{}:{number}: `{module}` uses `{library}`", file.path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_is_exposed_only_where_it_has_to_be() {
    let mut wrong = Vec::new();
    for file in sources() {
        let path = file.path.to_string_lossy().replace('\\', "/");
        if MAY_EXPOSE.iter().any(|allowed| path.starts_with(allowed)) {
            continue;
        }
        for (number, line) in file.code() {
            if line.contains("expose(") || contains_word(&line, "exposed") {
                wrong.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "a national number leaves its type in a new place:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_a_book() {
    let long: BTreeMap<_, _> = sources()
        .into_iter()
        .map(|file| (file.path.display().to_string(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
}

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The top-level module a file belongs to.
    fn module(&self) -> String {
        let first = self.path.components().nth(1).expect("a file below src").as_os_str().to_string_lossy();
        first.trim_end_matches(".rs").to_owned()
    }

    /// The lines of code with their numbers, without comments and without the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, String)> {
        let tests = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let is_test_file = self.path.components().any(|part| part.as_os_str() == "tests")
            || self.path.file_name().is_some_and(|name| name == "tests.rs");
        let code = if is_test_file { "" } else { &self.text[..tests] };
        let lines = code.lines().enumerate();
        lines.map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default().to_owned()))
    }

    /// The words that follow a path prefix, with their lines. `crate::{a, b}` counts as both.
    fn words_after(&self, prefix: &str) -> Vec<(usize, String)> {
        let mut words = Vec::new();
        for (number, line) in self.code() {
            for (at, _) in line.match_indices(prefix) {
                let rest = &line[at + prefix.len()..];
                let list = rest.strip_prefix('{').map_or_else(|| vec![rest], |list| list.split(',').collect());
                words.extend(list.into_iter().filter_map(|item| {
                    let word: String = item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    (!word.is_empty()).then_some((number, word))
                }));
            }
        }
        words
    }
}

fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(Path::new("src"), &mut found);
    assert!(found.len() > 30, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(Source { text: fs::read_to_string(&path).expect("a file in UTF-8"), path });
        }
    }
}
