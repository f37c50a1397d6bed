//! Whose tracking does a rule set, and to what?

use crate::diag::Diagnostics;
use crate::manifest::lower::field::required;
use crate::manifest::lower::rule;
use crate::manifest::raw;
use crate::manifest::yaml::Spanned;
use crate::model::TrackingRule;

/// Lowers one rule; none if it can't be said whom it is about, or what it sets.
pub(super) fn lower(it: Spanned<raw::TrackingRule>, found: &mut Diagnostics) -> Option<TrackingRule> {
    let (span, origin) = (it.span, it.origin());
    let raw::TrackingRule { rule, state, because } = it.value;
    let rule =
        required(rule, "match", span, found).and_then(|rule| rule::lower(rule, rule::Of::Other, found));
    let state = required(state, "state", span, found);
    let because = because.given().map(|because| because.value);
    Some(TrackingRule { origin, rule: rule?, state: state?.value.into(), because })
}
