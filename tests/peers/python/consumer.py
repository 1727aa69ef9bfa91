"""A consumer of users-api, written for pact-python 4: it runs on that and on ours without a change.

Usage: python consumer.py <folder for the pact files> <consumer>; writes <consumer>-v2, -v3, -v3-messages and -v4.
"""

import json
import sys
import urllib.request

from pact import Pact, generate, match

folder, consumer = sys.argv[1:]


def ask(url, body=None):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
        return response.status, json.loads(response.read())


def http(name, version):
    pact = Pact(f"{consumer}-{name}", "users-api").with_specification(version)
    user = pact.upon_receiving("a user")
    if version == "V2":
        user.given("user 7 exists").with_request("GET", match.regex("/users/7", regex=r"/users/\d+"))
    else:
        path = match.like("/users/7", generator=generate.provider_state("/users/${id}"))
        user.given("a user exists", kind="admin").with_request("GET", path)
    body = {"id": match.like(7), "name": match.like("Ada"), "tags": match.each_like("admin", min=1)}
    user.with_query_parameters([("detail", "full"), ("detail", "tags")])
    user.will_respond_with(200).with_header("Content-Type", "application/json").with_body(body)
    (
        pact.upon_receiving("a new user")
        .with_request("POST", "/users")
        .with_body({"name": match.like("Grace")})
        .will_respond_with(201)
        .with_header("Location", match.regex("/users/8", regex=r"/users/\d+"))
        .with_body({"id": match.like(8)} if version == "V2" else {"id": match.int(8)})
    )
    with pact.serve() as server:
        assert ask(f"{server.url}/users/7?detail=full&detail=tags") == (
            200,
            {"id": 7, "name": "Ada", "tags": ["admin"]},
        )
        assert ask(f"{server.url}/users", {"name": "Grace"}) == (201, {"id": 8})
    pact.write_file(folder)


def messages(name, version):
    pact = Pact(f"{consumer}-{name}", "users-api").with_specification(version)
    (
        pact.upon_receiving("a user was created", "Async")
        .given("a user exists", kind="admin")
        .with_body({"id": match.int(7), "name": match.like("Ada")})
        .with_metadata(topic="users")
    )
    pact.verify(lambda body, metadata: json.loads(body)["name"] == "Ada", "Async")
    if version == "V4":
        lookup = pact.upon_receiving("a lookup", "Sync")
        lookup.with_body({"id": match.int(7)}).will_respond_with().with_body({"name": match.like("Ada")})
    pact.write_file(folder)


http("v2", "V2")
http("v3", "V3")
messages("v3-messages", "V3")
http("v4", "V4")
messages("v4", "V4")
