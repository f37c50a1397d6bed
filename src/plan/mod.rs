//! Desired and observed → plan. Pure: the same inputs give the same bytes, whatever order files and pages came in.

mod types;

pub use types::{
    Base, Blocker, BlockerCode, Context, Digest, Fate, Fingerprint, LimitKind, NotWhole, Notice, Phase,
    PhaseKind, Plan, PlannedSnapshot, Reading, SetGroup, Violation, ViolationKind,
};
