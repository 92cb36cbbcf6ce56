//! `cargo +nightly fuzz run link_config --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    linli_fuzz::targets::link_config(data);
});
