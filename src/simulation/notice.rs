//! What the provider would say of a session that stands otherwise than it does: a webhook that is handed over and not sent, and an answer.
//!
//! Tests of receivers need bodies that are genuine in everything but one thing. They are written by the provider's own code, for a copy of
//! the session: the session itself stays as it is.

use std::sync::Arc;

use bytes::Bytes;

use super::provider::{Errand, Provider};
use super::said::Said;
use super::session::{Session, SessionId};
use super::sessions::{Refusal, Sessions};
use super::{Context, journal};
use crate::script::{Forgery, Millis, Occurrence, Script, Tampering, WebhookTampering};
use crate::session::{Limits, OrderBegins, Progress, Stimulus};

/// What a webhook is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// What happened in the session; nothing yet when left out.
    pub said: Option<Said>,
    /// What is wrong with it.
    pub how: Option<WebhookTampering>,
    /// Another body, which is sealed in place of the provider's own.
    pub body: Option<Bytes>,
    /// So many blanks follow the body. They are sealed, and not handed over.
    pub blanks: usize,
}

/// What the provider would say. It may hold numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// The webhook; `None` where the provider has none.
    pub webhook: Option<Webhook>,
    /// What the relying party would fetch if the session stood so.
    pub answer: String,
}

/// A webhook as it would be on the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where the webhooks of the session go; `None` where nobody wants any.
    pub url: Option<String>,
    /// The headers that make it what it is: content type and seal.
    pub headers: Vec<(String, String)>,
    /// The body, without the blanks.
    pub body: Bytes,
}

/// Without what it says.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").field("webhook", &self.webhook).finish_non_exhaustive()
    }
}

/// Without what it says.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Webhook({} bytes)", self.body.len())
    }
}

impl Notice {
    /// The script that would make the provider send it: what a provider is asked whether it can.
    #[must_use]
    pub fn script(&self) -> Script {
        let forgery = |how| Forgery { how: Tampering::Webhook(how), occurrence: Occurrence::ALL };
        Script {
            name: "notice".to_owned(),
            forgeries: self.how.map(forgery).into_iter().collect(),
            ..Script::default()
        }
    }
}

impl<P: Provider> Sessions<P> {
    /// Writes a webhook about a session, and leaves the session alone.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn notice(&self, id: SessionId, notice: &Notice) -> Result<Written, Refusal> {
        self.look(id, |session, context| {
            let mut copy = session.clone();
            unfold(&mut copy, notice, context);
            let answer = P::answer_now(&copy, context);
            let remark = "what would be said was written for a test: the simulator does not send it";
            context.space.journal.record(context.now, Some(id), journal::Event::Remark(remark.to_owned()));
            let url = P::webhook(&session.order, context.settings).map(str::to_owned);
            let webhook = P::notice(&mut copy, context).map(|errand| written(errand, notice, url, context));
            Written { webhook, answer }
        })
    }
}

/// The errand, sealed.
fn written<P: Provider>(mut errand: Errand, notice: &Notice, url: Option<String>, context: &Context<'_, P>) -> Webhook {
    if let Some(body) = &notice.body {
        errand.body = body.clone();
        if let Some(seal) = &mut errand.seal {
            seal.over = None;
        }
    }
    let seal = errand.seal.as_ref().and_then(|seal| {
        let padded = [&errand.body, vec![b' '; notice.blanks].as_slice()].concat();
        Some((seal.header.to_owned(), seal.value(&padded, context.now)?))
    });
    let content_type = ("content-type".to_owned(), errand.content_type.to_owned());
    Webhook { url, headers: [content_type].into_iter().chain(seal).collect(), body: errand.body }
}

/// Lets the copy begin anew, and end at once as it is to be told.
fn unfold<P: Provider>(copy: &mut Session<P>, notice: &Notice, context: &Context<'_, P>) {
    let now = copy.age(context.now);
    copy.script = Arc::new(notice.script());
    // However old the session is: nothing runs out.
    copy.limits = Limits { link: Millis(u64::MAX), order: Millis(u64::MAX), begins: OrderBegins::AtOnce };
    copy.earlier.clear();
    copy.progress = Progress::begin(now);
    if let Some(said) = &notice.said {
        let person = said.person.clone().unwrap_or_else(|| copy.cast.requested.clone());
        copy.advance(context.now, Stimulus::Signal(said.meaning(person)));
    }
}
