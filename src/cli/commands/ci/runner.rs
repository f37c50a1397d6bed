//! What does the runner of a workflow say, and where does it want what the step hands on?
//!
//! GitHub Docs, "Variables reference", "Default environment variables".

use std::path::PathBuf;

use crate::cli::process::context::Context;

/// What the runner says in variables.
#[derive(Debug)]
pub(super) struct Runner {
    /// `GITHUB_EVENT_NAME`
    pub(super) event: Option<String>,
    /// `GITHUB_EVENT_PATH`
    pub(super) payload: Option<PathBuf>,
    /// `GITHUB_REPOSITORY`: `owner/name`.
    pub(super) repository: Option<String>,
    /// `GITHUB_SHA`: the commit that the run is of.
    pub(super) commit: Option<String>,
    /// `GITHUB_REF_NAME`: the branch that the run is of.
    pub(super) branch: Option<String>,
    /// `GITHUB_API_URL`
    pub(super) api: String,
    /// Where the repository is shown.
    pub(super) home: String,
    /// Where the run is shown.
    pub(super) run: String,
    /// `GITHUB_STEP_SUMMARY`
    pub(super) summary: Option<PathBuf>,
    /// `GITHUB_OUTPUT`
    pub(super) output: Option<PathBuf>,
}

impl Runner {
    /// That of the process.
    pub(super) fn of_process() -> Self {
        let said = Context::workflow_variable;
        let repository = said("GITHUB_REPOSITORY");
        let server = said("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
        let home = repository.as_ref().map_or_else(|| server.clone(), |it| format!("{server}/{it}"));
        let run =
            said("GITHUB_RUN_ID").map_or_else(|| home.clone(), |run| format!("{home}/actions/runs/{run}"));
        Self {
            event: said("GITHUB_EVENT_NAME"),
            payload: said("GITHUB_EVENT_PATH").map(PathBuf::from),
            repository,
            commit: said("GITHUB_SHA"),
            branch: said("GITHUB_REF_NAME"),
            api: said("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".to_owned()),
            home,
            run,
            summary: said("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            output: said("GITHUB_OUTPUT").map(PathBuf::from),
        }
    }

    /// The run, as a link of Markdown.
    pub(super) fn link(&self) -> String {
        format!("[this run]({})", self.run)
    }
}
