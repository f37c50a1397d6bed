//! How do the files of a new repository read? Texts that teach, and hold nothing that is made up.

/// The JSON Schema of manifests, as editors load it.
pub const SCHEMA_FILE: &str = ".rollcall-schema.json";
/// What a rehearsal account starts from.
pub const SEED_FILE: &str = "account.json";
/// What runs leave, which is not for Git.
pub const IGNORED: [&str; 2] = [".rollcall/", "account.state.json"];

/// What stands above the account.
pub(super) const HEAD: &[&str] = &[
    "Which account these manifests describe, and how much one plan may do to it.",
    "",
    "Rollcall reads every *.yaml below this folder and merges them: split them as you like, the names of",
    "files and folders mean nothing. A key that is absent is not managed: whatever the account has there,",
    "stays. An empty list means none. What no manifest mentions is left alone.",
    "",
    "`rollcall validate` checks the manifests, `rollcall plan` shows what would change in the account, and",
    "`rollcall apply` does it.",
];

/// Where the account's number is not known.
pub(super) const NO_ID: &[&str] = &[
    "",
    "`id` is missing below `account`: once a key is there, `rollcall plan` says the line. A key of another",
    "account is an error then.",
];

/// What is said of a sandbox.
pub(super) const SANDBOX: &[&str] = &[
    "",
    "The account is a sandbox: one that Rollcall starts for each run, from the file that `seed` names. It",
    "needs no key and no network. A real account says `platform: activtrak` and its `region` (us, eu, uk,",
    "ca or au) in the place of `platform` and `seed`.",
];

/// What is said of a sandbox of a learning platform.
pub(super) const LEARNING_SANDBOX: &[&str] = &[
    "",
    "The account is a sandbox: a learning platform that Rollcall starts for each run, from the file that",
    "`seed` names. It needs no credentials and no network. A real one says `platform: docebo` and its name,",
    "`id: acme` for acme.docebosaas.com, in the place of `platform` and `seed`.",
];

/// The policy, up to its minimum.
pub(super) const POLICY: &str = "
# How much a single plan may do; what is left out here has its default. Over a limit, a plan is blocked
# until somebody approves exactly that plan.
policy:
  # protected: { users: [], groups: [] }   # any change to these needs an approval, too
  # Fewer than this means that something is missing: an error, and no plan is made.
  minimum:
";

/// An account without anybody in it.
pub(super) const NO_USERS: &str =
    "    # The sandbox starts without users. Take this line out with the sandbox.
    users: 0
";

/// Manifests without anybody in them.
pub(super) const NOBODY_DECLARED: &str =
    "    # Nothing has to be declared yet. Once users are, `rollcall plan` says which number to write.
    declaredUsers: 0
";

/// The manifest of users.
pub(super) const USERS: &str = r"# Who the users are, by which identifiers they are known, and who is tracked.
#
# Leaving somebody out never removes, erases or untracks them. A list of UPNs, emails or employee IDs is
# the whole list of that kind. In the place of `[]`, an entry for each, without the `#`:
users: []
#  - displayName: Ada Quist
#    email: ada.quist@acme.example     # one or a list; so are upn, employeeId and deviceLogin
#    employeeId: E1040
#    tracking: tracked                 # or untracked: collection stops at once
#  - displayName: Jon Field
#    upn: jon.field@acme.example
#    groups: [Engineering]             # only ever adds
";

/// The manifest of groups.
pub(super) const GROUPS: &str = r"# Which groups there are, and who is in them.
#
# `members` is the whole list, together with the users who name the group. A group without `members` and
# `match` is not emptied by anything. In the place of `[]`, an entry for each, without the `#`:
groups: []
#  - name: Engineering
#    members: [ada.quist@acme.example]   # by email, UPN, employee ID or login
#  - name: Everyone at Acme
#    match: { email: { suffix: '@acme.example' } }   # who matches enters, who no longer does leaves
";

/// The manifest of users of a learning platform.
pub(super) const LEARNING_USERS: &str = r"# Who the users are, by what they log in with.
#
# Leaving somebody out changes nothing about them. Who is not there is created only with `allow: [createUsers]` below
# `account`. In the place of `[]`, an entry for each, without the `#`:
users: []
#  - displayName: Ada Quist
#    email: ada.quist@acme.example
#    attributes: { site: Oslo }        # facts for the rules of groups; never sent
#  - email: jon.field@acme.example
#    status: deactivated               # can't log in; groups and training history stay
";

/// The manifest of groups of a learning platform.
pub(super) const LEARNING_GROUPS: &str = r"# Which groups there are, and who is in them.
#
# `members` is the whole list, together with the users who name the group. A group without `members` and
# `match` is not emptied by anything. In the place of `[]`, an entry for each, without the `#`:
groups: []
#  - name: Forklift drivers
#    members: [ada.quist@acme.example]
#  - name: Site Oslo
#    match: { site: Oslo }             # who matches enters, who no longer does leaves
";

/// The manifest of exclusions.
pub(super) const EXCLUSIONS: &str = r"# Which logins are never tracked, whoever they belong to: the global Do Not Track rules of the account.
#
# One that would hit a tracked user is an error. In the place of `[]`, a line for each, without the `#`:
exclusions: []
#  - '*\svc-backup'                      # on every domain
#  - 'ACME\svc-deploy'                   # on one
#  - { login: '*\kiosk', state: absent } # taken back
";

/// What Git leaves alone.
pub(super) const GITIGNORE: &str =
    "# Plans, ledgers and rollback files of runs: they hold names, and lie where only runs may write.
.rollcall/
# What applies made of a sandbox.
account.state.json
# What a run that was killed had not finished writing.
.*.part
*.tmp
";

/// Who approves what.
pub(super) const CODEOWNERS: &str =
    "# Who has to approve which changes. GitHub reads this file in the root of a repository, in .github/ or
# in docs/, and holds it where the protection of the branch says so (\"Require review from Code Owners\").
# The last line that matches a file counts.
#
# Take away the `#` of a line, and write your own people or teams: made-up ones would be wrong.
#
# *                 @your-org/it          # everything, and with it who may loosen the policy
# /users.yaml       @your-org/hr
# /groups.yaml      @your-org/team-leads
# /exclusions.yaml  @your-org/it
";

/// Where editors find the schema: the YAML extension of VS Code (redhat.vscode-yaml) reads `yaml.schemas`, paths from the folder that
/// is open. Files of other tools are not named.
pub(super) const EDITOR: &str = r#"{
  "yaml.schemas": {
    "./.rollcall-schema.json": [
      "rollcall.yaml",
      "users.yaml",
      "users/*.yaml",
      "groups.yaml",
      "groups/*.yaml",
      "exclusions.yaml"
    ]
  }
}
"#;
