//! `linli papers privacy`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use linli_platform::texts::T;

use crate::{
    failure::{Failure, Outcome},
    privacy::{self, Form, PaperKind},
    start::Started,
};

/// Writes the record of processing and the impact assessment into a folder, as PDF and as Word.
///
/// # Errors
/// `fonts-missing`; a folder that cannot be written.
pub fn privacy(started: &Started, out: &Path, t: &T) -> Outcome {
    fs::create_dir_all(out).map_err(Failure::file(out))?;
    for kind in PaperKind::ALL {
        for form in Form::ALL {
            let path: PathBuf = out.join(privacy::file_name(*kind, *form));
            let bytes = privacy::file(&started.app, t, *kind, *form)?;
            fs::write(&path, bytes).map_err(Failure::file(&path))?;
            crate::say!("{}", path.display());
        }
    }
    Ok(())
}
