//! `cargo +nightly fuzz run scan fuzz/corpus/manifest`: docs/reliability.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rollcall_fuzz::scan(bytes));
