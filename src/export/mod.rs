//! What of what manifests ask for can files do that somebody uploads?
//!
//! `upload` is for ActivTrak's app, whose upload makes groups. `uploads` is for the pages of a learning platform: whom a plan creates or
//! puts into groups as files (`person` a row, `column` what stands in it, `rules` what it may hold, `parts` how large a file is, `names`
//! what it is called), and what no file does as steps by hand.

mod column;
mod names;
mod parts;
mod person;
mod rules;
mod upload;
mod uploads;

pub use column::{BadColumn, Cell, Column, of_associations, of_users};
pub use rules::Rules;
pub use upload::{Upload, groups};
pub use uploads::{UploadFile, Uploads};
