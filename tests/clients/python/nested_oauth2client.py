"""requests_oauth2client: a request object that is signed, then encrypted."""

import json
import os

import requests
from jwskate import JweCompact, Jwk, SignedJwt
from requests_oauth2client import (
    AuthorizationRequest,
    OAuth2Client,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
)

from walk import Refused, signed, told, walk

env = os.environ
mistake = env.get("MISTAKE")


def flow(stage):
    meta = requests.get(f"{env['ISSUER']}/.well-known/openid-configuration").json()
    keys = requests.get(meta["jwks_uri"]).json()
    own = Jwk(json.loads(env["SIGNATURE_KEY"]))
    response_key = Jwk(json.loads(env["RESPONSE_KEY"])) if env.get("RESPONSE_KEY") else None
    secret = "wrong" if mistake == "secret-wrong" else env["CLIENT_SECRET"]
    authentication = {
        "post": lambda: ClientSecretPost(env["CLIENT_ID"], secret),
        "private_key_jwt": lambda: PrivateKeyJwt(env["CLIENT_ID"], own),
    }.get(env.get("CLIENT_AUTHENTICATION"), lambda: ClientSecretBasic(env["CLIENT_ID"], secret))()
    client = OAuth2Client(
        token_endpoint=meta["token_endpoint"],
        authorization_endpoint=meta["authorization_endpoint"],
        userinfo_endpoint=meta["userinfo_endpoint"],
        issuer=meta["issuer"],
        redirect_uri=env["REDIRECT_URI"],
        auth=authentication,
        authorization_server_jwks={"keys": [key for key in keys["keys"] if key["use"] == "sig"]},
        id_token_signed_response_alg="RS256",
        id_token_encrypted_response_alg="RSA-OAEP" if response_key else None,
        id_token_decryption_key=response_key,
        testing=env["ISSUER"].startswith("http:"),
    )

    stage.at = "authorize"
    hint = env["LOGIN_HINT"] if env.get("HINT") == "text" else env["LOGIN_HINT"].split(",")
    more = {"signicat_signtext": env["SIGN_TEXT"]} if env.get("SIGN_TEXT") else {}
    request = AuthorizationRequest(
        authorization_endpoint=meta["authorization_endpoint"],
        client_id=env["CLIENT_ID"],
        redirect_uri=env["REDIRECT_URI"],
        scope=env["SCOPE"],
        acr_values=env["ACR"],
        issuer=meta["issuer"],
        login_hint=hint,
        nbf=0,
        iss=env["CLIENT_ID"],
        aud=meta["issuer"],
        **more,
    )
    wanted = "sig" if mistake == "encrypted-to-signature-key" else "enc"
    public = next(key for key in keys["keys"] if key["kty"] == "RSA" and key["use"] == wanted)
    kid = "nobody" if mistake == "kid-unknown" else public["kid"]
    to = Jwk({"kty": "RSA", "n": public["n"], "e": public["e"], "kid": kid})
    signing = Jwk.generate(alg="RS256", kid=own["kid"]) if mistake == "signed-by-stranger" else own
    enc = "A128GCM" if mistake == "enc-wrong" else "A256CBC-HS512"
    encrypted = request.sign_and_encrypt(signing, to, sign_alg="RS256", enc_alg="RSA-OAEP", enc=enc, lifetime=120)
    url = encrypted.furl
    if mistake == "tag-broken":
        url.args["request"] = str(encrypted.request).rsplit(".", 1)[0] + "." + "A" * 43
    if env.get("OUTSIDE"):
        url.args |= {"response_type": "code", "scope": env["SCOPE"]}
    arrived = walk(requests.Session(), url.url, env["REDIRECT_URI"])

    stage.at = "callback"
    response = request.validate_callback(arrived)
    stage.at = "token"
    if mistake == "verifier-wrong":
        tokens = client.authorization_code(response.code, code_verifier="v" * 43, redirect_uri=env["REDIRECT_URI"])
    tokens = client.authorization_code(response, validate=True)
    if mistake == "code-twice":
        client.authorization_code(response, validate=True)

    stage.at = "userinfo"
    if response_key:
        # The library decrypts id_tokens only.
        answer = requests.get(meta["userinfo_endpoint"], auth=tokens)
        nested = SignedJwt(JweCompact(answer.content).decrypt(response_key))
        nested.verify(client.authorization_server_jwks.get_jwk_by_kid(nested.kid), alg="RS256")
        userinfo = nested.claims
    else:
        userinfo = client.userinfo(tokens)
    if userinfo["sub"] != tokens.id_token.sub:
        raise Refused("userinfo", "the subject is another one")

    stage.at = "signature"
    sdo = signed(requests.get(env["SIGNATURE_URL"], auth=tokens)) if env.get("SIGNATURE_URL") else None
    number = userinfo.get("signicat.national_id")
    id_token = tokens.id_token
    return {"sub": id_token.sub, "acr": id_token.acr, "name": userinfo.get("name"), "number": number, "sdo": sdo}


told(flow)
