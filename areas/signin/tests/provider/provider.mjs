// A provider of identities (oidc-provider) for the tests of single sign-on: everybody signs in by typing who they are, and
// with which methods. Arguments: port, issuer, redirect address, address after signing out, key id.
import { webcrypto } from "node:crypto";
import http from "node:http";

// Whoever started this listens for one word only.
console.info = console.warn = () => {};
// Debian's Node 18 has it, but not under this name.
globalThis.crypto ??= webcrypto;
const { default: Provider } = await import("oidc-provider");
const { exportJWK, generateKeyPair } = await import("jose");

const [port, issuer, redirect, after, kid] = process.argv.slice(2);
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid, use: "sig", alg: "RS256" };

const provider = new Provider(issuer, {
  clients: [{ client_id: "linli", client_secret: "mossy-lantern", redirect_uris: [redirect], post_logout_redirect_uris: [after] }],
  jwks: { keys: [key] },
  cookies: { keys: ["test"] },
  claims: { openid: ["sub", "staff_no", "amr"], profile: ["name"] },
  conformIdTokenClaims: false,
  scopes: ["openid", "profile"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, staff_no: `no-${id}`, name: `某 ${id}` }),
  }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

const inner = provider.callback();
http
  .createServer(async (request, response) => {
    if (!request.url.startsWith("/who/")) return inner(request, response);
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html");
      return response.end('<form method="post"><input name="who"><input name="methods"><button>go</button></form>');
    }
    let body = "";
    for await (const part of request) body += part;
    const fields = new URLSearchParams(body);
    if (fields.get("who") === "") {
      return provider.interactionFinished(request, response, { error: "access_denied" }, { mergeWithLastSubmission: false });
    }
    const login = { accountId: fields.get("who"), amr: fields.get("methods").split(" ").filter(Boolean) };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  })
  .listen(Number(port), "127.0.0.1", () => console.log("ready"));
