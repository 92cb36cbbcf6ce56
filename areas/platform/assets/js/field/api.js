// The server, as the page asks it. Every answer is `{ status, body }`; without network it throws.
const asked = async (path, options = {}) => {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "manual", ...options });
  // A redirect leads to the sign-in page.
  if (answer.type === "opaqueredirect") return { status: 401, body: null };
  const json = (answer.headers.get("content-type") ?? "").includes("json");
  // A body that was cut off is no answer.
  return { status: answer.status, body: json ? await answer.json() : null };
};

const posted = (path, body) =>
  asked(path, { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(body) });

export const assignment = (deviceId) => asked(`/field/assignment?device=${deviceId}`, { headers: { accept: "application/json" } });
export const register = (deviceId, label) => posted("/field/devices", { device_id: deviceId, label });
export const entries = (body) => posted("/field/entries", body);

/** What the server has of an entry: its result, null for nothing, undefined where it cannot be asked. */
export const entry = async (row) => {
  try {
    const answer = await asked(`/field/entries/${row.entry_id}`, { headers: { accept: "application/json" } });
    if (answer.status === 404) return null;
    return answer.status === 200 ? answer.body : undefined;
  } catch {
    return undefined;
  }
};

/** Whether this phone was revoked: asked where an answer is 401, since revoking it ends its sessions too. */
export const isRevoked = async (deviceId) => {
  try {
    const answer = await asked(`/field/devices/${deviceId}/state`, { headers: { accept: "application/json" } });
    return answer.status === 200 && answer.body?.revoked === true;
  } catch {
    return false;
  }
};

/** Signs out; the way there is the sign-in page. */
export const signOut = async () => {
  try {
    await fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual", body: new URLSearchParams() });
  } catch {
    // Without network the session ends by itself; what the phone held is gone already.
  }
};
