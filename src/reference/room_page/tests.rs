use scraper::{Html, Selector};

use super::*;

fn view(standing: Standing) -> RoomView {
    RoomView {
        language: RoomLanguage::En,
        token: "t0ken".into(),
        title: "Lease <Provgatan 12>".into(),
        name: "Anna Åkerström".into(),
        standing,
        notice: None,
        identify_by: vec![EidMethod::SeBid, EidMethod::NoBid, EidMethod::DkMitid, EidMethod::FiBank],
        number: if standing == Standing::Sign { NumberField::Required } else { NumberField::Optional },
        sign_by_bankid: true,
        sign_by_code: true,
    }
}

fn body(view: &RoomView) -> String {
    let html = view.html().unwrap();
    html.split_once("<main>").unwrap().1.split_once("</main>").unwrap().0.trim().to_owned()
}

#[test]
fn who_has_to_show_who_they_are_chooses_an_eid() {
    insta::assert_snapshot!(body(&view(Standing::Identify)), @r##"
    <h1 data-testid="title">Lease &#60;Provgatan 12&#62;</h1>
    <p>Hello Anna Åkerström</p>
    <p data-testid="standing">This agreement is waiting for you.</p>
    <h2>Show who you are</h2>
    <p>The sender has asked that your identity be confirmed before you sign.</p>
    <form method="post" action="/room/t0ken/attempts">
    <label for="number">Your national identity number</label>
    <input id="number" name="personal_number" autocomplete="off" aria-describedby="number-hint" data-testid="number">
    <p id="number-hint">Only if you want to be asked for by number. It is passed to your eID and not kept.</p>
    <button name="method" value="se_bid" data-testid="se_bid">Continue with Swedish BankID</button>
    <button name="method" value="no_bid" data-testid="no_bid">Continue with Norwegian BankID</button>
    <button name="method" value="dk_mitid" data-testid="dk_mitid">Continue with the Danish eID</button>
    <button name="method" value="fi_bank" data-testid="fi_bank">Continue with Finnish bank identification</button>
    </form>
    "##);
}

#[test]
fn who_can_sign_signs_with_bankid_or_a_code() {
    insta::assert_snapshot!(body(&RoomView { notice: Some(Notice::Passed), ..view(Standing::Sign) }), @r##"
    <h1 data-testid="title">Lease &#60;Provgatan 12&#62;</h1>
    <p>Hello Anna Åkerström</p>
    <p role="status" data-testid="notice">Your identity is confirmed.</p>
    <p data-testid="standing">You can sign now.</p>
    <h2>Sign</h2>
    <form method="post" action="/room/t0ken/sign">
    <input type="hidden" name="method" value="se_bid">
    <label for="sign-number">Your personal identity number, twelve digits</label>
    <input id="sign-number" name="personal_number" autocomplete="off" required data-testid="sign-number">
    <button data-testid="sign-bankid">Sign with Swedish BankID</button>
    </form>
    <form method="post" action="/room/t0ken/code">
    <button data-testid="send-code">E-mail me a code</button>
    </form>
    <form method="post" action="/room/t0ken/sign">
    <input type="hidden" name="method" value="verification_code">
    <label for="code">Code from the e-mail, six digits</label>
    <input id="code" name="code" autocomplete="one-time-code" inputmode="numeric" required data-testid="code">
    <button data-testid="sign-code">Sign with the code</button>
    </form>
    "##);
}

#[test]
fn the_number_is_asked_for_as_the_design_wants_it() {
    let select = |selector: &str| Selector::parse(selector).unwrap();
    for (number, fields, required) in
        [(NumberField::Absent, 0, 0), (NumberField::Optional, 1, 0), (NumberField::Required, 1, 1)]
    {
        for standing in [Standing::Identify, Standing::Sign] {
            let page = Html::parse_document(&RoomView { number, ..view(standing) }.html().unwrap());
            let count = |selector: &str| page.select(&select(selector)).count();
            assert_eq!(count("[name=personal_number]"), fields, "{number:?} {standing:?}");
            assert_eq!(count("[name=personal_number][required]"), required, "{number:?} {standing:?}");
        }
    }
}

#[test]
fn after_a_mismatch_there_is_nothing_to_press() {
    let language = RoomLanguage::Sv;
    let blocked = RoomView { language, notice: Some(Notice::Mismatched), ..view(Standing::Blocked) };
    insta::assert_snapshot!(body(&blocked), @r##"
    <h1 data-testid="title">Lease &#60;Provgatan 12&#62;</h1>
    <p>Hej Anna Åkerström</p>
    <p role="alert" data-testid="notice">Den som legitimerade sig är inte den som avtalet skickades till.</p>
    <p data-testid="standing">Du kan inte skriva under här. Kontakta den som skickade avtalet.</p>
    "##);
}

#[test]
fn every_page_is_whole_accessible_and_loads_nothing() {
    use Standing::{Blocked, Closed, Identify, Sign, Signed, Waiting};
    let select = |selector: &str| Selector::parse(selector).unwrap();
    for language in [RoomLanguage::En, RoomLanguage::Sv] {
        for standing in [Blocked, Closed, Identify, Sign, Signed, Waiting] {
            let html = RoomView { language, ..view(standing) }.html().unwrap();
            let page = Html::parse_document(&html);
            assert_eq!(page.root_element().attr("lang"), Some(language.code()));
            assert_eq!(page.select(&select("h1")).count(), 1);
            assert_eq!(page.select(&select("script, link, img, iframe, [src]")).count(), 0);
            for input in page.select(&select("input:not([type=hidden])")) {
                let label = format!("label[for={}]", input.attr("id").unwrap());
                assert_eq!(page.select(&select(&label)).count(), 1, "{label}");
            }
            let forms = page.select(&select("form")).count();
            assert_eq!(
                forms,
                match standing {
                    Identify => 1,
                    Sign => 3,
                    Blocked | Closed | Signed | Waiting => 0,
                }
            );
        }
    }
}

#[test]
fn both_languages_have_a_text_for_everything_that_happens() {
    use Notice::{
        Cancelled, CodeSent, Expired, Inconclusive, Mismatched, Passed, ProviderError, Superseded, TooManyAttempts,
        UnreadableNumber, WrongCode,
    };
    let all = [
        Cancelled,
        CodeSent,
        Expired,
        Inconclusive,
        Mismatched,
        Passed,
        ProviderError,
        Superseded,
        TooManyAttempts,
        UnreadableNumber,
        WrongCode,
    ];
    let said =
        |language| all.map(|notice| body(&RoomView { language, notice: Some(notice), ..view(Standing::Waiting) }));
    let mut texts: Vec<_> = [said(RoomLanguage::En), said(RoomLanguage::Sv)].concat();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 2 * all.len());
}

#[test]
fn the_browsers_language_is_chosen() {
    for (header, expected) in [
        (None, RoomLanguage::En),
        (Some(""), RoomLanguage::En),
        (Some("sv"), RoomLanguage::Sv),
        (Some("sv-SE,sv;q=0.9,en;q=0.8"), RoomLanguage::Sv),
        (Some("de, en;q=0.3, SV-fi;q=0.7"), RoomLanguage::Sv),
        (Some("en, sv"), RoomLanguage::En),
        (Some("sv;q=0, en;q=0.1"), RoomLanguage::En),
        (Some("sv;q=x"), RoomLanguage::En),
        (Some("xx"), RoomLanguage::En),
    ] {
        assert_eq!(RoomLanguage::of_accept(header), expected, "{header:?}");
    }
}
