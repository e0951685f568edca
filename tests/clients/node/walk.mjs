// What a backend does between the authorization request and the redirect URI: cookies, polls, redirects. No library does this for anybody.

import { CookieJar } from "tough-cookie";

/** Where something went wrong, for the one line that the test reads. */
export class Refused extends Error {
  constructor(at, why) {
    super(why);
    this.at = at;
  }
}

const jar = new CookieJar();

async function get(url, headers) {
  const response = await fetch(url, {
    redirect: "manual",
    headers: { ...headers, cookie: await jar.getCookieString(url) },
  });
  for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url);
  return response;
}

/** Asks, polls, completes; returns the URL at which the browser would arrive at the client. */
export async function walk(authorizationUrl, redirectUri, mistake) {
  const json = { accept: "application/json" };
  let response = await get(authorizationUrl, json);
  if (response.status < 300 || response.status >= 400) {
    const started = await response.json().catch(() => ({ error: `HTTP ${response.status}` }));
    if (started.error) throw new Refused("authorize", `${started.error}: ${started.error_description}`);
    const complete = await poll(started, mistake === "cookie-lost" ? async (url) => fetch(url, { headers: json }) : (url) => get(url, json));
    response = await get(complete);
  }
  for (let hops = 0; hops < 20; hops++) {
    const location = response.headers.get("location");
    if (!location) throw new Refused("complete", `HTTP ${response.status} and no way on`);
    const next = new URL(location, response.url);
    if (next.href.startsWith(redirectUri)) return next;
    response = await get(next.href);
  }
  throw new Refused("complete", "redirects without an end");
}

/** Either vocabulary, until the address that completes is known. */
async function poll(started, ask) {
  const swedish = started.collectUrl && `${started.collectUrl}?orderRef=${encodeURIComponent(started.orderRef)}`;
  for (let polls = 0; polls < 100; polls++) {
    const response = await ask(swedish ?? started.statusUri);
    const told = await response.json().catch(() => ({ error: `HTTP ${response.status}` }));
    if (told.error || told.status === "error") {
      throw new Refused("collect", JSON.stringify(told.error ?? told.errorMessageKey ?? told));
    }
    if (told.progressStatus === "COMPLETE") return told.completeUrl;
    if (told.status === "finished") return told.completeUri;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Refused("collect", "it never ended");
}
