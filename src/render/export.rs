//! How does an export of groups read on a terminal?

use std::io;

use crate::export::{Upload, UploadFile};
use crate::plan::{Manual, Plan};
use crate::render::count::counted;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::outline::Outline;
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

/// What is not known of files for a learning platform.
const UNSURE: &str = "No document has the columns that the platform expects: compare them with its sample CSV file, and map them where it asks. \
     Afterwards export the lists again, and plan: what did not come about is in the plan again.";

/// Writes which files were written for a learning platform, with their rows, and what no file does.
pub fn uploads(
    out: &mut dyn io::Write,
    (files, clicks, plan): (&[(String, &UploadFile)], &[Manual], &Plan),
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    if files.is_empty() {
        Row::new(0, 2)
            .words(0, Tone::Strong, "No file is needed: nothing was written.")
            .write(out, layout, 0)?;
    } else {
        Row::new(0, 0).then(0, Tone::Strong, "TO UPLOAD").write(out, layout, 0)?;
    }
    for (path, file) in files {
        let bytes = counted(file.bytes.len(), "byte", "bytes");
        let size = format!("{}, {bytes}", counted(file.rows, "row", "rows"));
        let row = Row::new(2, 4).signed(Tone::Added, "+").words(0, Tone::Plain, path);
        let group = file.group.as_ref().map(|group| format!("into {group}"));
        let row = group.iter().fold(row, |row, group| row.words(3, Tone::Plain, group));
        row.words(3, Tone::Quiet, &size).write(out, layout, 0)?;
    }
    let formulas: usize = files.iter().map(|(_, file)| file.formulas).sum();
    if formulas > 0 {
        let cells = counted(formulas, "cell begins", "cells begin");
        let words = format!(
            "{cells} with =, +, - or @, as the platform has it: upload the files as they are, and open none in a spreadsheet."
        );
        writeln!(out)?;
        Row::new(0, 0).words(0, Tone::Strong, &words).write(out, layout, 0)?;
    }
    if !clicks.is_empty() {
        writeln!(out)?;
        Row::new(0, 0).then(0, Tone::Strong, "NOT BY A FILE").write(out, layout, 0)?;
        let outline = Outline::new(plan, view);
        for row in clicks.iter().flat_map(|click| outline.manual(click)) {
            row.write(out, layout, 2)?;
        }
    }
    if !files.is_empty() {
        writeln!(out)?;
        Row::new(0, 0).words(0, Tone::Plain, UNSURE).write(out, layout, 0)?;
    }
    Ok(())
}
