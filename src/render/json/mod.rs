//! Plans and reports as versioned JSON: types of their own, so that no internal name becomes a promise.

mod accounts;
mod adopt;
mod diagnostics;
pub(crate) mod document;
mod explain;
mod harmless;
mod import;
mod init;
mod list;
mod lower;
mod proposal;
mod read;
mod rehearsal;
mod report;
mod request;
mod requirements;
mod result;

use std::io;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use crate::apply::Forecast;
use crate::plan::Plan;
use crate::render::json::harmless::write;
use crate::render::view::View;

pub(crate) use accounts::because;
pub use accounts::{Account, Accounts, Kind as AccountKind, accounts, accounts_document};
pub use adopt::adopt;
pub use diagnostics::diagnostics;
pub use document::{Document, Status};
pub use explain::explain;
pub(crate) use harmless::{in_a_line, write as value};
pub use import::import;
pub use init::init;
pub use list::{Counted, Listed, counted, list};
pub use lower::document;
pub use proposal::proposal;
pub use read::{SavedPlan, Unreadable, read};
pub use rehearsal::rehearsal;
pub use report::{Report, report};
pub use request::request;
pub use requirements::requirements;
pub use result::{AccountResult, Counts, RESULT_VERSION, result};

/// Writes a plan as `plan.v1`. `forecast` is what it takes to apply it, where that is known.
pub fn plan(
    out: &mut dyn io::Write,
    plan: &Plan,
    view: &View<'_>,
    forecast: Option<&Forecast>,
) -> io::Result<()> {
    write(out, &document(plan, view, forecast))
}

/// The JSON Schema of `plan.v1`, as `schemas/plan.v1.json` holds it.
pub fn plan_schema() -> String {
    schema::<Document>()
}

/// The JSON Schema of `report.v1`, as `schemas/report.v1.json` holds it.
pub fn report_schema() -> String {
    schema::<Report>()
}

/// The JSON Schema of `list.v1`, as `schemas/list.v1.json` holds it.
pub fn list_schema() -> String {
    schema::<list::List>()
}

/// The JSON Schema of `explain.v1`, as `schemas/explain.v1.json` holds it.
pub fn explain_schema() -> String {
    schema::<explain::Explanation>()
}

/// The JSON Schema of `request.v1`, as `schemas/request.v1.json` holds it.
pub fn request_schema() -> String {
    schema::<request::Document>()
}

/// The JSON Schema of `import.v1`, as `schemas/import.v1.json` holds it.
pub fn import_schema() -> String {
    schema::<import::Document<'static>>()
}

/// The JSON Schema of `rehearsal.v1`, as `schemas/rehearsal.v1.json` holds it.
pub fn rehearsal_schema() -> String {
    schema::<rehearsal::Document>()
}

/// The JSON Schema of `test.v1`, as `schemas/test.v1.json` holds it.
pub fn test_schema() -> String {
    schema::<requirements::Document<'static>>()
}

/// The JSON Schema of `adopt.v1`, as `schemas/adopt.v1.json` holds it.
pub fn adopt_schema() -> String {
    schema::<adopt::Document<'static>>()
}

/// The JSON Schema of `init.v1`, as `schemas/init.v1.json` holds it.
pub fn init_schema() -> String {
    schema::<init::Document<'static>>()
}

/// The JSON Schema of `map.v1`, as `schemas/map.v1.json` holds it.
pub fn map_schema() -> String {
    schema::<proposal::Document<'static>>()
}

/// The JSON Schema of `accounts.v1`, as `schemas/accounts.v1.json` holds it.
pub fn accounts_schema() -> String {
    schema::<Accounts>()
}

/// The JSON Schema of `result.v1`, as `schemas/result.v1.json` holds it.
pub fn result_schema() -> String {
    schema::<AccountResult>()
}

fn schema<T: JsonSchema>() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    format!("{:#}\n", generator.into_root_schema_for::<T>().as_value())
}
