//! The plainest conversation: the documents' example with their token, a made-up Estonian, and an address of one's own.

use crate::simulation::Sample;

/// Smart-ID, by the number of an official test person.
pub(super) const SAMPLE: Sample = Sample {
    least: "\
POST /v3/eid/smartid/auth
Authorization: {{token}}
Content-Type: application/json

{\"countryCode\":\"EE\",\"identifierType\":\"PersonalNumber\",\"identifier\":\"38709149810\"}",
    set_up: "\
POST /v3/eid/smartid/auth
Authorization: {{token}}
Content-Type: application/json

{\"countryCode\":\"EE\",\"identifierType\":\"PersonalNumber\",\"identifier\":\"38709149810\",\"webhook\":\"http://localhost:3000/webhook\"}",
    collect: "\
GET /v3/eid/smartid/{{session}}
Authorization: {{token}}
Content-Type: application/json",
};
