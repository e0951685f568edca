use super::*;

fn mistakes(text: &str) -> String {
    SettingsFile::parse(text, "settings.toml").unwrap_err().to_string()
}

#[test]
fn a_file_becomes_spaces() {
    let text = r#"
        public_url = "http://localhost:8480"
        [[space]]
        name = "shop"
        script = "mismatch"
        public_url = "https://shop.test"
        [space.credentials.zignsec-v2]
        token = "t"
        [space.settings.zignsec-v2]
        one = true
        two = [1, "b"]
    "#;
    let file = SettingsFile::parse(text, "settings.toml").unwrap();
    assert_eq!(file.public_url().map(Url::as_str), Some("http://localhost:8480/"));
    let [space] = &file.spaces()[..] else { panic!("one space") };
    assert_eq!((space.name.as_str(), space.script.as_deref()), ("shop", Some("mismatch")));
    assert_eq!(space.public_url.as_ref().map(Url::as_str), Some("https://shop.test/"));
    assert_eq!(space.credentials["zignsec-v2"]["token"], "t");
    assert_eq!(space.settings["zignsec-v2"], serde_json::json!({ "one": true, "two": [1, "b"] }));
}

#[test]
fn mistakes_are_shown_in_their_line_with_what_was_meant() {
    insta::assert_snapshot!(mistakes("[[space]]\nname = 'a'\nskript = 'x'"), @r"
    error: unknown key `skript`
     --> settings.toml:3:1
      |
    3 | skript = 'x'
      | ^^^^^^
      |
      = help: did you mean `script`?
    ");
    insta::assert_snapshot!(mistakes("public_url = 'ftp://a'\n[[space]]\nname = 'a'\n[[space]]\nname = 'a'\npublic_url = 'b'"), @r"
    error: `ftp` is no address of a web server
     --> settings.toml:1:14
      |
    1 | public_url = 'ftp://a'
      |              ^^^^^^^^^
      |
      = help: expected http://… or https://…

    error: there are two spaces `a`
     --> settings.toml:5:8
      |
    5 | name = 'a'
      |        ^^^
      |
      = help: put both into one `[[space]]`, or choose another name

    error: not an address: relative URL without a base
     --> settings.toml:6:14
      |
    6 | public_url = 'b'
      |              ^^^
      |
      = help: expected one such as `http://localhost:8480`
    ");
}

#[test]
fn the_providers_are_asked_about_their_parts() {
    let text = "
[[space]]
name = 'a'
script = 'mismach'
[space.credentials.toy-box]
tokn = 't'
[space.settings.toy_box]
loud = 'very'
loudd = true
[space.settings.toybox]
";
    let scratch = crate::storyboard::toy::stage().simulation;
    let file = SettingsFile::parse(text, "settings.toml").unwrap();
    insta::assert_snapshot!(file.check(&scratch, &Library::bundled()).unwrap_err());
    let fine = SettingsFile::parse("[[space]]\nname = 'a'\nsettings.toy-box.loud = true", "settings.toml").unwrap();
    assert_eq!(fine.check(&scratch, &Library::bundled()), Ok(()));
}

#[test]
fn the_schema_says_what_a_settings_file_may_hold() {
    insta::assert_json_snapshot!(SettingsFile::schema());
}
