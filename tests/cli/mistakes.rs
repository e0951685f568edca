//! Every mistake has a message that says what to do, and its exit code.

use std::net::TcpListener;

use super::{folder, motpart};

/// Runs it, and returns the exit code with what stands on standard error.
fn refused(arguments: &[&str]) -> (i32, String) {
    // The usual port may be taken on this machine.
    let (command, rest) = arguments.split_at(1);
    let door: &[&str] = if command == ["serve"] { &["--listen", "127.0.0.1:0"] } else { &[] };
    let arguments = [command, door, rest].concat();
    let output = motpart().args(arguments).timeout(std::time::Duration::from_secs(20)).output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_mistake_is_named_with_its_remedy() {
    let files = folder(
        "mistakes",
        &[
            ("script.toml", "[[step]]\nafter = '2 fortnights'\nstate = 'finished'\n"),
            ("persons.toml", "[[person]]\nnamn = 'anna'\n"),
            ("settings.toml", "[[space]]\nname = 'a'\nskript = 'x'\n"),
            ("scripted.toml", "[[space]]\nname = 'a'\nscript = 'mismach'\n"),
            ("providers.toml", "[[space]]\nname = 'a'\n[space.settings.zignsec-v9]\na = 1\n"),
            ("switches.toml", "[[space]]\nname = 'a'\nsettings.zignsec-v2.default_langage = 'SV'\n"),
            ("empty", ""),
        ],
    );
    let file = |name: &str| files.join(name).to_string_lossy().into_owned();
    let (script, persons, settings) = (file("script.toml"), file("persons.toml"), file("settings.toml"));
    let (scripted, providers, empty, missing) =
        (file("scripted.toml"), file("providers.toml"), file("empty"), file("missing"));
    let switches = file("switches.toml");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["srve"], 2, "serve"),
        (&["serve", "--listn", "x"], 2, "--listen"),
        (&["serve", "--listen", "8480"], 2, "such as 127.0.0.1:8480"),
        (&["serve", "--listen", "203.0.113.9:0"], 2, "belongs to no interface"),
        (&["serve", "--public-url", "localhost:8480"], 2, "such as http://localhost:8480"),
        (&["serve", "--connect-to", "a=b:1"], 2, "`a` has no port"),
        (&["serve", "--ca", &missing], 2, "cannot read"),
        (&["serve", "--ca", &empty], 2, "holds no certificate"),
        (&["serve", "--control-token", ""], 2, "--control-token holds no token"),
        (&["serve", "--control-token", "å"], 2, "visible ASCII"),
        (&["serve", "--control-token-file", &empty], 2, "--control-token-file holds no token"),
        (&["serve", "--control-token", "a", "--control-token-file", &empty], 2, "cannot be used with"),
        (&["serve", "--tls-name", "no name"], 2, "cannot stand in a certificate"),
        (&["serve", "--max-sessions", "0"], 2, "whole number from 1"),
        (&["serve", "--max-body", "1MB"], 2, "1048576, 1024K or 1M"),
        (&["serve", "--journal-bytes", "many"], 2, "1048576, 1024K or 1M"),
        (&["serve", "--script", "mismach"], 2, "did you mean `mismatch`?"),
        (&["serve", "--scripts", &missing], 2, "cannot read"),
        (&["serve", "--scripts", &script], 3, "script.toml:2:9"),
        (&["serve", "--persons", &persons], 2, "persons.toml:2:1"),
        (&["serve", "--settings", &settings], 2, "did you mean `script`?"),
        (&["serve", "--settings", &scripted], 2, "did you mean `mismatch`?"),
        (&["serve", "--settings", &providers], 2, "providers.toml:3:17"),
        (&["serve", "--settings", &switches], 2, "did you mean `default_language`?"),
        (&["serve", "--settings", &missing], 2, "cannot read"),
        (&["serve", "--listen", "127.0.0.1:0", "--", "motpart-no-such-program"], 2, "cannot run"),
        (&["serve", "--log", "motpart=loud"], 2, "is no log filter"),
        (&["settings", "check", &settings], 2, "settings.toml:3:1"),
        (&["scripts", "check", &script], 3, "script.toml:2:9"),
        (&["scripts", "check", &missing], 2, "cannot read"),
        (&["scripts", "check"], 2, "<PATH>"),
        (&["scripts", "show", "mismach"], 2, "did you mean `mismatch`?"),
        (&["scripts", "explain", "mismach"], 2, "did you mean `mismatch`?"),
        (&["scripts", "explain", "mismatch", "--provider", "zignsec-v9"], 2, "there is no provider `zignsec-v9`"),
        (&["persons", "--country", "XX"], 2, "SE"),
        (&["persons", "--fresh", "0"], 2, "1..=100000"),
        (&["persons", "--seed", "1"], 2, "--fresh"),
        (&["persons", "--persons", &persons], 2, "persons.toml:2:1"),
        (&["completions", "cmd"], 2, "powershell"),
        (&["ca", "--out", "/no/such/folder/ca.pem"], 2, "cannot write"),
        (&["health", "--url", "http://127.0.0.1:9"], 1, "not well"),
        (&["health", "--url", "8480"], 2, "--url"),
    ];
    for (arguments, code, words) in cases {
        let (actual, said) = refused(arguments);
        assert!(actual == *code && said.contains(words), "{arguments:?}: {actual}, not {code} with `{words}`:\n{said}");
    }
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = refused(&["serve", "--listen", &address]);
    assert_eq!(code, 2);
    assert!(said.contains(&address) && said.contains("choose another port"), "{said}");
}

#[test]
fn numbers_in_a_settings_file_are_not_repeated() {
    let files = folder("numbers", &[("s.toml", "[[space]]\nname = 'a'\nperson = '191212121212'\n")]);
    let (code, said) = refused(&["settings", "check", &files.join("s.toml").to_string_lossy()]);
    assert_eq!(code, 2);
    assert!(!said.contains("191212121212") && said.contains("unknown key `person`"), "{said}");
    std::fs::remove_dir_all(files).unwrap();
}
