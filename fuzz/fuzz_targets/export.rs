//! `cargo +nightly fuzz run export`: docs/reliability.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rollcall_fuzz::export(bytes));
