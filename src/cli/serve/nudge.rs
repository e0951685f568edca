//! Says where to click, when a session waits for a person and nobody comes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use motpart::simulation::{NextBy, SessionView, Simulation};
use tracing::info;
use url::Url;

/// Looks at the newest sessions now and then, for ever.
pub(super) async fn nudge(simulation: Arc<Simulation>, control: Url) {
    let mut told: BTreeSet<u64> = BTreeSet::new();
    loop {
        tokio::time::sleep(PERIOD).await;
        for space in simulation.commons.spaces.all() {
            let public = space.public_url().unwrap_or_else(|| simulation.commons.public_url());
            for view in simulation.providers.iter().flat_map(|p| p.list(&space.name, 0, NEWEST)) {
                if waits_for_a_person(&view) && told.insert(view.number) {
                    let remedy = remedy(&view, &public, &control);
                    info!("session {} ({}) waits for a person: {remedy}", view.id, view.method);
                }
            }
        }
        while told.len() > REMEMBERED {
            told.pop_first();
        }
    }
}

/// Pending, with nothing ahead but its deadline, and nobody has been there for a while.
fn waits_for_a_person(view: &SessionView) -> bool {
    let next = view.next.as_ref().map(|next| next.by);
    let is_alone = match &view.page {
        Some(_) => next == Some(NextBy::LinkExpiry),
        None => next == Some(NextBy::OrderExpiry) && view.phase.detail == "outstanding",
    };
    view.phase.state == "pending" && view.age_ms >= PATIENCE_MS && is_alone
}

/// What to do: open its page; where the provider calls the person without one, the phone, or speak for the person.
fn remedy(view: &SessionView, public: &Url, control: &Url) -> String {
    match &view.page {
        Some(page) => {
            format!("open {}/{}", public.as_str().trim_end_matches('/'), page.trim_start_matches('/'))
        }
        None => {
            let phone = format!("{}/phone/{}", public.as_str().trim_end_matches('/'), view.space);
            format!("open {phone}, or POST {control}_motpart/v1/sessions/{}/signal", view.id)
        }
    }
}

const NEWEST: usize = 50;
const PATIENCE_MS: u64 = 20_000;
const PERIOD: Duration = Duration::from_secs(2);
const REMEMBERED: usize = 10_000;
