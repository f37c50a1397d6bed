//! What does Rollcall know of GitHub: what a workflow says, what its runner obeys, and by which comment a review is known?
//!
//! [`INPUTS`] is what a workflow can say, [`Event`] what started it, and [`Task`] what is done then. [`Api`] asks GitHub; [`put`]
//! writes the one comment of an account, and [`ReviewKey`] signs what it shows.

mod api;
mod approval;
mod event;
mod inputs;
mod merged;
mod review;
mod runner;
mod sticky;
mod task;

pub use api::{Api, Comment, Head, Pull};
pub use approval::{approval, approver};
pub use event::{Account, BadEvent, Branch, Event, Origin, PullRequest, Push, Trigger, Visibility};
pub use inputs::{
    BadInput, Commenting, INPUTS, Input, Inputs, OUTPUTS, Order, Output, Redact, Review, Sandboxes,
};
pub use merged::pull_of;
pub use review::{ReviewKey, Reviewed, WeakKey};
pub use runner::{annotations, outputs};
pub use sticky::{About, Ours, pages, put, reviews};
pub use task::{Proposal, Refused, Task, Why};
