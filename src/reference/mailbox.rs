//! The mails that the service "sends": a mail catcher in memory. Nothing leaves the process.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// One mail.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The code in the text, where there is one: so that tests need not look for it.
    pub code: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
}

/// Without address, text and code.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).field("at", &self.at).finish_non_exhaustive()
    }
}

/// All mails, up to 2 000: then the oldest make room.
#[derive(Debug, Default)]
pub struct Mailbox {
    mails: Mutex<VecDeque<Mail>>,
}

impl Mailbox {
    /// Takes a mail in.
    pub fn deliver(&self, mail: Mail) {
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == MOST {
            mails.pop_front();
        }
        mails.push_back(mail);
    }

    /// The mails to an address, in whatever case it is written; the oldest first.
    #[must_use]
    pub fn list(&self, address: &str) -> Vec<Mail> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().filter(|mail| mail.to.eq_ignore_ascii_case(address)).cloned().collect()
    }
}

const MOST: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, n: usize) -> Mail {
        let text = format!("Your code is {n:06}");
        Mail { to: to.into(), subject: "Code".into(), text, code: Some(format!("{n:06}")), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn everybody_has_their_own_mails_in_order() {
        let mailbox = Mailbox::default();
        for (to, n) in [("anna@example.org", 1), ("bo@example.org", 2), ("Anna@Example.org", 3)] {
            mailbox.deliver(mail(to, n));
        }
        let codes: Vec<_> = mailbox.list("ANNA@example.org").into_iter().filter_map(|mail| mail.code).collect();
        assert_eq!(codes, ["000001", "000003"]);
        assert!(mailbox.list("nobody@example.org").is_empty());
        assert!(!format!("{:?}", mail("anna@example.org", 7)).contains("000007"));
    }

    #[test]
    fn the_oldest_make_room() {
        let mailbox = Mailbox::default();
        (0..MOST + 5).for_each(|n| mailbox.deliver(mail("a@example.org", n)));
        let kept = mailbox.list("a@example.org");
        assert_eq!((kept.len(), kept[0].code.as_deref()), (MOST, Some("000005")));
    }
}
