"""Authlib for OAuth, joserfc for everything that is encrypted or signed."""

import json
import os
import time
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken, UserInfo
from joserfc import jwe, jwt
from joserfc.jwk import KeySet, RSAKey

from walk import claims, signed, told, walk

ENCRYPTION = ["RSA-OAEP", "A128CBC-HS256", "A256CBC-HS512"]
env = os.environ
mistake = env.get("MISTAKE")


def flow(stage):
    meta = requests.get(f"{env['ISSUER']}/.well-known/openid-configuration").json()
    secret = "wrong" if mistake == "secret-wrong" else env["CLIENT_SECRET"]
    session = OAuth2Session(
        env["CLIENT_ID"],
        secret,
        redirect_uri=env["REDIRECT_URI"],
        token_endpoint_auth_method=env.get("CLIENT_AUTHENTICATION", "client_secret_basic"),
        code_challenge_method="S256",
    )

    stage.at = "authorize"
    state, nonce, verifier = (generate_token(48) for _ in range(3))
    # Authlib makes the challenge and the rest of the plain request; what of it has to be in the request object is taken out of it.
    plain, _ = session.create_authorization_url(meta["authorization_endpoint"], state=state, code_verifier=verifier)
    challenge = parse_qs(urlsplit(plain).query)["code_challenge"][0]
    members = claims(env, state, nonce, challenge)
    keys = requests.get(meta["jwks_uri"]).json()
    request = request_object(members, keys, meta["issuer"])
    outside = {"client_id": env["CLIENT_ID"], "response_type": "code", "scope": env["SCOPE"]}
    data = {"request": request} | (outside if env.get("SIGNATURE_KEY") else {})
    endpoint, jar = meta["authorization_endpoint"], requests.Session()
    if env.get("METHOD") == "GET":
        arrived = walk(jar, requests.Request("GET", endpoint, params=data).prepare().url, env["REDIRECT_URI"])
    else:
        arrived = walk(jar, endpoint, env["REDIRECT_URI"], "POST", data)

    stage.at = "token"
    if mistake == "verifier-wrong":
        verifier = generate_token(48)
    tokens = session.fetch_token(
        meta["token_endpoint"], authorization_response=arrived, state=state, code_verifier=verifier
    )
    if mistake == "code-twice":
        session.fetch_token(meta["token_endpoint"], authorization_response=arrived, state=state, code_verifier=verifier)
    told_token = verified(tokens["id_token"], meta)
    expected = {"iss": {"value": meta["issuer"]}, "aud": {"value": env["CLIENT_ID"]}}
    parameters = {"nonce": nonce, "client_id": env["CLIENT_ID"], "access_token": tokens["access_token"]}
    id_token = CodeIDToken(told_token.claims, told_token.header, expected, parameters)
    id_token.validate(leeway=5)
    if id_token["acr"] != env["ACR"]:
        raise ValueError("acr is another one")

    stage.at = "userinfo"
    response = session.get(meta["userinfo_endpoint"])
    response.raise_for_status()
    is_json = response.headers["Content-Type"].startswith("application/json")
    userinfo = UserInfo(response.json() if is_json else verified(response.text, meta).claims)
    if userinfo.sub != id_token["sub"]:
        raise ValueError("the subject is another one")

    stage.at = "signature"
    sdo = signed(session.get(env["SIGNATURE_URL"])) if env.get("SIGNATURE_URL") else None
    number = userinfo.get("signicat.national_id")
    return {"sub": userinfo.sub, "acr": id_token["acr"], "name": userinfo.get("name"), "number": number, "sdo": sdo}


def request_object(members, keys, audience):
    wanted = "sig" if mistake == "encrypted-to-signature-key" else "enc"
    jwk = next(key for key in keys["keys"] if key["kty"] == "RSA" and key["use"] == wanted)
    key = RSAKey.import_key({"kty": "RSA", "n": jwk["n"], "e": jwk["e"]})
    kid = "nobody" if mistake == "kid-unknown" else jwk["kid"]
    enc = "A128GCM" if mistake == "enc-wrong" else "A256CBC-HS512"
    header = {"alg": "RSA-OAEP", "enc": enc, "typ": "JWE", "kid": kid}
    payload = json.dumps(members)
    if env.get("SIGNATURE_KEY"):
        own = RSAKey.import_key(json.loads(env["SIGNATURE_KEY"]))
        now = int(time.time())
        members = members | {"iss": env["CLIENT_ID"], "aud": audience, "iat": now, "nbf": now, "exp": now + 120}
        payload = jwt.encode({"alg": "RS256", "kid": own.kid}, members, own)
        header["cty"] = "JWT"
    token = jwe.encrypt_compact(header, payload, key, algorithms=["RSA-OAEP", "A128GCM", "A256CBC-HS512"])
    return token.rsplit(".", 1)[0] + "." + "A" * 43 if mistake == "tag-broken" else token


def verified(token, meta):
    if env.get("RESPONSE_KEY"):
        own = RSAKey.import_key(json.loads(env["RESPONSE_KEY"]))
        # A provider may repeat iss and aud in the header (RFC 7519 section 5.3).
        registry = jwe.JWERegistry(algorithms=ENCRYPTION, strict_check_header=False)
        token = jwe.decrypt_compact(token, own, registry=registry).plaintext.decode()
    # Fetched now, because a key may have been rotated in since discovery; only keys that verify are looked at.
    keys = requests.get(meta["jwks_uri"]).json()
    return jwt.decode(token, KeySet.import_key_set({"keys": [key for key in keys["keys"] if key.get("use") == "sig"]}))


told(flow)
