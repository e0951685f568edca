use std::ops::Range;

use toml::de::DeValue;

/// Where `${ENV:NAME}` gets its value.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable whose value was put into a text.
#[derive(Clone)]
pub(super) struct Used {
    pub(super) name: String,
    pub(super) value: String,
}

/// Puts the values of `${ENV:NAME}` and `${ENV:NAME:-default}` into every text; reports what was used, and each mistake with its place.
pub(super) fn expand(
    value: &mut toml::Spanned<DeValue<'_>>,
    environment: Environment<'_>,
    used: &mut Vec<Used>,
    wrong: &mut dyn FnMut(Range<usize>, String),
) {
    let at = value.span();
    match value.get_mut() {
        DeValue::String(text) => match expanded(text, environment, used) {
            Ok(Some(expanded)) => *text = expanded.into(),
            Ok(None) => {}
            Err(problem) => wrong(at, problem),
        },
        DeValue::Array(items) => items.iter_mut().for_each(|item| expand(item, environment, used, wrong)),
        DeValue::Table(members) => members.iter_mut().for_each(|(_, item)| expand(item, environment, used, wrong)),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Float(_) | DeValue::Integer(_) => {}
    }
}

fn expanded(text: &str, environment: Environment<'_>, used: &mut Vec<Used>) -> Result<Option<String>, String> {
    if !text.contains("${ENV:") {
        return Ok(None);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${ENV:") {
        let (inside, after) = from.split_once('}').ok_or("`${ENV:` has no end: expected `${ENV:NAME}`")?;
        let (name, default) = inside.split_once(":-").map_or((inside, None), |(name, default)| (name, Some(default)));
        out.push_str(before);
        match (environment(name), default) {
            (Some(value), _) => {
                out.push_str(&value);
                used.push(Used { name: name.to_owned(), value });
            }
            (None, Some(default)) => out.push_str(default),
            (None, None) => {
                return Err(format!(
                    "the environment has no `{name}`: set it, or write `${{ENV:{name}:-default}}` with a default"
                ));
            }
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(Some(out))
}
