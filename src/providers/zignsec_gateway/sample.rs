//! The plainest conversation: the documents' first example, and an address of one's own.

use crate::simulation::Sample;

/// Freja by number; the number is asked for, signed.
pub(super) const SAMPLE: Sample = Sample {
    least: r#"POST /core/api/sessions/identity_verification/freja_id_qr
Authorization: {{token}}
Content-Type: application/json

{"metadata":{"attributes_to_return":["BASIC_USER_INFO","SSN"]}}"#,
    set_up: r#"POST /core/api/sessions/identity_verification/freja_id_ssn
Authorization: {{token}}
Content-Type: application/json

{"locale":"En","metadata":{"attributes_to_return":["BASIC_USER_INFO","EMAIL_ADDRESS","ADDRESSES","SSN"],"min_registration_level":"EXTENDED","user_info":{"country":"SE","ssn":"198501012382"}},"relay_state":"case-1","webhook":"http://localhost:3000/webhook"}"#,
    collect: "\
GET /core/api/sessions/{{session}}
Authorization: {{token}}
Content-Type: application/json",
};
