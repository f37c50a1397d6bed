//! How does a report say what leads back?

use std::io;

use crate::render::count::counted;
use crate::render::escape::acts;

/// The file that a run left for going back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Where it is.
    pub file: String,
    /// How much of the run it can't bring back.
    pub lost: usize,
    /// Whether it brings anything back.
    pub leads: Leads,
}

/// Where a rollback file leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// Back, but for what is listed.
    Back,
    /// Nowhere: all that was changed is listed as lost.
    Nowhere,
}

impl WayBack {
    /// For a terminal.
    pub fn text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let file = quoted(&self.file);
        match (self.leads, self.lost) {
            (Leads::Nowhere, _) => writeln!(out, "\nNothing of this can be brought back: {file} says why."),
            (Leads::Back, 0) => writeln!(out, "\nTo go back: rollcall rollback {file}"),
            (Leads::Back, lost) => {
                let lost = counted(lost, "thing", "things");
                writeln!(
                    out,
                    "\nTo go back: rollcall rollback {file}\n  It can't bring back {lost}, listed in it."
                )
            }
        }
    }
}

/// As a shell takes it. What acts instead of being seen is an escape, which shells know between `$'` and `'`.
pub(crate) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-/\\:=".contains(c);
    if path.contains(acts) {
        let shown = |c: char| match c {
            '\'' | '\\' => format!("\\{c}"),
            _ if acts(c) => format!("\\U{:08x}", u32::from(c)),
            _ => c.to_string(),
        };
        format!("$'{}'", path.chars().map(shown).collect::<String>())
    } else if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_a_shell_takes_it() {
        assert_eq!(quoted("a/.rollcall/b-1.yaml"), "a/.rollcall/b-1.yaml");
        assert_eq!(quoted("my team's/b.yaml"), "'my team'\\''s/b.yaml'");
        assert_eq!(quoted("a\n'\u{1b}\\b"), "$'a\\U0000000a\\'\\U0000001b\\\\b'");
    }
}
