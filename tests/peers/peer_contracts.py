"""The interactions of js/contracts.js, described through our public API: the same names, the same contents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pact import Pact, generate, match, xml

Describe = Callable[[Pact, Path], Any]
CONTRACTS: dict[tuple[str, str], Describe] = {}
JSON = "application/json"


def contract(provider: str, description: str) -> Callable[[Describe], Describe]:
    """Register a function ``(pact, folder of files)`` that describes the interaction."""

    def register(describe: Describe) -> Describe:
        CONTRACTS[provider, description] = describe
        return describe

    return register


@contract("v2", "a search with a repeated parameter")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a search with a repeated parameter")
        .given("there are orders")
        .with_request("GET", "/orders")
        .with_query_parameters([("tag", "new"), ("tag", "paid"), ("page", "2")])
        .with_header("Accept", "application/json")
        .will_respond_with(200)
        .with_body(
            {
                "orders": match.each_like(
                    {"id": match.like(7), "sku": match.regex("ABC-12", regex=r"[A-Z]{3}-\d+")}, min=2
                )
            }
        )
    )


@contract("v2", "an order that is placed")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an order that is placed")
        .with_request("POST", match.regex("/orders/12", regex=r"^/orders/\d+$"))
        .with_headers({"Content-Type": JSON, "Authorization": match.regex("Bearer abc", regex="Bearer .+")})
        .with_body(
            {
                "amount": match.like(12.5),
                "items": match.each_like("pen", min=1),
                "note": "plain",
                "nested": {"deep": match.like({"colour": "red", "sizes": [1, 2]})},
            }
        )
        .will_respond_with(201)
        .with_header("Location", match.regex("http://localhost/orders/12", regex=r".*/orders/\d+"))
    )


@contract("v2", "a removal")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a removal")
        .with_request("DELETE", "/orders/12")
        .with_query_parameter("reason", match.regex("late", regex=r"\w+"))
        .will_respond_with(204)
    )


@contract("v2", "a greeting in text")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a greeting in text")
        .given("the shop is open")
        .with_request("GET", "/greeting")
        .will_respond_with(200)
        .with_body("Good morning", "text/plain")
    )


@contract("v2", "values of every JSON type")
def _(pact: Pact, files: Path) -> None:
    like = match.like
    body = {"int": like(3), "dec": like(2.5), "yes": like(True), "text": like("s"), "none": None}
    (
        pact.upon_receiving("values of every JSON type")
        .with_request("GET", "/types")
        .will_respond_with(200)
        .with_body({**body, "list": [1, "a", False], "empty": {}})
    )


@contract("v3", "a query with matchers")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a query with matchers")
        .given("a user exists", id=10, name="Ada")
        .given("the user is logged in")
        .with_request("GET", match.regex("/users/10", regex=r"/users/\d+"))
        .with_query_parameters({"q": ["a", "b"], "limit": match.int(5), "since": match.regex("2020", regex=r"\d{4}")})
        .with_headers([("Accept", "text/plain"), ("Accept", "application/json"), ("X-Trace", match.like("t1"))])
        .will_respond_with(200)
        .with_body({"id": match.int(10)})
    )


@contract("v3", "every scalar matcher")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("every scalar matcher")
        .with_request("GET", "/scalars")
        .will_respond_with(200)
        .with_body(
            {
                "like": match.like("x"),
                "integer": match.int(3),
                "decimal": match.decimal(2.5),
                "number": match.number(4),
                "boolean": match.like(False),
                "string": match.str("s"),
                "regex": match.regex("aab", regex="a+b"),
                "includes": match.includes("mid"),
                "none": match.null(),
                "date": match.date("2020-02-29", "%Y-%m-%d"),
                "time": match.time("13:14:15", "%H:%M:%S"),
                "datetime": match.datetime("2020-02-29T13:14:15", "%Y-%m-%dT%H:%M:%S"),
                "millis": match.timestamp(
                    "2020-02-29T13:14:15.123", "yyyy-MM-dd'T'HH:mm:ss.SSS", disable_conversion=True
                ),
            }
        )
    )


@contract("v3", "lists of every size")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("lists of every size")
        .with_request("POST", "/lists")
        .with_body(
            {
                "each": match.each_like({"a": match.int(1)}, min=2),
                "one": match.each_like("x", min=1),
                "least": match.like([1, 1, 1], min=2),
                "most": match.each_like("y", max=3),
                "both": match.each_like(True, min=1, max=4),
            }
        )
        .will_respond_with(200)
        .with_body(match.each_like(match.like({"id": 1}), min=1))
    )


@contract("v3", "values of a provider state")
def _(pact: Pact, files: Path) -> None:
    def injected(expression: str, example: str) -> Any:
        return match.like(example, generator=generate.provider_state(expression))

    (
        pact.upon_receiving("values of a provider state")
        .given("an account exists")
        .with_request("PUT", injected("/accounts/${id}", "/accounts/9"))
        .with_query_parameter("owner", injected("${owner}", "ada"))
        .with_header("X-Account", injected("${id}", "9"))
        .with_body({"owner": injected("${owner}", "ada")})
        .will_respond_with(200)
        .with_body({"id": injected("${id}", "9")})
    )


@contract("v3", "a document with repeated elements")
def _(pact: Pact, files: Path) -> None:
    task = xml.element("task", attrs={"id": match.int(1), "done": match.like(True)}).each(examples=3)
    attributes = {"id": match.int(1), "type": "activity", "name": match.str("Project 1")}
    project = xml.element("project", xml.element("tasks", task), attrs=attributes).each(min=1, examples=2)
    (
        pact.upon_receiving("a document with repeated elements")
        .with_request("GET", "/projects")
        .will_respond_with(200)
        .with_body(xml.body(xml.element("projects", project, attrs={"id": "1234"})), "application/xml")
    )


@contract("v3", "an upload of bytes")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an upload of bytes")
        .with_request("PUT", "/blob")
        .with_binary_body((files / "blob.bin").read_bytes(), "application/octet-stream")
        .with_matching_rules({"body": {"$": match.content_type("application/octet-stream")}})
        .will_respond_with(201)
    )


@contract("v3", "an upload in a form")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an upload in a form")
        .with_request("POST", "/photos")
        .with_multipart_file("photo", files / "photo.jpg", "image/jpeg", boundary="pact-boundary")
        .will_respond_with(201)
    )


@contract("v3", "a download of bytes")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a download of bytes")
        .with_request("GET", "/photo")
        .will_respond_with(200)
        .with_header("Cache-Control", "no-cache, no-store")
        .with_binary_body((files / "photo.jpg").read_bytes(), "image/jpeg")
        .with_matching_rules({"body": {"$": match.content_type("image/jpeg")}})
    )


@contract("v3", "a form")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a form")
        .with_request("POST", "/form")
        .with_body("name=Ada+Lovelace&age=36&tag=a&tag=b", "application/x-www-form-urlencoded")
        .will_respond_with(303)
        .with_header("Location", "/done")
    )


@contract("v3-messages", "an event in JSON")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an event in JSON", "Async")
        .given("an order was paid", id="7")
        .with_body(
            {
                "id": match.int(7),
                "tags": match.each_like("new", min=1),
                "when": match.datetime("2020-02-29T13:14:15", "%Y-%m-%dT%H:%M:%S"),
            }
        )
        .with_metadata(topic="orders", partition=match.regex("p1", regex=r"p\d"))
    )


@contract("v3-messages", "an event in text")
def _(pact: Pact, files: Path) -> None:
    pact.upon_receiving("an event in text", "Async").with_body("paid 7", "text/plain")


@contract("v3-messages", "an event in bytes")
def _(pact: Pact, files: Path) -> None:
    message = pact.upon_receiving("an event in bytes", "Async")
    message.with_binary_body((files / "blob.bin").read_bytes(), "application/octet-stream")


@contract("v4", "repeated names and values with commas")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("repeated names and values with commas")
        .with_request("GET", "/search")
        .with_query_parameters({"q": ["x,y", "z"], "empty": ""})
        .with_headers({"Accept": ["text/html", "text/plain"], "If-None-Match": '"a,b"'})
        .will_respond_with(200)
        .with_headers({"Vary": "Accept, Origin", "Link": match.regex('</2>; rel="next"', regex='<.+>; rel="next"')})
        .with_body([1, 2])
    )


@contract("v4", "keys and values of maps")
def _(pact: Pact, files: Path) -> None:
    values = match.each_value_matches({"x": "2020"}, rules=[match.regex("2020", regex=r"\d{4}")])
    (
        pact.upon_receiving("keys and values of maps")
        .with_request("GET", "/maps")
        .will_respond_with(200)
        .with_body(
            {
                "keys": match.each_key_matches({"k1": "v"}, rules=match.regex("k1", regex=r"k\d")),
                "values": match.each_value_matches({"a": 1}, rules=match.int(1)),
                "both": match.like({"inner": values}),
            }
        )
    )


@contract("v4", "an array that contains variants")
def _(pact: Pact, files: Path) -> None:
    update = {"name": "update", "method": match.regex("PUT", regex="PUT|PATCH")}
    (
        pact.upon_receiving("an array that contains variants")
        .with_request("GET", "/siren")
        .will_respond_with(200)
        .with_body({"actions": match.array_containing([update, {"name": "delete", "href": match.like("/x")}, "plain"])})
    )


@contract("v4", "any status of success")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("any status of success")
        .with_request("GET", "/status")
        .will_respond_with({"pact:matcher:type": "statusCode", "status": "success", "value": 201})
    )


@contract("v4", "everything that is said about an interaction")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("everything that is said about an interaction")
        .given("state one")
        .given("state two", {"when": "now", "count": 2})
        .set_pending(pending=True)
        .add_text_comment("a line of text")
        .set_comment("owner", "team a")
        .test_name("orders > lists them")
        .add_external_reference("jira", "ticket", "ABC-1")
        .with_request("GET", "/annotated")
        .will_respond_with(200)
    )


@contract("v4", "an XML request with texts and attributes")
def _(pact: Pact, files: Path) -> None:
    customer = xml.element("customer", match.str("Ada"), attrs={"vip": match.like(True)})
    sku = {"sku": match.regex("A1", regex=r"[A-Z]\d")}
    item = xml.element("item", match.regex("3", regex=r"\d+"), attrs=sku)
    (
        pact.upon_receiving("an XML request with texts and attributes")
        .with_request("POST", "/xml")
        .with_body(xml.body(xml.element("order", customer, item, attrs={"no": "7"})), "application/xml")
        .will_respond_with(202)
    )


@contract("v4", "a file that is sent")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a file that is sent")
        .with_request("PUT", "/copy")
        .with_binary_body((files / "blob.bin").read_bytes(), "application/octet-stream")
        .with_matching_rules({"body": {"$": match.content_type("application/octet-stream")}})
        .will_respond_with(200)
        .with_header("Content-Type", "application/hal+json")
        .with_body({"_links": {}}, JSON)
    )


@contract("v4", "a file that is received")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a file that is received")
        .with_request("GET", "/copy")
        .will_respond_with(200)
        .with_binary_body((files / "photo.jpg").read_bytes(), "image/jpeg")
        .with_matching_rules({"body": {"$": match.content_type("image/jpeg")}})
    )


@contract("v4", "a text that is received")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a text that is received")
        .with_request("GET", "/notes")
        .will_respond_with(200)
        .with_body("a,b\n1,2\n", "text/plain")
        .with_matching_rules({"body": {"$": match.content_type("text/plain")}})
    )


@contract("v4", "a multipart request")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a multipart request")
        .with_request("POST", "/bundle")
        .with_multipart_file("picture", files / "photo.jpg", "image/jpeg", boundary="own-boundary")
        .will_respond_with(204)
    )


@contract("v4", "rules beside a body")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("rules beside a body")
        .with_request("POST", "/rules")
        .with_query_parameter("page", "1")
        .with_header("X-Id", "a1")
        .with_body({"id": 5, "name": "n"})
        .with_matching_rules(
            {
                "body": {"$.id": match.int(5)},
                "header": {"X-Id": match.regex("a1", regex=r"[a-z]\d")},
                "query": {"page": match.regex("1", regex=r"\d+")},
            }
        )
        .will_respond_with(200)
        .with_body({"rows": [{"n": 1}, {"n": 2}]})
        .with_matching_rules({"body": {"$.rows[*].n": match.int(1)}})
    )


@contract("v4", "a small change")
def _(pact: Pact, files: Path) -> None:
    expression = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    uuid = match.regex("936da01f-9abd-4d9d-80c7-02af85c822a8", regex=expression)
    (
        pact.upon_receiving("a small change")
        .with_request("PATCH", "/small")
        .with_query_parameter("v", match.includes("1"))
        .with_body({"a": match.like(1)})
        .will_respond_with(200)
        .with_header("ETag", match.str("v2"))
        .with_body({"ok": True, "uuid": uuid})
    )


@contract("v4", "values that are generated")
def _(pact: Pact, files: Path) -> None:
    own = generate.mock_server_url(regex=r".*(\/orders\/12)$", example="http://localhost:8080/orders/12")
    link = match.regex("http://localhost:8080/orders/12", regex=r".*(\/orders\/12)$")
    (
        pact.upon_receiving("values that are generated")
        .with_request("GET", "/generated")
        .will_respond_with(200)
        .with_body(
            {
                "when": match.datetime("2020-02-29", "%Y-%m-%d"),
                "link": match.regex("http://localhost:1234/orders/12", regex=r".*(\/orders\/\d+)$"),
                "own": {**link.to_integration_json(), **own.to_integration_json()},
                "id": match.like(12, generator=generate.provider_state("${id}")),
            }
        )
    )


@contract("v4", "words of many scripts")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("words of many scripts")
        .given("größer als 5 €")
        .with_request("POST", "/words")
        .with_header("Content-Type", "application/json; charset=utf-8")
        .with_body(
            {"schlüssel": "日本語", "emoji": match.like("🎉"), "a.b c": match.int(1), "$ref": match.str("x")}, JSON
        )
        .will_respond_with(200)
        .with_body({"greeting": "Grüße"})
    )


@contract("v4", "an asynchronous message in JSON")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an asynchronous message in JSON", "Async")
        .given("an order was paid", id=7)
        .with_body({"id": match.int(7), "tags": match.each_like("new", min=2)})
        .with_metadata(topic="orders", key=match.regex("k1", regex=r"k\d"))
    )


@contract("v4", "an asynchronous message in text")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("an asynchronous message in text", "Async")
        .set_pending(pending=True)
        .add_text_comment("not yet sent")
        .test_name("events > text")
        .add_external_reference("docs", "adr", "adr-12")
        .with_body("paid 7", "text/plain")
    )


@contract("v4", "an asynchronous message in bytes")
def _(pact: Pact, files: Path) -> None:
    message = pact.upon_receiving("an asynchronous message in bytes", "Async")
    message.with_binary_body((files / "blob.bin").read_bytes(), "application/octet-stream")


@contract("v4", "an asynchronous message whose type nobody states")
def _(pact: Pact, files: Path) -> None:
    pact.upon_receiving("an asynchronous message whose type nobody states", "Async").with_body([1])


@contract("v4", "a synchronous message with matchers")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a synchronous message with matchers", "Sync")
        .given("a calculator")
        .with_body({"add": match.each_like(1, min=2)})
        .will_respond_with()
        .with_body({"sum": match.int(2)})
    )


@contract("v4", "a synchronous message in text")
def _(pact: Pact, files: Path) -> None:
    (
        pact.upon_receiving("a synchronous message in text", "Sync")
        .set_pending(pending=True)
        .set_comment("owner", "team b")
        .test_name("rpc > text")
        .with_body("ping", "text/plain")
        .with_matching_rules({"body": {"$": match.content_type("text/plain")}})
        .will_respond_with()
        .with_body("pong", "text/plain")
        .with_matching_rules({"body": {"$": match.content_type("text/plain")}})
    )
