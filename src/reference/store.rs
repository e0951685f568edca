//! What survives: records, each written whole and made durable before it is acknowledged.
//!
//! ```text
//! {"reference":1}                     the first line
//! 1f2e3d4c {"agreement":{…}}          the checksum of a record, and the record: the newest of an agreement counts
//! ```
//!
//! A record is whole when its line ends; a last line without an end was never acknowledged, and is dropped. Everything else that cannot be
//! read is an error with its place. What is erased goes by writing the file anew: an append-only file would keep it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// Records, in memory or in a file.
pub(super) struct Store {
    medium: Medium,
    /// Records handed over.
    written: u64,
    /// Bytes since everything was last written anew.
    bytes: usize,
}

enum Medium {
    Memory(String),
    File { path: PathBuf, writer: Writer },
}

/// Tells when a record is durable.
#[derive(Clone, Debug)]
pub(super) struct Durable {
    number: u64,
    reached: Option<watch::Receiver<Reached>>,
}

#[derive(Clone, Copy, Debug)]
struct Reached {
    number: u64,
    broken: bool,
}

/// The thread that writes: all records that wait go out with one fsync.
struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    reached: watch::Receiver<Reached>,
    thread: Option<JoinHandle<()>>,
}

enum Job {
    Append(String),
    Rewrite(String),
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system says no.
    #[error("cannot use the store {path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A line is damaged that was acknowledged.
    #[error("{path}:{line}: {problem}; restore the file from a copy, or start with another one")]
    Damaged {
        /// Which file.
        path: String,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Store {
    pub(super) fn in_memory() -> Self {
        Self { medium: Medium::Memory(HEADER.to_owned()), written: 0, bytes: 0 }
    }

    /// Opens or makes a file. Gives its records, oldest first.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<String>), StoreError> {
        let failed = |source| StoreError::Io { path: path.display().to_string(), source };
        let text = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error)),
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let records = records(&text[..whole], path)?;
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path).map_err(failed)?;
        file.set_len(whole as u64).map_err(failed)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0)).map_err(failed)?;
        if whole == 0 {
            file.write_all(HEADER.as_bytes()).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        sync_folder(path).map_err(failed)?;
        let writer = Writer::start(path.to_owned(), file).map_err(failed)?;
        Ok((Self { medium: Medium::File { path: path.to_owned(), writer }, written: 0, bytes: whole }, records))
    }

    /// Adds a record. It counts once the answer is durable.
    pub(super) fn append(&mut self, record: &str) -> Durable {
        let line = line(record);
        self.bytes += line.len();
        self.hand_over(Job::Append(line))
    }

    /// Puts these records in the place of all before.
    pub(super) fn rewrite(&mut self, records: impl IntoIterator<Item = String>) -> Durable {
        let text: String = std::iter::once(HEADER.to_owned()).chain(records.into_iter().map(|r| line(&r))).collect();
        self.bytes = text.len();
        self.hand_over(Job::Rewrite(text))
    }

    /// What the last record handed over waits for.
    pub(super) fn durable(&self) -> Durable {
        let reached = match &self.medium {
            Medium::Memory(_) => None,
            Medium::File { writer, .. } => Some(writer.reached.clone()),
        };
        Durable { number: self.written, reached }
    }

    /// How many bytes were written since everything was written anew.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Exactly what the medium holds.
    pub(super) fn dump(&self) -> io::Result<Vec<u8>> {
        match &self.medium {
            Medium::Memory(text) => Ok(text.clone().into_bytes()),
            Medium::File { path, .. } => fs::read(path),
        }
    }

    /// The records that the medium holds, as after a crash.
    pub(super) fn reload(&self) -> Result<Vec<String>, StoreError> {
        let path = match &self.medium {
            Medium::Memory(_) => Path::new("(memory)"),
            Medium::File { path, .. } => path,
        };
        let bytes = self.dump().map_err(|source| StoreError::Io { path: path.display().to_string(), source })?;
        records(&bytes, path)
    }

    fn hand_over(&mut self, job: Job) -> Durable {
        self.written += 1;
        match (&mut self.medium, job) {
            (Medium::Memory(text), Job::Append(line)) => text.push_str(&line),
            (Medium::Memory(text), Job::Rewrite(all)) => *text = all,
            (Medium::File { writer, .. }, job) => {
                // Without a thread the record never becomes durable, and the caller is told.
                let _ = writer.jobs.as_ref().map(|jobs| jobs.send(job));
            }
        }
        self.durable()
    }
}

