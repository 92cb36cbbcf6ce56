//! Tables as Parquet.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{Kind, ParquetFile};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const MOST: u64 = 1 << 30;

    fn write(file: &Path, rows: u32) {
        let columns = [("id", Kind::Whole), ("name", Kind::Text), ("share", Kind::Real)];
        let mut out = ParquetFile::create(file, &columns).expect("the file is created");
        for n in 0..rows {
            let id = if n % 3 == 0 { String::new() } else { n.to_string() };
            let name = if n % 5 == 0 { String::new() } else { format!("大盈村, \"{n}\"") };
            out.row([id.as_str(), &name, &format!("0.{n:06}")].into_iter()).expect("a row");
        }
        out.end().expect("the file is written");
    }

    #[test]
    fn what_is_written_is_read_again_over_the_edges_of_groups_and_batches() {
        let work = tempfile::tempdir().expect("a folder for the test");
        let file = work.path().join("t.parquet");
        write(&file, 120_001);
        let (csv, whole) = read(&file, &["name", "id", "other"], MOST).expect("it is read");
        assert_eq!(whole, ["id"]);
        let csv = String::from_utf8(csv).expect("UTF-8");
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some("id,name"));
        assert_eq!(lines.next(), Some(","));
        assert_eq!(lines.next(), Some("1,\"大盈村, \"\"1\"\"\""));
        assert_eq!(lines.clone().count(), 119_999);
        assert_eq!(lines.last(), Some(","), "the number 120,000 can be divided by three and by five");
        let (csv, _) = read(&file, &["share"], MOST).expect("it is read");
        assert!(csv.ends_with(b"\n0.119999\n0.12\n"));
        let said = read(&file, &["name"], 1 << 20).expect_err("too long").to_string();
        assert!(said.ends_with("divide it here"), "{said}");
    }

    #[test]
    fn a_damaged_file_is_an_error_or_another_table_and_never_a_panic() {
        let work = tempfile::tempdir().expect("a folder for the test");
        let file = work.path().join("t.parquet");
        write(&file, 40);
        let sound = std::fs::read(&file).expect("the file");
        for at in 0..sound.len() {
            let mut broken = sound.clone();
            broken[at] ^= 0x55;
            std::fs::write(&file, broken).expect("the file is written");
            let _ = read(&file, &["id", "name", "share"], MOST);
            std::fs::write(&file, &sound[..at]).expect("the file is written");
            assert!(read(&file, &["id"], MOST).is_err(), "cut at {at}");
        }
    }
}
