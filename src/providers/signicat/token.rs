//! `/token`: a code, or a refresh token, becomes tokens.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answer::{json_answer, token_refused, trace, traced};
use super::claims::bearer;
use super::client::Client;
use super::handle::{Handle, Purpose, issue};
use super::op::{Here, Op};
use super::order::{Challenge, ChallengeMethod};
use super::parameters::Parameters;
use super::problem::{Code, Problem};
use super::read::is_unreserved;
use super::state::{Issued, State as Became};
use super::tokens::Minting;
use super::wire::Tokens;
use super::{Signicat, client_auth};
use crate::crypto::mac;
use crate::script::Operation;
use crate::simulation::{Session, Trace, Visit};

/// `POST /token`.
pub(super) async fn token(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let exchanged = Parameters::of_form(&body).and_then(|form| {
        let client = client_auth::client(&op, &here, &head.headers, &form)?;
        exchange(&op, &here, client, &form)
    });
    match exchanged {
        Ok((Ok(tokens), trace)) => traced(json_answer(StatusCode::OK, &tokens), trace),
        Ok((Err(problem), trace)) => traced(token_refused(&here, &problem), trace),
        Err(problem) => traced(token_refused(&here, &problem), trace(&here, Operation::Token, None)),
    }
}

/// What a session says to it.
type Said = Result<Value, Problem>;

fn exchange(op: &Op, here: &Here, client: Client<'_>, form: &Parameters) -> Result<(Said, Trace), Problem> {
    let (name, refreshes) = match form.text("grant_type") {
        Some("authorization_code") => ("code", false),
        Some("refresh_token") => ("refresh_token", true),
        Some(_) => return Err(Problem::new(Code::UnsupportedGrantType, "The grant_type is not supported")),
        None => return Err(Problem::request("The grant_type is missing")),
    };
    let shown = form.text(name).ok_or_else(|| Problem::request(format!("The {name} is missing")))?;
    let handle = Handle::read(shown).ok_or_else(|| grant("It is not one of this server"))?;
    let visited = op.sessions.visit_in(&here.space, handle.session, Operation::Token, |session, visit| {
        let granting = Granting { here, client, form, handle };
        if refreshes { granting.refresh(session, visit) } else { granting.code(session, visit) }
    });
    let visited = visited.map_err(|_| grant("It is not one of this server"))?;
    Ok((visited.value, visited.trace))
}

#[derive(Clone, Copy, Debug)]
struct Granting<'a> {
    here: &'a Here,
    client: Client<'a>,
    form: &'a Parameters,
    handle: Handle,
}

impl Granting<'_> {
    fn code(&self, session: &mut Session<Signicat>, visit: &Visit<'_, Signicat>) -> Said {
        let context = &visit.context;
        let age = session.age(context.now);
        let n = self.handle.number(context.secret, Purpose::Code, 2).ok_or_else(|| grant("The code is not genuine"))?;
        let coded = session.state.coded.ok_or_else(|| grant("The code is not genuine"))?;
        let order = session.order.clone();
        if order.client_id != self.client.id {
            return Err(grant("The code was given to another client"));
        }
        if session.state.spent.is_some() {
            // RFC 6749 section 4.1.2: what came of it is void.
            session.state.revoked = true;
            return Err(grant("The code was used before; the tokens that it gave are void"));
        }
        if age.0.saturating_sub(coded.0) >= u64::from(context.settings.code_seconds) * 1_000 {
            return Err(grant("The code has expired"));
        }
        if self.form.text("redirect_uri") != Some(&order.redirect_uri) {
            return Err(grant("The redirect_uri is not that of the authorization request"));
        }
        let injected = n == 1;
        let verifier = self.form.text("code_verifier");
        if injected && order.challenge.is_some() {
            return Err(grant("The code_verifier does not fit the code_challenge"));
        }
        verified(order.challenge.as_ref(), verifier)?;
        session.state.spent = Some(age);
        let scope = order.scope.clone();
        self.issue(session, visit, &Issued { at: age, seconds: context.settings.access_token_seconds, injected, scope })
    }

    fn refresh(&self, session: &mut Session<Signicat>, visit: &Visit<'_, Signicat>) -> Said {
        let context = &visit.context;
        let given = session.state.refreshes;
        let n = self
            .handle
            .number(context.secret, Purpose::Refresh, given)
            .ok_or_else(|| grant("The refresh_token is not genuine"))?;
        if session.order.client_id != self.client.id {
            return Err(grant("The refresh_token was given to another client"));
        }
        if session.state.revoked {
            return Err(grant("The refresh_token is void"));
        }
        if n + 1 != given {
            // RFC 9700 section 4.14.2: somebody holds a copy.
            session.state.revoked = true;
            return Err(grant("The refresh_token was used before; everything is void"));
        }
        let granted = session.order.scope.clone();
        let scope = match self.form.text("scope") {
            None => granted,
            Some(narrower) => {
                let words: Vec<String> = narrower.split_whitespace().map(str::to_owned).collect();
                if words.iter().any(|word| !granted.contains(word)) {
                    return Err(Problem::new(Code::InvalidScope, "The scope has words that were not granted"));
                }
                words
            }
        };
        let injected = session.state.tokens.first().is_some_and(|first| first.injected);
        let at = session.age(context.now);
        self.issue(session, visit, &Issued { at, seconds: context.settings.access_token_seconds, injected, scope })
    }

    fn issue(&self, session: &mut Session<Signicat>, visit: &Visit<'_, Signicat>, issued: &Issued) -> Said {
        if session.state.tokens.len() >= Became::MOST_TOKENS {
            return Err(grant("There were too many tokens already"));
        }
        let context = &visit.context;
        let n = session.state.issued();
        session.state.tokens.push(issued.clone());
        let refresh = issue(context.secret, Purpose::Refresh, session.id, session.state.refreshes);
        session.state.refreshes += 1;
        let person = bearer(session, issued).ok_or_else(|| grant("Nobody authenticated"))?;
        let minting = Minting {
            session,
            settings: context.settings,
            secret: context.secret,
            keys: &self.here.keys,
            client: self.client,
            person,
            issued,
            occurrence: n + 1,
            now: context.now,
        };
        let access_token = minting.access_token(n);
        let id_token = minting.id_token(&access_token);
        let tokens = Tokens {
            access_token,
            token_type: "Bearer",
            refresh_token: refresh,
            scope: issued.scope.join(" "),
            expires_in: issued.seconds,
            id_token,
        };
        // A structure of texts and numbers always has a JSON form.
        Ok(serde_json::to_value(tokens).unwrap_or_default())
    }
}

/// RFC 7636 section 4.6, and RFC 9700 section 2.1.1: a verifier without a challenge is a sign of a code that was slipped in.
fn verified(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Problem> {
    let Some(challenge) = challenge else {
        return match verifier {
            None => Ok(()),
            Some(_) => Err(grant("There is a code_verifier, and there was no code_challenge")),
        };
    };
    let verifier = verifier.ok_or_else(|| grant("The code_verifier is missing"))?;
    let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
    let made = match challenge.method {
        ChallengeMethod::Plain => verifier.to_owned(),
        ChallengeMethod::S256 => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
    };
    if well_formed && mac::equal(made.as_bytes(), challenge.value.as_bytes()) {
        Ok(())
    } else {
        Err(grant("The code_verifier does not fit the code_challenge"))
    }
}

fn grant(description: &'static str) -> Problem {
    Problem::new(Code::InvalidGrant, description)
}
