//! `cargo +nightly fuzz run download`: docs/reliability.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rollcall_fuzz::download(bytes));
