//! Browsers that come back: led by the provider, or by whoever writes addresses.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};
use url::Url;

use super::addresses::host;
use super::attempts::{Attempt, Manner, gone, unsaid};
use super::browser::Landing;
use super::reports::Class;
use super::stop::Stop;
use super::world::World;
use crate::identity::{Person, mask};
use crate::target::{BrowserId, Op, Return, TargetError};

/// A browser that was led back.
#[derive(Clone, Debug)]
pub struct Back {
    /// The return address, where the provider led to one.
    pub address: Option<String>,
    /// The last page and its status.
    pub landed: (String, u16),
}

impl World {
    /// The browser of an attempt is led back to the service.
    ///
    /// # Errors
    /// When no page comes, or the service cannot be told of the return.
    pub async fn come_back(&mut self, attempt: usize) -> Result<(), Stop> {
        let back = self.led_back(self.attempt(attempt)?).await?;
        self.came_back(attempt, back);
        Ok(())
    }

    /// The same without noting it: several can be led at the same moment.
    ///
    /// # Errors
    /// As [`World::come_back`].
    pub async fn led_back(&self, attempt: &Attempt) -> Result<Option<Back>, Stop> {
        let Some(url) = &attempt.told.redirect_url else {
            return self.heard_without_browser(attempt).await.map(|()| None);
        };
        let landing = self.page(&attempt.browser, url).await?;
        let address = landing.through.iter().find(|address| host(address) != host(url)).cloned();
        if let Some(address) = &address {
            self.resume(attempt, &attempt.browser, address).await?;
        }
        Ok(Some(Back { address, landed: (landing.url, landing.status) }))
    }

    /// Where the provider calls the person itself, no browser comes back: the service hears of the end by its own page, a notification, or
    /// by asking. Waits until it could have.
    async fn heard_without_browser(&self, attempt: &Attempt) -> Result<(), Stop> {
        self.resume(attempt, &attempt.browser, "").await?;
        let Some(session) = &attempt.session else { return Ok(()) };
        let simulator = &self.shared.simulator;
        let end = Instant::now() + self.setting().timing.quiet();
        while Instant::now() < end {
            let deliveries = simulator.deliveries(session).await.map_err(gone)?;
            let told = deliveries.iter().rev().find(|delivery| delivery["kind"] == "webhook");
            let told = told.is_some_and(|delivery| delivery["state"] == "delivered" || delivery["state"] == "failed");
            if told || simulator.session(session).await.map_err(gone)?.collected_after_end > 0 {
                return Ok(());
            }
            sleep(STEP).await;
        }
        Ok(())
    }

    /// The newest attempt in a browser whose return address was used.
    ///
    /// # Errors
    /// When none was; where the provider sends no browser anywhere, there is nothing to repeat.
    pub fn used_return(&self, browser: &BrowserId) -> Result<usize, Stop> {
        let own = |attempt: &&Attempt| attempt.browser == *browser;
        let used = self.attempts.iter().rposition(|attempt| own(&attempt) && attempt.returned.is_some());
        used.ok_or_else(|| {
            let newest = self.attempts.iter().rev().find(own);
            if newest.is_some_and(|attempt| attempt.told.redirect_url.is_none()) {
                return without_browser();
            }
            Stop::error(format!("no browser of {} has come back", browser.name))
        })
    }

    /// Notes how it came back.
    pub fn came_back(&mut self, attempt: usize, back: Option<Back>) {
        self.happened();
        if let (Some(attempt), Some(back)) = (self.attempts.get_mut(attempt), back) {
            attempt.returned = back.address;
            attempt.landed = Some(back.landed);
        }
    }

    /// Somebody authenticates, and the browser is led back: for several at the same moment. What the provider has closed is only led back.
    ///
    /// # Errors
    /// When the simulator does not answer, and as [`World::come_back`].
    pub async fn confirmed_and_back(&self, attempt: &Attempt, bearer: &Person) -> Result<Option<Back>, Stop> {
        if let Some(session) = &attempt.session
            && self.shared.simulator.session(session).await.map_err(gone)?.pending
        {
            self.shared.simulator.confirm(session, bearer).await.map_err(unsaid)?;
        }
        self.led_back(attempt).await
    }

    /// Notes that somebody finished an attempt and how the browser came back.
    pub fn finished(&mut self, attempt: usize, bearer: &str, back: Option<Back>) {
        if let Some(own) = self.attempts.get_mut(attempt) {
            own.open = false;
            own.finished_by = Some(bearer.to_owned());
            let role = own.role.clone();
            let class = self.class_of(&role, bearer);
            self.came_to(&role, class);
        }
        self.came_back(attempt, back);
    }

    /// The attempt is confirmed as its person, and a browser that never began it comes back.
    ///
    /// # Errors
    /// As [`World::come_back`].
    pub async fn finish_elsewhere(&mut self, attempt: usize, bearer: &str) -> Result<(), Stop> {
        let (own, address) = (self.attempt(attempt)?.clone(), self.return_address(attempt).await?);
        self.finish(attempt, bearer, Manner { report: None, course: Some("no-return") }).await?;
        let other = self.browser(bearer, Some("other"));
        self.arrive(&own, &other, &address).await
    }

