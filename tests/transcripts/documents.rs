//! The documents' own examples, sent as they stand with only the host changed, and what is documented without an example.

use serde_json::{Value, json};

use super::talk::Talk;

/// The older page's examples of set-up and result, sent as a form and as JSON.
#[tokio::test]
async fn the_examples_of_the_documents_work_as_they_stand() {
    let mut talk = Talk::new();
    let form = "POST /v2/eid/sbid-another
Authorization: {{token}}
Content-Type: application/x-www-form-urlencoded
Host: localhost:8480

target=http%3A%2F%2Flocalhost%3A8080%2Fzignsec%2Freturn";
    let result = "GET /v2/eid/{{session}}/
Authorization: {{token}}
Content-Type: application/x-www-form-urlencoded
Host: localhost:8480";
    talk.ask("the set-up example", form).await;
    talk.page("the person authenticates at the page", "?then=confirm").await;
    talk.ask("the result example", result).await;
    assert_members(&talk.told(), &[]);

    let json = "POST /v2/eid/sbid-another
Authorization: {{token}}
Content-Type: application/json
Host: localhost:8480

{\"target\":\"http://localhost:8080/zignsec/return\",\"lookupPersonAddress\":true}";
    talk.ask("the same as JSON, with the person's address", json).await;
    talk.ask("the result example", result).await;
    talk.page("the person authenticates at the page", "?then=confirm").await;
    talk.ask("the result example", result).await;
    assert_members(&talk.told(), &["LookupPersonAddress"]);
    insta::assert_snapshot!("documents__set_up_and_result", talk.text());
}

/// The members of the documents' response examples, in their order.
fn assert_members(told: &Value, more: &[&str]) {
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut top = vec!["id", "errors", "identity", "BankIDSE"];
    top.extend(more);
    top.push("method");
    assert_eq!(members(told), top);
    let identity = [
        "CountryCode",
        "FirstName",
        "LastName",
        "FullName",
        "PersonalNumber",
        "DateOfBirth",
        "Age",
        "IdProviderName",
        "IdentificationDate",
        "IdProviderRequestId",
        "IdProviderPersonId",
        "CustomerPersonId",
    ];
    assert_eq!(members(&told["identity"]), identity);
    assert_eq!(members(&told["BankIDSE"]), ["signature", "ocspResponse"]);
    if !more.is_empty() {
        let address = [
            "PersonStatus",
            "FirstName",
            "LastName",
            "MainFirstName",
            "Address",
            "Address2",
            "PostalCode",
            "Location",
            "City",
            "Province",
            "CountryCode",
            "Phone",
            "PhoneNumbers",
            "Email",
            "DateOfBirth",
            "BirthYear",
            "BirthMonth",
            "BirthDayOfMonth",
            "Age",
            "PersonalNumber",
            "_DataSource",
        ];
        assert_eq!(members(&told["LookupPersonAddress"]), address);
    }
}

/// A number in a form is the only one who can log in; without a relaystate the session's id is returned.
#[tokio::test]
async fn only_the_person_of_the_number_is_let_in() {
    let mut talk = Talk::new();
    let fields = json!({ "personalnumber": "198501012382", "target": "http://rp.example/done", "targetError": "http://rp.example/error" });
    talk.start("sbid", &fields).await;
    talk.page("somebody else tries to authenticate", "?as=someone-else&then=confirm").await;
    talk.result().await;
    talk.start("sbid", &fields).await;
    talk.page("the person authenticates", "?then=confirm").await;
    talk.result().await;
    insta::assert_snapshot!("documents__personalnumber", talk.text());
}

/// NemID: the service is asked whether the number is wanted; anything but the one answer means no.
#[tokio::test]
async fn the_danish_number_is_asked_for_when_the_service_wants_it() {
    let mut shown = String::new();
    for (status, body) in [(200, "{\"askForCpr\":true}"), (200, "{\"askForCpr\":false}"), (500, "{\"askForCpr\":true}")]
    {
        let mut talk = Talk::new();
        talk.receive(status);
        talk.says(body);
        let fields = json!({ "AskForCprCallback": "http://rp.example/ask?pid=@IdProviderPersonId@" });
        talk.start("nemid", &fields).await;
        talk.page("the person logs in", "?then=confirm").await;
        talk.page("the person goes on", "go").await;
        talk.result().await;
        shown.push_str(&format!("the service answers {status} {body}\n{}\n", talk.text()));
    }
    insta::assert_snapshot!("documents__ask_for_cpr_callback", shown);
}

/// The account's webhook, by the documented settings routes.
#[tokio::test]
async fn the_account_keeps_its_own_webhook() {
    let mut talk = Talk::new();
    let path = "/v2/myaccount/settings/EID_Webhook_TEST";
    let head = "Authorization: {{token}}\nContent-Type: application/json";
    let set = format!("POST {path}\n{head}\n\n{{\"value\":\"http://rp.example/account-webhook\"}}");
    talk.ask("the service sets where webhooks go", &set).await;
    talk.ask("and asks where they go", &format!("GET {path}\n{head}")).await;
    talk.start("sbid", &json!({})).await;
    talk.confirm(None);
    talk.ask("the service takes it back", &format!("DELETE {path}\n{head}")).await;
    talk.start("sbid", &json!({})).await;
    talk.confirm(None);
    insta::assert_snapshot!("documents__account_settings", talk.text());
}

/// What is asked for wrongly: other methods, no such address, a scheme before the token, what belongs to version 3.
#[tokio::test]
async fn mistakes_are_answered_with_the_remedy() {
    let mut talk = Talk::new();
    talk.ask("another method", "DELETE /v2/eid/sbid\nAuthorization: {{token}}").await;
    talk.ask("an address that is none", "POST /v2/eidd/sbid\nAuthorization: {{token}}\n\nx=1").await;
    talk.ask("a scheme before the token", "POST /v2/eid/sbid\nAuthorization: Bearer {{token}}").await;
    talk.ask("no token", "GET /v2/eid/sbid").await;
    for selector in ["sbidd", "swissid", "smartid/auth", "ee", "us"] {
        talk.start(selector, &json!({})).await;
    }
    let many = json!({ "personalnumber": "x", "target": "x", "targetError": "x", "webhook": "x", "configid": "x" });
    talk.start("sbid", &many).await;
    insta::assert_snapshot!("documents__mistakes", talk.text());
}
