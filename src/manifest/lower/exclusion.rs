//! Who is never tracked?

use crate::diag::Diagnostics;
use crate::manifest::lower::field::required;
use crate::manifest::lower::text::{EXCLUSION, LIFTED_EXCLUSION};
use crate::manifest::raw;
use crate::manifest::yaml::{Either, Spanned};
use crate::model::{DesiredExclusion, ExclusionState};

/// Lowers one exclusion.
pub(super) fn lower(it: Spanned<raw::Exclusion>, found: &mut Diagnostics) -> Option<DesiredExclusion> {
    let (span, written) = (it.span, it.written);
    let (login, state) = match it.value {
        Either::Scalar(login) => (Spanned { value: login, span, written }, ExclusionState::Present),
        Either::Mapping(raw::ExclusionEntry { login, state }) => {
            let state = state.given().map_or(ExclusionState::Present, |state| state.value.into());
            (required(login, "login", span, found)?, state)
        }
    };
    let kind = if state == ExclusionState::Absent { LIFTED_EXCLUSION } else { EXCLUSION };
    Some(DesiredExclusion { login: kind.one(&login, found)?, state })
}

impl From<raw::ExclusionState> for ExclusionState {
    fn from(raw: raw::ExclusionState) -> Self {
        match raw {
            raw::ExclusionState::Present => Self::Present,
            raw::ExclusionState::Absent => Self::Absent,
        }
    }
}
