//! Reads scripts and persons again when their files change. Broken ones are reported, and the earlier ones stay.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use motpart::script::{Library, Source};
use motpart::simulation::Simulation;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{error, info};

use super::super::{Failure, persons};

/// Watches as long as it lives. `None` when there is nothing to watch.
pub(super) fn watch(
    scripts: Option<&Path>,
    persons: Option<&Path>,
    simulation: &Arc<Simulation>,
) -> Result<Option<RecommendedWatcher>, Failure> {
    if scripts.is_none() && persons.is_none() {
        return Ok(None);
    }
    let files = Files { scripts: scripts.map(Path::to_owned), persons: persons.map(Path::to_owned) };
    let (changed, changes) = channel();
    let seen = files.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is an event as well, and ours.
        let Ok(event) = event.map_err(|e| error!("cannot watch files: {e}")) else { return };
        for path in event.paths.iter().filter(|_| !event.kind.is_access()) {
            for what in seen.concerned(path) {
                // Without a listener the process is about to end.
                let _ = changed.send(what);
            }
        }
    })
    .map_err(|e| Failure::harness(format!("cannot watch files: {e}")))?;
    // Editors replace a file instead of writing it: its folder is watched.
    let folders = scripts.into_iter().chain(persons.map(|file| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }));
    for folder in folders {
        watcher
            .watch(folder, RecursiveMode::NonRecursive)
            .map_err(|e| Failure::usage(format!("cannot watch {}: {e}", folder.display())))?;
    }
    let simulation = simulation.clone();
    std::thread::spawn(move || files.follow(&changes, &simulation));
    Ok(Some(watcher))
}

#[derive(Clone)]
struct Files {
    scripts: Option<PathBuf>,
    persons: Option<PathBuf>,
}

/// What has to be read again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Persons,
    Scripts,
}

impl Files {
    /// What a changed path belongs to. By its name: systems differ in how they write the folder.
    fn concerned(&self, path: &Path) -> impl Iterator<Item = What> {
        let is_persons = self.persons.as_ref().is_some_and(|file| file.file_name() == path.file_name());
        let is_script = self.scripts.is_some() && path.extension().is_some_and(|extension| extension == "toml");
        let concerned = [is_persons.then_some(What::Persons), is_script.then_some(What::Scripts)];
        concerned.into_iter().flatten()
    }

    /// Ends with the watcher.
    fn follow(&self, changes: &Receiver<What>, simulation: &Simulation) {
        while let Ok(first) = changes.recv() {
            let mut changed = BTreeSet::from([first]);
            while let Ok(what) = changes.recv_timeout(QUIET) {
                changed.insert(what);
            }
            if let Some(folder) = self.scripts.as_ref().filter(|_| changed.contains(&What::Scripts)) {
                match Library::with_folder(folder) {
                    Ok(library) => {
                        let own = library.iter().filter(|entry| entry.source != Source::Bundled).count();
                        renew_defaults(simulation, &library);
                        simulation.commons.set_scripts(library);
                        info!("scripts read again: {own} of {}", folder.display());
                    }
                    Err(errors) => error!("the earlier scripts stay:\n{errors}"),
                }
            }
            if let Some(file) = self.persons.as_ref().filter(|_| changed.contains(&What::Persons)) {
                match persons::register(Some(file)) {
                    Ok(register) => {
                        simulation.commons.set_persons(register);
                        info!("persons read again: {}", file.display());
                    }
                    Err(failure) => error!("the earlier persons stay:\n{failure}"),
                }
            }
        }
    }
}

/// A space's default script is held by value: a new version of it takes its place.
fn renew_defaults(simulation: &Simulation, library: &Library) {
    for space in simulation.commons.spaces.all() {
        if let Some(old) = space.programme.default_script()
            && let Ok(new) = library.find(&old.name)
            && *new != old
        {
            space.programme.set_default(Some(new.clone()));
        }
    }
}

/// How long nothing must change before files are read: an editor writes several times.
const QUIET: Duration = Duration::from_millis(200);
