//! `cargo +nightly fuzz run roster_rows --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::roster_rows(data);
});
