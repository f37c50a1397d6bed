//! Tables and properties of the planner, on accounts built in memory.

mod absent;
mod agents;
mod approval;
mod automatic;
mod build;
mod coming;
mod download;
mod exports;
mod follows;
mod guards;
mod hidden;
mod lifts;
mod moves;
mod namesakes;
mod orders;
mod properties;
mod shifts;
mod sole;
mod standing;
mod tables;
mod undo;
mod unfinished;
mod ways_from;
mod ways_off;
mod ways_on;
mod ways_out;
