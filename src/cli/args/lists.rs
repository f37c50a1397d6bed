//! What stands in for the account where it is not read?

use std::path::PathBuf;

/// Files that somebody downloaded of an account, in place of reading it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ListFiles {
    /// Read this file, and not the account. Of a learning platform: the users' list of a group, exported on its page, called as the
    /// group is (`Forklift drivers.csv`), or GROUP=FILE, or a folder of such lists; more than one may be given. Of ActivTrak, where no key shows users: the app's
    /// group download, at most an hour old, to plan HR groups over
    #[arg(long, value_name = "FILE")]
    pub(crate) observed: Vec<PathBuf>,
    /// Beside or in place of `--observed`: the list of all users of a learning platform. Without it, whoever is on no list is
    /// taken as there
    #[arg(long, value_name = "FILE")]
    pub(crate) observed_users: Option<PathBuf>,
    /// The column of these lists that holds usernames, where it is not called `Username`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) username_column: Option<String>,
}

impl ListFiles {
    /// Whether any file was given.
    pub(crate) const fn are_given(&self) -> bool {
        !self.observed.is_empty() || self.observed_users.is_some()
    }

    /// The options with their values, as they were given.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&'static str, String)> {
        let observed = self.observed.iter().map(|path| ("--observed", path.display().to_string()));
        let users = self.observed_users.iter().map(|path| ("--observed-users", path.display().to_string()));
        let column = self.username_column.iter().map(|column| ("--username-column", column.clone()));
        observed.chain(users).chain(column)
    }
}
