//! Agreements and participants: made one after the other, or collected and made at once where the target wants it so.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cast::{spelled, typed};
use super::plan::slug;
use super::stop::Stop;
use super::world::World;
use crate::target::{
    AddParticipant, AgreementRef, Case, CreateAgreement, Op, Participant, ParticipantRef, Reply, Setup, TargetError,
};

/// An agreement of the scenario.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The judge's own reference.
    pub reference: String,
    /// The least level of its signatures.
    pub trust_level: Option<String>,
    /// The participants.
    pub places: Vec<Place>,
    /// Whether the target has it.
    pub made: bool,
    /// Whether it was sent for signing.
    pub sent: bool,
    /// The target's id.
    pub id: Option<String>,
}

/// A person's place in an agreement.
#[derive(Clone, Debug)]
pub struct Place {
    /// Whose it is.
    pub role: String,
    /// The judge's own reference.
    pub reference: String,
    /// Whose number is bound, if any is.
    pub bound: Option<String>,
    /// What was asked for.
    pub asked: AddParticipant,
    /// What the target made of it.
    pub made: Option<Participant>,
    /// How the number is written, where the scenario says so.
    pub spelling: Option<String>,
}

impl World {
    /// A new agreement, which becomes the current one. One without participants is replaced.
    ///
    /// # Errors
    /// When the target cannot be driven.
    pub async fn draft(&mut self, trust_level: Option<&str>, another: bool) -> Result<(), Stop> {
        if !another {
            self.agreements.retain(|agreement| !agreement.places.is_empty());
        }
        let reference = format!("{}-a{}", self.namespace, self.agreements.len() + 1 + self.wire.exchanges().len());
        let trust_level = trust_level.map(str::to_owned);
        let mut agreement = Agreement {
            reference: reference.clone(),
            trust_level: trust_level.clone(),
            places: Vec::new(),
            made: false,
            sent: false,
            id: None,
        };
        if self.setting().setup == Setup::Stepwise {
            let made =
                self.must(Op::CreateAgreement(CreateAgreement { agreement_ref: reference, trust_level })).await?;
            agreement.id = match made {
                Reply::Case(case) => Some(case.agreement_id),
                Reply::Done
                | Reply::Agreement(_)
                | Reply::Delivered { .. }
                | Reply::Dump(_)
                | Reply::Events(_)
                | Reply::Participant(_)
                | Reply::Signature(_)
                | Reply::Started(_)
                | Reply::Welcome(_) => None,
            };
            agreement.made = true;
        }
        self.agreements.push(agreement);
        Ok(())
    }

    /// The current agreement.
    ///
    /// # Errors
    /// When the scenario has none.
    pub fn agreement(&mut self) -> Result<&mut Agreement, Stop> {
        self.agreements
            .last_mut()
            .ok_or_else(|| Stop::Harness("the scenario has no agreement yet: add a step that makes one".to_owned()))
    }

    /// The current agreement's reference.
    ///
    /// # Errors
    /// When the scenario has none.
    pub fn agreement_ref(&mut self) -> Result<AgreementRef, Stop> {
        self.agreement().map(|agreement| AgreementRef { agreement_ref: agreement.reference.clone() })
    }

    /// The request that adds a person, with the number of `bound` written as `spelling`.
    ///
    /// # Errors
    /// When the scenario has no agreement, or nobody of that role.
    pub fn asking(&mut self, role: &str, bound: Option<&str>, spelling: Option<&str>) -> Result<AddParticipant, Stop> {
        let person = self.person(role)?;
        let bearer = bound.map(|bound| self.person(bound)).transpose()?;
        let number = bearer.as_ref().map(|bearer| match spelling {
            Some(pattern) => spelled(&bearer.number, pattern),
            None => typed(&bearer.number),
        });
        let name = self.person(role)?.full_name();
        let agreement = self.agreement()?;
        let reference = format!("{}-{}", slug(role), agreement.places.len() + 1);
        let country = bearer.as_ref().map_or_else(|| person.number.country(), |bearer| bearer.number.country());
        Ok(AddParticipant {
            agreement_ref: agreement.reference.clone(),
            // No two scenarios share a mailbox.
            email: format!("{reference}.{}@example.com", agreement.reference),
            participant_ref: reference,
            role: "signer".to_owned(),
            name,
            personal_number: number.map(Value::String),
            country: country.code().to_owned(),
            extra: BTreeMap::new(),
        })
    }

    /// Adds a person where that has to succeed. Collected for later where the target makes agreements at once.
    ///
    /// # Errors
    /// When it did not succeed.
    pub async fn add(&mut self, role: &str, bound: Option<&str>, asked: AddParticipant) -> Result<(), Stop> {
        let mut made = None;
        if self.setting().setup == Setup::Stepwise {
            made = match self.must(Op::AddParticipant(asked.clone())).await? {
                Reply::Participant(participant) => Some(participant),
                Reply::Agreement(_)
                | Reply::Case(_)
                | Reply::Delivered { .. }
                | Reply::Done
                | Reply::Dump(_)
                | Reply::Events(_)
                | Reply::Signature(_)
                | Reply::Started(_)
                | Reply::Welcome(_) => None,
            };
        }
        self.placed(role, bound, asked, made)
    }