    /// A browser opens an address of an attempt, as if it had been led there.
    ///
    /// # Errors
    /// As [`World::come_back`].
    pub async fn arrive(&mut self, attempt: &Attempt, browser: &BrowserId, address: &str) -> Result<(), Stop> {
        self.goes(browser, address).await?;
        self.resume(attempt, browser, address).await?;
        self.happened();
        Ok(())
    }

    /// A browser opens an address; where it is led away, and nobody answers there, it has still been seen.
    ///
    /// # Errors
    /// When the address itself does not answer.
    pub async fn goes(&mut self, browser: &BrowserId, address: &str) -> Result<(), Stop> {
        let before = self.wire.exchanges().len();
        let landing = self.page(browser, address).await;
        self.happened();
        let answered = self.wire.exchanges().iter().skip(before).any(|exchange| {
            exchange.operation == "browser" && exchange.status.is_some() && host(&exchange.url) == host(address)
        });
        if answered { Ok(()) } else { landing.map(|_| ()) }
    }

    /// A page, in a browser.
    ///
    /// # Errors
    /// When none comes.
    pub async fn page(&self, browser: &BrowserId, url: &str) -> Result<Landing, Stop> {
        let landing = self.shared.browser.open(browser, url, &self.wire).await;
        landing.map_err(|problem| Stop::error(mask(&format!("the browser came to no page: {problem}")).into_owned()))
    }

    /// The address to which the provider leads back: the one that was used, else what the provider was told, with what it appends.
    ///
    /// # Errors
    /// When the provider was told none, or needs none.
    pub async fn return_address(&self, attempt: usize) -> Result<String, Stop> {
        if let Some(used) = self.attempt(attempt)?.returned.clone() {
            return Ok(used);
        }
        let (session, _) = self.session(attempt)?;
        let seen = self.shared.simulator.session(&session).await.map_err(gone)?;
        // Only who is sent away in a browser has to be led back.
        if seen.target.is_none() && self.attempt(attempt)?.told.redirect_url.is_none() {
            return Err(Stop::NotApplicable("the provider calls the person's app: nobody is led back".to_owned()));
        }
        let told = seen.target.and_then(|target| Url::parse(&target).ok());
        let mut told = told.ok_or_else(|| Stop::NotObservable("the provider was told no return address".to_owned()))?;
        let reference = seen.reference.unwrap_or(session);
        told.query_pairs_mut().append_pair("relaystate", &reference).append_pair("service", "eIDBasic");
        Ok(told.into())
    }

    /// The address with more in its query.
    ///
    /// # Errors
    /// When it is none.
    pub fn with_query(address: &str, pairs: &[(String, Value)]) -> Result<String, Stop> {
        let mut url = Url::parse(address).map_err(|_| Stop::error("the service told an address that is none"))?;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        url.query_pairs_mut().extend_pairs(pairs.iter().map(|(name, value)| (name, text(value))));
        Ok(url.into())
    }

    /// The newest attempt in a place.
    ///
    /// # Errors
    /// When there is none.
    pub fn newest_attempt(&self, role: &str) -> Result<usize, Stop> {
        let newest = self.attempts.iter().rposition(|attempt| attempt.role == role);
        newest.ok_or_else(|| Stop::error(format!("{role} has made no attempt")))
    }

    /// An attempt, by its place among all.
    ///
    /// # Errors
    /// When there is none.
    pub fn attempt(&self, attempt: usize) -> Result<&Attempt, Stop> {
        self.attempts.get(attempt).ok_or_else(|| Stop::Harness("no such attempt".to_owned()))
    }

    /// Nobody has identified in this place.
    pub fn left_pending(&mut self, role: &str) {
        self.classes.insert(role.to_owned(), Class::Pending);
        self.happened();
    }

    async fn resume(&self, attempt: &Attempt, browser: &BrowserId, address: &str) -> Result<(), Stop> {
        if !self.setting().resumes {
            return Ok(());
        }
        let op = Op::ResumeAuthentication(Return {
            participant: attempt.place.clone(),
            auth_ref: attempt.told.auth_ref.clone(),
            return_url: address.to_owned(),
        });
        match self.call(op, None, Some(browser.clone())).await {
            // Whether it was refused shows in what the check says.
            Ok(_) | Err(TargetError::Rejected { .. } | TargetError::Conflict { .. } | TargetError::NotFound { .. }) => {
                Ok(())
            }
            Err(error) => Err(Stop::of("resume authentication", &error)),
        }
    }
}

/// What needs a browser that the provider sends somewhere.
pub(super) fn without_browser() -> Stop {
    Stop::NotApplicable("the provider calls the person itself: it sends no browser anywhere".to_owned())
}

/// Between two looks.
const STEP: Duration = Duration::from_millis(20);
