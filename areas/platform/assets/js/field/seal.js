// An entry is sealed for the server as soon as it is made (HPKE, RFC 9180): this phone cannot read it any more.
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from "../../vendor/hpke/index.js";
import { base64url, fromBase64url, utf8 } from "./bytes.js";

export const INFO = "linli field entry v1";
export const suite = () => new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** What the seal is bound to. */
export const bound = (entryId, keyId, deviceId) => utf8(`${entryId}\n${keyId}\n${deviceId}`);

/** The sealed entry as it is sent. `key`: the assignment's `{ key_id, public }`. */
export const seal = async (entry, key, deviceId) => {
  const hpke = suite();
  const to = await hpke.DeserializePublicKey(fromBase64url(key.public));
  const options = { info: utf8(INFO), aad: bound(entry.entry_id, key.key_id, deviceId) };
  const { encapsulatedSecret, ciphertext } = await hpke.Seal(to, utf8(JSON.stringify(entry)), options);
  return { entry_id: entry.entry_id, key_id: key.key_id, enc: base64url(encapsulatedSecret), ct: base64url(ciphertext) };
};
