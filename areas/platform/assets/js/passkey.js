// Asks the device for a passkey and hands its answer to the form; where it cannot, says why.
(() => {
  const part = document.querySelector("[data-passkey]");
  if (!part) return;
  const form = part.querySelector("form");
  const say = (what) => {
    for (const text of part.querySelectorAll("[data-passkey-says]")) text.hidden = text.dataset.passkeySays !== what;
  };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const base64 = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  const create = async (options) => {
    const asked = { ...options, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
    asked.user = { ...options.user, id: bytes(options.user.id) };
    const made = await navigator.credentials.create({ publicKey: asked });
    const { attestationObject, clientDataJSON } = made.response;
    return { made, response: { attestationObject: base64(attestationObject), clientDataJSON: base64(clientDataJSON) } };
  };
  const get = async (options) => {
    const asked = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey: asked });
    const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
    const response = {
      authenticatorData: base64(authenticatorData),
      clientDataJSON: base64(clientDataJSON),
      signature: base64(signature),
      userHandle: userHandle ? base64(userHandle) : null,
    };
    return { made, response };
  };

  const question = async () => {
    const answer = await fetch(part.dataset.passkeyChallenge, { method: "POST", headers: { accept: "application/json" } });
    if (answer.redirected) {
      location.assign(answer.url);
      return null;
    }
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  };
  let busy = false;
  const ask = async () => {
    if (busy) return;
    busy = true;
    say("nothing");
    try {
      const asked = await question();
      if (!asked) return;
      const { made, response } = await (part.dataset.passkey === "create" ? create : get)(asked.options);
      form.elements.ceremony.value = asked.ceremony;
      form.elements.credential.value = JSON.stringify({ id: made.id, rawId: base64(made.rawId), type: made.type, response });
      form.submit();
    } catch (e) {
      say(e.name === "InvalidStateError" ? "there" : e instanceof DOMException ? "refused" : "failed");
    } finally {
      busy = false;
    }
  };

  const host = part.dataset.passkeyHost;
  const here = location.hostname === host || location.hostname.endsWith(`.${host}`);
  if (!here) return say("address");
  if (!window.isSecureContext || !window.PublicKeyCredential) return say("browser");
  say("nothing");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if ("passkeyStart" in part.dataset) ask();
})();
