"""Matchers under odd keys and names: the core reads back what it wrote, or they are refused with the version needed.

Specification V2 has a path language of its own, in which many names cannot be said.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from pact_ffi import Pact, Verifier
from pact_ffi.core.library import lib
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError, SpecificationError, VerificationError

PLAIN = ["a", "a-b", "a_", "1", "0", "a1", "a:b", "a@b", "a#b", "é", "日本"]
ODD = [
    "a b", "a.b", "_a", "01", "$", "$oid", "$ref", "a$b", "[", "]", "filter[x]", "catId[]", "a[0]", "[0]", "a[*]", "*",
    "a*", "", " ", "\\", "a\\b", "a\\", "'", "a'b", '"', 'a"b', "@type", "#text", "a/b", "a,b", "a(b)", "~", "a?b",
    "a=b", "a&b", "%", "{", "}", "..", ".", "a..b", "$.a", "$['a']", "['a']", "-", "-1", "-a", "!", "+", "|", "`",
]  # fmt: skip
TOKENS = [
    "X-A",
    "X_",
    "1",
    "X#",
    "X-",
    "X.A",
    "X!",
    "X$",
    "$X",
    "X%",
    "X&",
    "X'",
    "X*",
    "*",
    "X+",
    "_X",
    "X|",
    "X~",
    "-",
]
MATCHER = {"pact:matcher:type": "regex", "regex": "x|y", "value": "x"}
VERSIONS = ["V2", "V3", "V4"]
PLACES: dict[str, tuple[list[str], Callable[[Any, str], object]]] = {
    "body": ([*PLAIN, *ODD], lambda interaction, key: interaction.with_body({key: MATCHER})),
    "below": ([*PLAIN, *ODD], lambda interaction, key: interaction.with_body([{"o": {key: [{"z": MATCHER}]}}])),
    "query": ([*PLAIN, *ODD], lambda interaction, key: interaction.with_query_parameter(key, MATCHER)),
    "header": (TOKENS, lambda interaction, key: interaction.with_header(key, MATCHER)),
}
ROWS = [(place, key, version) for place, (keys, _) in PLACES.items() for key in keys for version in VERSIONS]


def written(place: str, key: str, version: str, folder: Path) -> dict[str, Any]:
    """The rules in the file."""
    pact = Pact("consumer", "provider").with_specification(version)
    interaction = pact.upon_receiving("something").with_request("GET", "/")
    PLACES[place][1](interaction, key)
    interaction.will_respond_with(200)
    pact.write_file(folder)
    return rules(folder)


def rules(folder: Path) -> dict[str, Any]:
    (file,) = folder.glob("*.json")
    interactions = json.loads(file.read_text(encoding="utf-8"))["interactions"]
    found: dict[str, Any] = next(one for one in interactions if one["description"] == "something")
    return dict(found["request"]["matchingRules"])


def read_and_written_again(folder: Path, version: str) -> None:
    """Let the core read the file and add to it."""
    pact = lib.pactffi_new_pact(b"consumer", b"provider")
    lib.pactffi_with_specification(pact, PactSpecification.parse(version).value)
    lib.pactffi_new_interaction(pact, b"another")
    assert lib.pactffi_pact_handle_write_file(pact, str(folder).encode(), False) == 0
    lib.pactffi_free_pact_handle(pact)


@pytest.mark.parametrize(("place", "key", "version"), ROWS)
def test_the_core_reads_back_what_it_wrote_or_it_is_refused(place: str, key: str, version: str, tmp_path: Path) -> None:
    try:
        before = written(place, key, version, tmp_path)
    except SpecificationError as error:
        assert "needs specification V3 or later, but this pact is V2" in str(error)
        assert repr(key) in str(error)
        assert written(place, key, "V3", tmp_path)
        return
    except InvalidInputError as error:
        assert f"below the key {key!r}" in str(error) or f"under the name {key!r} is lost" in str(error)
        return
    read_and_written_again(tmp_path, version)
    assert rules(tmp_path) == before


@pytest.mark.parametrize("place", PLACES)
def test_plain_names_work_in_every_version(place: str, tmp_path: Path) -> None:
    for key in [key for key in PLACES[place][0] if key in PLAIN]:
        for version in VERSIONS:
            folder = tmp_path / version / key.encode().hex()
            folder.mkdir(parents=True)
            assert written(place, key, version, folder)


FORM = "application/x-www-form-urlencoded"
KEYS = [*PLAIN, *ODD, "1", "01", "007", "%24", "a\\tb", "a\\nb", "(a)", "^", "😀", "ключ", "a" * 300]


def answered(pact: Pact, place: str, description: str, key: str) -> None:
    """Describe an interaction whose answer has the matcher under ``key``."""
    if place in ("message", "metadata"):
        message = pact.upon_receiving(description, "Async").with_body(
            {key: MATCHER} if place == "message" else {"a": 1}
        )
        if place == "metadata":
            message.with_metadata({key: MATCHER})
        return
    if place == "synchronous":
        sync = pact.upon_receiving(description, "Sync").with_body({"q": 1})
        sync.will_respond_with().with_body({key: MATCHER})
        return
    response = pact.upon_receiving(description).with_request("GET", f"/{description}").will_respond_with(200)
    if place == "header":
        response.with_header(key, MATCHER)
    elif place == "below":
        response.with_body([{"o": {key: [{"z": MATCHER}]}}])
    else:
        response.with_body({key: MATCHER}, FORM if place == "form" else None)


def verified(folder: Path, place: str, keys: dict[str, str], value: str) -> Verifier:
    """A verifier, not yet run, of a provider that has ``value`` under each key."""
    bodies = {
        "below": lambda key: [{"o": {key: [{"z": value}]}}],
        "metadata": lambda _: {"a": 1},
        "header": lambda _: {},
    }
    body = bodies.get(place, lambda key: {key: value})

    def app(environ: Any, start: Any) -> list[bytes]:
        key = keys[environ["PATH_INFO"][1:]]
        headers = [(key, value)] if place == "header" else []
        start("200 OK", [("Content-Type", FORM if place == "form" else "application/json"), *headers])
        return [urlencode(body(key)).encode() if place == "form" else json.dumps(body(key)).encode()]

    def message(name: str) -> dict[str, Any]:
        metadata = {keys[name]: value} if place == "metadata" else {}
        contents = json.dumps(body(keys[name])).encode()
        return {"contents": contents, "metadata": metadata, "content_type": "application/json"}

    return Verifier("provider").add_source(folder / "consumer-provider.json").app(app).message_handler(message)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("place", ["body", "below", "header", "form", "message", "metadata", "synchronous"])
def test_a_rule_under_an_odd_key_judges_the_provider_or_is_refused(place: str, version: str, tmp_path: Path) -> None:
    pact, keys = Pact("consumer", "provider").with_specification(version), {}
    for number, key in enumerate(dict.fromkeys(TOKENS + ["01", "0"] if place == "header" else KEYS)):
        alone = Pact("consumer", "provider").with_specification(version)
        try:
            answered(alone, place, f"n{number}e", key)
            alone.write_file(tmp_path / str(number))
        except (SpecificationError, InvalidInputError):
            continue
        answered(pact, place, f"n{number}e", key)
        keys[f"n{number}e"] = key
    if version == "V2" and place in ("message", "metadata") or version != "V4" and place == "synchronous":
        assert not keys
        return
    assert len(keys) >= 5
    pact.write_file(tmp_path)
    verified(tmp_path, place, keys, "y").verify()
    with pytest.raises(VerificationError, match=f"{len(keys)} of {len(keys)} interactions"):
        verified(tmp_path, place, keys, "z").verify()


@pytest.mark.parametrize("name", ["$", "@type", "#text", "-1", "*", "", "%24", "(a)", " a", "😀", "[a", ".a", "~"])
def test_a_form_without_matchers_is_sent_as_it_is_meant_under_any_name(name: str, tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    request = pact.upon_receiving("something").with_request("POST", "/")
    request.with_body({name: "ä b", "n": [1, 2.5]}, FORM).will_respond_with(200)
    pact.write_file(tmp_path)
    sent: list[bytes] = []

    def app(environ: Any, start: Any) -> list[bytes]:
        sent.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start("200 OK", [])
        return [b""]

    Verifier("provider").add_source(tmp_path).app(app).verify()
    assert parse_qsl(sent[0].decode(), keep_blank_values=True) == [(name, "ä b"), ("n", "1"), ("n", "2.5")]
    pact = Pact("consumer", "provider")
    with pytest.raises(InvalidInputError, match="it must begin with a letter or digit|can address a matcher"):
        pact.upon_receiving("something").with_request("POST", "/").with_body({name: MATCHER}, FORM)


@pytest.mark.parametrize("name", [*PLAIN, *ODD])
def test_a_multipart_body_is_sent_under_any_name_or_the_name_is_refused(name: str, tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    request = pact.upon_receiving("something").with_request("POST", "/")
    file = tmp_path / "part.txt"
    file.write_text("hello")
    try:
        request.with_multipart_file(name, file, "text/plain").will_respond_with(200)
    except InvalidInputError as error:
        assert "multipart part" in str(error) and repr(name) in str(error)
        assert name in ("01", "*", "") or set(name) & set("\\'\"")
        return
    pact.write_file(tmp_path)
    sent: list[bytes] = []

    def app(environ: Any, start: Any) -> list[bytes]:
        sent.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start("200 OK", [])
        return [b""]

    Verifier("provider").add_source(tmp_path / "consumer-provider.json").app(app).verify()
    assert f'name="{name}"'.encode() in sent[0] and b"hello" in sent[0]


@pytest.mark.parametrize("name", ["ключ", "ä", "日本", "name"])
def test_queries_of_version_2_are_percent_encoded_as_the_core_reads_them(name: str, tmp_path: Path) -> None:
    pact = Pact("consumer", "provider").with_specification("V2")
    pact.upon_receiving("ä").with_request("GET", "/", query={name: "ö b"}).will_respond_with(200)
    pact.write_file(tmp_path)
    query = json.loads((tmp_path / "consumer-provider.json").read_text("utf-8"))["interactions"][0]["request"]["query"]
    assert query.isascii() and parse_qsl(query) == [(name, "ö b")]


@pytest.mark.parametrize(
    "rules",
    [
        {"query": {"filter[x]": {"match": "type"}}},
        {"header": {"X.A": {"match": "type"}}},
        {"body": {"$['$oid']": {"match": "type"}}},
    ],
)
def test_rules_apart_under_odd_names_name_the_version_that_is_needed(rules: dict[str, Any], tmp_path: Path) -> None:
    pact = Pact("consumer", "provider").with_specification("V2")
    pact.upon_receiving("something").with_request("GET", "/").with_matching_rules(rules)
    with pytest.raises(SpecificationError, match="needs specification V3"):
        pact.write_file(tmp_path)


@pytest.mark.parametrize("category", ["header", "query", "metadata"])
def test_rules_apart_under_a_number_with_a_leading_zero_are_refused(category: str) -> None:
    interaction = Pact("consumer", "provider").upon_receiving("something")
    with pytest.raises(InvalidInputError, match="under the name '01' is lost"):
        interaction.with_matching_rules({category: {"01": {"match": "type"}}})
