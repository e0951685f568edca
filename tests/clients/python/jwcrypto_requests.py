"""jwcrypto and requests alone: the way of Signicat's own samples."""

import json
import os
import secrets
import time
from urllib.parse import parse_qs, urlsplit

import requests
from jwcrypto import jwe, jwk, jwt

from walk import Refused, claims, signed, told, walk

env = os.environ
mistake = env.get("MISTAKE")


def flow(stage):
    meta = requests.get(f"{env['ISSUER']}/.well-known/openid-configuration").json()
    keys = requests.get(meta["jwks_uri"]).json()["keys"]

    stage.at = "authorize"
    state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    request = request_object(claims(env, state, nonce), keys, meta["issuer"])
    outside = {"client_id": env["CLIENT_ID"], "response_type": "code", "scope": env["SCOPE"]}
    data = {"request": request} | (outside if env.get("SIGNATURE_KEY") else {})
    prepared = requests.Request("GET", meta["authorization_endpoint"], params=data).prepare()
    arrived = parse_qs(urlsplit(walk(requests.Session(), prepared.url, env["REDIRECT_URI"])).query)

    stage.at = "token"
    if "error" in arrived:
        raise Refused("callback", f"{arrived['error'][0]}: {arrived.get('error_description', [''])[0]}")
    if arrived.get("state") != [state]:
        raise Refused("callback", "state is another one")
    body = {
        "client_id": env["CLIENT_ID"],
        "redirect_uri": env["REDIRECT_URI"],
        "grant_type": "authorization_code",
        "code": arrived["code"][0],
    }
    user = "somebody-else" if mistake == "basic-user-differs" else env["CLIENT_ID"]
    secret = "wrong" if mistake == "secret-wrong" else env["CLIENT_SECRET"]
    for _ in range(2 if mistake == "code-twice" else 1):
        response = requests.post(meta["token_endpoint"], data=body, auth=(user, secret))
        if response.status_code != 200:
            raise Refused("token", f"HTTP {response.status_code}: {response.json().get('error')}")
    tokens = response.json()
    expected = {"iss": meta["issuer"], "aud": env["CLIENT_ID"], "nonce": nonce, "acr": env["ACR"], "exp": None, "sub": None}
    id_token = verified(tokens["id_token"], meta, expected)

    stage.at = "userinfo"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    response = requests.get(meta["userinfo_endpoint"], headers=bearer)
    response.raise_for_status()
    is_json = response.headers["Content-Type"].startswith("application/json")
    userinfo = response.json() if is_json else verified(response.text, meta, {"sub": None})
    if userinfo["sub"] != id_token["sub"]:
        raise Refused("userinfo", "the subject is another one")

    stage.at = "signature"
    sdo = signed(requests.get(env["SIGNATURE_URL"], headers=bearer)) if env.get("SIGNATURE_URL") else None
    number = userinfo.get("signicat.national_id")
    return {"sub": id_token["sub"], "acr": id_token["acr"], "name": userinfo.get("name"), "number": number, "sdo": sdo}


def request_object(members, keys, audience):
    wanted = "sig" if mistake == "encrypted-to-signature-key" else "enc"
    public = next(key for key in keys if key["kty"] == "RSA" and key["use"] == wanted)
    kid = "nobody" if mistake == "kid-unknown" else public["kid"]
    enc = "A128GCM" if mistake == "enc-wrong" else "A256CBC-HS512"
    header = {"alg": "RSA-OAEP", "enc": enc, "typ": env.get("TYP", "JWE"), "kid": kid}
    payload = json.dumps(members)
    if env.get("SIGNATURE_KEY"):
        own = jwk.JWK.from_json(env["SIGNATURE_KEY"])
        now = int(time.time())
        members = members | {"iss": env["CLIENT_ID"], "aud": audience, "iat": now, "nbf": now, "exp": now + 120}
        inner = jwt.JWT(header={"alg": "RS256", "kid": own["kid"]}, claims=members)
        inner.make_signed_token(own)
        payload, header["cty"] = inner.serialize(), "JWT"
    token = jwe.JWE(payload.encode(), json.dumps(header))
    token.add_recipient(jwk.JWK(kty="RSA", n=public["n"], e=public["e"]))
    compact = token.serialize(compact=True)
    return compact.rsplit(".", 1)[0] + "." + "A" * 43 if mistake == "tag-broken" else compact


def verified(token, meta, expected):
    if env.get("RESPONSE_KEY"):
        outer = jwe.JWE()
        outer.deserialize(token, jwk.JWK.from_json(env["RESPONSE_KEY"]))
        token = outer.payload.decode()
    keys = jwk.JWKSet.from_json(requests.get(meta["jwks_uri"]).text)
    return json.loads(jwt.JWT(jwt=token, key=keys, check_claims=expected, algs=["RS256"]).claims)


told(flow)
