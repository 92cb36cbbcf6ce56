//! Pictures that an area keeps (照片): decoded and encoded anew, so that of the file that was sent nothing is left but what
//! can be seen. Whatever a camera writes beside it (place, time, maker, thumbnail) does not survive. Then sealed under a
//! key of its own, opened on record, and gone with its key.
//!
//! An area keeps the row: of what the picture is, when it was taken and by whom. It lists its sealed columns with
//! [`SealedTable`](crate::key_rotation::SealedTable) and deletes by the time of the policy pack.

use std::io::Cursor;

use axum::extract::Multipart;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    basis,
    error::Result,
    store::{Query as _, Tx},
    vals,
};

/// The longer side of a kept picture at most.
pub const LONGEST_PX: u32 = 1_600;
/// The longer side of the small picture that lists show.
pub const SMALL_PX: u32 = 320;
/// Bytes of a picture at most, as the phone page sends it and as it is kept.
pub const BYTES_MAX: usize = 400_000;
/// The longer side of a picture that is decoded at all: what says to be larger is no picture of the phone page.
const DECODED_PX_MAX: u32 = 2_048;
/// Bytes of a picture as a camera makes it, at most.
pub const CAMERA_BYTES_MAX: usize = 12_000_000;
/// The most that a form with one takes: a larger file is read and dropped, so that the answer is the form, with what is
/// wrong at its field.
pub const FORM_BYTES_MAX: usize = 3 * CAMERA_BYTES_MAX;
/// Its longer side.
const CAMERA_PX_MAX: u32 = 9_216;
/// Memory that decoding one of them may take: three bytes for each of fifty million pixels, and the decoder's own.
const CAMERA_DECODING_BYTES_MAX: u64 = 192 << 20;
/// One of them at a time is made anew.
static CAMERA: Semaphore = Semaphore::const_new(1);
/// Memory that decoding may take: three bytes a pixel of the largest, and as much again for the decoder.
const DECODING_BYTES_MAX: u64 = 32 << 20;
/// Qualities tried in turn until a picture is small enough.
const QUALITIES: [u8; 5] = [85, 75, 60, 45, 30];
/// What the phone page sends.
const OF_PHONE: &[ImageFormat] = &[ImageFormat::Jpeg];
/// What cameras and screens make. Of one that moves, the first picture.
const OF_CAMERA: &[ImageFormat] = &[ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

/// What is no picture that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// There is none.
    #[error("no picture was sent")]
    Missing,
    /// It is no base64.
    #[error("the picture is not written as base64")]
    Unreadable,
    /// It is larger than what is taken in.
    #[error("the picture is too large")]
    TooLarge,
    /// It is of no format that is taken in, or broken.
    #[error("this is no picture, or a broken one")]
    Broken,
}

impl BadPicture {
    /// What is said at the field. Fluent texts: `picture-<why>`.
    pub fn message(self) -> &'static str {
        match self {
            BadPicture::Missing => "picture-missing",
            BadPicture::TooLarge => "picture-too-large",
            BadPicture::Unreadable | BadPicture::Broken => "picture-broken",
        }
    }
}

/// A picture as it was made anew: a JPEG in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(String);

impl Picture {
    /// The JPEG in base64, as the store holds it.
    pub fn base64(&self) -> &str {
        &self.0
    }
    /// Its size.
    pub fn size_bytes(&self) -> i64 {
        size_bytes(&self.0)
    }
    /// The same, small: what is written on a paper cannot be read on it. In base64.
    ///
    /// # Errors
    /// [`BadPicture`].
    pub async fn small(&self) -> Result<Picture, BadPicture> {
        let bytes = STANDARD.decode(&self.0).map_err(|_| BadPicture::Unreadable)?;
        anew(bytes, OF_PHONE, Bounds { px: DECODED_PX_MAX, bytes: DECODING_BYTES_MAX, kept_px: SMALL_PX }).await
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} bytes)", self.size_bytes())
    }
}

/// The size of a picture that is held in base64, to two bytes.
pub fn size_bytes(base64: &str) -> i64 {
    i64::try_from(base64.len() / 4 * 3).unwrap_or(i64::MAX)
}

#[derive(Clone, Copy)]
struct Bounds {
    /// The longer side of what is decoded.
    px: u32,
    /// Memory for it.
    bytes: u64,
    /// The longer side of what is kept.
    kept_px: u32,
}

/// Makes a picture of the phone page anew: a JPEG within [`BYTES_MAX`].
///
/// # Errors
/// [`BadPicture`].
pub fn clean(sent: &[u8]) -> Result<Vec<u8>, BadPicture> {
    if sent.len() > BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    made(sent, OF_PHONE, Bounds { px: DECODED_PX_MAX, bytes: DECODING_BYTES_MAX, kept_px: LONGEST_PX })
}

