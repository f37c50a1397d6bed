//! Tables and properties of the planner, on accounts built in memory.

mod agents;
mod automatic;
mod build;
mod exports;
mod moves;
mod orders;
mod properties;
mod tables;