    /// Adds a person where that may be refused, and remembers the answer.
    ///
    /// # Errors
    /// When there was no answer, or the target makes agreements at once.
    pub async fn try_to_add(&mut self, role: &str, bound: Option<&str>, asked: AddParticipant) -> Result<bool, Stop> {
        self.needs_stepwise()?;
        let made = match self.may(Op::AddParticipant(asked.clone()), None).await? {
            Some(Reply::Participant(participant)) => Some(participant),
            Some(_) => None,
            None => {
                self.turned_away.insert(role.to_owned());
                return Ok(false);
            }
        };
        self.turned_away.remove(role);
        self.placed(role, bound, asked, made)?;
        Ok(true)
    }

    /// Notes a place that the target has made.
    ///
    /// # Errors
    /// When the scenario has no agreement.
    pub fn placed(
        &mut self,
        role: &str,
        bound: Option<&str>,
        asked: AddParticipant,
        made: Option<Participant>,
    ) -> Result<(), Stop> {
        let place = Place {
            role: role.to_owned(),
            reference: asked.participant_ref.clone(),
            bound: bound.map(str::to_owned),
            asked,
            made,
            spelling: None,
        };
        self.agreement()?.places.push(place);
        Ok(())
    }

    /// Sends the current agreement for signing.
    ///
    /// # Errors
    /// When the target refuses or gives no answer.
    pub async fn send(&mut self) -> Result<(), TargetError> {
        let at_once = self.setting().setup == Setup::AtOnce;
        let Some(agreement) = self.agreements.last().cloned() else {
            return Err(TargetError::Internal { message: "the scenario has no agreement yet".to_owned() });
        };
        let op = if at_once && !agreement.made {
            let participants = agreement.places.iter().map(|place| place.asked.clone()).collect();
            let new =
                CreateAgreement { agreement_ref: agreement.reference.clone(), trust_level: agreement.trust_level };
            Op::CreateCase(Case { agreement: new, participants, activate: true })
        } else {
            Op::ActivateAgreement(AgreementRef { agreement_ref: agreement.reference.clone() })
        };
        let name = op.name();
        let reply = self.call(op, None, None).await?;
        self.succeeded(name, name.principal(), "");
        if let Some(agreement) = self.agreements.last_mut() {
            if let Reply::Case(case) = reply {
                agreement.id = Some(case.agreement_id);
                for (place, made) in agreement.places.iter_mut().zip(case.participants) {
                    place.made = Some(made);
                }
            }
            agreement.made = true;
            agreement.sent = true;
        }
        // A new round, or a new agreement.
        self.locked.clear();
        self.happened();
        Ok(())
    }

    /// A person's newest place.
    ///
    /// # Errors
    /// When the person is in no agreement.
    pub fn seat(&self, role: &str) -> Result<(&Agreement, &Place), Stop> {
        let mut newest = self
            .agreements
            .iter()
            .rev()
            .flat_map(|agreement| agreement.places.iter().rev().map(move |place| (agreement, place)));
        newest.find(|(_, place)| place.role == role).ok_or_else(|| {
            if self.turned_away.contains(role) {
                Stop::Well(format!("{role} was not added: in that place nobody can pass or sign"))
            } else {
                Stop::error(format!("{role} is in no agreement of this scenario"))
            }
        })
    }

    /// The references of a person's newest place.
    ///
    /// # Errors
    /// When the person is in no agreement.
    pub fn place(&self, role: &str) -> Result<ParticipantRef, Stop> {
        let (agreement, place) = self.seat(role)?;
        Ok(ParticipantRef { agreement_ref: agreement.reference.clone(), participant_ref: place.reference.clone() })
    }

    /// Notes that another number is bound now.
    pub fn rebound(&mut self, role: &str, to: Option<&str>) {
        let places = self.agreements.iter_mut().rev().flat_map(|agreement| agreement.places.iter_mut().rev());
        if let Some(place) = places.into_iter().find(|place| place.role == role) {
            place.bound = to.map(str::to_owned);
        }
    }

    /// What only exists where agreements are made step by step.
    ///
    /// # Errors
    /// When the target makes them at once.
    pub fn needs_stepwise(&self) -> Result<(), Stop> {
        match self.setting().setup {
            Setup::AtOnce => Err(Stop::NotApplicable(
                "the target makes agreements at once (setup = \"at-once\"): nothing is added or changed before"
                    .to_owned(),
            )),
            Setup::Stepwise => Ok(()),
        }
    }
}
