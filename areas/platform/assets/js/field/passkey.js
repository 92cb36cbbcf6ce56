// The phone's own passkey as a second way to open the day: its PRF gives a secret that no file of the browser holds.
import { base64url, fromBase64url, random, utf8 } from "./bytes.js";

const TIMEOUT_MS = 60_000;

/** Whether this phone may have one. */
export const isPossible = async () => {
  if (!window.isSecureContext || !window.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
};

const ask = async (credential, salt) => {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: random(32), rpId: location.hostname, timeout: TIMEOUT_MS, userVerification: "required",
      allowCredentials: [{ type: "public-key", id: fromBase64url(credential) }],
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  return found.getClientExtensionResults().prf?.results?.first ?? null;
};

/** Makes a passkey for opening the day; it signs nobody in. Returns its id, or null where it has no PRF. */
const make = async (name) => {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: random(32), rp: { id: location.hostname, name: "Linli" }, timeout: TIMEOUT_MS,
      user: { id: random(16), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { authenticatorAttachment: "platform", residentKey: "discouraged", userVerification: "required" },
      extensions: { prf: { eval: { first: utf8("linli") } } },
    },
  });
  return made.getClientExtensionResults().prf?.enabled ? base64url(made.rawId) : null;
};

/** A secret for a new day: `{ secret, salt, credential }`, or null where the phone has none to give. */
export const forNewDay = async (keep, name) => {
  const salt = random(32);
  const known = (await keep.get("meta", "passkey"))?.credential;
  try {
    const credential = known ?? (await make(name));
    if (!credential) return null;
    const secret = await ask(credential, salt);
    if (!secret) return null;
    await keep.put("meta", { id: "passkey", credential });
    return { secret, salt, credential };
  } catch {
    // One that was deleted on the phone is made anew the next time.
    if (known) await keep.drop("meta", "passkey");
    return null;
  }
};

/** The secret of the running day, or null where the person said no. */
export const forThisDay = async (passkey) => {
  try {
    return await ask(passkey.credential, fromBase64url(passkey.salt));
  } catch {
    return null;
  }
};
