//! The values of the switches; [`Settings`](super::settings::Settings) says what each switch is about and where it comes from.

use serde::{Deserialize, Serialize};

/// Declares an enum of a switch: its values in kebab-case, the default marked.
macro_rules! switch {
    ($(#[$about:meta])* $name:ident { $($(#[$meta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$meta])* $variant),+
        }
    };
}

switch! {
    /// See [`token_error_status`](super::settings::Settings::token_error_status).
    TokenErrorStatus {
        /// `401`.
        #[serde(rename = "401")]
        #[default]
        Unauthorized,
        /// `403`.
        #[serde(rename = "403")]
        Forbidden,
    }
}

switch! {
    /// See [`validation_error_status`](super::settings::Settings::validation_error_status).
    ValidationStatus {
        /// `400`.
        #[serde(rename = "400")]
        #[default]
        BadRequest,
        /// `422`.
        #[serde(rename = "422")]
        Unprocessable,
    }
}

switch! {
    /// See [`started_status`](super::settings::Settings::started_status).
    StartedStatus {
        /// `200`.
        #[serde(rename = "200")]
        #[default]
        Ok,
        /// `201`.
        #[serde(rename = "201")]
        Created,
    }
}

switch! {
    /// See [`error_shape`](super::settings::Settings::error_shape).
    ErrorShape {
        /// `data.errors`, a list of `code` and `message`.
        Errors,
        /// `type`, `message` and Freja's `code`.
        #[default]
        Type,
    }
}

switch! {
    /// See [`number_format`](super::settings::Settings::number_format).
    NumberFormat {
        /// Every spelling that names a number.
        Lenient,
        /// As the documents write them.
        #[default]
        Strict,
    }
}

switch! {
    /// See [`unknown_user`](super::settings::Settings::unknown_user).
    UnknownUser {
        /// They are some person or other.
        #[default]
        Accepted,
        /// 1012.
        Refused,
    }
}

switch! {
    /// See [`level_rules`](super::settings::Settings::level_rules).
    LevelRules {
        /// As Freja's client library says: 2002.
        Documented,
        /// As the sample does it: every attribute at every level.
        #[default]
        Ignored,
    }
}

switch! {
    /// See [`custom_identifier`](super::settings::Settings::custom_identifier).
    CustomIdentifier {
        /// Everybody has one.
        #[default]
        Set,
        /// Nobody has: 2003.
        Unset,
    }
}

switch! {
    /// See [`result_nesting`](super::settings::Settings::result_nesting).
    ResultNesting {
        /// `data.authRef`, `data.signedIdentity`.
        #[default]
        Flat,
        /// `data.id` and `data.result.…`; in a webhook `result.…`.
        Nested,
    }
}

switch! {
    /// See [`outer_status`](super::settings::Settings::outer_status).
    OuterStatus {
        /// Always.
        Always,
        /// As the samples: not in the result that is fetched, but in the webhook.
        #[default]
        Documented,
        /// In neither.
        Never,
    }
}

switch! {
    /// See [`payload_order`](super::settings::Settings::payload_order).
    PayloadOrder {
        /// `authRef` first, `requestedAttributes` last.
        AuthRefFirst,
        /// `status` first, `authRef` last.
        #[default]
        StatusFirst,
    }
}

switch! {
    /// See [`qr`](super::settings::Settings::qr).
    Qr {
        /// Another one each second; a pending result carries the present one.
        Dynamic,
        /// One for the whole order.
        #[default]
        Static,
    }
}

switch! {
    /// See [`person_slot`](super::settings::Settings::person_slot).
    PersonSlot {
        /// Any number of orders.
        Off,
        /// One: a second order ends both.
        #[default]
        On,
    }
}

switch! {
    /// See [`superseded_status`](super::settings::Settings::superseded_status).
    SupersededStatus {
        /// `REJECTED`.
        #[default]
        Rejected,
        /// `RP_CANCELED`.
        RpCanceled,
    }
}

switch! {
    /// See [`webhook_events`](super::settings::Settings::webhook_events).
    WebhookEvents {
        /// `session_created`, and `session_updated` at each change.
        #[default]
        All,
        /// `session_updated` at the end.
        Final,
    }
}

switch! {
    /// See [`webhook_signatures`](super::settings::Settings::webhook_signatures).
    WebhookSignatures {
        /// One `v1`.
        #[default]
        One,
        /// The space's secret first, the next one second.
        OwnFirst,
        /// The previous one first, the space's second.
        OwnLast,
    }
}

switch! {
    /// See [`webhook_retries`](super::settings::Settings::webhook_retries).
    Retries {
        /// None.
        Once,
        /// After 10 s and after another 60 s.
        #[default]
        ThreeTimes,
    }
}

switch! {
    /// See [`certificates`](super::settings::Settings::certificates).
    Certificates {
        /// Those that are offered now.
        #[default]
        Offered,
        /// Those that are out of use as well.
        PastToo,
        /// None: 503.
        Unavailable,
    }
}
