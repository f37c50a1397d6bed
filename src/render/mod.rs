//! Values become bytes: one file per format, every function writes to an `io::Write`.
//!
//! What a person may see is decided once, in [`View`]; what would act on a terminal or in Markdown is made visible once,
//! in `escape`; and all that is printed leaves through one [`Sanitizer`]. [`text`], [`markdown`] and [`report`] lay out the same rows in the same words.

pub mod accounts;
pub mod adopt;
mod asked;
mod count;
mod cut;
pub mod diagnostics;
pub mod difference;
mod effort;
mod escape;
pub mod explain;
pub mod export;
mod exports;
pub mod html;
pub mod import;
pub mod init;
pub mod json;
mod late;
mod layout;
pub mod list;
pub mod markdown;
mod marker;
mod meaning;
pub mod merged;
mod outline;
pub mod proposal;
pub mod rehearsal;
pub mod remarks;
pub mod report;
pub mod request;
pub mod requirements;
pub mod rollbacks;
mod sanitize;
pub mod selection;
mod table;
#[cfg(test)]
mod tests;
pub mod text;
mod unsaid;
mod uploaded;
mod verdict;
mod view;
mod way_back;
mod words;

pub use asked::asked;
pub use cut::cut;
pub use escape::visible;
pub(crate) use escape::{code_block, code_span};
pub use exports::counted;
pub use layout::{Colour, Layout};
pub use marker::{Marker, Validity, page_of};
pub(crate) use marker::{marker_line, marker_said};
pub use outline::set_heading;
pub use remarks::{Level, Remark};
pub use sanitize::{Sanitizer, is_harmless, through};
pub use table::TableForm;
pub use view::{Aim, Detail, Redaction, View};
pub(crate) use way_back::quoted;
pub use way_back::{Leads, WayBack};
pub use words::blocked_by;
