"""Matchers under odd keys and names: the core reads back what it wrote, or they are refused with the version needed.

Specification V2 has a path language of its own, in which many names cannot be said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

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
        assert f"below the key {key!r}" in str(error)
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


@pytest.fixture(name="provider", scope="module")
def provider_fixture() -> Iterator[tuple[str, dict[str, Any]]]:
    answers: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answers[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_rule_under_an_odd_key_judges_the_provider(
    version: str, tmp_path: Path, provider: tuple[str, dict[str, Any]]
) -> None:
    url, answers = provider
    pact, keys = Pact("consumer", "provider").with_specification(version), []
    for number, key in enumerate([*PLAIN, *ODD]):
        try:
            written("body", key, version, tmp_path / str(number))
        except (SpecificationError, InvalidInputError):
            continue
        interaction = pact.upon_receiving(f"{number}").with_request("GET", f"/{number}")
        interaction.will_respond_with(200).with_body({key: MATCHER})
        keys.append((number, key))
    pact.write_file(tmp_path)
    verifier = Verifier("provider").add_source(tmp_path / "consumer-provider.json").add_transport(url=url)
    answers.update({f"/{number}": {key: "y"} for number, key in keys})
    verifier.verify()
    answers.update({f"/{number}": {key: "z"} for number, key in keys})
    with pytest.raises(VerificationError, match=f"{len(keys)} of {len(keys)} interactions"):
        verifier.verify()


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
