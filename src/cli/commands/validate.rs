//! `rollcall validate`: everything that can be said of manifests without an account.

use std::io::Write;

use crate::cli::args::{Start, Validate};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::memory::abandon;
use crate::cli::product::output;
use crate::cli::session::{clock, diagnostics};
use crate::manifest::{self, Loaded};
use crate::model::Dates;
use crate::render::{self, json, visible};

/// Says all that was found, on stdout: it is the product.
pub(crate) fn run(cx: &Context, args: &Validate) -> Result<Exit, Failure> {
    let Validate { manifests, exports, json } = args;
    let gathered = manifest::gather(&manifests.path, &exports.exports()?);
    let now = clock::now(cx, manifests, &gathered, Some(Start::WhereLeft));
    let loaded = gathered.judge(Dates::of(now));
    exports.check(&loaded)?;
    let Loaded { sources, desired, diagnostics: found, .. } = loaded;
    if let Some(path) = json {
        let document = output::bytes(|out| json::diagnostics(out, &found, &sources, manifests.redaction()))?;
        output::write(cx, path, &document)?;
    }
    if !json.as_deref().is_some_and(output::is_stdout) {
        let mut text =
            diagnostics::text(&found, &sources, manifests, cx.layout().colour).map_err(Failure::error)?;
        for export in desired.iter().flat_map(|desired| &desired.exports) {
            let line = format!("{}: {}", export.file, render::counted(export));
            writeln!(text, "{}", visible(&line)).map_err(Failure::error)?;
        }
        let (path, files) = (manifests.path.display().to_string(), sources.texts().count());
        let files = if files == 1 { "1 manifest".to_owned() } else { format!("{files} manifests") };
        writeln!(text, "{}: {files}, {}", visible(&path), diagnostics::tally(&found))
            .map_err(Failure::error)?;
        output::print(cx, &text)?;
    }
    let exit = if desired.is_some() { Exit::Done } else { Exit::Error };
    abandon((sources, desired));
    Ok(exit)
}
