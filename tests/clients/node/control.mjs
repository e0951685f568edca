// The control: a certified OpenID Provider that is nobody's simulation. What fails against it too is the client's own doing.

import Provider from "oidc-provider";
import * as jose from "jose";

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SIGNATURE_JWK, RESPONSE_JWK, PORT } = process.env;

const pair = async (alg, use, kid) => {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), alg, use, kid };
};
const keys = [JSON.parse(SIGNATURE_JWK), RESPONSE_JWK && JSON.parse(RESPONSE_JWK)].filter(Boolean);
const encrypted = RESPONSE_JWK && {
  id_token_encrypted_response_alg: "RSA-OAEP",
  id_token_encrypted_response_enc: "A256CBC-HS512",
  userinfo_signed_response_alg: "RS256",
  userinfo_encrypted_response_alg: "RSA-OAEP",
  userinfo_encrypted_response_enc: "A256CBC-HS512",
};
const issuer = `http://127.0.0.1:${PORT}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      response_types: ["code"],
      jwks: { keys },
      request_object_signing_alg: "RS256",
      request_object_encryption_alg: "RSA-OAEP",
      request_object_encryption_enc: "A256CBC-HS512",
      ...encrypted,
    },
  ],
  jwks: { keys: [await pair("RS256", "sig", "s1"), await pair("RSA-OAEP", "enc", "e1")] },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    requestObjects: { enabled: true },
    jwtUserinfo: { enabled: true },
  },
  enabledJWA: {
    requestObjectEncryptionAlgValues: ["RSA-OAEP"],
    requestObjectEncryptionEncValues: ["A128CBC-HS256", "A256CBC-HS512"],
    idTokenEncryptionAlgValues: ["RSA-OAEP"],
    userinfoEncryptionAlgValues: ["RSA-OAEP"],
  },
  acrValues: ["urn:signicat:oidc:method:sbid-inapp-sign"],
  conformIdTokenClaims: false,
  claims: { openid: ["sub", "acr"], profile: ["name"] },
  scopes: ["openid", "profile"],
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, name: "Anna Control" }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["control"] },
});

// Whoever comes is Anna, and agrees.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === "login") {
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "anna", acr: params.acr_values } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
});
const server = provider.listen(Number(PORT), "127.0.0.1", () => console.log(JSON.stringify({ ready: true, issuer: `http://127.0.0.1:${server.address().port}` })));
