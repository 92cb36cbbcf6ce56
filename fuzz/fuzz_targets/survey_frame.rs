//! `cargo +nightly fuzz run survey_frame --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::survey_frame(data);
});
