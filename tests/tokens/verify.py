"""A referee for signed identities: PyJWT with pinned certificates, and what Freja's documents say of the payload.

Reads {"pins", "cases"} from standard input, writes {name: reason}; "ok" for what must be believed.
"""

import hashlib
import hmac
import json
import re
import sys

import jwt
from cryptography import x509


class Refused(Exception):
    pass


def strict(text):
    def members(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise Refused("a key stands twice")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=members)


def verified(token, pins, now):
    if len(token) > 64 * 1024:
        raise Refused("too large")
    parts = token.split(".")
    if len(parts) != 3:
        raise Refused("not three parts")
    if not all(re.fullmatch(r"[A-Za-z0-9_-]*", part) for part in parts):
        raise Refused("not base64url")
    try:
        header = strict(jwt.utils.base64url_decode(parts[0]))
    except ValueError:
        raise Refused("the header is no JSON")
    pin = pins.get(header.get("x5t"))
    if pin is None:
        raise Refused("an unknown key")
    if pin["state"] == "withdrawn":
        raise Refused("a withdrawn key")
    certificate = x509.load_pem_x509_certificate(pin["certificate"].encode())
    if certificate.not_valid_after_utc.timestamp() * 1000 < now:
        raise Refused("an expired certificate")
    if "crit" in header:
        raise Refused("a critical extension")
    try:
        return jwt.PyJWS().decode_complete(token, certificate.public_key(), algorithms=["RS256"])["payload"]
    except jwt.InvalidAlgorithmError:
        raise Refused("the algorithm")
    except jwt.DecodeError:
        # One that does not fit, and one that was cut short.
        raise Refused("the signature")


def judged(case, pins):
    outer = case["outer"]
    if "signedIdentity" not in outer:
        raise Refused("no token")
    try:
        payload = strict(verified(outer["signedIdentity"], pins, case["now"]))
    except ValueError:
        raise Refused("the payload is no JSON")
    if payload.get("status") != "APPROVED":
        raise Refused("not approved")
    if payload["authRef"] != case["authRef"]:
        raise Refused("another session's")
    age = case["now"] - payload["timestamp"]
    if age > 600_000:
        raise Refused("too old")
    if age < -60_000:
        raise Refused("from the future")
    attributes = payload["requestedAttributes"]
    if attributes.get("registrationLevel") not in ("EXTENDED", "PLUS"):
        raise Refused("the level")
    ssn = attributes.get("ssn", {}).get("ssn")
    if not ssn:
        raise Refused("without a number")
    if attributes["ssn"]["country"] != "SE":
        raise Refused("another country's")
    if ssn != case["number"]:
        raise Refused("another person's")
    if outer["requestedAttributes"] != attributes or outer["status"] != payload["status"]:
        raise Refused("the neighbours differ")


def delivered(case):
    seal = case["seal"]
    if seal is None:
        raise Refused("no signature")
    fields = [field.partition("=")[::2] for field in seal.split(",")]
    moments = [value for name, value in fields if name == "t"]
    digests = [value for name, value in fields if name == "v1"]
    if len(moments) != 1 or not digests:
        raise Refused("another scheme")
    signed = f"{moments[0]}.".encode() + case["body"].encode()
    right = hmac.new(case["secret"].encode(), signed, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(right, digest) for digest in digests):
        raise Refused("the signature")
    age = case["now"] - int(moments[0]) * 1000
    if age > 300_000:
        raise Refused("too old")
    if age < -300_000:
        raise Refused("from the future")


def main():
    given = json.load(sys.stdin)
    pins = {pin["x5t"]: pin for pin in given["pins"]}
    reasons = {}
    for case in given["cases"]:
        try:
            delivered(case) if "body" in case else judged(case, pins)
            reasons[case["name"]] = "ok"
        except Refused as refused:
            reasons[case["name"]] = str(refused)
    json.dump(reasons, sys.stdout)


main()
