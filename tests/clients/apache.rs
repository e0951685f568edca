//! mod_auth_openidc: a certified client in front of a site, sending signed and encrypted request objects through a person's browser.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::program::{absent, installed};
use crate::world::{NUMBER, Simulator, Space};
use crate::{RESPONSE_KEY, SIGNATURE_KEY, public};

/// What is forged, and why Apache's log says that nobody is let in; no reason where somebody is.
const STORIES: &[(&str, Option<&str>)] = &[
    ("", None),
    ("callback/state-foreign", Some("unable to restore state")),
    ("callback/error-with-foreign-state", Some("unable to restore state")),
    ("id-token/missing", Some("no \"id_token\" parameter found")),
    ("id-token/issuer-wrong", Some("does not match received \"iss\"")),
    ("id-token/audience-wrong", Some("did not match the \"aud\" claim")),
    ("id-token/nonce-wrong", Some("the nonce value")),
    ("id-token/expired", Some("\"exp\" validation failure")),
    ("id-token/foreign-key", Some("signature verification failed")),
    // In the code flow it believes TLS, unless `OIDCIDTokenSignedResponseAlg` says which algorithm there has to be.
    ("id-token/algorithm-none", None),
    ("callback/issuer-foreign", Some("does not match the issuer provided in the response")),
    ("id-token/issuer-missing", Some("did not contain an \"iss\" string")),
    // It compares issuers without the last slash.
    ("id-token/issuer-slash", None),
    ("id-token/expiry-missing", Some("did not contain an \"exp\" number value")),
    ("id-token/expiry-as-text", Some("did not contain an \"exp\" number value")),
];

/// The same where `id_token` and claims are encrypted to it, with a key and algorithms that it was told.
const ENCRYPTED: &[(&str, Option<&str>)] = &[
    ("", None),
    ("id-token/encrypted-key-altered", Some("could not be decrypted")),
    ("id-token/iv-altered", Some("could not be decrypted")),
    ("id-token/ciphertext-altered", Some("could not be decrypted")),
    ("id-token/tag-altered", Some("could not be decrypted")),
    ("id-token/protected-header-altered", Some("could not be decrypted")),
    ("id-token/encrypted-to-another", Some("could not be decrypted")),
    ("id-token/nonce-wrong", Some("the nonce value")),
    // Two that it lets in: RFC 7516 section 4.1.13 says otherwise of the first, its own configuration of the second.
    ("id-token/encryption-crit-unknown", None),
    ("id-token/algorithm-rsa1-5", None),
];

#[test]
fn mod_auth_openidc_lets_in_whom_its_checks_let_in() {
    if !Path::new(MODULES).join("mod_auth_openidc.so").exists() || !installed("venv/bin/python").exists() {
        absent("mod_auth_openidc is not installed");
        return;
    }
    let simulator = Simulator::start(&[]);
    let plain = STORIES.iter().map(|story| (story, false));
    for ((forgery, reason), is_encrypted) in plain.chain(ENCRYPTED.iter().map(|story| (story, true))) {
        let mut armed = json!({
            "script": { "title": "A browser's flow", "step": [{ "after": "0s", "state": "finished", "person": "requested" }] },
        });
        if let Some((of, how)) = forgery.split_once('/') {
            armed["forgery"] = json!({ "of": of, "how": how });
        }
        let mut settings = json!({ "signature_keys": [public(SIGNATURE_KEY)] });
        if is_encrypted {
            settings["response_key"] = public(RESPONSE_KEY);
        }
        let space = simulator.space(&settings, &armed);
        let apache = Apache::start(&space, is_encrypted);
        let seen = apache.visit();
        match reason {
            None => {
                assert_eq!(
                    (seen.status, seen.title.as_deref()),
                    (200, Some("inside")),
                    "{forgery}: {seen:?}\n{}",
                    apache.log()
                );
                assert_eq!(seen.user.as_deref(), Some(NUMBER), "{forgery}");
            }
            Some(reason) => {
                assert_ne!(seen.title.as_deref(), Some("inside"), "{forgery}: {seen:?}");
                let log = apache.log();
                assert!(seen.url.contains("/callback") && log.contains(reason), "{forgery}: {seen:?}\n{log}");
            }
        }
        simulator.control("DELETE", &format!("spaces/{}", space.name), &Value::Null);
    }
}

