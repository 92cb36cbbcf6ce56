//! `cargo +nightly fuzz run survey_receipt --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::survey_receipt(data);
});
