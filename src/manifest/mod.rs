//! YAML and CSV manifests become the desired account, with every diagnostic at once.

pub mod files;
pub mod yaml;
