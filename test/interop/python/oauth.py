"""One step of an OAuth client, by requests-oauthlib: input and answer are JSON."""

import json
import sys

from requests_oauthlib import OAuth1Session

PLACES = {"header": "AUTH_HEADER", "query": "QUERY", "form": "BODY"}

given = json.load(sys.stdin)
url = given["url"]


def session(place, token=None, secret=None, **more):
    return OAuth1Session(
        given["consumerKey"],
        client_secret=given["consumerSecret"],
        resource_owner_key=token,
        resource_owner_secret=secret,
        signature_method=given["method"],
        signature_type=PLACES[place],
        rsa_key=given["rsaKey"],
        **more,
    )


if given["step"] == "initiate":
    client = session(given["place"], callback_uri=given["callback"])
    answer = client.fetch_request_token(url + "/oauth/initiate")
else:
    client = session(given["place"], given["token"], given["tokenSecret"], verifier=given["verifier"])
    answer = client.fetch_access_token(url + "/oauth/token")
    # Only a header tells REST that a request is signed.
    client = session("header", answer["oauth_token"], answer["oauth_token_secret"])
    answer["get"] = client.get(url + "/who", params={"label": "a b", "x": "é"}).text
    answer["post"] = client.post(url + "/who", data={"label": "Vorne & hinten", "x": "é~*+"}).text
    answer["delete"] = client.delete(url + "/who").text
    request = client.get(url + "/who").request
    answer["replayed"] = client.send(request).text

json.dump(answer, sys.stdout)
