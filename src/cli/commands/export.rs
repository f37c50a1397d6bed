//! `rollcall export`: files for uploads in the app.

use crate::cli::args::ExportGroups;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::manifests::whole;
use crate::cli::session::{clock, download};
use crate::export;
use crate::manifest::{self, Exports};
use crate::model::Dates;
use crate::render::{self, View};
use crate::run::write_private;

/// The columns of the upload.
const COLUMNS: [&str; 3] = ["group_name", "member_type", "member_id"];

/// Writes the file that makes the declared groups which the account lacks.
pub(crate) fn groups(cx: &Context, args: &ExportGroups) -> Result<Exit, Failure> {
    let manifests = &args.manifests;
    let gathered = manifest::gather(&manifests.path, &Exports::default());
    let now = clock::now(cx, manifests, &gathered, None);
    let (sources, desired) = whole(cx, &manifests.path, manifests, gathered.judge(Dates::of(now)))?;
    download::is_of(&args.observed, &desired.account)?;
    let roster = download::roster(&args.observed, &desired.account.hr_group_type)?;
    let upload = export::groups(&desired, &roster.account);
    if upload.groups > 0 {
        let mut file = csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(COLUMNS.map(str::to_owned)).chain(upload.rows.iter().cloned()) {
            file.write_record(&row).map_err(Failure::error)?;
        }
        let bytes = file.into_inner().map_err(|error| Failure::error(error.into_error()))?;
        write_private(&args.out, &bytes)?;
    }
    let view = View::new(&sources, manifests.redaction());
    let file = args.out.display().to_string();
    output::stream(cx, |out| render::export::groups(out, (&upload, &file), &view, cx.layout()))?;
    Ok(Exit::Done)
}
