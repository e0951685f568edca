//! What the side door sees of a provider, without knowing which it is.

use std::sync::Arc;

use serde_json::Value;

use super::fact::Fact;
use super::findings::findings;
use super::note::Note;
use super::notice::{Notice, Written};
use super::programme::Overlay;
use super::provider::{Errand, Provider, Unsayable};
use super::said::Said;
use super::sample::Sample;
use super::session::{Session, SessionId};
use super::sessions::{Refusal, Sessions};
use super::space::Space;
use super::view::SessionView;
use super::waiting::Waiting;
use crate::dial::Answer;
use crate::identity::mask;
use crate::script::{Millis, Script};
use crate::session::Entered;

/// One provider, seen from outside.
pub trait Control: Send + Sync + std::fmt::Debug {
    /// The provider's name, in snake_case.
    fn name(&self) -> &'static str;
    /// The names of its credentials; the first identifies the space.
    fn credentials(&self) -> &'static [&'static str];
    /// What it signs with keys of the space.
    fn keys(&self) -> &'static [&'static str];
    /// What a relying party needs to know besides address and credentials.
    fn connection(&self, space: &Space) -> Vec<(&'static str, Fact)>;
    /// The plainest conversation with it.
    fn sample(&self) -> Option<Sample>;
    /// What the service does once the person has finished.
    fn epilogue(&self) -> &'static [(&'static str, &'static str)];
    /// What a sample can name besides credentials.
    fn dress(&self, space: &Space) -> Vec<(&'static str, String)>;
    /// A fresh credential for a space.
    fn mint(&self, space: &str, credential: &str, entropy: [u8; 32]) -> String;
    /// Why the provider cannot play a script.
    fn refuses(&self, script: &Script) -> Option<Unsayable>;
    /// Whether it has this session.
    fn has(&self, id: SessionId) -> bool;
    /// How many sessions are live.
    fn len(&self) -> usize;
    /// Whether there is no session.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The sessions of a space with a number above `after`, from the newest to the oldest.
    fn list(&self, space: &str, after: u64, most: usize) -> Vec<SessionView>;
    /// The orders of a space that wait for a person who has no page, from the newest to the oldest.
    fn waiting(&self, space: &str, most: usize) -> Vec<Waiting>;
    /// The numbers and ids of a space's sessions with a number above `after`, from the oldest to the newest.
    fn numbered(&self, space: &str, after: u64) -> Vec<(u64, SessionId)>;
    /// Where a relying party calls the provider, relative to our address.
    fn base(&self, space: &Space) -> String;
    /// A session.
    ///
    /// # Errors
    /// When there is no such session.
    fn view(&self, id: SessionId) -> Result<SessionView, Refusal>;
    /// Gives a session a signal.
    ///
    /// # Errors
    /// When there is no such session.
    fn signal(&self, id: SessionId, said: &Said) -> Result<Vec<Entered>, Refusal>;
    /// Makes a session older.
    ///
    /// # Errors
    /// When there is no such session.
    fn older(&self, id: SessionId, by: Millis) -> Result<Vec<Entered>, Refusal>;
    /// Lets time pass for a session.
    ///
    /// # Errors
    /// When there is no such session.
    fn tick(&self, id: SessionId) -> Result<Vec<Entered>, Refusal>;
    /// Writes a webhook about a session, and leaves the session alone.
    ///
    /// # Errors
    /// When there is no such session.
    fn notice(&self, id: SessionId, notice: &Notice) -> Result<Written, Refusal>;
    /// Lays faults, forgeries and deliveries over a live session, or gives it another script from here on.
    ///
    /// # Errors
    /// When there is no such session.
    fn arm(&self, id: SessionId, script: Option<Arc<Script>>, overlay: &Overlay) -> Result<(), Refusal>;
    /// Hands the answer to a question over.
    ///
    /// # Errors
    /// When there is no such session.
    fn answered(&self, id: SessionId, errand: &Errand, answer: Option<&Answer>) -> Result<(), Refusal>;
    /// The switches of a space.
    fn settings(&self, space: &str) -> Value;
    /// Changes some switches of a space: the members given, the others stay. Returns all of them.
    ///
    /// # Errors
    /// When a switch is unknown or cannot have the value.
    fn change_settings(&self, space: &Space, change: &Value) -> Result<Value, SettingsError>;
    /// What a careful witness noticed about a session.
    ///
    /// # Errors
    /// When there is no such session.
    fn findings(&self, id: SessionId) -> Result<Vec<Note>, Refusal>;
    /// Forgets a space.
    fn forget_space(&self, space: &str);
    /// A session as plain data, with everything it depends on.
    ///
    /// # Errors
    /// When there is no such session.
    fn dump(&self, id: SessionId) -> Result<Value, Refusal>;
    /// Takes a dumped session in.
    ///
    /// # Errors
    /// When it is not a session of this provider, or its space does not exist.
    fn restore(&self, session: Value) -> Result<(), SettingsError>;
}

/// Why switches or a dump are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SettingsError {
    /// What is wrong with it, and where.
    pub problem: String,
}

