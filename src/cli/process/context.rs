//! What does the process see of the world: environment, terminal, clock?

use std::ffi::OsString;
use std::io::{self, BufRead, BufWriter, IsTerminal, LineWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use jiff::{SignedDuration, Timestamp};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::cli::process::style;
use crate::render::{Colour, Layout, Sanitizer, TableForm, visible};

/// The only place that reads environment variables, the clock and the terminal, and that opens the [`Sanitizer`] to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    started: Timestamp,
    attendance: Attendance,
    layout: Layout,
    /// How wide tables may be: as wide as they are where nobody says and nobody looks.
    table_width: Option<usize>,
    conversation: Colour,
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attendance {
    /// Input, output and conversation are all a terminal: somebody sees a plan and can answer.
    Attended,
    /// A pipeline, or half a terminal.
    Unattended,
}

impl Context {
    /// The process as it is.
    pub(crate) fn of_process() -> Self {
        let terminals = [io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal()];
        let attendance = if terminals == [true; 3] { Attendance::Attended } else { Attendance::Unattended };
        let terminal =
            || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        let table_width = columns().or_else(terminal);
        let forced = is_colour_forced();
        let colour = |choice| if forced { Colour::Ansi } else { colour(choice) };
        let layout = Layout {
            width: table_width.unwrap_or(Layout::default().width),
            colour: colour(AutoStream::choice(&io::stdout())),
        };
        let conversation = colour(AutoStream::choice(&io::stderr()));
        Self { started: Self::clock(), attendance, layout, table_width, conversation }
    }

    /// The same process, where its output is to be this wide.
    pub(crate) fn with_width(self, width: Option<u16>) -> Self {
        let Some(width) = width.map(usize::from) else { return self };
        Self { layout: Layout { width, ..self.layout }, table_width: Some(width), ..self }
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub(crate) fn clock() -> Timestamp {
        Timestamp::now()
    }

    /// What time of day it is after a span of time, as a sentence says it.
    pub(crate) fn time_of_day_in(span: Duration) -> String {
        let then = Self::clock().checked_add(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX));
        then.map_or_else(|_| "the end of time".to_owned(), |then| then.strftime("%H:%M:%S UTC").to_string())
    }

    /// The command line.
    pub(crate) fn arguments() -> impl Iterator<Item = OsString> {
        std::env::args_os()
    }

    /// When the process began.
    pub(crate) const fn started(&self) -> Timestamp {
        self.started
    }

    /// Lets requests be seen on stderr: once for each request, twice for more.
    pub(crate) fn log(verbose: u8) {
        let shown = match verbose {
            0 => return,
            1 => Targets::new().with_target("rollcall", LevelFilter::DEBUG),
            _ => Targets::new()
                .with_target("rollcall", LevelFilter::TRACE)
                .with_target("hyper_util", LevelFilter::DEBUG),
        };
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(|| Sanitizer::new(io::stderr(), Colour::Plain))
            .without_time();
        tracing_subscriber::registry().with(lines.with_filter(shown)).init();
    }

    /// The name of this machine, where it is known.
    pub(crate) fn host() -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let said = std::env::var_os("COMPUTERNAME").or_else(|| std::env::var_os("HOSTNAME"));
        let said = said.map(|name| name.to_string_lossy().into_owned());
        let kernel = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        said.or_else(kernel).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// Who started the process, where that is known.
    pub(crate) fn user() -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let said = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(std::env::var_os);
        said.map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.is_empty())
    }

    /// Where this machine keeps temporary files.
    pub(crate) fn temporary() -> PathBuf {
        std::env::temp_dir()
    }

    /// What a variable of the environment says, where it is set.
    pub(crate) fn variable(name: &str) -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let said = std::env::var_os(name);
        said.map(|value| value.to_string_lossy().into_owned())
    }

    /// A variable that a workflow or its runner sets, where it says something.
    pub(crate) fn workflow_variable(name: &str) -> Option<String> {
        Self::variable(name).filter(|value| !value.is_empty())
    }

    /// Has the runner of a workflow do something: past the door, for commands of ours whose values are escaped.
    pub(crate) fn tell_runner(commands: &str) {
        let mut runner = Self::exact_stdout();
        let _closed = runner.write_all(commands.as_bytes()).and_then(|()| runner.flush());
    }

    /// Whether somebody is there to ask.
    pub(crate) const fn attendance(&self) -> Attendance {
        self.attendance
    }

    /// What the product is written on: as wide as the terminal, where there is one.
    pub(crate) const fn layout(&self) -> Layout {
        self.layout
    }

    /// What a table is written as on stdout.
    pub(crate) const fn table(&self) -> TableForm {
        TableForm::Columns(self.table_width, self.layout.colour)
    }

    /// Whether the conversation is coloured.
    pub(crate) const fn conversation(&self) -> Colour {
        self.conversation
    }

    /// The product.
    pub(crate) fn stdout(&self) -> impl Write + use<> {
        let colour = self.layout.colour;
        BufWriter::new(Sanitizer::new(AutoStream::new(io::stdout(), choice(colour)), colour))
    }

    /// The product where every byte counts: past the door, for a file in which nothing acts, or that nobody sees.
    pub(crate) fn exact_stdout() -> impl Write {
        BufWriter::new(io::stdout())
    }

    /// The conversation.
    pub(crate) fn stderr(&self) -> impl Write + use<> {
        let colour = self.conversation;
        LineWriter::new(Sanitizer::new(AutoStream::new(io::stderr(), choice(colour)), colour))
    }

    /// Says a sentence beside the product; a closed stderr hears nothing.
    pub(crate) fn say(&self, words: &str) {
        let _closed = writeln!(self.stderr(), "{}", visible(words));
    }

    /// Shows beside the product what was rendered already.
    pub(crate) fn show(&self, text: &[u8]) {
        let mut stderr = self.stderr();
        let _closed = stderr.write_all(text).and_then(|()| stderr.flush());
    }

    /// Warns beside the product.
    pub(crate) fn warn(&self, words: impl std::fmt::Display) {
        let warning = style::word("warning", style::WARNING, self.conversation);
        let _closed = writeln!(self.stderr(), "{warning}: {}", visible(&words.to_string()));
    }

    /// Asks a question at the terminal and waits for a line; an ended input is an empty answer.
    pub(crate) fn ask(question: &str) -> io::Result<String> {
        let mut terminal = Sanitizer::new(io::stderr(), Colour::Plain);
        write!(terminal, "{question}")?;
        terminal.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// A bug may quote anything: what a panic says leaves through the door as well.
    pub(crate) fn tell_of_panics() {
        std::panic::set_hook(Box::new(|panic| {
            let trace = std::backtrace::Backtrace::capture();
            let _closed = writeln!(Sanitizer::new(io::stderr(), Colour::Plain), "{panic}\n{trace}");
        }));
    }
}

/// Whether colour is asked for off a terminal, as CI systems do (`FORCE_COLOR`, <https://force-color.org>); `NO_COLOR` goes before.
fn is_colour_forced() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    let said = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    said("NO_COLOR").is_none() && said("FORCE_COLOR").is_some_and(|value| value != "0")
}

/// How wide the shell says that its terminal is.
fn columns() -> Option<usize> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    let said = std::env::var("COLUMNS").ok()?;
    said.parse().ok().filter(|columns| *columns > 0)
}

fn colour(choice: ColorChoice) -> Colour {
    if choice == ColorChoice::Never { Colour::Plain } else { Colour::Ansi }
}

/// Colour that was decided for stays; on a stream without it, it is taken out.
const fn choice(colour: Colour) -> ColorChoice {
    match colour {
        Colour::Plain => ColorChoice::Never,
        Colour::Ansi => ColorChoice::Always,
    }
}
