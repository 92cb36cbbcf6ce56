//! `cargo +nightly fuzz run roster_tables --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::roster_tables(data);
});
