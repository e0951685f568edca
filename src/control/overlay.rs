//! What is laid over a script: faults, forgeries and deliveries, in the words of script files.

use serde_json::{Map, Value};

use super::problem::Problem;
use crate::script::{Script, ScriptError};
use crate::simulation::programme::Overlay;

/// Reads an overlay. Each part is one object of the script form or a list of them.
pub(super) fn overlay_of(
    fault: Option<Value>,
    forgery: Option<Value>,
    delivery: Option<Value>,
) -> Result<Overlay, Problem> {
    let mut written = Map::new();
    let mut single = Vec::new();
    for (key, value) in [("fault", fault), ("forgery", forgery), ("delivery", delivery)] {
        let Some(value) = value else { continue };
        let list = match value {
            Value::Array(_) => value,
            Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) | Value::String(_) => {
                single.push(key);
                Value::Array(vec![value])
            }
        };
        written.insert(key.to_owned(), list);
    }
    let script = Script::from_json(&Value::Object(written), "overlay").map_err(|error| {
        let mut problem = of_script(error, "$");
        // One that was given without a list is named without its place in one.
        for key in single {
            problem.message = problem.message.replacen(&format!("$.{key}[0]"), &format!("$.{key}"), 1);
        }
        problem
    })?;
    let Script { faults, forgeries, deliveries, .. } = script;
    Ok(Overlay { faults, forgeries, deliveries, ..Overlay::default() })
}

/// A mistake in a script that stands at `root` of the body.
pub(super) fn of_script(error: ScriptError, root: &str) -> Problem {
    match error {
        ScriptError::File(diagnostic) => Problem::at(root, diagnostic),
        ScriptError::Json { path, problem, help } => {
            let path = path.strip_prefix('$').map_or_else(|| path.clone(), |inner| format!("{root}{inner}"));
            Problem::at(&path, problem).maybe(help)
        }
    }
}
