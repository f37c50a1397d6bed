//! What does the process see of the world: environment, terminal, clock?

use std::ffi::OsString;
use std::io::{self, BufRead, BufWriter, IsTerminal, Write};

use jiff::Timestamp;

use crate::cli::failure::Failure;
use crate::cli::style;
use crate::http::{Endpoint, Pace, Secret};
use crate::render::{Colour, Paper};

/// The only place that reads environment variables, the clock and the terminal.
#[derive(Debug)]
pub(crate) struct Context {
    started: Timestamp,
}

/// An environment variable that holds a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// `ACTIVTRAK_API_KEY`: Admin and HRDC, tried on Identity.
    ApiKey,
    /// `ACTIVTRAK_TOKEN`: Identity.
    Token,
}

impl Credential {
    /// The variable's name.
    pub(crate) const fn variable(self) -> &'static str {
        match self {
            Self::ApiKey => "ACTIVTRAK_API_KEY",
            Self::Token => "ACTIVTRAK_TOKEN",
        }
    }
}

/// A credential whose text can't be one.
#[derive(Debug, thiserror::Error)]
#[error("{variable} can't be used")]
struct BadCredential {
    variable: &'static str,
    source: crate::http::BadSecret,
}

impl Context {
    /// The process as it is.
    pub(crate) fn of_process() -> Self {
        Self { started: Self::clock() }
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub(crate) fn clock() -> Timestamp {
        Timestamp::now()
    }

    /// The clock of the run: `--now`, else when it started.
    pub(crate) fn now(&self, said: Option<Timestamp>) -> Timestamp {
        said.unwrap_or(self.started)
    }

    /// A credential, if the environment has one.
    pub(crate) fn credential(&self, credential: Credential) -> Result<Option<Secret>, Failure> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let text = std::env::var_os(credential.variable());
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let secret = Secret::parse(&text.to_string_lossy())
            .map_err(|source| BadCredential { variable: credential.variable(), source });
        secret.map(Some).map_err(Failure::error)
    }

    /// The command line.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = OsString> {
        std::env::args_os()
    }

    /// Lets requests be seen on stderr: once for each request, twice for more.
    pub(crate) fn log(&self, verbose: u8) {
        let level = match verbose {
            0 => return,
            1 => "rollcall=debug",
            _ => "rollcall=trace,hyper_util=debug",
        };
        tracing_subscriber::fmt()
            .with_env_filter(level)
            .with_ansi(self.colour_of_stderr() == Colour::Ansi)
            .with_writer(io::stderr)
            .without_time()
            .init();
    }

    /// Whether the conversation is coloured.
    pub(crate) fn colour_of_stderr(&self) -> Colour {
        colour(anstream::AutoStream::choice(&io::stderr()))
    }

    /// What the product is written on: as wide as the terminal, where there is one.
    pub(crate) fn paper(&self) -> Paper {
        let colour = colour(anstream::AutoStream::choice(&io::stdout()));
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        Paper { width: width.unwrap_or(Paper::default().width), colour }
    }

    /// How long to wait between requests: delays spare a service that people share, and nobody shares this machine's.
    pub(crate) fn pace(&self, endpoint: &Endpoint) -> Pace {
        if endpoint.is_loopback() { Pace::real().scaled(0.02) } else { Pace::real() }
    }

    /// Whether somebody sees the plan and can answer: input, output and conversation are all a terminal.
    pub(crate) fn is_attended(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// The product: colour only where a terminal shows it.
    pub(crate) fn stdout(&self) -> impl Write + use<> {
        BufWriter::new(anstream::stdout())
    }

    /// The conversation: colour only where a terminal shows it.
    pub(crate) fn stderr(&self) -> impl Write + use<> {
        anstream::stderr()
    }

    /// Says something beside the product; a closed stderr hears nothing.
    pub(crate) fn say(&self, words: &str) {
        let _closed = writeln!(self.stderr(), "{words}");
    }

    /// Warns beside the product.
    pub(crate) fn warn(&self, words: impl std::fmt::Display) {
        self.say(&format!("{}warning{:#}: {words}", style::WARNING, style::WARNING));
    }

    /// Asks a question and waits for a line; an ended input is an empty answer.
    pub(crate) fn ask(question: &str) -> io::Result<String> {
        let mut to = anstream::stderr();
        write!(to, "{question}")?;
        to.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

fn colour(choice: anstream::ColorChoice) -> Colour {
    if choice == anstream::ColorChoice::Never { Colour::Plain } else { Colour::Ansi }
}
