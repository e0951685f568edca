//! From the address that completes to what is proven: redirects, code, tokens, claims, document. Whatever is missing on the way, nobody has
//! passed.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::attempt::{Halt, Live, Stage, Tokens};
use super::call::{Carried, JSON, trouble};
use super::id_token::{self, Expected};
use super::progress::{error, kind};
use super::token::{self, Reader, object};
use super::{Signicat, sdo, userinfo};
use crate::crypto::mac;
use crate::dial::Answer;
use crate::identity::NationalNumber;
use crate::reference::Flaw;
use crate::reference::provider::member::Contradiction;
use crate::reference::provider::{Evidence, FailureKind};

impl Signicat {
    /// Follows the address that completes, up to the redirect to us: its parameters are read where they stand, nobody calls us.
    pub(super) async fn complete(&self, live: &mut Live, address: &str) -> Result<Option<Stage>, Halt> {
        let anywhere = self.settings.flaws.has(Flaw::FollowsTheCompleteUrlAnywhere);
        let read =
            |text: &str, base: &Url| base.join(text.trim()).ok().filter(|url| anywhere || self.caller.is_home(url));
        let elsewhere = || Halt::from(Contradiction("the completion leads to another host"));
        let from = self.poll_address(&live.memory)?;
        let mut at = read(address, &from).ok_or_else(elsewhere)?;
        for _ in 0..MOST_HOPS {
            // Without `Accept: application/json`, says the documentation, and without credentials: only the session's own cookies.
            let cookie = live.memory.cookies.header().filter(|_| self.caller.is_home(&at));
            let carried = Carried { accept: Some("text/html, */*;q=0.8"), cookie, authorization: None };
            let answer = self.caller.get(&at, carried).await.map_err(Halt::unavailable)?;
            if let Some(why) = trouble(answer.status) {
                return Err(Halt::unavailable(why));
            }
            live.memory.cookies.take(&answer.headers);
            let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
            let Some(location) = location.filter(|_| (300..400).contains(&answer.status)) else {
                let code = object(&answer.body).ok().and_then(|body| error(&body));
                return Err(Halt::refused(FailureKind::ProviderError, code.as_deref().unwrap_or("not_redirected")));
            };
            let next = at.join(location).map_err(|_| elsewhere())?;
            if is_ours(&next, &live.memory.redirect_uri) {
                return self.returned(live, &next).await;
            }
            at = read(location, &at).ok_or_else(elsewhere)?;
        }
        Err(Halt::refused(FailureKind::ProviderError, "too_many_redirects"))
    }

    /// Judges the parameters of the redirect to us. The state is good once: with the code, the attempt has left the stage that asks for it.
    async fn returned(&self, live: &mut Live, url: &Url) -> Result<Option<Stage>, Halt> {
        let flaws = &self.settings.flaws;
        let parameter = |name: &str| {
            let mut values = url.query_pairs().filter(|(given, _)| given == name).map(|(_, value)| value);
            let first = values.next();
            if values.next().is_some() {
                Err(Contradiction("a parameter of the redirect stands twice"))
            } else {
                Ok(first)
            }
        };
        let (code, failure, state) = (parameter("code")?, parameter("error")?, parameter("state")?);
        let state = state.as_deref().unwrap_or_default();
        let is_ours = mac::equal(state.as_bytes(), live.memory.state.as_bytes());
        if let Some(failure) = failure {
            if is_ours || flaws.has(Flaw::ClosesOnForeignErrors) {
                let description = parameter("error_description")?.unwrap_or_default().to_ascii_lowercase();
                return Err(Halt::refused(kind(&description), &failure));
            }
            // A stranger's: the attempt stays as it is, and is asked about again.
            live.foreign = live.foreign.saturating_add(1);
            let is_flood = live.foreign > MOST_FOREIGN;
            return if is_flood {
                Err(Contradiction("errors of others come back instead of a code").into())
            } else {
                Ok(None)
            };
        }
        if !is_ours && !flaws.has(Flaw::IgnoresState) {
            return Err(Contradiction("the state that came back is not the one that was sent").into());
        }
        if !flaws.has(Flaw::IgnoresIssuerOfTheAnswer) {
            self.named(parameter("iss")?.as_deref()).await?;
        }
        let code =
            code.filter(|code| !code.is_empty()).ok_or(Contradiction("neither a code nor an error came back"))?;
        Ok(Some(Stage::Code(code.into_owned())))
    }

    /// Judges which issuer the redirect names: ours, or nobody where ours does not promise to name itself (RFC 9207 section 2.4).
    async fn named(&self, issuer: Option<&str>) -> Result<(), Halt> {
        match issuer {
            Some(issuer) if issuer == self.issuer.name => Ok(()),
            Some(_) => Err(Contradiction("the code comes from another issuer").into()),
            None if self.issuer.addresses().await?.names_itself && self.issuer.addresses_anew().await?.names_itself => {
                Err(Contradiction("the issuer names itself, and the redirect names nobody").into())
            }
            None => Ok(()),
        }
    }

