//! Rollcall keeps an ActivTrak account equal to YAML manifests in Git.
