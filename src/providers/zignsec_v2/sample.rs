//! The plainest conversation: the documents' first example with their token, and an address of one's own.

use crate::simulation::Sample;

/// BankID on another device; the person's number is not asked for.
pub(super) const SAMPLE: Sample = Sample {
    least: "\
POST /v2/eid/sbid-another
Authorization: {{token}}
Content-Type: application/x-www-form-urlencoded

target=http%3A%2F%2Flocalhost%3A3000%2Fdone",
    set_up: "\
POST /v2/eid/sbid-another
Authorization: {{token}}
Content-Type: application/x-www-form-urlencoded

target=http%3A%2F%2Flocalhost%3A3000%2Fdone&relaystate=case-1&webhook=http%3A%2F%2Flocalhost%3A3000%2Fwebhook&lookupPersonAddress=true",
    collect: "\
GET /v2/eid/{{session}}
Authorization: {{token}}
Content-Type: application/json",
};
