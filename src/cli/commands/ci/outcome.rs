//! What does a step hand on: remarks on lines, a summary, outputs?

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::runner::Runner;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::github;
use crate::model::{Severity, Verb, hex};
use crate::plan::{Digest, Plan};
use crate::render::json::Counts;
use crate::render::markdown::Gist;
use crate::render::{Colour, Level, Redaction, Remark, code_block, through};

/// A summary of a step may hold 1,024 KiB; what goes in is bounded before, and this is the last word.
const SUMMARY: usize = 1_000 << 10;

/// What a step hands on.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    outputs: Vec<(&'static str, String)>,
    /// What is to be said beside lines.
    pub(super) remarks: Vec<Remark>,
    /// The page of the run.
    pub(super) summary: String,
    /// Why it is red, where the exit code has no word for it.
    pub(super) reason: Option<&'static str>,
    /// The account, where its name is known.
    pub(super) account: Option<String>,
    /// What the plan has, where there is one.
    pub(super) counts: Option<Counts>,
    /// The plan, where there is one.
    pub(super) digest: Option<Digest>,
    /// The signature of the review, where there is one.
    pub(super) mac: Option<[u8; 32]>,
    /// What is said of it where it is one of many.
    pub(super) gist: Gist,
}

impl Outcome {
    /// Sets an output.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.outputs.push((name, value.into()));
    }

    /// Warns of something that changes nothing of how the run ends, in the log and beside no line.
    pub(super) fn warn(&mut self, cx: &Context, title: &str, message: String) {
        cx.warn(&message);
        self.remarks.push(Remark { level: Level::Notice, place: None, title: title.to_owned(), message });
    }

    /// The same of something that failed beside the run: what is not there for it, and why.
    pub(super) fn missed(&mut self, job: &Job<'_>, (title, what): (&str, &str), failure: &Failure) {
        self.warn(job.cx, title, format!("{what}: {}", failure.in_short(job.redaction)));
    }

    /// Remembers what a plan has, and sets the outputs that are about it.
    pub(super) fn plan(&mut self, plan: &Plan) {
        let of = |verb| plan.changes.iter().filter(|change| change.verb == verb).count();
        let irreversible = plan.changes.iter().filter(|change| change.severity == Severity::Irreversible);
        let counts = Counts {
            changes: plan.changes.len(),
            to_add: of(Verb::Create),
            to_change: of(Verb::Update),
            to_remove: of(Verb::Delete),
            irreversible: irreversible.count(),
        };
        self.count(counts);
        self.set("plan-digest", plan.digest.to_string());
        (self.counts, self.digest) = (Some(counts), Some(plan.digest));
    }

    /// Sets the outputs that are counts.
    pub(super) fn count(&mut self, counts: Counts) {
        let Counts { changes, to_add, to_change, to_remove, irreversible } = counts;
        self.set("changes", changes.to_string());
        self.set("to-add", to_add.to_string());
        self.set("to-change", to_change.to_string());
        self.set("to-remove", to_remove.to_string());
        self.set("irreversible", irreversible.to_string());
    }

    /// Why it is red, as the output says it.
    pub(super) fn failure_reason(&self, exit: Exit) -> &'static str {
        self.reason.unwrap_or_else(|| word(exit))
    }

    /// Hands it on. What can't be is said, and changes nothing of how the run ends.
    pub(super) fn deliver(
        &mut self,
        cx: &Context,
        runner: &Runner,
        (exit, failure): (Exit, Option<&Failure>),
        redaction: Redaction,
    ) {
        self.set("exit-code", exit.code().to_string());
        self.set("failure-reason", self.failure_reason(exit));
        Context::tell_runner(&github::annotations(&self.remarks));
        if let Some(failure) = failure {
            // Memory takes every byte.
            let _written = write!(self.summary, "\n{}", code_block("text", &words(failure, redaction)));
        }
        let append = |path: Option<&Path>, name: &str, text: &[u8]| {
            let Some(path) = path else { return };
            if let Err(error) = appended(path, text) {
                cx.warn(format_args!("{name} is not written: {error}"));
            }
        };
        let summary = through(self.summary.as_bytes());
        if summary.len() <= SUMMARY {
            append(runner.summary.as_deref(), "the summary of the step", &summary);
        } else {
            cx.warn("the summary of the step is not written: it is too long");
        }
        let mut dice = [0; 16];
        match getrandom::fill(&mut dice) {
            Ok(()) => {
                let file = github::outputs(&self.outputs, &hex(&dice));
                append(runner.output.as_deref(), "the outputs of the step", file.as_bytes());
            }
            Err(error) => cx.warn(format_args!("the outputs of the step are not written: {error}")),
        }
    }
}

/// What a failure says.
pub(super) fn words(failure: &Failure, redaction: Redaction) -> String {
    let mut words = Vec::new();
    // Memory takes every byte.
    let _written = failure.print(&mut words, redaction, Colour::Plain);
    String::from_utf8_lossy(&words).into_owned()
}

fn appended(path: &Path, text: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(text)
}

/// Why a run is red, as the output says it.
const fn word(exit: Exit) -> &'static str {
    match exit {
        Exit::Done | Exit::Changes => "",
        Exit::Error => "error",
        Exit::Blocked => "blocked",
        Exit::Stale => "plan-changed",
        Exit::Unfinished => "unfinished",
        Exit::Pending => "pending",
        Exit::Usage => "usage",
        Exit::Declined | Exit::Interrupted | Exit::Terminated => "stopped",
    }
}
