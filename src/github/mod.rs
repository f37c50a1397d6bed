//! What does Rollcall know of GitHub: what a workflow says, what its runner obeys, by which comment a review is known, and in which
//! issue drift is kept?
//!
//! [`INPUTS`] is what a workflow can say, [`Event`] what started it, and [`Task`] what is done then. [`Api`] asks GitHub; [`put`]
//! writes the one comment of an account, and [`ReviewKey`] signs what it shows.

mod api;
mod approval;
mod drift_marker;
mod event;
mod inputs;
mod issue;
mod merged;
mod proposal;
mod review;
mod runner;
mod sighting;
mod sticky;
mod task;

pub use api::{Api, Comment, Head, Issue, IssuePage, IssueState, Pull};
pub use approval::{approval, approver};
pub use drift_marker::{DriftMarker, Last};
pub use event::{Account, BadEvent, Branch, Event, Origin, PullRequest, Push, Started, Trigger, Visibility};
pub use inputs::{
    Accept, BadInput, Commenting, INPUTS, Input, Inputs, Lists, OUTPUTS, Order, Output, Redact, Review,
    Sandboxes,
};
pub use issue::{Watch, drift_issue, open_drift_issue};
pub use merged::pull_of;
pub use proposal::{Acceptance, Proposed, branch_of, propose, withdraw};
pub use review::{ReviewKey, Reviewed, WeakKey};
pub use runner::{annotations, outputs};
pub use sighting::{Salt, Sighting, Sightings, Upload, sightings};
pub use sticky::{About, Ours, pages, put, reviews};
pub use task::{Proposal, Refused, Task, Why};
