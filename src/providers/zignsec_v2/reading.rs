//! A body being read: its fields by name, and what was noticed and found wrong on the way.

use std::borrow::Cow;

use super::body::{self, Given, Pairs};
use super::field::{Field, did_you_mean};
use super::order::Method;
use super::problem::Problem;
use super::settings::Settings;
use crate::simulation::{Note, NoteKind};

pub(super) struct Reading<'a> {
    pub(super) method: Method,
    pub(super) settings: &'a Settings,
    pub(super) fields: [Option<Given<'a>>; Field::COUNT],
    pub(super) notes: Vec<Note>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(method: Method, settings: &'a Settings, pairs: Pairs<'a>, note: Option<Note>) -> Self {
        let mut reading = Self {
            method,
            settings,
            fields: [const { None }; Field::COUNT],
            notes: Vec::from_iter(note),
            problems: Vec::new(),
        };
        for (name, given) in pairs {
            match Field::named(&name) {
                None => reading.unknown(&name),
                Some(field) if !field.works_with(method) => {
                    if !given.is_nothing() {
                        let text = format!("`{}` has no effect with {}", field.name(), method.selector());
                        reading.note(NoteKind::FieldWithoutEffect, text);
                    }
                }
                Some(field) => {
                    if reading.fields[field as usize].replace(given).is_some() {
                        let text = format!("`{}` stands in the body more than once; the last one counts", field.name());
                        reading.note(NoteKind::FieldTwice, text);
                    }
                }
            }
        }
        reading
    }

    /// `null` and the empty text are as good as absent: the documents' own example sends `"webhook": ""`.
    pub(super) fn taken(&mut self, field: Field) -> Option<Given<'a>> {
        self.fields[field as usize].take().filter(|given| match given {
            Given::Null => false,
            Given::Text(text) => !text.is_empty(),
            Given::Flag(_) | Given::List | Given::Number(_) | Given::Object(_) => true,
        })
    }

    pub(super) fn raw(&mut self, field: Field) -> Option<Cow<'a, str>> {
        match self.taken(field)? {
            Given::Text(text) => Some(text),
            Given::Number(number) => Some(number.into()),
            Given::Flag(flag) => Some(if flag { "true" } else { "false" }.into()),
            Given::List | Given::Null | Given::Object(_) => {
                self.refuse(format!("{}: expected a text", field.name()));
                None
            }
        }
    }

    pub(super) fn text(&mut self, field: Field, most: usize) -> Option<String> {
        let text = self.raw(field)?;
        if text.len() > most {
            self.refuse(format!("{}: {} bytes, at most {most} are taken", field.name(), text.len()));
            return None;
        }
        Some(text.into_owned())
    }

    /// As text too: clients send `"true"` in forms and in JSON alike.
    pub(super) fn flag(&mut self, field: Field) -> bool {
        match self.taken(field) {
            None | Some(Given::Null) => false,
            Some(given) => truth(&given).unwrap_or_else(|| {
                self.refuse(format!("{}: expected true or false", field.name()));
                false
            }),
        }
    }

    /// An object in JSON; its text in a form.
    pub(super) fn object<T>(&mut self, field: Field, read: impl FnOnce(Pairs<'_>) -> T) -> Option<T> {
        match self.taken(field)? {
            Given::Object(pairs) => Some(read(pairs)),
            Given::Text(text) => {
                if let Ok(pairs) = body::object(text.as_bytes()) {
                    return Some(read(pairs));
                }
                self.refuse(format!("{}: expected a JSON object; in a form, its text", field.name()));
                None
            }
            Given::Flag(_) | Given::List | Given::Null | Given::Number(_) => {
                self.refuse(format!("{}: expected an object", field.name()));
                None
            }
        }
    }

    fn unknown(&mut self, name: &str) {
        let meant = did_you_mean(name).map_or_else(String::new, |field| format!("; did you mean `{field}`?"));
        self.note(NoteKind::FieldUnknown, format!("unknown field `{}` ignored{meant}", body::shown(name)));
    }

    pub(super) fn note(&mut self, kind: NoteKind, text: String) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note::new(kind, text));
        }
    }

    pub(super) fn refuse(&mut self, description: impl Into<Cow<'static, str>>) {
        self.problems.push(Problem::request(description));
    }
}

/// What a value means as true or false; `None` when it means neither.
pub(super) fn truth(given: &Given<'_>) -> Option<bool> {
    let is = |text: &str, words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match given {
        Given::Flag(flag) => Some(*flag),
        Given::Number(text) => truth(&Given::Text(text.as_str().into())),
        Given::Text(text) if is(text, ["true", "yes", "1"]) => Some(true),
        Given::Text(text) if is(text, ["false", "no", "0"]) => Some(false),
        Given::List | Given::Null | Given::Object(_) | Given::Text(_) => None,
    }
}

/// Of one request.
const MOST_NOTES: usize = 40;