impl<P: Provider> Control for Sessions<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn credentials(&self) -> &'static [&'static str] {
        P::CREDENTIALS
    }

    fn keys(&self) -> &'static [&'static str] {
        P::KEYS
    }

    fn connection(&self, space: &Space) -> Vec<(&'static str, Fact)> {
        P::connection(space)
    }

    fn sample(&self) -> Option<Sample> {
        P::SAMPLE
    }

    fn epilogue(&self) -> &'static [(&'static str, &'static str)] {
        P::EPILOGUE
    }

    fn dress(&self, space: &Space) -> Vec<(&'static str, String)> {
        P::dress(space, self.commons.secret(), self.commons.clock.now())
    }

    fn mint(&self, space: &str, credential: &str, entropy: [u8; 32]) -> String {
        P::mint(space, credential, entropy)
    }

    fn refuses(&self, script: &Script) -> Option<Unsayable> {
        P::refuses(script)
    }

    fn has(&self, id: SessionId) -> bool {
        self.look(id, |_, _| ()).is_ok()
    }

    fn len(&self) -> usize {
        Self::len(self)
    }

    fn list(&self, space: &str, after: u64, most: usize) -> Vec<SessionView> {
        self.ids()
            .into_iter()
            .filter_map(|id| {
                self.look(id, |session, context| {
                    (&*session.space == space && session.number > after).then(|| SessionView::new(session, context))
                })
                .ok()
                .flatten()
            })
            .take(most)
            .collect()
    }

    fn waiting(&self, space: &str, most: usize) -> Vec<Waiting> {
        Self::waiting(self, space, most)
    }

    fn numbered(&self, space: &str, after: u64) -> Vec<(u64, SessionId)> {
        self.store.numbered(space, after)
    }

    fn base(&self, space: &Space) -> String {
        P::base(space)
    }

    fn view(&self, id: SessionId) -> Result<SessionView, Refusal> {
        self.look(id, |session, context| SessionView::new(session, context))
    }

    fn signal(&self, id: SessionId, said: &Said) -> Result<Vec<Entered>, Refusal> {
        Self::signal(self, id, said)
    }

    fn older(&self, id: SessionId, by: Millis) -> Result<Vec<Entered>, Refusal> {
        Self::older(self, id, by)
    }

    fn tick(&self, id: SessionId) -> Result<Vec<Entered>, Refusal> {
        Self::tick(self, id)
    }

    fn notice(&self, id: SessionId, notice: &Notice) -> Result<Written, Refusal> {
        Self::notice(self, id, notice)
    }

    fn arm(&self, id: SessionId, script: Option<Arc<Script>>, overlay: &Overlay) -> Result<(), Refusal> {
        Self::arm(self, id, script.as_ref(), overlay)
    }

    fn answered(&self, id: SessionId, errand: &Errand, answer: Option<&Answer>) -> Result<(), Refusal> {
        Self::answered(self, id, errand, answer)
    }

    fn settings(&self, space: &str) -> Value {
        serde_json::to_value(&*Self::settings(self, space)).unwrap_or(Value::Null)
    }

    fn change_settings(&self, space: &Space, change: &Value) -> Result<Value, SettingsError> {
        let problem = |problem: String| SettingsError { problem };
        let Value::Object(change) = change else {
            return Err(problem("expected an object of switches, such as {\"language\": \"SV\"}".into()));
        };
        let altered = self.alter_settings(space, |now| {
            let mut all = serde_json::to_value(now)?;
            if let Value::Object(members) = &mut all {
                members.extend(change.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            serde_json::from_value::<P::Settings>(all)
        });
        // A number pasted in a wrong place must not come back in the message.
        let settings = altered.map_err(|error| problem(mask(&error.to_string()).into_owned()))?;
        Ok(serde_json::to_value(&*settings).unwrap_or(Value::Null))
    }

    fn findings(&self, id: SessionId) -> Result<Vec<Note>, Refusal> {
        let deliveries = self.commons.outbox.deliveries(id);
        self.look(id, |session, _| findings(session, &deliveries))
    }

    fn forget_space(&self, space: &str) {
        Self::forget_space(self, space);
    }

    fn dump(&self, id: SessionId) -> Result<Value, Refusal> {
        self.look(id, |session, _| serde_json::to_value(&*session).unwrap_or(Value::Null))
    }

    fn restore(&self, session: Value) -> Result<(), SettingsError> {
        let session: Session<P> = serde_json::from_value(session)
            .map_err(|e| SettingsError { problem: mask(&e.to_string()).into_owned() })?;
        Self::restore(self, session).map_err(|e| SettingsError { problem: e.to_string() })
    }
}
