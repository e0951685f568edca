// A referee for signed identities: jose with pinned certificates, and what Freja's documents say of the payload.
// Reads {"pins", "cases"} from standard input, writes {name: reason}; "ok" for what must be believed.

import { createHmac, timingSafeEqual, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { compactVerify, errors, importX509 } from "jose";

class Refused extends Error {}

const refuse = (reason) => {
  throw new Refused(reason);
};

// JSON.parse keeps the last of two equal keys: what it read, written again, is shorter then.
const strict = (text, what) => {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse(`the ${what} is no JSON`);
  }
  const keys = (node) =>
    node && typeof node === "object"
      ? Object.values(node).reduce((sum, inner) => sum + keys(inner), Array.isArray(node) ? 0 : Object.keys(node).length)
      : 0;
  const written = text.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/g, (_, colon) => (colon ? "K" : "")).split("K").length - 1;
  if (written !== keys(value)) refuse("a key stands twice");
  return value;
};

const verified = async (token, pins, now) => {
  if (token.length > 64 * 1024) refuse("too large");
  const parts = token.split(".");
  if (parts.length !== 3) refuse("not three parts");
  if (!parts.every((part) => /^[A-Za-z0-9_-]*$/.test(part))) refuse("not base64url");
  const header = strict(Buffer.from(parts[0], "base64url").toString("utf8"), "header");
  const pin = pins.get(header.x5t) ?? refuse("an unknown key");
  if (pin.state === "withdrawn") refuse("a withdrawn key");
  if (Date.parse(new X509Certificate(pin.certificate).validTo) < now) refuse("an expired certificate");
  if ("crit" in header) refuse("a critical extension");
  const key = await importX509(pin.certificate, "RS256");
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ["RS256"] });
    return new TextDecoder().decode(payload);
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed || !("alg" in header)) refuse("the algorithm");
    // One that does not fit, and one that was cut short.
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWSInvalid) {
      refuse("the signature");
    }
    throw error;
  }
};

const judged = async ({ outer, authRef, number, now }, pins) => {
  const payload = strict(await verified(outer.signedIdentity ?? refuse("no token"), pins, now), "payload");
  if (payload.status !== "APPROVED") refuse("not approved");
  if (payload.authRef !== authRef) refuse("another session's");
  const age = now - payload.timestamp;
  if (age > 600_000) refuse("too old");
  if (age < -60_000) refuse("from the future");
  const attributes = payload.requestedAttributes;
  if (!["EXTENDED", "PLUS"].includes(attributes.registrationLevel)) refuse("the level");
  if (!attributes.ssn?.ssn) refuse("without a number");
  if (attributes.ssn.country !== "SE") refuse("another country's");
  if (attributes.ssn.ssn !== number) refuse("another person's");
  const same = JSON.stringify(outer.requestedAttributes) === JSON.stringify(attributes);
  if (!same || outer.status !== payload.status) refuse("the neighbours differ");
};

const delivered = ({ seal, body, secret, now }) => {
  const fields = (seal ?? refuse("no signature")).split(",").map((field) => field.split("="));
  const named = (wanted) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
  const [moments, digests] = [named("t"), named("v1")];
  if (moments.length !== 1 || digests.length === 0) refuse("another scheme");
  const right = createHmac("sha256", secret).update(`${moments[0]}.${body}`).digest("hex");
  const equal = (digest) => digest.length === right.length && timingSafeEqual(Buffer.from(digest), Buffer.from(right));
  if (!digests.some(equal)) refuse("the signature");
  const age = now - Number(moments[0]) * 1000;
  if (age > 300_000) refuse("too old");
  if (age < -300_000) refuse("from the future");
};

const given = JSON.parse(readFileSync(0, "utf8"));
const pins = new Map(given.pins.map((pin) => [pin.x5t, pin]));
const reasons = {};
for (const one of given.cases) {
  try {
    await ("body" in one ? delivered(one) : judged(one, pins));
    reasons[one.name] = "ok";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    reasons[one.name] = error.message;
  }
}
process.stdout.write(JSON.stringify(reasons));
