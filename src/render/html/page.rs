//! What does a page show besides the plan?

use crate::apply::{Forecast, Report};
use crate::model::Observed;

/// What a page shows besides the plan.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// That the account is not what anybody would think.
    pub banner: Option<&'a str>,
    /// What the plan takes.
    pub forecast: &'a Forecast,
    /// The account that it is a plan for.
    pub observed: &'a Observed,
    /// What became of it, where it was carried out.
    pub report: Option<&'a Report>,
}
