//! How does an export of groups read on a terminal?

use std::io;

use crate::export::Upload;
use crate::render::count::counted;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::view::{Detail, View};

/// What is not known of the upload.
const UNKNOWN: &str = "The columns are those of the app's article on uploads; an older one has group_name and user_id. No document says how many \
     rows it takes, or how names are quoted: upload one group first, under Settings > Users & Groups > Groups > Create Group > \
     Upload Group.";

/// Writes what an upload makes, and what it can't do.
pub fn groups(
    out: &mut dyn io::Write,
    (upload, file): (&Upload, &str),
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let groups = counted(upload.groups, "new group", "new groups");
    let rows = counted(upload.rows.len(), "row", "rows");
    let head = match upload.groups {
        0 => {
            "The account lacks none of the groups that the upload could make: nothing was written.".to_owned()
        }
        _ => format!("{groups}, {rows} written to {file}."),
    };
    Row::new(0, 2).words(0, Tone::Strong, &head).write(out, layout, 0)?;
    if !upload.left.is_empty() {
        writeln!(out)?;
        Row::new(0, 0).then(0, Tone::Strong, "NOT BY THE UPLOAD").write(out, layout, 0)?;
        for left in &upload.left {
            let row = Row::new(0, 2).then(0, Tone::Quiet, "·");
            row.words(1, Tone::Plain, &view.phrase(left, Detail::Full)).write(out, layout, 2)?;
        }
    }
    if upload.groups > 0 {
        writeln!(out)?;
        Row::new(0, 0).words(0, Tone::Plain, UNKNOWN).write(out, layout, 0)?;
    }
    Ok(())
}
