//! What does Rollcall know of GitHub: what a workflow says, and what its runner obeys?

mod inputs;

pub use inputs::{
    BadInput, Commenting, INPUTS, Input, Inputs, OUTPUTS, Order, Output, Redact, Review, Sandboxes,
};
