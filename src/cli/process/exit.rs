//! What does a run's exit code say?

use std::process::ExitCode;

/// How a run ended: one table for every command and every output mode.
///
/// Where more than one would fit, a plan that is blocked exits with [`Self::Blocked`] before [`Self::Changes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done; for `plan`, also with changes.
    Done = 0,
    /// An error; nothing was written.
    Error = 1,
    /// `plan --detailed-exitcode` only: there are changes.
    Changes = 2,
    /// Violations that nobody approved, or blockers; for `plan` too.
    Blocked = 3,
    /// Not the plan that was expected.
    Stale = 4,
    /// At least one write was sent and not everything planned is done.
    Unfinished = 5,
    /// Everything was written; the account has yet to show some of it.
    Pending = 6,
    /// The person at the terminal said no.
    Declined = 7,
    /// The command line asks for something that can't be done so.
    Usage = 64,
    /// Stopped by SIGINT (Ctrl-C), and reported.
    Interrupted = 130,
    /// Stopped by SIGTERM, and reported.
    Terminated = 143,
}

impl Exit {
    /// Every exit, in the order of the codes.
    pub(crate) const ALL: [Self; 11] = [
        Self::Done,
        Self::Error,
        Self::Changes,
        Self::Blocked,
        Self::Stale,
        Self::Unfinished,
        Self::Pending,
        Self::Declined,
        Self::Usage,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// What it means, in a line of the help text.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done; for plan, also with changes",
            Self::Error => "error, nothing written",
            Self::Changes => "plan --detailed-exitcode only: there are changes",
            Self::Blocked => "blocked: violations not approved, or blockers; for plan too, before 2",
            Self::Stale => "stale: not the plan that was expected",
            Self::Unfinished => "at least one write was sent and not everything planned is done",
            Self::Pending => "applied, verification pending",
            Self::Declined => "declined at the prompt",
            Self::Usage => "usage",
            Self::Interrupted => "stopped by Ctrl-C (SIGINT), reported",
            Self::Terminated => "stopped by SIGTERM, reported",
        }
    }

    /// The number.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
