//! The table of `PAGE.md` against what is rendered.

use std::collections::BTreeSet;

use super::*;
use crate::identity::Persons;
use crate::providers::zignsec_v2::Cpr;
use crate::providers::zignsec_v2::order::Scope;

const TABLE: &str = include_str!("../../PAGE.md");

/// The test ids of the first table with their roles; `person-<name>` stands as `person-`.
fn documented() -> BTreeSet<(String, String)> {
    let rows = TABLE.lines().skip_while(|line| !line.starts_with("| data-testid")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let role = cells[2].to_owned();
        let ids = cells[1].split(',').map(|id| id.trim().trim_matches('`').split('<').next().unwrap().to_owned());
        ids.map(move |id| (id, role.clone())).collect::<Vec<_>>()
    })
    .collect()
}

/// The test ids of pages with the roles their elements have.
fn rendered(pages: &[String]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for page in pages {
        for tag in page.split('<').filter(|tag| tag.contains("data-testid=")) {
            let tag = &tag[..tag.find('>').unwrap()];
            let attribute = |name: &str| {
                let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
                tag[start..].split('"').next()
            };
            let id = attribute("data-testid").unwrap();
            let id = ["person-", "method-"].into_iter().find(|prefix| id.starts_with(prefix)).unwrap_or(id);
            let role = attribute("role").unwrap_or_else(|| {
                match (tag.split([' ', '\n']).next().unwrap(), attribute("type")) {
                    ("a", _) => "link",
                    ("button", _) => "button",
                    ("h1", _) => "heading",
                    ("img", _) => "img",
                    ("input", Some("radio")) => "radio",
                    ("input", Some("search")) => "searchbox",
                    ("input", Some("text")) => "textbox",
                    ("select", _) => "combobox",
                    _ => "–",
                }
            });
            found.insert((id.to_owned(), role.to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn the_table_says_what_the_pages_have() {
    let world = World::new();
    let dane = Persons::bundled().default_for(Country::Dk);
    let norwegian = Persons::bundled().default_for(Country::No);
    let mut pages = Vec::new();
    let number = annas();
    let text = Some("text".to_owned());
    let signing = world.start(Order { number, text, auto_start_required: true, ..order(Method::SbidSign) });
    for part in ["", "go?elsewhere=1", "go?q=zzz", "?then=dance", "?then=cancel&elsewhere=1"] {
        pages.push(world.get(signing, part).await.body);
    }
    for (method, part) in
        [(Method::Chooser(Country::No), ""), (Method::NbidOidc, ""), (Method::Sbid, "?then=cancel&framed=1")]
    {
        pages.push(world.get(world.start(order(method)), part).await.body);
    }
    let consenting =
        world.start(Order { scope: Scope { nnin: true, ..Scope::default() }, ..order(Method::NbidMobile) });
    world.post(consenting, &format!("do=confirm&person={}", norwegian.name)).await;
    pages.push(world.get(consenting, "go").await.body);
    let typing = world.start(Order { ask_for_cpr: true, ..order(Method::Nemid) });
    world.get(typing, &format!("?as={}&then=wrong-cpr", dane.name)).await;
    pages.push(world.get(typing, "go").await.body);
    world.sessions.look(typing, |session, _| session.state.cpr = Cpr::Asking).unwrap();
    pages.push(world.get(typing, "go").await.body);
    let lost = world.start(Order { target: None, ..Order::default() });
    pages.push(world.get(lost, "?then=fail&reason=exception").await.body);

    assert_eq!(rendered(&pages), documented());
    let version = format!("data-page-version=\"{}\"", crate::providers::zignsec::ending::VERSION);
    assert!(pages.iter().all(|page| page.contains(&version)));
    assert!(TABLE.contains(&format!("Version {} of the interface", crate::providers::zignsec::ending::VERSION)));
}
