//! What does the ledger of an earlier run say?

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::run::ledger::line::{Ended, Is, Line, Run, Settled, Step, VERSION};
use crate::run::left;

/// How far from the end of a file its last line begins, at most: none of those that end a run is longer.
const TAIL: u64 = 4096;

/// Why a ledger can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("{path} can't be read")]
    File { path: String, source: io::Error },
    #[error("{path}: line {line} is no line of a ledger")]
    Line { path: String, line: usize, source: serde_json::Error },
    #[error("{path} was written by another version ({version})")]
    Version { path: String, version: u32 },
    #[error("{path} does not begin with a run")]
    Headless { path: String },
}

/// How a ledger ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The run came to its end, and everything holds.
    Done,
    /// It came to its end otherwise, or a later run looked for what was not known: nothing is open.
    Closed,
    /// It was cut off, or left steps of which nobody knows.
    Open,
}

impl Tail {
    /// How the file ends, by its last line.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut file = left::open(path)?;
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        if !tail.contains(&b'\n') && !left::read(path)?.contains(&b'\n') {
            // Not even the first line was finished, and so nothing was sent.
            return Ok(Self::Closed);
        }
        let last = tail.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(match serde_json::from_slice(last) {
            Ok(Line::End { ended: Ended::Done, .. }) => Self::Done,
            Ok(Line::End { unknown: 0, .. } | Line::Found { .. }) => Self::Closed,
            _ => Self::Open,
        })
    }
}

/// An earlier run, as its ledger has it.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) path: PathBuf,
    pub(super) run: Run,
    /// What was planned, by step.
    pub(super) steps: BTreeMap<u32, Step>,
    /// Steps that were about to be sent.
    pub(super) sent: BTreeSet<u32>,
    /// What became of steps.
    pub(super) settled: BTreeMap<u32, Settled>,
    /// Whether an HR upload left.
    pub(super) uploaded: bool,
    /// Whether it came to its end.
    pub(super) ended: Option<Ended>,
    /// Where the last line begins, if it was cut off in the middle: so many bytes are whole lines.
    pub(super) torn: Option<u64>,
}

impl Past {
    /// Reads a whole ledger. Only its last line may be cut short, as a power cut leaves it.
    pub(super) fn read(path: &Path) -> Result<Self, Unreadable> {
        let shown = || path.display().to_string();
        let bytes = left::read(path).map_err(|source| Unreadable::File { path: shown(), source })?;
        // Bytes, not text: half a line may end within a letter.
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let (whole, rest) = bytes.split_at(end);
        let mut lines = (1..).zip(whole.split_inclusive(|byte| *byte == b'\n'));
        let parsed = |(line, text): (usize, &[u8])| {
            serde_json::from_slice(text).map_err(|source| Unreadable::Line { path: shown(), line, source })
        };
        let Some(Line::Run(run)) = lines.next().map(parsed).transpose()? else {
            return Err(Unreadable::Headless { path: shown() });
        };
        if run.version != VERSION {
            return Err(Unreadable::Version { path: shown(), version: run.version });
        }
        let mut past = Self {
            path: path.to_owned(),
            run,
            steps: BTreeMap::new(),
            sent: BTreeSet::new(),
            settled: BTreeMap::new(),
            uploaded: false,
            ended: None,
            torn: (!rest.is_empty()).then_some(end as u64),
        };
        for line in lines {
            past.take(parsed(line)?);
        }
        Ok(past)
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Step(step) => {
                self.steps.insert(step.number, step);
            }
            Line::Sending { steps, .. } => self.sent.extend(steps),
            Line::Outcome(settled) => {
                self.settled.insert(settled.step, settled);
            }
            Line::End { ended, .. } => self.ended = Some(ended),
            Line::Request { sends, .. } => self.uploaded |= is_upload(&sends),
            Line::Run(_) | Line::Answer { .. } | Line::Found { .. } => {}
        }
    }

    /// Whether what became of a step is known.
    fn is_known(&self, step: u32) -> bool {
        self.settled.get(&step).is_some_and(|settled| settled.is != Is::Unknown)
    }

    /// Steps that were sent and whose outcome is known.
    pub(super) fn known(&self) -> usize {
        self.sent.iter().filter(|step| self.is_known(**step)).count()
    }

    /// Steps that may have been sent, and nobody knows whether they took effect.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &Step> {
        self.sent.iter().filter(|step| !self.is_known(**step)).filter_map(|step| self.steps.get(step))
    }

    /// Adds that somebody looked for what was not known; half a line before it goes.
    pub(super) fn found(&self, line: &Line) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        if let Some(whole) = self.torn {
            file.set_len(whole)?;
        }
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        file.write_all(&text).and_then(|()| file.sync_data())
    }
}

/// Whether a request, as a ledger has it, is an HR upload.
pub(super) fn is_upload(sends: &str) -> bool {
    sends.contains(" /hrdc/")
}

/// The first line of a ledger, if it is one: all that is read of the file.
pub(super) fn run_of(path: &Path) -> Option<Run> {
    let mut first = Vec::new();
    BufReader::new(left::open(path).ok()?).read_until(b'\n', &mut first).ok()?;
    match serde_json::from_slice(&first).ok()? {
        Line::Run(run) if run.version == VERSION => Some(run),
        _ => None,
    }
}
