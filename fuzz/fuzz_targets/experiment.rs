//! `cargo +nightly fuzz run experiment --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::experiment(data);
});
