// A photo of premises: drawn anew, so that of the camera's file nothing is left but what can be seen, and small enough.
import { photosWaiting } from "./outbox.js";

/** The longer side at most. */
export const LONGEST_PX = 1600;
/** Bytes at most, as on the server. */
export const BYTES_MOST = 400_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4, 0.3];

/** The size in which a picture is drawn. */
export const sizeOf = (width, height) => {
  const share = Math.min(1, LONGEST_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
};

/** The first of the qualities in which `encode(quality)` gives few enough bytes, or null. */
export const smallEnough = async (encode) => {
  for (const quality of QUALITIES) {
    const blob = await encode(quality);
    if (blob && blob.type === "image/jpeg" && blob.size <= BYTES_MOST) return blob;
  }
  return null;
};

/** Standard base64, in parts: a picture is too long for one call. */
export const base64 = (bytes) => {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 0x8000) binary += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return btoa(binary);
};

/** The picture of a file that the camera gave: `{ jpeg, bytes }`, or null where it is none. The file itself is not kept. */
export const drawnAnew = async (file) => {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const canvas = document.createElement("canvas");
  Object.assign(canvas, sizeOf(bitmap.width, bitmap.height));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await smallEnough((quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality)));
  canvas.width = 0;
  return blob ? { jpeg: base64(new Uint8Array(await blob.arrayBuffer())), bytes: blob.size } : null;
};

/** Whether one more finds room among what waits to be sent. */
export const hasRoom = async (keep) => (await photosWaiting(keep)) < PHOTOS_WAITING_MOST;

/** So many characters of sealed entries with photos wait on a phone at most: some twenty photos. */
export const PHOTOS_WAITING_MOST = 16_000_000;
