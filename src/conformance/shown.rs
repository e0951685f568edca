//! Everything that a target showed in a scenario, by the channel on which it did.
//!
//! What the judge typed itself is not in it: of a call, only the answer; its address only where the target made it.

use super::judgement::Observed;
use super::leak::{Canary, Scanner};
use super::stop::Stop;
use super::world::World;
use crate::identity::{NationalNumber, mask};
use crate::target::Exchange;

/// Who gets to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Channel {
    /// Whoever sees addresses: of pages, of redirects, and those told to the provider.
    Address,
    /// The sender, and programs in the signing room.
    Answer,
    /// The sender, who lists what happened.
    Event,
    /// Whoever reads e-mails.
    Mail,
    /// The sender's system.
    Notification,
    /// Whoever looks at the person's browser.
    Page,
}

/// Something that was shown.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) channel: Channel,
    /// Where, in words.
    pub(super) place: String,
    /// To whom it was shown, as the log of exchanges names them.
    pub(super) to: String,
    /// Whether it belongs to this scenario. Numbers are unique in a run and found everywhere; names are not.
    pub(super) is_ours: bool,
    pub(super) bytes: Vec<u8>,
}

impl Channel {
    pub(super) const ALL: [Self; 6] =
        [Self::Address, Self::Answer, Self::Event, Self::Mail, Self::Notification, Self::Page];

    /// The channel's word in `policy.disclosure`, where numbers can be declared to be shown on it.
    pub(super) const fn word(self) -> Option<&'static str> {
        match self {
            Self::Answer | Self::Event => Some("api"),
            Self::Mail => Some("document"),
            Self::Notification => Some("webhook"),
            Self::Address | Self::Page => None,
        }
    }
}

/// Without what was shown.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl World {
    /// Everything shown so far.
    pub(super) fn shown(&self) -> Vec<Shown> {
        let mailboxes: Vec<String> = self
            .agreements
            .iter()
            .flat_map(|agreement| &agreement.places)
            .map(|place| place.asked.email.clone())
            .collect();
        let providers = self.provider_origins();
        let mut all: Vec<Shown> = Vec::new();
        for exchange in self.wire.exchanges() {
            let is_providers = origin(&exchange.url).is_some_and(|own| providers.contains(&own));
            all.extend(in_exchange(&exchange, is_providers, &mailboxes));
        }
        let sent = self.shared.sink.iter().flat_map(super::Sink::deliveries);
        let marks = self.marks();
        all.extend(sent.map(|delivery| {
            let headers: String = delivery.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            let bytes = [headers.as_bytes(), b"\n", &delivery.body].concat();
            Shown {
                channel: Channel::Notification,
                place: "an outgoing notification".into(),
                to: "sender".into(),
                is_ours: delivery.is_about(&marks),
                bytes,
            }
        }));
        all
    }

    /// The addresses that the provider was told.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub(super) async fn told_the_provider(&self) -> Result<Vec<Shown>, Stop> {
        let mut all = Vec::new();
        for session in self.attempts.iter().filter_map(|attempt| attempt.session.as_ref()) {
            let seen = self.shared.simulator.session(session).await.map_err(super::attempts::gone)?;
            for address in [seen.target, seen.webhook, seen.reference].into_iter().flatten() {
                all.push(Shown {
                    channel: Channel::Address,
                    place: "an address or reference told to the provider".to_owned(),
                    to: "provider".to_owned(),
                    is_ours: true,
                    bytes: address.into_bytes(),
                });
            }
        }
        Ok(all)
    }

    /// That no number is on these channels, of one person or of anybody. What `policy.disclosure` shows on purpose is exempt.
    pub(super) fn nowhere(&mut self, role: Option<&str>, channels: &[Channel], shown: &[Shown]) -> Result<(), Stop> {
        let scanner = self.scanner(role);
        let disclosed = self.setting().policy.disclosure.clone();
        let is_exempt = |channel: Channel| channel.word().is_some_and(|word| disclosed.iter().any(|one| one == word));
        let looked = shown.iter().filter(|one| channels.contains(&one.channel) && !is_exempt(one.channel));
        for one in looked {
            if let Some(leak) = scanner.scan(&one.bytes).first() {
                let observed = one.channel.word().map(|word| Observed::NumberShown(word.to_owned()));
                self.outward.observed.extend(observed);
                return Err(Stop::never(format!("{} holds {leak}", one.place), "no number is shown"));
            }
        }
        Ok(())
    }

    /// Finds the numbers of one person or of everybody in the scenario.
    pub(super) fn scanner(&self, role: Option<&str>) -> Scanner {
        let roles = self.cast.iter().map(|(name, _)| name.clone()).filter(|name| role.is_none_or(|role| role == name));
        let canaries: Vec<Canary> = roles.filter_map(|name| self.canary(&name)).collect();
        Scanner::new(&canaries)
    }

    /// A person of the scenario, to be looked for.
    pub(super) fn canary(&self, role: &str) -> Option<Canary> {
        let person = self.cast.person(role)?;
        Some(Canary {
            role: role.to_owned(),
            number: person.number.clone(),
            names: vec![person.full_name()],
            today: NationalNumber::READ_AS_OF,
        })
    }

    /// Scheme, host and port of the providers. Their own pages may well show who somebody is.
    pub(super) fn provider_origins(&self) -> Vec<String> {
        self.attempts.iter().filter_map(|attempt| origin(attempt.told.redirect_url.as_deref()?)).collect()
    }
}