    /// Exchanges the code.
    pub(super) async fn exchange(&self, live: &Live, code: &str) -> Result<Option<Stage>, Halt> {
        let addresses = self.issuer.addresses().await?;
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &*live.memory.redirect_uri)];
        form.extend(live.memory.verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        let carried = Carried { accept: Some(JSON), authorization: Some(self.basic()), cookie: None };
        let answer = self.caller.post(&addresses.token, carried, &form).await.map_err(Halt::unavailable)?;
        let body = body(&answer)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if !text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(Contradiction("the access token is no bearer token").into());
        }
        let access = text("access_token").ok_or(Contradiction("there is no access token"))?;
        let id = text("id_token").ok_or(Contradiction("there is no id_token"))?;
        Ok(Some(Stage::Tokens(Arc::new(Tokens { access: access.to_owned(), id: id.to_owned() }))))
    }

    /// What the tokens, the claims and the document prove together.
    pub(super) async fn prove(&self, live: &Live, tokens: &Tokens) -> Result<Option<Stage>, Halt> {
        let (memory, flaws) = (&live.memory, &self.settings.flaws);
        let addresses = self.issuer.addresses().await?;
        let reader = |is_direct| Reader { issuer: &self.issuer, own: self.settings.own_key.as_ref(), is_direct, flaws };
        let direct = self.settings.trusts_tls && addresses.token.scheme() == "https";
        let claims = reader(direct).read(&tokens.id).await?;
        let expected = Expected {
            issuer: &self.issuer.name,
            client_id: &self.settings.client_id,
            nonce: memory.nonce.as_deref(),
            method: memory.method,
            access_token: &tokens.access,
            started_at: memory.started_at,
            now: Timestamp::now(),
        };
        let token = id_token::check(&claims, &expected, flaws)?;

        let answer = self.bearer(&addresses.userinfo, &tokens.access, "application/json, application/jwt").await?;
        let text = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
        let is_plain = text.starts_with('{') || text.is_empty();
        let claims = if !is_plain {
            reader(false).read(text).await?
        } else if token::is_encrypted(&tokens.id) && !flaws.has(Flaw::AcceptsPlainClaimsInAJwe) {
            // Whoever gets encrypted answers gets signed ones: over a connection that others read, nothing else would be worth anything.
            return Err(Contradiction("the claims are neither signed nor encrypted").into());
        } else {
            object(&answer.body)?
        };
        let evidence = userinfo::evidence(&claims, &token, memory.method, flaws)?;
        if let Some(text) = memory.text.as_deref().filter(|_| !flaws.has(Flaw::SkipsTheSignedDocument)) {
            let number = if let Evidence::Finished(person) = &evidence { Some(&person.number) } else { None };
            self.signed(tokens, number, text).await?;
        }
        Ok(Some(Stage::Over(evidence)))
    }

    /// Fetches what was signed, and judges it: it is a signature of this person under this text, or it is none and forgotten.
    async fn signed(&self, tokens: &Tokens, person: Option<&NationalNumber>, text: &str) -> Result<(), Halt> {
        let address = Url::parse(&format!("{}/signature", self.issuer.name));
        let address = address.map_err(|_| Halt::unavailable("the issuer is no address"))?;
        let answer = self.bearer(&address, &tokens.access, "application/xml, */*;q=0.8").await?;
        let anchor = self.anchor().await?;
        Ok(sdo::check(&answer.body, &anchor, person, text, &self.settings.flaws)?)
    }

    /// Asks with the access token. One that is not good any more ends the attempt: the person has to start anew.
    async fn bearer(&self, url: &Url, token: &str, accept: &'static str) -> Result<Answer, Halt> {
        let carried = Carried { accept: Some(accept), authorization: Some(format!("Bearer {token}")), cookie: None };
        let answer = self.caller.get(url, carried).await.map_err(Halt::unavailable)?;
        match answer.status {
            200 => Ok(answer),
            status => match trouble(status) {
                Some(why) => Err(Halt::unavailable(why)),
                None => {
                    let code = object(&answer.body).ok().and_then(|body| error(&body));
                    Err(Halt::refused(FailureKind::ProviderError, code.as_deref().unwrap_or("not_told")))
                }
            },
        }
    }

    /// `client_secret_basic`: both are form-encoded first (RFC 6749 section 2.3.1).
    fn basic(&self) -> String {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(&self.settings.client_id), encoded(&self.settings.client_secret));
        format!("Basic {}", STANDARD.encode(pair))
    }
}

/// The JSON of a token answer.
fn body(answer: &Answer) -> Result<serde_json::Map<String, Value>, Halt> {
    if let Some(why) = trouble(answer.status) {
        return Err(Halt::unavailable(why));
    }
    let body = object(&answer.body);
    if let Some(code) = body.as_ref().ok().and_then(error) {
        return Err(Halt::refused(FailureKind::ProviderError, &code));
    }
    if answer.status != 200 {
        return Err(Halt::refused(FailureKind::ProviderError, "not_told"));
    }
    body.map_err(|_| Halt::malformed("its token answer is no JSON object"))
}

/// Whether an address is the registered one, with whatever parameters.
fn is_ours(url: &Url, redirect_uri: &str) -> bool {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.as_str() == redirect_uri
}

const MOST_HOPS: usize = 10;
const MOST_FOREIGN: u8 = 5;
