"""A small signing service that lets only the right person sign: Python's standard library and ZignSec eID v2.

The office logs in with a form, posts a whole case, and sends each party a link. Behind the link the party identifies and then signs.
Environment: PORT, ZIGNSEC_URL, ZIGNSEC_TOKEN; with WRONG=1 it forgets to compare, to see how that is noticed.
"""

import concurrent.futures
import hashlib
import hmac
import html
import http.client
import json
import os
import re
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8091"))
BASE = f"http://127.0.0.1:{PORT}"
ZIGNSEC = os.environ["ZIGNSEC_URL"].rstrip("/") + "/v2/eid/"
TOKEN = os.environ["ZIGNSEC_TOKEN"]
WRONG = os.environ.get("WRONG") == "1"
KEY = secrets.token_bytes(32)  # a real service keeps it outside its database
LIFETIME, POLL, PATIENCE = 600.0, 0.5, 2.0

lock = threading.Lock()
sessions, cases, parties, doors, attempts = {}, {}, {}, {}, {}


def read_number(text):
    """Twelve digits of a Swedish number, or None. With ten digits the century would be a guess, so those are refused."""
    match = re.fullmatch(r"([0-9]{8})-?([0-9]{4})", text) if isinstance(text, str) else None
    digits = "".join(match.groups()) if match else ""
    if not digits or not 0 <= int(digits[4:6]) <= 12 or not 0 < int(digits[6:8]) <= 91:
        return None
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits[2:])]
    return digits if sum(n // 10 + n % 10 for n in doubled) % 10 == 0 else None


def digest(number):
    return hmac.new(KEY, b"SE" + number.encode(), hashlib.sha256).digest()


def ask(path, form=None):
    """What ZignSec answers; None when that cannot be read, whatever the reason."""
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(ZIGNSEC + path, data, {"Authorization": TOKEN})
    try:
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            body = json.loads(answer.read(1_000_000), object_pairs_hook=no_doubles)
            return body if answer.status < 500 and isinstance(body, dict) else None
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return None


def part(answer, *names):
    for name in names:
        answer = answer.get(name)
        if not isinstance(answer, dict):
            return {}
    return answer


def no_doubles(pairs):
    if len(pairs) != len(dict(pairs)):
        raise ValueError("a name twice: which one is meant?")
    return dict(pairs)


def start(party):
    """Begins an identification. Nothing about the party is told to the provider; an older attempt is worthless from now on."""
    attempt = {"key": secrets.token_urlsafe(24), "party": party, "until": time.monotonic() + LIFETIME}
    answer = ask("sbid-another", {"target": f"{BASE}/back?attempt={attempt['key']}", "relaystate": attempt["key"]})
    if not answer or answer.get("errors") or not answer.get("id") or not answer.get("redirect_url"):
        return None
    attempt["session"] = answer["id"]
    with lock:
        if party["identity"] != "waiting":
            return None
        party["attempt"] = attempt["key"]
        attempts[attempt["key"]] = attempt
    return attempt["key"], answer["redirect_url"]


def is_open(attempt):
    party = attempt["party"]
    return party["attempt"] == attempt["key"] and party["identity"] == "waiting" and time.monotonic() < attempt["until"]


def look(attempt):
    """Fetches the result of an attempt's own session. The browser's word counts for nothing."""
    if not is_open(attempt):
        return
    answer = ask(urllib.parse.quote(attempt["session"], safe=""))
    if not answer:
        return
    states = {part(answer, "result", "identity").get("state"), part(answer, "identity").get("state")} - {None}
    if states == {"PENDING"} or not (states or answer.get("errors") or "identity" in answer):
        return
    who = part(answer, "identity")
    number = read_number(who.get("PersonalNumber"))
    bank_id = who.get("CountryCode") == "SE" and who.get("IdProviderName") == "BankIDSE"
    ours = answer.get("id") == attempt["session"] and answer.get("method") == "sbid-another"
    if answer.get("errors") or not (number and bank_id and ours) or states - {"FINISHED"}:
        return close(attempt)  # cancelled, failed, or nobody knows who that was: the person can begin again
    with lock:
        if not is_open(attempt):
            return
        same = WRONG or hmac.compare_digest(digest(number), attempt["party"]["digest"])
        attempt["party"]["identity"] = "verified" if same else "wrong-person"
        attempt["party"]["attempt"] = None


def close(attempt):
    with lock:
        if attempt["party"]["attempt"] == attempt["key"]:
            attempt["party"]["attempt"] = None


def poll():
    """Browsers do not always come back."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        while True:
            with lock:
                waiting = [attempt for attempt in attempts.values() if is_open(attempt)]
            list(pool.map(look, waiting))
            time.sleep(POLL)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path)
        if path.path == "/health":
            return self.say(200, {"well": True})
        if path.path == "/login":
            token = secrets.token_urlsafe(16)
            page = f'<form method="post"><input type="hidden" name="_csrf" value="{token}"><input name="password"></form>'
            return self.say(200, page, cookies=[f"csrf={token}; Path=/; SameSite=Lax"])
        if path.path == "/back":
            attempt = attempts.get(urllib.parse.parse_qs(path.query).get("attempt", [""])[0])
            if attempt:
                look(attempt)
            return self.say(200, "<p>Thank you. You can go on in the signing room.</p>")
        if door := self.found(r"/door/([\w-]+)", doors):
            return self.say(200, f"<h1>{html.escape(door['title'])}</h1>")
        if not self.is_office():
            return None
        if party := self.found(r"/parties/([\w-]+)", parties):
            return self.say(200, shown(party))
        if made := self.found(r"/cases/([\w-]+)", cases):
            return self.say(200, {"parties": [shown(party) for party in made], "done": all(p["signed"] for p in made)})
        return self.say(404, {"problem": "unknown"})

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > 100_000:
            self.close_connection = True
            return self.say(413, {"problem": "too-large"})
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        if self.path == "/login":
            return self.login(dict(urllib.parse.parse_qsl(body)))
        if door := self.found(r"/door/([\w-]+)/identify", doors):
            return self.identify(door)
        if door := self.found(r"/door/([\w-]+)/sign", doors):
            return self.sign(door)
        if not self.is_office(changes=True):
            return None
        if self.path == "/cases":
            return self.create(body)
        return self.say(404, {"problem": "unknown"})

    def login(self, form):
        if form.get("password") != "office" or not form.get("_csrf") or form["_csrf"] != self.cookie("csrf"):
            return self.say(403, {"problem": "login"})
        sid, csrf = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        sessions[sid] = csrf
        cookies = [f"sid={sid}; Path=/; HttpOnly; SameSite=Lax", f"csrf={csrf}; Path=/; SameSite=Lax"]
        return self.say(303, "", cookies, location="/")

    def is_office(self, changes=False):
        csrf = sessions.get(self.cookie("sid"))
        if csrf is None:
            self.say(401, {"problem": "login"})
        elif changes and not hmac.compare_digest(self.headers.get("X-CSRF-Token", ""), csrf):
            self.say(403, {"problem": "csrf"})
        else:
            return True
        return False

    def create(self, body):
        try:
            asked = json.loads(body)
            people = [(str(one["name"]), one.get("country", "SE"), one.get("number")) for one in asked["parties"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.say(400, {"problem": "unreadable"})
        made = []
        for name, country, number in people:
            read = read_number(number)
            if number is not None and (country != "SE" or read is None):
                return self.say(422, {"problem": "number"})
            made.append({
                "key": secrets.token_urlsafe(12), "door": secrets.token_urlsafe(24), "name": name, "signed": False,
                "title": str(asked.get("title", "")), "digest": digest(read) if read else None, "attempt": None,
                "identity": "waiting" if read else "off",
            })
        case = secrets.token_urlsafe(12)
        with lock:
            cases[case] = made
            parties.update({party["key"]: party for party in made})
            doors.update({party["door"]: party for party in made})
        return self.say(201, {"case": case, "parties": [shown(party) for party in made]})

    def identify(self, party):
        if party["identity"] != "waiting":
            return self.say(409, {"problem": "not-waiting"})
        started = start(party)
        if not started:
            return self.say(502, {"problem": "provider"})
        return self.say(200, {"attempt": started[0], "go": started[1]})

    def sign(self, party):
        with lock:
            party["signed"] = party["signed"] or party["identity"] in ("verified", "off")
        return self.say(200, {"signed": True}) if party["signed"] else self.say(403, {"problem": "not-identified"})

    def found(self, pattern, among):
        match = re.fullmatch(pattern, urllib.parse.urlsplit(self.path).path)
        return among.get(match[1]) if match else None

    def cookie(self, name):
        morsel = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        return morsel.value if morsel else ""

    def say(self, status, body, cookies=(), location=None):
        is_page = isinstance(body, str)
        data = (body if is_page else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "application/json")
        self.send_header("Content-Length", str(len(data)))
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Addresses hold secrets: they are not logged."""


def shown(party):
    return {key: party[key] for key in ("key", "name", "identity", "signed", "door")} | {"link": f"{BASE}/door/{party['door']}"}


class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 128


if __name__ == "__main__":
    threading.Thread(target=poll, daemon=True).start()
    print(f"listening on {BASE}", flush=True)
    Server(("127.0.0.1", PORT), Handler).serve_forever()