/// Scheme, host and port.
pub(super) fn origin(url: &str) -> Option<String> {
    Some(url::Url::parse(url).ok()?.origin().ascii_serialization())
}

fn in_exchange(exchange: &Exchange, is_providers: bool, mailboxes: &[String]) -> Vec<Shown> {
    let operation = exchange.operation.as_str();
    // What these show is looked at by steps of their own.
    if matches!(operation, "dump_storage" | "read_log") {
        return Vec::new();
    }
    let named = |what: &str| format!("{what} of `{operation}`");
    let shown = |channel, place: String, bytes: Vec<u8>| Shown {
        channel,
        place,
        to: exchange.actor.clone(),
        is_ours: true,
        bytes,
    };
    let mut all = Vec::new();
    if !types_numbers(operation) {
        all.push(shown(Channel::Address, named("the address"), exchange.url.clone().into_bytes()));
    }
    if is_providers {
        return all;
    }
    let is_page = operation == "browser" || is_html(exchange);
    let is_mail = mailboxes.iter().any(|mailbox| {
        let coded: String = url::form_urlencoded::byte_serialize(mailbox.as_bytes()).collect();
        exchange.url.contains(mailbox.as_str()) || exchange.url.contains(&coded)
    });
    let body = match operation {
        _ if is_page => Channel::Page,
        _ if is_mail => Channel::Mail,
        "list_events" => Channel::Event,
        _ => Channel::Answer,
    };
    for (name, value) in &exchange.headers {
        let channel = match name.to_ascii_lowercase().as_str() {
            "location" | "refresh" | "content-location" => Channel::Address,
            "set-cookie" => Channel::Page,
            _ if is_page => Channel::Page,
            _ => Channel::Answer,
        };
        // A number may be the name of a header.
        all.push(shown(
            channel,
            named(&format!("the header `{}`", mask(name))),
            format!("{name}: {value}").into_bytes(),
        ));
    }
    all.push(shown(body, named("the answer"), exchange.body.clone()));
    all
}

/// Whether the judge itself may have put a number into the address of such a call, because the target file says so.
fn types_numbers(operation: &str) -> bool {
    [
        "add_participant",
        "add_participants",
        "attempt_signature",
        "create_case",
        "start_authentication",
        "update_participant",
    ]
    .contains(&operation)
}

fn is_html(exchange: &Exchange) -> bool {
    let mut headers = exchange.headers.iter();
    headers
        .any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.to_ascii_lowercase().contains("html"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn exchange(operation: &str, url: &str, headers: &[(&str, &str)]) -> Exchange {
        Exchange {
            actor: "sender".to_owned(),
            operation: operation.to_owned(),
            method: "GET".to_owned(),
            url: url.to_owned(),
            request_headers: Vec::new(),
            request_body: Vec::new(),
            status: Some(200),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: b"body".to_vec(),
            at: Duration::ZERO,
            took: Duration::ZERO,
        }
    }

    fn channels(exchange: &Exchange, is_providers: bool) -> Vec<Channel> {
        let all = in_exchange(exchange, is_providers, &["anna@example.com".to_owned()]);
        all.into_iter().map(|one| one.channel).collect()
    }

    #[test]
    fn each_part_of_an_exchange_is_on_its_channel() {
        use Channel::{Address, Answer, Event, Mail, Page};
        let url = "http://s.test/x";
        assert_eq!(
            channels(&exchange("get_participant", url, &[("Location", "/y")]), false),
            [Address, Address, Answer]
        );
        assert_eq!(channels(&exchange("browser", url, &[("Set-Cookie", "a=b")]), false), [Address, Page, Page]);
        assert_eq!(channels(&exchange("list_events", url, &[]), false), [Address, Event]);
        assert_eq!(
            channels(&exchange("get_participant", "http://m.test/anna%40example.com", &[]), false),
            [Address, Mail]
        );
        // The judge types the number there, and the provider's pages are its own.
        assert_eq!(channels(&exchange("start_authentication", url, &[]), false), [Answer]);
        assert_eq!(channels(&exchange("browser", url, &[]), true), [Address]);
        assert_eq!(channels(&exchange("dump_storage", url, &[]), false), []);
    }
}