fn made(sent: &[u8], formats: &[ImageFormat], bounds: Bounds) -> Result<Vec<u8>, BadPicture> {
    let format = image::guess_format(sent).ok().filter(|f| formats.contains(f)).ok_or(BadPicture::Broken)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(bounds.px);
    limits.max_image_height = Some(bounds.px);
    limits.max_alloc = Some(bounds.bytes);
    let mut reader = ImageReader::with_format(Cursor::new(sent), format);
    reader.limits(limits.clone());
    let refused = |e| match e {
        image::ImageError::Limits(_) => BadPicture::TooLarge,
        _ => BadPicture::Broken,
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    // The decoder counts what it needs itself; the picture comes on top.
    limits.reserve(decoder.total_bytes()).map_err(refused)?;
    // Which way is up stands beside the picture, and is not kept with it.
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(turned);
    let (longer, most) = (picture.width().max(picture.height()), bounds.kept_px);
    encoded(if longer > most { picture.resize(most, most, FilterType::Triangle) } else { picture })
}

fn encoded(picture: DynamicImage) -> Result<Vec<u8>, BadPicture> {
    let pixels = picture.into_rgb8();
    for quality in QUALITIES {
        let mut bytes = Vec::with_capacity(BYTES_MAX);
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&pixels).map_err(|_| BadPicture::Broken)?;
        if bytes.len() <= BYTES_MAX {
            return Ok(bytes);
        }
    }
    Err(BadPicture::TooLarge)
}

/// The same off the threads that answer requests.
async fn anew(sent: Vec<u8>, formats: &'static [ImageFormat], bounds: Bounds) -> Result<Picture, BadPicture> {
    let work = tokio::task::spawn_blocking(move || made(&sent, formats, bounds));
    // A decoder that fell over its input has not made a picture of it.
    let bytes = work.await.map_err(|_| BadPicture::Broken)??;
    Ok(Picture(STANDARD.encode(bytes)))
}

/// Makes a picture of the phone page anew, from base64 as entries hold it.
///
/// # Errors
/// [`BadPicture`].
pub async fn cleaned(sent: &str) -> Result<Picture, BadPicture> {
    if sent.len() > BYTES_MAX.div_ceil(3) * 4 {
        return Err(BadPicture::TooLarge);
    }
    let bytes = STANDARD.decode(sent).map_err(|_| BadPicture::Unreadable)?;
    if bytes.len() > BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    anew(bytes, OF_PHONE, Bounds { px: DECODED_PX_MAX, bytes: DECODING_BYTES_MAX, kept_px: LONGEST_PX }).await
}

/// Makes a picture anew as a camera made it, larger and not drawn anew before: JPEG, PNG or WebP.
///
/// # Errors
/// [`BadPicture`].
pub async fn from_camera(sent: Vec<u8>) -> Result<Picture, BadPicture> {
    if sent.len() > CAMERA_BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    let _alone = CAMERA.acquire().await.map_err(|_| BadPicture::TooLarge)?;
    let bounds = Bounds { px: CAMERA_PX_MAX, bytes: CAMERA_DECODING_BYTES_MAX, kept_px: LONGEST_PX };
    anew(sent, OF_CAMERA, bounds).await
}

/// The picture in the field `photo` of a form whose route [accepts](crate::area::Route::accepts_bytes)
/// [`FORM_BYTES_MAX`], made anew.
///
/// # Errors
/// [`BadPicture`]; a form that breaks off has none.
pub async fn from_form(mut form: Multipart) -> Result<Picture, BadPicture> {
    let (mut sent, mut larger) = (Vec::new(), false);
    let told = |e: axum::extract::multipart::MultipartError| match e.status() {
        http::StatusCode::PAYLOAD_TOO_LARGE => BadPicture::TooLarge,
        _ => BadPicture::Missing,
    };
    while let Some(mut field) = form.next_field().await.map_err(told)? {
        let wanted = field.name() == Some("photo");
        while let Some(chunk) = field.chunk().await.map_err(told)? {
            larger |= wanted && sent.len() + chunk.len() > CAMERA_BYTES_MAX;
            if wanted && !larger {
                sent.extend_from_slice(&chunk);
            }
        }
    }
    match sent.is_empty() {
        _ if larger => Err(BadPicture::TooLarge),
        true => Err(BadPicture::Missing),
        false => from_camera(sent).await,
    }
}

/// Takes a picture's ground and key away: with the key, every copy becomes unreadable. Its row is its area's.
///
/// # Errors
/// Those of the store.
pub async fn forget(tx: &Tx, id: Uuid) -> Result<()> {
    basis::close(tx, id).await?;
    let sql = "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    tx.execute(sql, vals![tx.division(), id]).await?;
    Ok(())
}
