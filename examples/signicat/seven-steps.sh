#!/usr/bin/env bash
# A consent signature in the seven steps of Signicat's page, with curl, jq, jose, openssl and xmlsec1. Nothing in it knows that the provider
# is a simulator, but for the certificate in the last step:
#
#   motpart serve --script pending-then-finished-by-polls -- examples/signicat/seven-steps.sh
set -euo pipefail

# 1. What Signicat hands over. Here it comes from `motpart serve`.
: "${SIGNICAT_ISSUER:?}" "${SIGNICAT_CLIENT_ID:?}" "${SIGNICAT_CLIENT_SECRET:?}"
redirect_uri=http://127.0.0.1:3000/callback
text="I confirm my purchase of broadband subscription Medium500."

# 2. A client that keeps its cookies. Redirects are followed by hand, because nothing listens at the redirect URI.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ask() { curl --silent --show-error --fail-with-body --cookie "$work/jar" --cookie-jar "$work/jar" "$@"; }

# A compact JWE of standard input: RSA-OAEP with A256CBC-HS512 (RFC 7516). `jose jwe enc` would do it in one line where it knows RSA-OAEP;
# Debian 12's does not.
base64url() { jose b64 enc -I -; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
encrypted() {
    local jwk=$1 member protected key mac_key cipher_key iv bits
    for member in n e; do
        declare "$member=$(jq -r ".$member" "$jwk" | tr -d '\n' | jose b64 dec -i - | hex)"
    done
    printf '%s\n' asn1=SEQUENCE:key '[key]' algorithm=SEQUENCE:algorithm bits=BITWRAP,SEQUENCE:rsa '[algorithm]' oid=OID:rsaEncryption \
        null=NULL '[rsa]' "n=INTEGER:0x$n" "e=INTEGER:0x$e" >"$work/key.conf"
    openssl asn1parse -genconf "$work/key.conf" -noout -out "$work/key.der"

    protected=$(jq -cj '{alg: "RSA-OAEP", enc: "A256CBC-HS512", typ: "JWE", kid: .kid}' "$jwk" | base64url)
    key=$(openssl rand -hex 64) iv=$(openssl rand -hex 16)
    mac_key=${key:0:64} cipher_key=${key:64}
    binary() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
    binary "$key" | openssl pkeyutl -encrypt -pubin -keyform DER -inkey "$work/key.der" -pkeyopt rsa_padding_mode:oaep >"$work/wrapped"
    openssl enc -aes-256-cbc -K "$cipher_key" -iv "$iv" >"$work/ciphertext"
    bits=$(printf '%016x' $((${#protected} * 8)))
    { printf '%s' "$protected"; binary "$iv"; cat "$work/ciphertext"; binary "$bits"; } |
        openssl dgst -sha512 -mac HMAC -macopt "hexkey:$mac_key" -binary | head -c 32 >"$work/tag"
    printf '%s.%s.%s.%s.%s' "$protected" "$(base64url <"$work/wrapped")" "$(binary "$iv" | base64url)" \
        "$(base64url <"$work/ciphertext")" "$(base64url <"$work/tag")"
}

# 3. The authorization request: a request object, encrypted to the key with "use":"enc".
metadata=$(ask "$SIGNICAT_ISSUER/.well-known/openid-configuration")
ask "$(jq -r .jwks_uri <<<"$metadata")" | jq '[.keys[] | select(.kty == "RSA" and .use == "enc")][0]' >"$work/key.jwk"
state=$(openssl rand -hex 16)
jq -n --arg client "$SIGNICAT_CLIENT_ID" --arg uri "$redirect_uri" --arg text "$text" --arg state "$state" '{
    login_hint: ["subject-198501012382"],
    scope: "openid profile signicat.sign",
    signicat_signtext: $text,
    acr_values: "urn:signicat:oidc:method:sbid-inapp-sign",
    response_type: "code",
    redirect_uri: $uri,
    state: $state,
    client_id: $client
}' >"$work/request.json"
request=$(encrypted "$work/key.jwk" <"$work/request.json")
echo "3. a request object of ${#request} characters"

# 4. It is sent, and answered in JSON. The cookie is in the jar.
started=$(ask --get --header "Accept: application/json" --data-urlencode "request=$request" \
    "$(jq -r .authorization_endpoint <<<"$metadata")")
echo "4. order $(jq -r .orderRef <<<"$started")"

# 5. Poll until the person has signed.
while
    collected=$(ask --header "Accept: application/json" "$(jq -r '"\(.collectUrl)?orderRef=\(.orderRef)"' <<<"$started")")
    status=$(jq -r '.progressStatus // .error.code' <<<"$collected")
    echo "5. $status"
    [[ $status != COMPLETE ]]
do
    jq -e '.error == null' <<<"$collected" >/dev/null || exit 1
    sleep "${POLL_SECONDS:-1}"
done

# 6. Complete, without the JSON header; the last redirect leads to the redirect URI with code and state. Exchange the code.
url=$(jq -r .completeUrl <<<"$collected")
until [[ $url == "$redirect_uri"* ]]; do
    echo "6. redirected"
    url=$(ask --output /dev/null --write-out '%{redirect_url}' "$url")
    [[ -n $url ]] || { echo "6. no redirect" >&2; exit 1; }
done
parameter() { sed -n "s/.*[?&]$1=\([^&#]*\).*/\1/p" <<<"$url"; }
[[ $(parameter state) == "$state" ]] || { echo "6. the state is another one" >&2; exit 1; }
tokens=$(ask --user "$SIGNICAT_CLIENT_ID:$SIGNICAT_CLIENT_SECRET" --data-urlencode "client_id=$SIGNICAT_CLIENT_ID" \
    --data-urlencode "redirect_uri=$redirect_uri" --data grant_type=authorization_code --data-urlencode "code=$(parameter code)" \
    "$(jq -r .token_endpoint <<<"$metadata")")
echo "6. tokens for $(jq -r .expires_in <<<"$tokens") seconds"

# 7. The signed data object, while the access token is good. The signature is verified against the CA of the simulation.
ask --header "Authorization: Bearer $(jq -r .access_token <<<"$tokens")" "$SIGNICAT_ISSUER/signature" >"$work/sdo.xml"
"${MOTPART:-motpart}" ca >"$work/ca.pem"
xmlsec1 --verify --trusted-pem "$work/ca.pem" "$work/sdo.xml" >"$work/verified" 2>&1 || { cat "$work/verified" >&2; exit 1; }
element() { sed -n "s|.*<$1>\([^<]*\)</$1>.*|\1|p" "$work/sdo.xml"; }
[[ $(element OriginalDocument | base64 --decode) == "$text" ]] || { echo "7. another text was signed" >&2; exit 1; }
echo "7. signed by $(element SignerName), $(element SignerNationality): $text"
