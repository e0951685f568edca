// openid-client with jose: discovery, an encrypted request object, PKCE, tokens, claims, the signed data object.

import * as client from "openid-client";
import * as jose from "jose";
import { Refused, walk } from "./walk.mjs";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_HINT, ACR, SCOPE, SIGN_TEXT, SIGNATURE_URL } = process.env;
const { RESPONSE_KEY, SIGNATURE_KEY, CHECKS, MISTAKE } = process.env;

let at = "discovery";
try {
  console.log(JSON.stringify({ outcome: "completed", ...(await flow()) }));
} catch (error) {
  const why = [error.message, error.error, error.error_description, error.code, error.cause?.message, error.cause?.error];
  at = error instanceof Refused ? error.at : at;
  console.log(JSON.stringify({ outcome: "refused", at, why: why.filter(Boolean).join("; ") }));
}

async function flow() {
  const issuer = new URL(ISSUER);
  const execute = issuer.protocol === "http:" ? [client.allowInsecureRequests] : [];
  if (CHECKS === "signatures") execute.push(client.enableNonRepudiationChecks);
  const how = { basic: client.ClientSecretBasic, post: client.ClientSecretPost, none: client.None };
  const secret = MISTAKE === "secret-wrong" ? "wrong" : CLIENT_SECRET;
  const authentication = (how[process.env.CLIENT_AUTHENTICATION] ?? client.ClientSecretBasic)(secret);
  const config = await client.discovery(issuer, CLIENT_ID, { client_secret: secret }, authentication, { execute });
  if (RESPONSE_KEY) {
    const own = JSON.parse(RESPONSE_KEY);
    const key = await jose.importJWK(own, "RSA-OAEP");
    client.enableDecryptingResponses(config, ["A128CBC-HS256", "A256CBC-HS512"], { key, kid: own.kid, alg: "RSA-OAEP" });
  }

  at = "authorize";
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const claims = {
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    scope: SCOPE,
    acr_values: ACR,
    login_hint: process.env.HINT === "text" ? LOGIN_HINT : LOGIN_HINT.split(","),
    state: expectedState,
    nonce: expectedNonce,
    code_challenge_method: "S256",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    ...(SIGN_TEXT && { signicat_signtext: SIGN_TEXT }),
  };
  const url = new URL(config.serverMetadata().authorization_endpoint);
  url.searchParams.set("request", await requestObject(config, claims));
  if (SIGNATURE_KEY) {
    for (const name of ["client_id", "response_type", "scope"]) url.searchParams.set(name, claims[name]);
  }
  const arrived = await walk(url.href, REDIRECT_URI, MISTAKE);

  at = "token";
  const checks = { expectedState, expectedNonce, pkceCodeVerifier };
  if (MISTAKE === "verifier-wrong") checks.pkceCodeVerifier = client.randomPKCECodeVerifier();
  const tokens = await client.authorizationCodeGrant(config, arrived, checks);
  if (MISTAKE === "code-twice") await client.authorizationCodeGrant(config, arrived, checks);
  at = "userinfo";
  const { sub } = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
  at = "signature";
  let sdo;
  if (SIGNATURE_URL) {
    const response = await client.fetchProtectedResource(config, tokens.access_token, new URL(SIGNATURE_URL), "GET");
    if (response.status !== 200) throw new Refused("signature", `HTTP ${response.status}`);
    sdo = (await response.text()).includes("<LtvSdo");
  }
  return { sub, acr: tokens.claims().acr, name: userinfo.name, number: userinfo["signicat.national_id"], sdo };
}

async function requestObject(config, claims) {
  const response = await fetch(config.serverMetadata().jwks_uri);
  const { keys } = await response.json();
  const jwk = keys.find((key) => key.kty === "RSA" && key.use === (MISTAKE === "encrypted-to-signature-key" ? "sig" : "enc"));
  const key = await jose.importJWK({ ...jwk, alg: undefined, use: undefined }, "RSA-OAEP");
  const kid = MISTAKE === "kid-unknown" ? "nobody" : jwk.kid;
  const header = { alg: "RSA-OAEP", enc: MISTAKE === "enc-wrong" ? "A128GCM" : "A256CBC-HS512", typ: "JWE", kid };
  let payload = new TextEncoder().encode(JSON.stringify(claims));
  if (SIGNATURE_KEY) {
    const own = JSON.parse(SIGNATURE_KEY);
    const jwt = new jose.SignJWT({ ...claims, iss: CLIENT_ID, aud: config.serverMetadata().issuer })
      .setProtectedHeader({ alg: "RS256", kid: own.kid, typ: "oauth-authz-req+jwt" })
      .setIssuedAt()
      .setNotBefore(new Date())
      .setExpirationTime("2m")
      .setJti(crypto.randomUUID());
    payload = new TextEncoder().encode(await jwt.sign(await jose.importJWK(own, "RS256")));
    header.cty = "oauth-authz-req+jwt";
  }
  const token = await new jose.CompactEncrypt(payload).setProtectedHeader(header).encrypt(key);
  if (MISTAKE !== "tag-broken") return token;
  const [head, wrapped, iv, text] = token.split(".");
  return [head, wrapped, iv, text, "A".repeat(43)].join(".");
}