/// A running Apache with a folder of its own.
struct Apache {
    child: Child,
    folder: PathBuf,
    port: u16,
}

/// Where a browser ended.
#[derive(Debug, Deserialize)]
struct Seen {
    status: u16,
    title: Option<String>,
    url: String,
    user: Option<String>,
}

impl Apache {
    fn start(space: &Space, is_encrypted: bool) -> Self {
        let folder = std::env::temp_dir().join(format!("motpart-apache-{}-{}", space.name, std::process::id()));
        fs::create_dir_all(folder.join("site")).unwrap();
        // Apache's own user reads it.
        for open in [&folder, &folder.join("site")] {
            fs::set_permissions(open, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(folder.join("site/index.html"), "<title>inside</title>").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let key = |index: usize, file: &str| format!("{}/fixtures/keys/rsa-{index}.{file}", env!("CARGO_MANIFEST_DIR"));
        let mut response = String::new();
        if is_encrypted {
            response = format!("OIDCPrivateKeyFiles \"rp-enc#{}\"\n", key(RESPONSE_KEY, "pem"));
            for of in ["IDToken", "UserInfo"] {
                response += &format!("OIDC{of}EncryptedResponseAlg RSA-OAEP\n");
                response += &format!("OIDC{of}EncryptedResponseEnc A256CBC-HS512\n");
            }
            // Without it, claims are expected in the encryption as they are, and not as a token.
            response += "OIDCUserInfoSignedResponseAlg RS256";
        }
        let request_object = json!({
            "request_object_type": "request",
            "static": {
                "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign",
                "login_hint": [format!("subject-{NUMBER}")],
                "signicat_signtext": "I accept order 77.",
            },
            "copy_from_request": ["client_id", "response_type", "scope"],
            "copy_and_remove_from_request": ["redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method"],
            "crypto": { "sign_alg": "RS256", "crypt_alg": "RSA-OAEP", "crypt_enc": "A256CBC-HS512" },
        });
        let values = BTreeMap::from([
            ("{folder}", folder.display().to_string()),
            ("{port}", port.to_string()),
            ("{modules}", MODULES.to_owned()),
            ("{issuer}", space.issuer.clone()),
            ("{client_id}", space.client_id.clone()),
            ("{client_secret}", space.client_secret.clone()),
            ("{authentication}", "client_secret_basic".to_owned()),
            ("{key}", key(SIGNATURE_KEY, "pem")),
            ("{certificate}", key(SIGNATURE_KEY, "crt.pem")),
            ("{response}", response),
            ("{request_object}", request_object.to_string()),
        ]);
        let template = include_str!("apache/httpd.conf").to_owned();
        let written = values.iter().fold(template, |text, (name, value)| text.replace(name, value));
        fs::write(folder.join("httpd.conf"), written).unwrap();
        let child = Command::new("apache2")
            .arg("-f")
            .arg(folder.join("httpd.conf"))
            .arg("-DFOREGROUND")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let apache = Self { child, folder, port };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return apache;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("apache did not start: {}", apache.log());
    }

    /// Somebody opens the site.
    fn visit(&self) -> Seen {
        let mut browser = Command::new(installed("venv/bin/python"));
        browser.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/python/browser.py"));
        let output = browser.env("ADDRESS", format!("http://127.0.0.1:{}/", self.port)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}{}", self.log()))
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("error.log")).unwrap_or_default()
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        // SIGTERM, so that it ends its workers too.
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const MODULES: &str = "/usr/lib/apache2/modules";
