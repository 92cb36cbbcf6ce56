//! `cargo +nightly fuzz run workday --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::workday(data);
});
