//! How does a line get into the ledger of a run, and when is it on the disk for good?
//!
//! Lines are appended, each in one write, and so outlive the process from the moment they are written, even kill -9. A power
//! cut takes what the disk has not been told to keep, so it is told:
//!
//! - once the file is made with all that is planned, and its folder after it: before the first write of the run;
//! - before the first request of a packet leaves: no power cut makes a write that may have happened look as if it had not;
//! - at the end.
//!
//! All other lines wait for the next of these. Should the last ones be lost, the next run takes their steps for unknown and looks
//! at the account, which it does anyway. So a packet of up to 50 steps, or of any number that is read back together, costs one
//! wait for the disk: some 3 ms where a request takes a hundred.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::account::{Packet, Witness};
use crate::apply::{Ledger, Report};
use crate::http;
use crate::model::{Outcome, StepId, UserId};
use crate::render::Redaction;
use crate::run::clock::Clock;
use crate::run::files::keep_entry;
use crate::run::ledger::line::{Is, Line, Settled};
use crate::run::ledger::past::is_upload;

/// The ledger of the run that is under way.
#[derive(Debug)]
pub(crate) struct Pen {
    page: Mutex<Page>,
    redaction: Redaction,
    clock: Clock,
}

#[derive(Debug)]
struct Page {
    file: File,
    /// Requests so far.
    requests: u64,
    /// Why nothing more can be written: after half a line, nothing is.
    broken: Option<String>,
}

/// Whether lines have to outlive a power cut at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Now,
    WithTheNext,
}

impl Pen {
    /// Makes the file of a run, with its first lines.
    pub(super) fn start(
        path: &Path,
        lines: &[Line],
        (redaction, clock): (Redaction, Clock),
    ) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let page = Page { file: options.open(path)?, requests: 0, broken: None };
        let pen = Self { page: Mutex::new(page), redaction, clock };
        pen.write(lines, Keep::Now)?;
        keep_entry(path)?;
        Ok(pen)
    }

    /// Writes that the run came to its end.
    pub(crate) fn end(&self, report: &Report) -> io::Result<()> {
        let unknown = report.outcomes.iter().filter(|(_, it)| matches!(it, Outcome::Unknown(_))).count();
        let ended = report.ending().into();
        self.write(&[Line::End { at: (self.clock)(), ended, unknown }], Keep::Now)
    }

    fn write(&self, lines: &[Line], keep: Keep) -> io::Result<()> {
        self.with_page(|page| page.write(lines, keep))
    }

    fn with_page<T>(&self, then: impl FnOnce(&mut Page) -> io::Result<T>) -> io::Result<T> {
        then(&mut self.page.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn settled_line(&self, step: StepId, outcome: &Outcome, made: &[(StepId, UserId)]) -> Line {
        let reason = match outcome {
            Outcome::Failed(reason) | Outcome::Unknown(reason) => Some(reason.clone()),
            Outcome::Mismatched { asked, answered } => {
                Some(format!("asked for {asked}, answered {answered}"))
            }
            Outcome::Overdone { asked, besides } => Some(format!("asked for {asked}, and besides {besides}")),
            _ => None,
        };
        Line::Outcome(Settled {
            at: (self.clock)(),
            step: step.0,
            is: Is::of(outcome),
            because: if let Outcome::Skipped(cause) = outcome { Some(cause.0) } else { None },
            reason: reason.filter(|_| self.redaction == Redaction::Off),
            made: made.iter().find(|(maker, _)| *maker == step).map(|(_, record)| record.0),
        })
    }
}

impl Page {
    fn write(&mut self, lines: &[Line], keep: Keep) -> io::Result<()> {
        if let Some(why) = &self.broken {
            return Err(io::Error::other(why.clone()));
        }
        let written = self.try_write(lines, keep);
        if let Err(error) = &written {
            self.broken = Some(error.to_string());
        }
        written
    }

    fn try_write(&mut self, lines: &[Line], keep: Keep) -> io::Result<()> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
        }
        self.file.write_all(&text)?;
        match keep {
            Keep::Now => self.file.sync_data(),
            Keep::WithTheNext => Ok(()),
        }
    }
}

impl Ledger for Pen {
    fn sending(&self, packet: &Packet) -> io::Result<()> {
        let steps = packet.steps.iter().map(|step| step.id.0).collect();
        self.write(&[Line::Sending { at: (self.clock)(), packet: packet.number(), steps }], Keep::Now)
    }

    fn settled(&self, outcomes: &[(StepId, Outcome)], made: &[(StepId, UserId)]) -> io::Result<()> {
        let lines: Vec<Line> =
            outcomes.iter().map(|(step, outcome)| self.settled_line(*step, outcome, made)).collect();
        self.write(&lines, Keep::WithTheNext)
    }
}

impl Witness for Pen {
    fn leaves(&self, errand: u32, write: &http::Line) -> io::Result<u64> {
        self.with_page(|page| {
            page.requests += 1;
            let request = page.requests;
            let (at, sends) = ((self.clock)(), write.to_string());
            // Whether an upload left decides whether it is waited for: that outlives a power cut.
            let keep = if is_upload(&sends) { Keep::Now } else { Keep::WithTheNext };
            page.write(&[Line::Request { at, packet: errand, request, sends }], keep)?;
            Ok(request)
        })
    }

    fn came_back(&self, number: u64, answer: &Result<http::Answer, http::Error>) {
        let (status, error) = match answer {
            Ok(answer) => (Some(answer.status.as_u16()), None),
            Err(error) => match error.status() {
                Some(status) => (Some(status.as_u16()), None),
                None => (None, Some(error.to_string())),
            },
        };
        let line = Line::Answer { at: (self.clock)(), request: number, status, error };
        // A pen that is broken says so before the next packet.
        let _broken = self.write(&[line], Keep::WithTheNext);
    }
}
