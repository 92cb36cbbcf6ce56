//! Receiving a file: streamed to a file without a name, cut off at the limit, read off the main threads.

use std::io::{Seek as _, SeekFrom};

use axum::extract::{Multipart, multipart::Field};
use http::{HeaderMap, header::CONTENT_LENGTH};
use tokio::{io::AsyncWriteExt as _, sync::Semaphore};

use super::{ImportKind, table::known_headings};
use crate::{
    error::{AppError, Result},
    sheet::{self, MAX_FILE_BYTES, Sheet, SheetError},
};

/// What a form adds around its file, at most.
pub(super) const FORM_BYTES: u64 = 64 * 1024;
/// How many files are read at once; a large one takes some hundred megabytes of memory while it is.
static READING: Semaphore = Semaphore::const_new(2);

/// A form with a file.
pub(super) struct Upload {
    /// The kind asked for.
    pub kind: String,
    /// The file's name as sent.
    pub file_name: String,
    /// The file; it has no name on our side and is gone when this is.
    pub file: std::fs::File,
    /// Its size.
    pub bytes: u64,
}

/// Receives the form. The rest of a file beyond the limit is never read.
pub(super) async fn receive(headers: &HeaderMap, mut form: Multipart) -> Result<Upload> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_FILE_BYTES + FORM_BYTES) {
        return Err(SheetError::TooLarge.into());
    }
    let mut upload = Upload { kind: String::new(), file_name: String::new(), file: tempfile::tempfile()?, bytes: 0 };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("kind") => upload.kind = short_text(field).await?,
            Some("file") => {
                upload.file_name = field.file_name().unwrap_or_default().to_owned();
                (upload.file, upload.bytes) = store(upload.file, field).await?;
            }
            _ => {}
        }
    }
    Ok(upload)
}

async fn short_text(mut field: Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > 200 {
            return Err(AppError::rule("import-kind-unknown"));
        }
    }
    String::from_utf8(bytes).map_err(|_| AppError::rule("import-kind-unknown"))
}

async fn store(file: std::fs::File, mut field: Field<'_>) -> Result<(std::fs::File, u64)> {
    let mut file = tokio::fs::File::from_std(file);
    let mut bytes = 0u64;
    while let Some(part) = field.chunk().await.map_err(broken)? {
        bytes += part.len() as u64;
        if bytes > MAX_FILE_BYTES {
            return Err(SheetError::TooLarge.into());
        }
        file.write_all(&part).await?;
    }
    file.flush().await?;
    Ok((file.into_std().await, bytes))
}

fn broken(e: axum::extract::multipart::MultipartError) -> AppError {
    let mut error = AppError::rule("import-upload-broken");
    error.cause = Some(Box::new(e));
    error
}

/// Reads the table where blocking is allowed.
pub(super) async fn read(kind: &dyn ImportKind, mut file: std::fs::File) -> Result<Sheet> {
    let known = known_headings(kind.columns());
    let _place = READING.acquire().await.map_err(AppError::internal)?;
    let read = tokio::task::spawn_blocking(move || {
        file.seek(SeekFrom::Start(0))?;
        sheet::read(file, &known)
    });
    Ok(read.await.map_err(AppError::internal)??)
}
