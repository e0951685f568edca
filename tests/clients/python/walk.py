"""What a backend does between the authorization request and the redirect URI: cookies, polls, redirects. No library does this for anybody."""

import json
import os
import time
import traceback
from urllib.parse import urljoin

import requests


class Refused(Exception):
    """Where something went wrong, for the one line that the test reads."""

    def __init__(self, at, why):
        super().__init__(why)
        self.at = at


class Stage:
    """What the client is doing, so that an exception of a library has a place."""

    at = "discovery"


def told(flow):
    """Runs a client and prints its one line."""
    stage = Stage()
    try:
        print(json.dumps({"outcome": "completed", **flow(stage)}))
    except Exception as error:  # whatever a library raises is its way to refuse
        if os.environ.get("TRACE"):
            traceback.print_exc()
        at = error.at if isinstance(error, Refused) else stage.at
        why = f"{type(error).__name__}: {error}".split("\n")[0]
        print(json.dumps({"outcome": "refused", "at": at, "why": why}))


def walk(session, url, redirect_uri, method="GET", data=None):
    """Asks, polls, completes; returns the URL at which the browser would arrive at the client."""
    accept = {"Accept": "application/json"}
    response = session.request(method, url, data=data, headers=accept, allow_redirects=False)
    if not response.is_redirect:
        started = parsed(response)
        if started.get("error"):
            raise Refused("authorize", f"{started['error']}: {started.get('error_description')}")
        response = session.get(poll(session, started, accept), allow_redirects=False)
    for _ in range(20):
        if "Location" not in response.headers:
            raise Refused("complete", f"HTTP {response.status_code} and no way on")
        url = urljoin(response.url, response.headers["Location"])
        if url.startswith(redirect_uri):
            return url
        response = session.get(url, allow_redirects=False)
    raise Refused("complete", "redirects without an end")


def poll(session, started, accept):
    """Either vocabulary, until the address that completes is known."""
    swedish = "collectUrl" in started
    if os.environ.get("MISTAKE") == "cookie-lost":
        session = requests.Session()
    for _ in range(100):
        if swedish:
            response = session.get(started["collectUrl"], params={"orderRef": started["orderRef"]}, headers=accept)
        else:
            response = session.get(started["statusUri"], headers=accept)
        now = parsed(response)
        if now.get("error") or now.get("status") == "error":
            raise Refused("collect", json.dumps(now.get("error") or now.get("errorMessageKey")))
        if now.get("progressStatus") == "COMPLETE":
            return now["completeUrl"]
        if now.get("status") == "finished":
            return now["completeUri"]
        time.sleep(0.05)
    raise Refused("collect", "it never ended")


def parsed(response):
    try:
        return response.json()
    except ValueError:
        return {"error": f"HTTP {response.status_code}"}


def claims(environ, state, nonce, challenge=None):
    """The request object's members."""
    hint = environ["LOGIN_HINT"]
    members = {
        "client_id": environ["CLIENT_ID"],
        "redirect_uri": environ["REDIRECT_URI"],
        "response_type": "code",
        "scope": environ["SCOPE"],
        "acr_values": environ["ACR"],
        "login_hint": hint if environ.get("HINT") == "text" else hint.split(","),
        "state": state,
        "nonce": nonce,
    }
    if challenge:
        members |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    if environ.get("SIGN_TEXT"):
        members["signicat_signtext"] = environ["SIGN_TEXT"]
    return members


def signed(response):
    """The signed data object, from the answer of its endpoint."""
    if response.status_code != 200:
        raise Refused("signature", f"HTTP {response.status_code}")
    return "<LtvSdo" in response.text
