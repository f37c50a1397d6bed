//! `cargo +nightly fuzz run manifest`: docs/reliability.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rollcall_fuzz::manifest(bytes));
