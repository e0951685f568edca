//! `motpart scripts`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use motpart::exit;
use motpart::identity::Persons;
use motpart::script::{Entry, Library, LibraryError, LibraryErrors, Script, ScriptError};
use motpart::storyboard::{Stage, at_every_provider, in_words};
use serde_json::{Value, json};

use super::{Failure, Format, output, runtime};

/// Lists, shows, checks and explains scripts: the courses of events that the simulators play.
#[derive(Debug, Args)]
pub(super) struct Scripts {
    /// A folder of your own scripts. They replace bundled ones of the same name.
    #[arg(long, global = true, value_name = "DIR")]
    scripts: Option<PathBuf>,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reports everything that is wrong with script files, and which providers cannot play them.
    #[command(
        after_help = "Examples:\n  motpart scripts check scripts/\n  motpart scripts check my.toml other.toml --format json"
    )]
    Check {
        /// Script files, or folders of them.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Plays a script against every provider, and prints what happens and what each provider answers.
    #[command(
        after_help = "Examples:\n  motpart scripts explain mismatch\n  motpart scripts explain ./my.toml --provider zignsec-v2"
    )]
    Explain {
        /// The script's name, or a file.
        name: String,
        /// Only this provider.
        #[arg(long)]
        provider: Option<String>,
    },
    /// Lists all scripts with their titles.
    #[command(after_help = "Examples:\n  motpart scripts list\n  motpart scripts list --format json")]
    List,
    /// Prints the JSON Schema of script files, for editors.
    #[command(after_help = "Examples:\n  motpart scripts schema > script.schema.json")]
    Schema,
    /// Prints a script's file: a beginning for your own.
    #[command(after_help = "Examples:\n  motpart scripts show mismatch > scripts/our-mismatch.toml")]
    Show {
        /// The script's name.
        name: String,
    },
}

impl Scripts {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let scripts = self.scripts.as_deref();
        let text = match &self.command {
            Command::Check { paths } => return check(paths, self.format),
            Command::Explain { name, provider } => explain(name, provider.as_deref(), scripts, self.format)?,
            Command::List => list(&library(scripts)?, self.format)?,
            Command::Schema => output::json(&Script::schema())?,
            Command::Show { name } => {
                let library = library(scripts)?;
                let entry = library.entry(name).map_err(Failure::usage)?;
                match self.format {
                    Format::Json => output::json(&shown(entry))?,
                    Format::Text => entry.text.to_string(),
                }
            }
        };
        output::print(&text)?;
        Ok(exit::OK)
    }
}

/// The bundled scripts, overlaid by those of a folder.
pub(super) fn library(folder: Option<&Path>) -> Result<Library, Failure> {
    folder.map_or_else(|| Ok(Library::bundled()), |folder| Library::with_folder(folder).map_err(|e| failure(&e)))
}

/// A file that cannot be read is a matter of usage, one that cannot be understood of the specification.
fn failure(errors: &LibraryErrors) -> Failure {
    let is_usage = errors.0.iter().any(|error| match error {
        LibraryError::Read { .. } => true,
        LibraryError::Script(_) | LibraryError::Twice { .. } => false,
    });
    if is_usage { Failure::usage(errors) } else { Failure::specification(errors) }
}

fn list(library: &Library, format: Format) -> Result<String, Failure> {
    match format {
        Format::Json => {
            let entries: Vec<Value> = library.iter().map(summary).collect();
            output::json(&entries)
        }
        Format::Text => {
            let row = |entry: &Entry| vec![entry.script.name.clone(), entry.script.title.clone()];
            Ok(output::columns(&library.iter().map(row).collect::<Vec<_>>()))
        }
    }
}

fn summary(entry: &Entry) -> Value {
    json!({ "name": entry.script.name, "title": entry.script.title, "source": entry.source.to_string() })
}

fn shown(entry: &Entry) -> Value {
    let mut shown = summary(entry);
    if let Value::Object(members) = &mut shown {
        members.insert("words".to_owned(), json!(in_words(&entry.script)));
        members.insert("text".to_owned(), json!(&*entry.text));
    }
    shown
}

