//! The browsers that persons use: a cookie jar each, no scripts.

use std::fmt;

use futures::future::BoxFuture;

use crate::target::{Agent, BrowserId, Wire};

/// Opens pages as people's browsers do: with the jar of the browser, following redirects and forms that submit themselves.
pub trait Browser: fmt::Debug + Send + Sync {
    /// Opens an address, and tells where it led.
    ///
    /// # Errors
    /// In words, when no page came.
    fn open<'a>(
        &'a self,
        browser: &'a BrowserId,
        url: &'a str,
        wire: &'a Wire,
    ) -> BoxFuture<'a, Result<Landing, String>>;
}

/// Where a browser ended up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The address of the last page.
    pub url: String,
    /// Its HTTP status.
    pub status: u16,
    /// Every address on the way, the first and the last included.
    pub through: Vec<String>,
    /// Whether the page needs scripts to go on.
    pub needs_scripts: bool,
}

impl Browser for Agent {
    fn open<'a>(
        &'a self,
        browser: &'a BrowserId,
        url: &'a str,
        wire: &'a Wire,
    ) -> BoxFuture<'a, Result<Landing, String>> {
        Box::pin(async move {
            let page = Self::open(self, browser, url, wire).await.map_err(|error| error.to_string())?;
            Ok(Landing {
                through: page.hops.iter().map(|hop| hop.url.to_string()).collect(),
                url: page.url.into(),
                status: page.status,
                needs_scripts: page.has_scripts,
            })
        })
    }
}
