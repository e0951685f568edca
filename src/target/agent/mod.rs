//! The user agent: what a person's browser does, without JavaScript.
//!
//! - It opens addresses (GET) and submits forms (GET, POST as `application/x-www-form-urlencoded`).
//! - It follows up to 20 hops: HTTP redirects (303, and 301 and 302 of a POST, become GET; 307 and 308 repeat the request), `<meta refresh>` of at
//!   most five seconds (a longer one is a page that looks at itself anew, as is one to its own address), also within `<noscript>`, and forms that a
//!   page submits by itself, as `response_mode=form_post` does.
//! - Each [`BrowserId`] has one cookie jar, shared with the target file's steps `as = "person"`. Cookies follow RFC 6265; `SameSite` is not looked
//!   at, because every hop is one the person makes. A `Secure` cookie is not sent over plain http, except to loopback; where that happened the page
//!   says so in [`Page::unsent_cookies`]: the remedy is `network.connect_to` or https, and it is no failure of the target.
//! - It sends `Referer` as browsers do by default (the whole address within an origin, the origin alone to others, nothing from https to http), and
//!   obeys the header `Referrer-Policy`.
//! - Where it connects to is the dialer's matter (`connect_to`, certificates).
//! - It runs no script. A page that has some says so in [`Page::has_scripts`]: whether anything would have followed is for the judge to tell.
//! - Everything goes into the wire log, as operation `browser`.

mod form;
mod html;
mod referer;

use std::time::Duration;

use bytes::Bytes;
use url::Url;

pub use self::form::Form;
use self::html::Onward;
use self::referer::Policy;
use super::exchange::{Line, NoAnswer, Outgoing, label};
use super::jars::{JarId, UnsentCookie};
use super::{Actor, BrowserId, Wire};

/// Browsers of people, without JavaScript. Clones share the cookies.
#[derive(Clone, Debug)]
pub struct Agent {
    line: Line,
}

/// Where a browser has arrived.
#[derive(Clone)]
pub struct Page {
    /// The address, after all hops.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
    /// Every request on the way, the last one included.
    pub hops: Vec<Hop>,
    /// Whether it is HTML with scripts, which were not run.
    pub has_scripts: bool,
    /// Secure cookies that this browser could not send anywhere so far.
    pub unsent_cookies: Vec<UnsentCookie>,
}

/// One request on the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
}

/// Why a browser did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// The address cannot be opened.
    #[error("`{url}` is no address that a browser can open: expected http://… or https://…")]
    Address {
        /// The address, masked.
        url: String,
    },
    /// Nobody answered.
    #[error("{problem}")]
    NoAnswer {
        /// Why.
        problem: String,
    },
    /// The page has no such form.
    #[error("the page has no form `{selector}`: expected one of its {count}")]
    NoForm {
        /// What was looked for.
        selector: String,
        /// How many forms there are.
        count: usize,
    },
    /// It goes on and on.
    #[error("more than {MOST_HOPS} redirects, the last one to `{url}`: do two pages lead to each other?")]
    TooManyHops {
        /// The last address, masked.
        url: String,
    },
}

/// What to ask for next.
struct Request {
    method: &'static str,
    url: Url,
    form: Option<String>,
    referer: Option<String>,
}

impl Agent {
    pub(super) fn new(line: Line) -> Self {
        Self { line }
    }

    /// A user agent for itself, without a target.
    #[must_use]
    pub fn alone(dialer: crate::dial::Dialer) -> Self {
        Self { line: Line { dialer, jars: super::jars::Jars::default() } }
    }

    /// Opens an address, as if it were typed in.
    ///
    /// # Errors
    /// When no page can be had, or there is no end to the redirects.
    pub async fn open(&self, browser: &BrowserId, url: &str, wire: &Wire) -> Result<Page, AgentError> {
        let url = address(url)?;
        self.go(browser, Request { method: "GET", url, form: None, referer: None }, wire).await
    }

    /// Follows an address from a page: a link.
    ///
    /// # Errors
    /// As [`Agent::open`].
    pub async fn follow(&self, browser: &BrowserId, page: &Page, link: &str, wire: &Wire) -> Result<Page, AgentError> {
        let url = page.url.join(link).map_err(|_| AgentError::Address { url: masked(link) })?;
        let url = address(url.as_str())?;
        let referer = Policy::of(&page.headers).referer(&page.url, &url);
        self.go(browser, Request { method: "GET", url, form: None, referer }, wire).await
    }

    /// Submits the form of a page that the CSS selector finds; its fields keep their values except for `fields`, and members that the form does
    /// not have are sent too, such as the button that was pressed.
    ///
    /// # Errors
    /// When the page has no such form, and as [`Agent::open`].
    pub async fn submit(
        &self,
        browser: &BrowserId,
        page: &Page,
        selector: &str,
        fields: &[(&str, &str)],
        wire: &Wire,
    ) -> Result<Page, AgentError> {
        let forms = Form::all(&page.body);
        let found = Form::find(&page.body, selector);
        let mut form = found.ok_or_else(|| AgentError::NoForm { selector: selector.to_owned(), count: forms.len() })?;
        form.fill(fields);
        let request = self.submission(&form, page)?;
        self.go(browser, request, wire).await
    }

