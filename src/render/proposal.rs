//! How does a proposed mapping read? YAML to be pasted, with why each line is there; what is uncertain stands in comments.

use std::io::{self, Write};

use crate::model::{Certainty, Proposal};

/// Writes a proposal as a manifest.
///
/// # Errors
/// Whatever `out` refuses.
pub fn proposal(out: &mut dyn Write, proposal: &Proposal) -> io::Result<()> {
    let rows = super::count::counted(usize::try_from(proposal.rows).unwrap_or(usize::MAX), "row", "rows");
    writeln!(
        out,
        "# Proposed by `rollcall hr map`, of {rows}. Read every line: what is uncertain is a comment, and yours to decide."
    )?;
    writeln!(out, "hr:\n  sources:\n    - name: {}", proposal.name)?;
    for suggestion in &proposal.suggestions {
        for line in suggestion.why.lines() {
            writeln!(out, "      # {line}")?;
        }
        let mark = if suggestion.certainty == Certainty::Asked { "# " } else { "" };
        for line in suggestion.yaml.lines() {
            writeln!(out, "      {mark}{line}")?;
        }
    }
    Ok(())
}
