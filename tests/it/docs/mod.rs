//! What the documents say is so: commands run, examples settle, links lead somewhere, named tests are there.

mod commands;
mod diagnostics;
mod examples;
mod fleet;
mod manifest;
mod repository;
mod sandbox;
mod text;
