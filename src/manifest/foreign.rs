//! Is a file with a manifest's name one at all? Another may be anybody's and hold secrets, so nothing of it is shown.

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Source, nearest};

/// The keys that manifests begin with.
const KEYS: [&str; 8] = ["account", "include", "policy", "users", "groups", "tracking", "exclusions", "hr"];
/// So many keys tell what a file is.
const ENOUGH: usize = 64;

/// What is said of a file with errors that is no manifest, in the place of all of them: it has no key of a manifest, or more of
/// others. A slip of a key is one.
pub(super) fn not_a_manifest(source: &Source, found: &Diagnostics) -> Option<Diagnostic> {
    if found.found().iter().any(|it| it.code == Code::EmptyManifest) {
        return None;
    }
    let keys = keys(source.text());
    let known = keys.iter().filter(|key| nearest(key, KEYS).is_some()).count();
    if known > 0 && known * 2 >= keys.len() {
        return None;
    }
    let what = if known == 0 { "none" } else { "few" };
    let syntax = found.found().iter().find(|it| it.code == Code::Syntax);
    let line = syntax.and_then(|it| match it.place {
        Place::Span(span) => Some(source.locate(span.start).line),
        Place::File(_) => None,
    });
    let line = line.map(|line| format!(", and line {line} is no YAML")).unwrap_or_default();
    let message = format!(
        "this is no manifest: {what} of its keys {} a manifest's{line}",
        if known == 0 { "is" } else { "are" }
    );
    let help = format!(
        "take it out of the folder, or give it another ending; a manifest begins with one of {}",
        KEYS.map(|key| format!("`{key}:`")).join(", ")
    );
    Some(Diagnostic::new(Code::NotAManifest, Place::file(source.path()), message).help(help))
}

/// Whether a file names an account, as far as it can be told of what may be no YAML.
pub(super) fn names_account(text: &str) -> bool {
    keys(text).contains(&"account")
}

/// The first keys of a file, whether or not the rest of it is YAML.
fn keys(text: &str) -> Vec<&str> {
    match text.trim_start().strip_prefix('{') {
        Some(flow) => of_flow(flow),
        None => of_block(text),
    }
}

/// Keys that stand as far left as the first.
fn of_block(text: &str) -> Vec<&str> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let says = |line: &&str| {
        !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']) && !line.starts_with("---")
    };
    let mut lines = text.lines().filter(says).peekable();
    let Some(first) = lines.peek().map(|line| indentation(line)) else { return Vec::new() };
    let keys = lines.filter(|line| indentation(line) == first && !line.trim_start().starts_with("- "));
    keys.filter_map(key).take(ENOUGH).collect()
}

/// Keys between the first brace and its end.
fn of_flow(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut from, mut found) = (0_usize, None, Some(0), Vec::new());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open && before != '\\' => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') if depth == 0 => break,
            (None, '}' | ']') => depth -= 1,
            (None, ',') if depth == 0 => from = Some(at + 1),
            (None, ':') if depth == 0 => {
                found.extend(from.take().and_then(|from| text.get(from..=at)).and_then(key));
            }
            (Some(_) | None, _) => {}
        }
        if found.len() == ENOUGH {
            break;
        }
        before = c;
    }
    found
}

/// What stands before the first colon.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once([':', '\u{ff1a}'])?;
    Some(key.trim().trim_start_matches(|c: char| !c.is_alphanumeric() && c != '"').trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::civil::date;

    use super::*;
    use crate::diag::Sources;
    use crate::manifest::{self, Exports, load};

    fn is_foreign(text: &str) -> bool {
        let mut sources = Sources::default();
        not_a_manifest(sources.add("a.yaml", text).unwrap(), &Diagnostics::default()).is_some()
    }

    #[test]
    fn what_has_no_key_of_a_manifest_or_more_of_others_is_none() {
        for foreign in [
            "apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: a\n  user: { token: S3CRET }\n",
            "ACTIVTRAK_API_KEY=live_k3y\nOTHER=2\n",
            "[core]\n\turl = https://token:S3CRET@gitlab.example.com/a.git\n",
            "{\"type\":\"external_account\",\"users\":{\"groups\":1},\"audience\":\"S3CRET\"}",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n",
            "- name: deploy\n  password: S3CRET\n",
            "S3CRET",
            "token: S3CRET",
            "# users: here\npassword: |\n  users: x\n",
        ] {
            assert!(is_foreign(foreign), "{foreign}");
        }
        for manifest in [
            "users:\n- upn: a@b.c\n  x: [\n",
            "# a comment\n---\n  usres:\n  - x: 1\n",
            "{ users: [{ upn: 'a}b' }], foo: 1 }",
            "{ users: [], a: http://b:1 }",
            "{\"account\": {\"name\": \"a\"}, \"users\": [",
            "salaries: 1\ngroups: []\n",
            "\u{200b}users:\n",
            "users\u{ff1a}\n",
            "'hr': {}\n",
        ] {
            assert!(!is_foreign(manifest), "{manifest}");
        }
    }

    #[test]
    fn of_a_file_that_is_no_manifest_no_word_is_shown() {
        for text in [
            "token: S3CRET\n",
            "S3CRET: [\n",
            "- S3CRET\n",
            "{\"S3CRET\": \"S3CRET\", \"a\": 1, \"users\": S3CRET}",
            "a: 'S3CRET\n",
            "users: S3CRET\nS3CRET: &S3CRET x\nb: *S3CRET\n",
            "\u{a0}S3CRET: 1\n",
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("a.yaml"), text).unwrap();
            let loaded = load(folder.path(), date(2026, 5, 10), &Exports::default());
            let mut of_file = loaded.diagnostics.iter().filter(|it| it.code != Code::MissingAccount);
            let one = of_file.next().unwrap();
            assert!(of_file.next().is_none(), "{:?}", loaded.diagnostics);
            // No lines are shown where a place is the whole file.
            assert!(one.code == Code::NotAManifest && matches!(one.place, Place::File(_)), "{one:?}");
            assert!(!format!("{one:?}").contains("S3CRET"), "{one:?}");
        }
    }

    #[test]
    fn the_keys_are_those_of_the_schema() {
        let schema = manifest::schema();
        let known: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut keys = KEYS;
        keys.sort_unstable();
        let mut known = known;
        known.sort_unstable();
        assert_eq!(keys[..], known[..]);
    }
}