fn check(paths: &[PathBuf], format: Format) -> Result<u8, Failure> {
    let checked = Library::bundled().overlaid(paths);
    match (format, checked) {
        (Format::Text, Err(errors)) => Err(failure(&errors)),
        (Format::Json, Err(errors)) => {
            let mistakes: Vec<Value> = errors.0.iter().map(mistake).collect();
            output::print(&output::json(&json!({ "ok": false, "errors": mistakes }))?)?;
            Ok(failure(&errors).code())
        }
        (format, Ok(library)) => {
            let own: Vec<&Entry> =
                library.iter().filter(|entry| entry.source != motpart::script::Source::Bundled).collect();
            let unsayable = runtime()?.block_on(async { unsayable(&own) });
            output::print(&match format {
                Format::Json => {
                    let scripts: Vec<Value> = own.iter().map(|entry| summary(entry)).collect();
                    output::json(&json!({ "ok": true, "scripts": scripts, "notes": unsayable }))?
                }
                Format::Text => {
                    let mut text: String = unsayable.iter().map(|note| format!("note: {note}\n")).collect();
                    let are = if own.len() == 1 { "script is" } else { "scripts are" };
                    text.push_str(&format!("{} {are} fine\n", own.len()));
                    text
                }
            })?;
            Ok(exit::OK)
        }
    }
}

/// Which providers cannot play which scripts. Not a mistake: elsewhere they play.
fn unsayable(entries: &[&Entry]) -> Vec<String> {
    let providers = Stage::new(Library::bundled(), Persons::bundled()).simulation.providers.clone();
    let refused = |entry: &&Entry| {
        let name = entry.script.name.clone();
        let script = entry.script.clone();
        providers
            .iter()
            .filter_map(move |provider| Some(format!("{name}: {}", provider.refuses(&script)?)))
            .collect::<Vec<_>>()
    };
    entries.iter().flat_map(refused).collect()
}

fn mistake(error: &LibraryError) -> Value {
    match error {
        LibraryError::Read { path, error } => json!({ "file": path, "problem": error.to_string() }),
        LibraryError::Script(ScriptError::File(at)) => json!({
            "file": at.file, "line": at.line, "column": at.column, "problem": at.problem, "help": at.help,
        }),
        LibraryError::Script(ScriptError::Json { path, problem, help }) => {
            json!({ "path": path, "problem": problem, "help": help })
        }
        LibraryError::Twice { second, .. } => json!({ "file": second, "problem": error.to_string() }),
    }
}

fn explain(name: &str, provider: Option<&str>, folder: Option<&Path>, format: Format) -> Result<String, Failure> {
    let mut library = library(folder)?;
    let path = Path::new(name);
    let is_file = path.extension().is_some_and(|extension| extension == "toml");
    let name = if is_file {
        library = library.overlaid(&[path]).map_err(|e| failure(&e))?;
        path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    } else {
        name.to_owned()
    };
    let script = library.find(&name).map_err(Failure::usage)?.clone();
    let persons = Persons::bundled();
    let runtime = runtime()?;
    let boards = runtime.block_on(async {
        let Some(provider) = provider else {
            return at_every_provider(&script, &library, &persons).await.map_err(Failure::harness);
        };
        let stage = Stage::new(library.clone(), persons.clone());
        let known = stage.simulation.provider(provider).map_err(Failure::usage)?.name();
        Ok(vec![motpart::storyboard::play(&stage, known, &script).await.map_err(Failure::harness)?])
    })?;
    let words = in_words(&script);
    match format {
        Format::Json => {
            output::json(&json!({ "name": script.name, "title": script.title, "words": words, "storyboards": boards }))
        }
        Format::Text => {
            let mut text = format!("{}: {}\n", script.name, script.title);
            words.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            boards.iter().for_each(|board| text.push_str(&format!("\n{board}")));
            Ok(text)
        }
    }
}
