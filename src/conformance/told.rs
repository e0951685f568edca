//! What the target tells of what happened: the events that the sender can list, and the webhooks that it sends.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::sink::Delivery;
use super::stop::Stop;
use super::world::World;
use crate::target::{AgreementRef, EventSeen, Op, Reply};

/// Everything told of one person's agreement; none where the target does not have the channel.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The list of events, oldest first.
    pub(super) listed: Option<Vec<EventSeen>>,
    /// The webhooks, in the order of their arrival.
    pub(super) sent: Option<Vec<Arc<Delivery>>>,
    participant: Option<String>,
}

impl World {
    /// What was told so far about a person's newest place, and about whoever else is in that agreement.
    ///
    /// # Errors
    /// When there is no such place, no channel, or no answer.
    pub(super) async fn told(&self, role: &str) -> Result<Told, Stop> {
        let (agreement, place) = self.seat(role)?;
        let participant = place.made.as_ref().map(|made| made.participant_id.clone());
        let agreement_ref = agreement.reference.clone();
        let listed = if self.setting().features.contains("events") {
            match self.must(Op::ListEvents(AgreementRef { agreement_ref })).await? {
                Reply::Events(events) => Some(events),
                other @ (Reply::Agreement(_)
                | Reply::Case(_)
                | Reply::Delivered { .. }
                | Reply::Done
                | Reply::Dump(_)
                | Reply::Participant(_)
                | Reply::Signature(_)
                | Reply::Started(_)
                | Reply::Welcome(_)) => {
                    return Err(Stop::Harness(format!("list_events was answered with {other:?}")));
                }
            }
        } else {
            None
        };
        let sent = self.shared.sink.as_ref().map(|sink| sink.about(&self.marks()));
        if listed.is_none() && sent.is_none() {
            return Err(Stop::NotObservable("the target tells of nothing that happened".to_owned()));
        }
        Ok(Told { listed, sent, participant })
    }

    /// What tells this scenario from all others in what the target says: its ids, and the judge's own references.
    pub(super) fn marks(&self) -> Vec<String> {
        let ids = self.agreements.iter().flat_map(|agreement| {
            let places = agreement.places.iter().filter_map(|place| Some(place.made.as_ref()?.participant_id.clone()));
            agreement.id.clone().into_iter().chain(places)
        });
        ids.filter(|id| !id.is_empty()).chain([format!("{}-a", self.namespace)]).collect()
    }

    /// Waits until nothing is under way any more that concerns the scenario, as far as the target tells.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) async fn settled(&self) -> Result<(), Stop> {
        if self.setting().idle {
            self.idle().await
        } else {
            tokio::time::sleep(self.setting().timing.quiet().saturating_sub(self.event.elapsed())).await;
            Ok(())
        }
    }
}

impl Told {
    /// How often it was told that something happened to the person: on the channel that tells it more often. An event with an id counts once,
    /// and so does one that was sent again because nobody had accepted it.
    pub(super) fn times(&self, event: &str) -> usize {
        let mut ids = BTreeSet::new();
        let mut is_new = |seen: &EventSeen| seen.id.as_ref().is_none_or(|id| ids.insert(id.clone()));
        let listed = self.listed.iter().flatten().filter(|seen| self.is_meant(seen, event) && is_new(seen)).count();
        let mut ids = BTreeSet::new();
        let mut is_new = |seen: &EventSeen| seen.id.as_ref().is_none_or(|id| ids.insert(id.clone()));
        let sent = self.accepted().filter(|seen| self.is_meant(seen, event) && is_new(seen)).count();
        listed.max(sent)
    }

    /// Whether it was told of the person by name: an event that names nobody may be another's.
    pub(super) fn surely(&self, event: &str) -> bool {
        let names = |seen: &EventSeen| {
            seen.name == event && seen.participant_id.is_some() && seen.participant_id == self.participant
        };
        self.listed.iter().flatten().any(names) || self.accepted().any(names)
    }

    /// The listed event, with its place in the list.
    pub(super) fn first_listed(&self, event: &str) -> Option<(usize, &EventSeen)> {
        self.listed.iter().flatten().enumerate().find(|(_, seen)| self.is_meant(seen, event))
    }

    /// The place of the first webhook that tells it.
    pub(super) fn first_sent(&self, event: &str) -> Option<usize> {
        self.accepted().position(|seen| self.is_meant(seen, event))
    }

    fn accepted(&self) -> impl Iterator<Item = &EventSeen> {
        let accepted = self.sent.iter().flatten().filter(|delivery| delivery.accepted);
        accepted.filter_map(|delivery| delivery.read.as_ref().ok().map(|read| &read.event))
    }

    /// Whether it is this event of this person. An event that names nobody may be meant.
    fn is_meant(&self, seen: &EventSeen, event: &str) -> bool {
        seen.name == event && (seen.participant_id.is_none() || seen.participant_id == self.participant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_names_nobody_is_held_against_nobody() {
        let seen = |participant: Option<&str>| EventSeen {
            id: None,
            name: "failed".to_owned(),
            participant_id: participant.map(str::to_owned),
            agreement_id: None,
            at: None,
            actor: None,
            body: serde_json::Value::Null,
        };
        let told = |participant: Option<&str>, own: Option<&str>| Told {
            listed: Some(vec![seen(participant)]),
            sent: None,
            participant: own.map(str::to_owned),
        };
        assert!(told(Some("anna"), Some("anna")).surely("failed"));
        for other in [told(None, Some("anna")), told(Some("bengt"), Some("anna")), told(None, None)] {
            assert!(!other.surely("failed"), "{other:?}");
        }
        assert!(!told(Some("anna"), Some("anna")).surely("passed"));
        assert_eq!(told(None, Some("anna")).times("failed"), 1, "it may be meant");
    }
}