    /// Secure cookies that a browser could not send.
    #[must_use]
    pub fn unsent_cookies(&self, browser: &BrowserId) -> Vec<UnsentCookie> {
        self.line.jars.unsent(&JarId::Browser(browser.clone()))
    }

    async fn go(&self, browser: &BrowserId, mut request: Request, wire: &Wire) -> Result<Page, AgentError> {
        let mut hops = Vec::new();
        for _ in 0..=MOST_HOPS {
            let (page, referer) = self.ask(browser, &request, &mut hops, wire).await?;
            let Some(next) = self.next(&request, &page, referer)? else { return Ok(page) };
            if let Some(after) = next.1 {
                tokio::time::sleep(after).await;
            }
            request = next.0;
        }
        Err(AgentError::TooManyHops { url: masked(request.url.as_str()) })
    }

    /// One request; with the page, the `Referer` that was sent.
    async fn ask(
        &self,
        browser: &BrowserId,
        request: &Request,
        hops: &mut Vec<Hop>,
        wire: &Wire,
    ) -> Result<(Page, Option<String>), AgentError> {
        let mut headers = vec![
            ("accept".to_owned(), "text/html,application/xhtml+xml,*/*;q=0.8".to_owned()),
            ("accept-language".to_owned(), "en".to_owned()),
            (
                "user-agent".to_owned(),
                concat!("Mozilla/5.0 (compatible; motpart/", env!("CARGO_PKG_VERSION"), ")").to_owned(),
            ),
        ];
        if let Some(referer) = &request.referer {
            headers.push(("referer".to_owned(), referer.clone()));
        }
        if request.form.is_some() {
            headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        // What stands behind `#` stays in the browser.
        let mut url = request.url.clone();
        url.set_fragment(None);
        let outgoing = Outgoing {
            jar: JarId::Browser(browser.clone()),
            actor: label(Actor::Person, Some(browser)),
            operation: "browser",
            method: request.method,
            url,
            headers,
            body: Bytes::from(request.form.clone().unwrap_or_default()),
        };
        let answer = self.line.send(&outgoing, PATIENCE, wire).await.map_err(|error| match error {
            NoAnswer::Dial(error) => AgentError::NoAnswer { problem: error.to_string() },
            NoAnswer::Unsendable(_) => AgentError::Address { url: masked(request.url.as_str()) },
        })?;
        hops.push(Hop { method: request.method, url: request.url.clone(), status: answer.status });
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        let headers = super::http::headers(&answer.headers);
        let page = Page {
            url: request.url.clone(),
            status: answer.status,
            has_scripts: is_html(&headers) && html::has_scripts(&body),
            headers,
            body,
            hops: hops.clone(),
            unsent_cookies: self.unsent_cookies(browser),
        };
        Ok((page, request.referer.clone()))
    }

    /// Where the page leads by itself, and after which pause.
    fn next(
        &self,
        request: &Request,
        page: &Page,
        referer: Option<String>,
    ) -> Result<Option<(Request, Option<Duration>)>, AgentError> {
        let policy = Policy::of(&page.headers);
        if matches!(page.status, 301 | 302 | 303 | 307 | 308) {
            let Some(location) = page.header("location") else { return Ok(None) };
            let url = page.url.join(location).map_err(|_| AgentError::Address { url: masked(location) })?;
            let url = address(url.as_str())?;
            let repeats = matches!(page.status, 307 | 308);
            // A redirect keeps the referrer of the request; a policy that it brings counts from here.
            let referer = referer.and_then(|referer| policy.referer(&Url::parse(&referer).ok()?, &url));
            let method = if repeats { request.method } else { "GET" };
            let form = request.form.clone().filter(|_| repeats);
            return Ok(Some((Request { method, url, form, referer }, None)));
        }
        if !is_html(&page.headers) {
            return Ok(None);
        }
        match html::onward(&page.body, &page.url) {
            None => Ok(None),
            Some(Onward::Form(form)) => Ok(Some((self.submission(&form, page)?, None))),
            Some(Onward::Refresh { url, after }) => {
                let referer = policy.referer(&page.url, &url);
                Ok(Some((Request { method: "GET", url, form: None, referer }, Some(after))))
            }
        }
    }

    fn submission(&self, form: &Form, page: &Page) -> Result<Request, AgentError> {
        let action = form.action.as_deref().unwrap_or_default();
        let mut url = page.url.join(action).map_err(|_| AgentError::Address { url: masked(action) })?;
        let encoded = form.encoded();
        let form = if form.is_post {
            Some(encoded)
        } else {
            url.set_query(Some(&encoded));
            None
        };
        let url = address(url.as_str())?;
        let referer = Policy::of(&page.headers).referer(&page.url, &url);
        Ok(Request { method: if form.is_some() { "POST" } else { "GET" }, url, form, referer })
    }
}

impl Page {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Without headers and body.
impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({} {}, {} hops)", self.status, masked(self.url.as_str()), self.hops.len())
    }
}

fn address(text: &str) -> Result<Url, AgentError> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| AgentError::Address { url: masked(text) })
}

fn is_html(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| name == "content-type" && value.to_ascii_lowercase().contains("html"))
}

fn masked(text: &str) -> String {
    crate::identity::mask(text).into_owned()
}

/// As most browsers allow.
const MOST_HOPS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
