//! The signing room for browsers: what a signer sees, in English or Swedish. It needs no script and loads nothing from anywhere.

mod texts;

use askama::Template;

use self::texts::Texts;
use super::provider::EidMethod;

/// What the room shows. It never holds a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// The language.
    pub language: RoomLanguage,
    /// The room's token, as in its address.
    pub token: String,
    /// The agreement's title.
    pub title: String,
    /// The signer's name.
    pub name: String,
    /// How far the signer is.
    pub standing: Standing,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// With what the signer can show who they are, in [`Standing::Identify`].
    pub identify_by: Vec<EidMethod>,
    /// Whether the form that is shown asks for the signer's number.
    pub number: NumberField,
    /// Whether Swedish BankID signs, in [`Standing::Sign`].
    pub sign_by_bankid: bool,
    /// Whether a code by e-mail signs, in [`Standing::Sign`].
    pub sign_by_code: bool,
}

/// The language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoomLanguage {
    /// English.
    #[default]
    En,
    /// Swedish.
    Sv,
}

/// Whether a form asks for the signer's number: a signature by Swedish BankID cannot be started without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    /// No.
    Absent,
    /// They may leave it empty.
    Optional,
    /// They must fill it in.
    Required,
}

/// How far the signer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Their identity could not be confirmed; nothing can be done here.
    Blocked,
    /// The agreement was cancelled.
    Closed,
    /// They have to show who they are first.
    Identify,
    /// They can sign.
    Sign,
    /// They have signed.
    Signed,
    /// The agreement is not out for signing, or the result is still awaited.
    Waiting,
}

/// What has just happened, for people: without codes and without personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A code was sent by e-mail.
    CodeSent,
    /// The signer cancelled.
    Cancelled,
    /// Time ran out.
    Expired,
    /// The provider did not tell enough.
    Inconclusive,
    /// Somebody else than expected authenticated.
    Mismatched,
    /// The person is confirmed.
    Passed,
    /// The eID provider failed, or refused.
    ProviderError,
    /// A newer attempt took its place.
    Superseded,
    /// The number cannot be read.
    UnreadableNumber,
    /// The code was wrong.
    WrongCode,
    /// There were too many attempts.
    TooManyAttempts,
}

impl RoomView {
    /// The page.
    ///
    /// # Errors
    /// When memory cannot be written to.
    pub fn html(&self) -> Result<String, askama::Error> {
        Page { v: self, t: Texts::of(self.language) }.render()
    }
}

impl RoomLanguage {
    /// The language that a browser prefers by its `Accept-Language`; English where it knows neither.
    #[must_use]
    pub fn of_accept(header: Option<&str>) -> Self {
        let weighed = header.unwrap_or_default().split(',').filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
            let weight: f32 = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok())?;
            let language = match tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "en" => Self::En,
                "sv" => Self::Sv,
                _ => return None,
            };
            (weight > 0.0).then_some((weight, language))
        });
        // Of equal weights the first.
        let best = weighed.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map_or_else(Self::default, |(_, language)| language)
    }

    /// ISO 639-1, as providers want it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Sv => "sv",
        }
    }
}

impl Notice {
    /// Whether it is bad news.
    const fn is_problem(self) -> bool {
        match self {
            Self::CodeSent | Self::Passed => false,
            Self::Cancelled
            | Self::Expired
            | Self::Inconclusive
            | Self::Mismatched
            | Self::ProviderError
            | Self::Superseded
            | Self::TooManyAttempts
            | Self::UnreadableNumber
            | Self::WrongCode => true,
        }
    }
}

#[derive(Template)]
#[template(path = "room.html")]
struct Page<'a> {
    v: &'a RoomView,
    t: &'static Texts,
}

#[cfg(test)]
mod tests;
