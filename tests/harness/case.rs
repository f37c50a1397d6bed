//! What is in the folder of a case?

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rollcall::sandbox::{Faults, Settings, docebo};

use crate::Checked;
use crate::account::Account;

/// Everything that a folder may hold.
const ENTRIES: [&str; 12] = [
    "manifests",
    "base",
    "account.json",
    "download.csv",
    "lists",
    "everybody.csv",
    "args",
    "fault",
    "settings",
    "keys",
    "scim",
    "expected",
];
/// The longest name: git and other people's disks have to hold it.
const LONGEST: usize = 60;

/// A command that a case runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Command {
    /// `rollcall validate`
    Validate,
    /// `rollcall plan`
    Plan,
    /// `rollcall apply`
    Apply,
    /// `rollcall export users` and `rollcall export associations`, of a case that has lists
    Export,
}

impl Command {
    /// Every command, in the order they are run.
    pub(crate) const ALL: [Command; 4] = [Command::Validate, Command::Plan, Command::Apply, Command::Export];

    /// The word on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Command::Validate => "validate",
            Command::Plan => "plan",
            Command::Apply => "apply",
            Command::Export => "export",
        }
    }
}

/// A folder of `tests/cases`.
pub(crate) struct Case {
    /// The sentence it is called.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) folder: PathBuf,
    /// The account before.
    pub(crate) seed: Account,
    /// How the account misbehaves.
    pub(crate) faults: Vec<String>,
    /// How the account is set up, at ActivTrak.
    pub(crate) settings: Settings,
    /// How it is set up, at a learning platform.
    pub(crate) learning: docebo::Settings,
    /// The variables that hold a key.
    pub(crate) keys: Vec<String>,
    /// Why it comes out otherwise where only SCIM carries users, if it does.
    pub(crate) not_by_scim: Option<String>,
    args: BTreeMap<Command, Vec<String>>,
    exits: BTreeMap<Command, i32>,
}

/// Every case, by name.
pub(crate) fn all() -> Checked<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut names = entries(&folder)?;
    names.retain(|name| name != "README.md");
    names.into_iter().map(|name| read(&folder.join(&name), name)).collect()
}

fn read(folder: &Path, name: String) -> Checked<Case> {
    let wrong = |what: String| Err(format!("{name:?}: {what}").into());
    if name.len() > LONGEST || name.contains(['?', ':', '*', '"']) {
        return wrong(format!("a name has at most {LONGEST} characters, none of them ? : * \""));
    }
    if let Some(entry) = entries(folder)?.iter().find(|entry| !ENTRIES.contains(&entry.as_str())) {
        return wrong(format!("{entry:?} is nothing that a case holds"));
    }
    if !folder.join("manifests").is_dir() {
        return wrong("it has no manifests".to_owned());
    }
    let loaded = if folder.join("lists").is_dir() {
        Account::nowhere().map_err(|error| error.to_string())
    } else {
        Account::load(&folder.join("account.json")).map_err(|error| error.to_string())
    };
    let seed = match loaded {
        Ok(seed) => seed,
        Err(error) => return wrong(error),
    };
    let faults: Vec<String> = optional(&folder.join("fault"))?.lines().map(str::to_owned).collect();
    let (settings, learning) = match set_up(&seed, &faults, &optional(&folder.join("settings"))?) {
        Ok(set_up) => set_up,
        Err(error) => return wrong(error),
    };
    let mut keys: Vec<String> = optional(&folder.join("keys"))?.lines().map(str::to_owned).collect();
    if !folder.join("keys").exists() {
        let usual: &[&str] = match &seed {
            Account::ActivTrak(_) => &["ACTIVTRAK_API_KEY"],
            Account::Learning(_) => &["DOCEBO_CLIENT_ID", "DOCEBO_CLIENT_SECRET"],
        };
        keys.extend(usual.iter().map(|name| (*name).to_owned()));
    }
    let reason = optional(&folder.join("scim"))?.trim().to_owned();
    let not_by_scim = folder.join("scim").exists().then_some(reason);
    if not_by_scim.as_ref().is_some_and(String::is_empty) {
        return wrong("the file `scim` says why SCIM does not carry the case".to_owned());
    }
    let mut args = BTreeMap::new();
    for (command, line) in by_command(&optional(&folder.join("args"))?)? {
        args.insert(command, line.split_whitespace().map(str::to_owned).collect());
    }
    if args.contains_key(&Command::Export) && !folder.join("lists").is_dir() {
        return wrong("files are written of a case that has lists".to_owned());
    }
    let mut exits = BTreeMap::new();
    for (command, code) in by_command(&optional(&folder.join("expected/exit"))?)? {
        exits.insert(command, code.parse()?);
    }
    Ok(Case {
        name,
        folder: folder.to_owned(),
        seed,
        faults,
        settings,
        learning,
        keys,
        not_by_scim,
        args,
        exits,
    })
}

