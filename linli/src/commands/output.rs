//! Files that a command writes: beside their place until they are whole, and never over what the command reads.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Outcome};

/// A file that takes its name when it is finished; until then whatever stands there stays.
pub(super) struct NewFile {
    path: PathBuf,
    /// Where it grows, and where it goes; nothing for pipes and devices, which are written as they are.
    grows: Option<(PathBuf, PathBuf)>,
    out: BufWriter<File>,
}

impl NewFile {
    /// Begins a file.
    ///
    /// # Errors
    /// `cli-out-is-input` where it is one of the files read, by whatever name; a file that cannot be created.
    pub fn create(path: &Path, inputs: &[&Path]) -> Outcome<Self> {
        apart(path, inputs)?;
        let there = fs::metadata(path).ok();
        let (file, grows) = if there.is_some_and(|there| !there.is_file()) {
            (File::create(path).map_err(Failure::file(path))?, None)
        } else {
            // What a link points to is replaced, not the link.
            let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            let mut name = std::ffi::OsString::from(".");
            name.push(place.file_name().unwrap_or_default());
            name.push(format!(".{}.part", std::process::id()));
            let grows = place.with_file_name(name);
            (File::create(&grows).map_err(Failure::file(path))?, Some((grows, place)))
        };
        Ok(NewFile { path: path.to_owned(), grows, out: BufWriter::with_capacity(1 << 16, file) })
    }

    /// It is whole: it takes its name.
    ///
    /// # Errors
    /// A file that cannot be written to its end.
    pub fn finish(mut self) -> Outcome {
        self.out.flush().map_err(Failure::file(&self.path))?;
        if let Some((grows, place)) = self.grows.take()
            && let Err(e) = fs::rename(&grows, &place)
        {
            self.grows = Some((grows, place));
            return Err(Failure::File(self.path.clone(), e));
        }
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What was not finished goes.
impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some((grows, _)) = &self.grows {
            let _ = fs::remove_file(grows);
        }
    }
}

/// Refuses to write over a file that is read.
///
/// # Errors
/// `cli-out-is-input`.
pub(super) fn apart(out: &Path, inputs: &[&Path]) -> Outcome {
    match inputs.iter().find(|input| is_same(out, input)) {
        Some(_) => Err(Failure::say("cli-out-is-input").arg("file", out.display())),
        None => Ok(()),
    }
}

/// Whether two names are of one file that is there.
fn is_same(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let place = |path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|at| (at.dev(), at.ino()));
        place(a).is_some_and(|one| Some(one) == place(b))
    }
    #[cfg(not(unix))]
    {
        fs::canonicalize(a).is_ok_and(|one| fs::canonicalize(b).is_ok_and(|other| one == other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_its_name_when_it_is_whole_and_never_over_what_is_read() {
        let work = tempfile::tempdir().unwrap();
        let (input, out, link) = (work.path().join("in.csv"), work.path().join("out.csv"), work.path().join("l.csv"));
        fs::write(&input, "read").unwrap();
        fs::write(&out, "before").unwrap();
        fs::hard_link(&input, &link).unwrap();
        let dotted = work.path().join(".").join("in.csv");
        for same in [&input, &dotted, &link] {
            assert!(NewFile::create(same, &[&out, &input]).is_err());
        }
        let mut file = NewFile::create(&out, &[&input]).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&out).unwrap(), "before");
        let mut file = NewFile::create(&out, &[&input]).unwrap();
        file.write_all(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "whole");
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 3);
    }
}