impl Durable {
    /// Waits; false when the store is broken.
    pub(super) async fn reached(mut self) -> bool {
        let Some(reached) = &mut self.reached else { return true };
        let number = self.number;
        reached.wait_for(|now| now.broken || now.number >= number).await.is_ok_and(|now| !now.broken)
    }
}

impl Writer {
    fn start(path: PathBuf, file: File) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel();
        let (tell, reached) = watch::channel(Reached { number: 0, broken: false });
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(move || {
            let mut file = file;
            let mut number = 0;
            while let Ok(first) = waiting.recv() {
                let jobs: Vec<Job> = std::iter::once(first).chain(waiting.try_iter()).collect();
                number += jobs.len() as u64;
                if let Err(error) = write(&mut file, &path, jobs) {
                    tracing::error!("cannot write the store {}: {error}", path.display());
                    tell.send_replace(Reached { number, broken: true });
                    return;
                }
                tell.send_replace(Reached { number, broken: false });
            }
        })?;
        Ok(Self { jobs: Some(jobs), reached, thread: Some(thread) })
    }
}

/// Everything handed over is written before the store is gone.
impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(file: &mut File, path: &Path, jobs: Vec<Job>) -> io::Result<()> {
    for job in jobs {
        match job {
            Job::Append(line) => file.write_all(line.as_bytes())?,
            Job::Rewrite(text) => {
                // A new file under a new name, durable before it takes the old one's place: a crash leaves one of them whole.
                let beside = path.with_extension("new");
                let mut anew = File::create(&beside)?;
                anew.write_all(text.as_bytes())?;
                anew.sync_all()?;
                fs::rename(&beside, path)?;
                sync_folder(path)?;
                *file = anew;
            }
        }
    }
    file.sync_data()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => {
            File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()
        }
        Some(_) | None => Ok(()),
    }
}

fn line(record: &str) -> String {
    format!("{} {record}\n", checksum(record))
}

fn checksum(record: &str) -> String {
    hex::encode(&Sha256::digest(record.as_bytes())[..4])
}

fn records(bytes: &[u8], path: &Path) -> Result<Vec<String>, StoreError> {
    let damaged = |line, problem| StoreError::Damaged { path: path.display().to_string(), line, problem };
    let mut records = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let line = std::str::from_utf8(line).map_err(|_| damaged(number, "the line is not UTF-8"))?;
        if index == 0 {
            if line != HEADER {
                return Err(damaged(number, "the file is not a store of this version"));
            }
            continue;
        }
        let (sum, record) = line.trim_end_matches('\n').split_once(' ').unwrap_or_default();
        if sum != checksum(record) {
            return Err(damaged(number, "the record does not fit its checksum"));
        }
        records.push(record.to_owned());
    }
    Ok(records)
}

const HEADER: &str = "{\"reference\":1}\n";

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("written", &self.written).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("motpart-store-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[tokio::test]
    async fn a_cut_in_the_last_record_loses_that_record_only() {
        let folder = folder("cut");
        let path = folder.join("store");
        let (mut store, records) = Store::open(&path).unwrap();
        assert!(records.is_empty());
        for record in ["one", "two", "three"] {
            assert!(store.append(record).reached().await);
        }
        drop(store);
        let whole = fs::read(&path).unwrap();
        let last = whole.len() - line("three").len();
        for cut in last..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let (mut store, records) = Store::open(&path).unwrap();
            assert_eq!(records, ["one", "two"], "cut at {cut}");
            assert!(store.append("four").reached().await);
            assert_eq!(store.reload().unwrap(), ["one", "two", "four"]);
        }
        let _ = fs::remove_dir_all(folder);
    }

    #[tokio::test]
    async fn damage_elsewhere_is_an_error_with_its_place() {
        let folder = folder("damage");
        let path = folder.join("store");
        let (mut store, _) = Store::open(&path).unwrap();
        assert!(store.append("one").reached().await);
        assert!(store.append("two").reached().await);
        drop(store);
        let mut bytes = fs::read(&path).unwrap();
        let at = HEADER.len() + 10;
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.contains("store:2: the record does not fit"), "{error}");
        let _ = fs::remove_dir_all(folder);
    }

    #[tokio::test]
    async fn what_was_written_anew_holds_nothing_else() {
        let folder = folder("anew");
        let path = folder.join("store");
        let (mut store, _) = Store::open(&path).unwrap();
        assert!(store.append("secret").reached().await);
        assert!(store.rewrite(["kept".to_owned()]).reached().await);
        assert!(store.append("more").reached().await);
        assert!(!String::from_utf8(store.dump().unwrap()).unwrap().contains("secret"));
        drop(store);
        assert_eq!(Store::open(&path).unwrap().1, ["kept", "more"]);
        let _ = fs::remove_dir_all(folder);
    }
}