/// How an account is set up, by what its platform knows; of faults only that they are known.
fn set_up(seed: &Account, faults: &[String], settings: &str) -> Result<(Settings, docebo::Settings), String> {
    match seed {
        Account::ActivTrak(_) => {
            Faults::parse(faults).map_err(|error| error.to_string())?;
            let settings = Settings::parse(settings.lines()).map_err(|error| error.to_string())?;
            Ok((settings, docebo::Settings::default()))
        }
        Account::Learning(_) => {
            docebo::Faults::parse(faults).map_err(|error| error.to_string())?;
            let settings = docebo::Settings::parse(settings.lines()).map_err(|error| error.to_string())?;
            Ok((Settings::default(), settings))
        }
    }
}

impl Case {
    /// What the case adds to a command line.
    pub(crate) fn args(&self, command: Command) -> &[String] {
        self.args.get(&command).map_or(&[], Vec::as_slice)
    }

    /// Whether its account is at ActivTrak.
    pub(crate) fn is_at_activtrak(&self) -> bool {
        self.seed.activtrak().is_some()
    }

    /// Where a command line says that the account is; the manifests of a learning platform say what people log in with.
    pub(crate) fn place(&self) -> Vec<&'static str> {
        if self.is_at_activtrak() {
            return vec!["--region", "us"];
        }
        let manifest = fs::read_to_string(self.folder.join("manifests/rollcall.yaml")).unwrap_or_default();
        let words = ["upn", "employeeId"];
        let username = words.into_iter().find(|word| manifest.contains(&format!("username: {word}")));
        vec!["--platform", "docebo", "--username", username.unwrap_or("email")]
    }

    /// Whether the case is about keys already: then it is run once, with its own.
    pub(crate) fn has_its_own_keys(&self) -> bool {
        self.folder.join("keys").exists()
    }

    /// Whether a download of groups stands in for a reading: no later run sees what became of an upload.
    pub(crate) fn has_a_download(&self) -> bool {
        self.folder.join("download.csv").exists()
    }

    /// Whether exported lists stand in for its account.
    pub(crate) fn has_lists(&self) -> bool {
        self.folder.join("lists").is_dir()
    }

    /// Whether a plan comes about that can be compared with another.
    pub(crate) fn expects_plan(&self) -> bool {
        self.folder.join("expected/plan.json").is_file()
    }

    /// Whether all or a part is done in the end, and nothing is pending.
    pub(crate) fn expects_apply_to_write(&self) -> bool {
        matches!(self.exits.get(&Command::Apply), Some(0 | 5))
    }

    /// Whether its apply removes a value by null, and can be run again as it is: no digest is expected or approved, and nothing goes
    /// wrong by a fault.
    pub(crate) fn removes_by_null(&self) -> bool {
        let requests = optional(&self.folder.join("expected/requests.txt")).unwrap_or_default();
        requests.contains("\"value\":null") && self.args(Command::Apply).is_empty() && self.faults.is_empty()
    }

    /// Whether everything is done in the end.
    pub(crate) fn expects_apply_to_finish(&self) -> bool {
        self.exits.get(&Command::Apply) == Some(&0)
    }
}

/// The names in a folder, sorted.
pub(crate) fn entries(folder: &Path) -> Checked<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The text of a file, or none if it is not there.
pub(crate) fn optional(path: &Path) -> Checked<String> {
    if path.exists() { Ok(fs::read_to_string(path)?) } else { Ok(String::new()) }
}

/// The digest of a plan that was written as JSON.
pub(crate) fn digest(path: &Path) -> Checked<String> {
    let plan: serde_json::Value = serde_json::from_str(&optional(path)?)?;
    Ok(plan["digest"].as_str().ok_or("the plan has no digest")?.to_owned())
}

/// Lines that begin with a command, each command once.
fn by_command(text: &str) -> Checked<BTreeMap<Command, &str>> {
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let command = Command::ALL.into_iter().find(|command| command.word() == word);
        let command = command.ok_or_else(|| format!("{line:?} begins with no command"))?;
        if found.insert(command, rest).is_some() {
            return Err(format!("{word} has two lines").into());
        }
    }
    Ok(found)
}
