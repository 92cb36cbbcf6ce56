//! `cargo +nightly fuzz run log_witness --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::log_witness(data);
});
