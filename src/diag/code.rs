//! Which problems are there, and how does each read?

use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No plan is made.
    Error,
    /// Worth a look; the run goes on.
    Warning,
}

/// Builds [`Code`] from the table below. An explanation is one Markdown file per code, `explain/NAME.md`: why it is a
/// problem, an example that shows it, and the way out.
macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $summary:literal)*) => {
        /// Which problem. The names are public: people search for them and `docs/diagnostics.md` explains each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The public name, in kebab case.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How bad it is, unless a rule raises it.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// What is wrong, in one line.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),* }
            }

            /// Why it is a problem, an example and the way out, in Markdown.
            pub const fn explain(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    // Finding and reading files: manifest::files.
    NoManifests "no-manifests" Error "no manifest was found below the path"
    Unreadable "unreadable" Error "a file or folder could not be read"
    NotAFile "not-a-file" Error "something that is no regular file has a manifest's name"
    LinkLeavesRepository "link-leaves-repository" Error "a link or path leads out of the repository"
    HiddenPath "hidden-path" Error "a manifest names a hidden file, or one in a hidden folder"
    NotATable "not-a-table" Error "a source names a file that is not named as an export is"
    NotAManifest "not-a-manifest" Error "a file with a manifest's name is something else"
    LinkLoop "link-loop" Error "a link leads back to a folder above it"
    LfsPointer "lfs-pointer" Error "the file is a Git LFS pointer, not its content"
    NotUtf8 "not-utf8" Error "the file is not UTF-8"
    TooLarge "too-large" Error "a manifest, or all of them together, is too large"

    // Reading YAML: manifest::yaml.
    Syntax "syntax" Error "the file is not well-formed YAML"
    ControlCharacter "control-character" Error "text holds a control character"
    TooDeep "too-deep" Error "lists and mappings are nested too deeply"
    TooManyNodes "too-many-nodes" Error "one file holds too many values"
    TooLong "too-long" Error "a text is too long"
    TooManyProblems "too-many-problems" Error "one file has more problems than are listed"
    AnchorOrAlias "anchor-or-alias" Error "anchors and aliases are not supported"
    Tag "tag" Error "tags are not supported"
    MergeKey "merge-key" Error "merge keys are not supported"
    SecondDocument "second-document" Error "a file holds more than one document"
    EmptyManifest "empty-manifest" Error "a manifest says nothing"

    // Shapes: manifest::yaml, by the types of manifest::raw.
    KeyNotText "key-not-text" Error "a key is not text"
    DuplicateKey "duplicate-key" Error "a key is written twice"
    UnknownKey "unknown-key" Error "there is no such key here"
    EmptyValue "empty-value" Error "a key or list item has nothing after it"
    WrongType "wrong-type" Error "a value has the wrong shape"
    UnknownValue "unknown-value" Error "the value is none of those allowed here"
    OddText "odd-text" Error "a text holds what nobody sees, or what it was copied with"
    InvalidValue "invalid-value" Error "the value cannot be used here"

    // One entry: manifest::lower.
    MissingKey "missing-key" Error "a key that must be here is missing"
    ConflictingKeys "conflicting-keys" Error "two keys of one entry contradict each other"
    MisplacedInclude "misplaced-include" Error "`include` stands in a manifest without `account`"
    AddsNothing "adds-nothing" Warning "an empty list where lists only add"
    NoIdentifier "no-identifier" Error "a user has no UPN, email, employee ID or device login"
    DeviceLoginOnly "device-login-only" Warning "a device login is all a user is known by"
    HrRename "hr-rename" Error "an HR group is renamed without `recreate: true`"

    // Across entries: manifest::rules.
    MissingAccount "missing-account" Error "no manifest says which account it is"
    SaidTwice "said-twice" Error "`account` or `policy` stands in two manifests"
    NothingDeclared "nothing-declared" Error "the manifests declare nothing"
    TooFewUsers "too-few-users" Error "fewer users are declared than `policy.minimum` asks for"
    DuplicateIdentifier "duplicate-identifier" Error "two users claim one identifier"
    DuplicateName "duplicate-name" Error "two users have one display name"
    DuplicateGroup "duplicate-group" Error "a group is declared twice"
    FormerlyClash "formerly-clash" Error "a former name or identifier is claimed twice"
    StillHeld "still-held" Error "a user releases an identifier that the same entry declares"
    ListedTwice "listed-twice" Warning "a list holds the same thing twice"
    LooksAlike "looks-alike" Warning "two users or two groups differ in spelling alone"
    MaybeMisspelt "maybe-misspelt" Warning "a name matches nothing declared but almost something"
    UnknownProtected "unknown-protected" Warning "something protected is not declared"
    UnknownAttribute "unknown-attribute" Warning "a rule asks for an attribute that no user has"
    UnmatchedValue "unmatched-value" Warning "a rule asks for a value that no user has"
    DeletedGroupNamed "deleted-group-named" Error "a user or a group names a group that is to be deleted"
    MembershipCircle "membership-circle" Error "a group would have its own users by way of others"
    FormerNameUsed "former-name-used" Error "`membersOf` names a group as it was called before"
    LeaverListed "leaver-listed" Warning "a group lists a user who is to be removed"
    OrderInFuture "order-in-future" Error "an order is dated in the future"
    OrderExpired "order-expired" Warning "an order is too old to do anything"
    ContradictingExclusions "contradicting-exclusions" Error "an exclusion is both present and absent"
    ExclusionHitsUser "exclusion-hits-user" Error "an exclusion would stop the tracking of a user declared as tracked"
    // HR exports: manifest::export.
    NoExport "no-export" Error "an HR source has no file"
    DuplicateSource "duplicate-source" Error "two HR sources have one name"
    EmptyExport "empty-export" Error "an export has no row that counts"
    UnknownColumn "unknown-column" Error "an export does not have a column, or has it twice"
    BrokenRow "broken-row" Error "a row of an export is not whole"
    NoSuchCell "no-such-cell" Warning "a source asks for a value that no row has"
    UnmatchedPattern "unmatched-pattern" Error "a pattern matches no cell of its column, or not all"
    UnmatchedLookup "unmatched-lookup" Error "cells name rows that are not in the file"
    IncompleteName "incomplete-name" Warning "a part of a name is empty, or can't be told from the other"
    InvalidCell "invalid-cell" Error "a cell of an export cannot be used"
    SharedIdentifier "shared-identifier" Error "rows of several people have one identifier"
    GuessedEncoding "guessed-encoding" Warning "the encoding of an export is a guess, and what a cell says hangs on it"
    ConflictingRows "conflicting-rows" Error "two things are said of one user"
    ExportClash "export-clash" Error "rows name a group that a manifest declares otherwise"
    GroupSpelling "group-spelling" Warning "rows write the name of one group in two ways"
    UndatedRemoval "undated-removal" Error "a row removes a user, and nothing says when that was decided"
    TooFewRows "too-few-rows" Error "an export has fewer rows or groups than expected"

    // Across entries, of HR snapshots: manifest::rules.
    LeftOutAndDeclared "left-out-and-declared" Error "`hr.leaveOut` names a group that is declared"
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))));
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn a_summary_is_a_lower_case_fragment() {
        for code in Code::ALL {
            assert!(!code.summary().ends_with('.'), "{code}");
            assert!(code.summary().starts_with(|first: char| first.is_lowercase() || first == '`'), "{code}");
        }
    }

    #[test]
    fn an_explanation_has_an_example() {
        for code in Code::ALL {
            assert!(code.explain().matches("```").count() >= 2, "{code} has no example");
            assert!(code.explain().ends_with('\n') && !code.explain().starts_with('#'), "{code}");
        }
    }
}
