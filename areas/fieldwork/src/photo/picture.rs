//! The picture itself: a JPEG that is decoded and encoded anew, so that of the file that was sent nothing is left but
//! what can be seen. Whatever a camera writes beside it (place, time, maker, thumbnail) does not survive; the phone has
//! done the same once before.

use std::io::Cursor;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};
use tokio::sync::Semaphore;

/// The longer side of a kept picture at most.
pub const LONGEST_PX: u32 = 1_600;
/// Bytes of a picture at most, as sent and as kept.
pub const BYTES_MAX: usize = 400_000;
/// The longer side of a picture that is decoded at all: what says to be larger is no picture of the phone page.
const DECODED_PX_MAX: u32 = 2_048;
/// Bytes of a picture as a camera makes it, at most.
pub const CAMERA_BYTES_MAX: usize = 12_000_000;
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

/// What is no picture that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// It is no base64.
    #[error("the picture is not written as base64")]
    Unreadable,
    /// It is larger than the phone page makes one.
    #[error("the picture is too large")]
    TooLarge,
    /// It is no JPEG, or a broken one.
    #[error("the picture is no JPEG")]
    NoJpeg,
}

/// Makes a picture anew.
///
/// # Errors
/// [`BadPicture`].
pub fn clean(sent: &[u8]) -> Result<Vec<u8>, BadPicture> {
    if sent.len() > BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    anew(sent, DECODED_PX_MAX, DECODING_BYTES_MAX)
}

fn anew(sent: &[u8], px_max: u32, decoding_bytes_max: u64) -> Result<Vec<u8>, BadPicture> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(px_max);
    limits.max_image_height = Some(px_max);
    limits.max_alloc = Some(decoding_bytes_max);
    let mut reader = ImageReader::with_format(Cursor::new(sent), ImageFormat::Jpeg);
    reader.limits(limits);
    let refused = |e| match e {
        image::ImageError::Limits(_) => BadPicture::TooLarge,
        _ => BadPicture::NoJpeg,
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    // Which way is up stands beside the picture, and is not kept with it.
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(turned);
    let longer = picture.width().max(picture.height());
    let fitting =
        if longer > LONGEST_PX { picture.resize(LONGEST_PX, LONGEST_PX, FilterType::Triangle) } else { picture };
    encoded(fitting)
}

fn encoded(picture: DynamicImage) -> Result<Vec<u8>, BadPicture> {
    let pixels = picture.into_rgb8();
    for quality in QUALITIES {
        let mut bytes = Vec::with_capacity(BYTES_MAX);
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&pixels).map_err(|_| BadPicture::NoJpeg)?;
        if bytes.len() <= BYTES_MAX {
            return Ok(bytes);
        }
    }
    Err(BadPicture::TooLarge)
}

/// The same from base64 to base64, as entries and the store hold pictures; off the threads that answer requests.
///
/// # Errors
/// [`BadPicture`].
pub async fn cleaned(sent: &str) -> Result<String, BadPicture> {
    if sent.len() > BYTES_MAX.div_ceil(3) * 4 {
        return Err(BadPicture::TooLarge);
    }
    let bytes = STANDARD.decode(sent).map_err(|_| BadPicture::Unreadable)?;
    let work = tokio::task::spawn_blocking(move || clean(&bytes));
    // A decoder that fell over its input has not made a picture of it.
    let made = work.await.map_err(|_| BadPicture::NoJpeg)??;
    Ok(STANDARD.encode(made))
}

/// The same for a picture as a camera makes it, larger and not drawn anew before; in base64.
///
/// # Errors
/// [`BadPicture`].
pub async fn from_camera(sent: Vec<u8>) -> Result<String, BadPicture> {
    if sent.len() > CAMERA_BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    let _alone = CAMERA.acquire().await.map_err(|_| BadPicture::TooLarge)?;
    let work = tokio::task::spawn_blocking(move || anew(&sent, CAMERA_PX_MAX, CAMERA_DECODING_BYTES_MAX));
    let made = work.await.map_err(|_| BadPicture::NoJpeg)??;
    Ok(STANDARD.encode(made))
}
