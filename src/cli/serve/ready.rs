//! What `serve` says once every address answers.

use motpart::Motpart;
use motpart::simulation::SampleRequest;
use serde_json::json;
use url::Url;

use super::Failure;

/// One line of JSON.
pub(super) fn json(motpart: &Motpart) -> Result<String, Failure> {
    let commons = &motpart.simulation().commons;
    let ready = json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "url": motpart.base_url().as_str(),
        "control_url": motpart.control_url().as_str(),
        "public_url": commons.public_url().as_str(),
        "phone_url": phone(&commons.public_url()),
        "providers": motpart.simulation().providers.iter().map(|p| p.name().replace('_', "-")).collect::<Vec<_>>(),
        "connection": motpart.connection(),
    });
    serde_json::to_string(&ready).map(|line| line + "\n").map_err(Failure::harness)
}

/// For people: where everything is, the credentials, and lines to try.
pub(super) fn text(motpart: &Motpart, new_token: bool) -> String {
    let simulation = motpart.simulation();
    let public = simulation.commons.public_url();
    let mut text = format!("motpart {} is ready\n\n", env!("CARGO_PKG_VERSION"));
    text.push_str(&format!("  providers    {}\n", motpart.base_url()));
    text.push_str(&format!("  control API  {}_motpart/v1\n", motpart.control_url()));
    text.push_str(&format!("  phone        {}\n", phone(&public)));
    if public != *motpart.base_url() {
        text.push_str(&format!("  for browsers {public}\n"));
    }
    text.push('\n');
    let mut connection = motpart.connection();
    // A token that somebody chose is known to them, and does not belong on a screen.
    if !new_token {
        connection.remove("MOTPART_CONTROL_TOKEN");
    }
    for (name, value) in &connection {
        // A certificate is for programs, which get it whole.
        let dots = if value.len() > LONGEST { "…" } else { "" };
        text.push_str(&format!("  {name}={}{dots}\n", value.chars().take(LONGEST).collect::<String>()));
    }
    text.push_str(&to_try(motpart).unwrap_or_default());
    text.push_str("\nCtrl-C stops it.\n");
    text
}

/// No value on a screen is longer, in characters.
const LONGEST: usize = 120;

/// Where people approve what providers send to their phones.
fn phone(public: &Url) -> String {
    format!("{}/phone", public.as_str().trim_end_matches('/'))
}

/// Three lines for a shell and a browser: the plainest conversation with the first provider.
fn to_try(motpart: &Motpart) -> Option<String> {
    let provider = motpart.simulation().providers.iter().find(|provider| provider.sample().is_some())?;
    let sample = provider.sample()?;
    let space = motpart.simulation().commons.spaces.default_space();
    let mut values: Vec<(&str, &str)> = provider
        .credentials()
        .iter()
        .filter_map(|name| Some((*name, space.credential(provider.name(), name)?)))
        .collect();
    values.push(("session", "SESSION"));
    let curl = |text| SampleRequest::new(text, &values).ok().map(|request| request.to_curl(motpart.base_url()));
    Some(format!(
        "\nTry {}:\n  {}\n  open the redirect_url of the answer in a browser, and be somebody\n  {}\n",
        provider.name().replace('_', "-"),
        curl(sample.least)?,
        curl(sample.collect)?,
    ))
}
