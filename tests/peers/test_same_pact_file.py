"""The same contract, said in pact-js and in Python, gives the same pact file.

Compared is the whole file as JSON (so the order of an object's keys does not count), except for three things:
``metadata`` beyond the specification's version, where each library names itself; the order of the interactions, which
are looked up by their description; and the second rule that we write beside one that the core reads too leniently
(`tests/consumer/test_second_rules.py`). Nothing else is normalised: where the files differ on purpose, `DIFFERENCES`
has the place and both values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import peer_install
import pytest
from peer_contracts import CONTRACTS
from peer_install import PactJs

from pact import Pact, Verifier, match
from pact_ffi.errors import InvalidInputError

_ABSENT = "absent"
# (description): {place: (ours, pact-js's)}
DIFFERENCES: dict[str, dict[str, tuple[Any, Any]]] = {
    # The core function that pact-js uses for response bodies forgets the content type beside the body; the header and
    # the rule are there. Ours writes the type, and text as text.
    "a file that is received": {"/response/body/contentType": ("image/jpeg", "*/*")},
    "a text that is received": {
        "/response/body/contentType": ("text/plain", "*/*"),
        "/response/body/encoded": (False, "base64"),
        "/response/body/content": ("a,b\n1,2\n", "YSxiCjEsMgo="),
    },
    # The core function that we use for contents adds their type to the metadata, as for synchronous messages and in V3.
    "an asynchronous message whose type nobody states": {"/metadata/contentType": ("application/json", _ABSENT)},
}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the smallest thing that passes for a JPEG, and one with all bytes."""
    folder = tmp_path_factory.mktemp("files")
    head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300")
    (folder / "photo.jpg").write_bytes(head + bytes(range(1, 65)) + b"\xff\xd9")
    (folder / "blob.bin").write_bytes(bytes(range(256)))
    return folder


@pytest.fixture(scope="session")
def of_pact_js(pact_js: PactJs, files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The pact files that pact-js writes, by provider."""
    folder = tmp_path_factory.mktemp("pact-js")
    done = pact_js.run(Path(__file__).parent / "js/contracts.js", folder, files)
    assert done.returncode == 0, done.stdout + done.stderr
    pacts = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    return {pact["provider"]["name"]: pact for pact in pacts}


def interactions(pact: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pact.get("interactions", []), *pact.get("messages", [])]


def places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Each scalar or empty value with its place."""
    if value and isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, f"{place}/{key}")
    else:
        yield place, value


def without_second_rules(ours: Any, theirs: Any) -> Any:
    """``ours`` without the rules that we wrote beside the one of theirs."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return {key: without_second_rules(item, theirs.get(key)) for key, item in ours.items()}
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return ours
    if len(ours) == 2 and len(theirs) == 1 and ours[1].get("match") in ("type", "regex"):
        ours = ours[:1]
    return [without_second_rules(mine, other) for mine, other in zip_longest(ours, theirs)]


def differences(ours: Any, theirs: Any) -> dict[str, tuple[Any, Any]]:
    left, right = dict(places(ours)), dict(places(theirs))
    pairs = {place: (left.get(place, _ABSENT), right.get(place, _ABSENT)) for place in [*left, *right]}
    # by JSON text, for which 1, 1.0 and true are not the same
    return {place: pair for place, pair in pairs.items() if json.dumps(pair[0]) != json.dumps(pair[1])}


@pytest.mark.parametrize(("provider", "description"), list(CONTRACTS), ids=[" ".join(each) for each in CONTRACTS])
def test_interaction_is_the_same_as_from_pact_js(
    provider: str, description: str, files: Path, of_pact_js: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    pact = Pact("same", provider).with_specification(provider[:2].upper())
    CONTRACTS[provider, description](pact, files)
    pact.write_file(tmp_path)

    ours = json.loads((tmp_path / f"same-{provider}.json").read_text("utf-8"))
    theirs = of_pact_js[provider]
    (mine,) = interactions(ours)
    (same,) = (each for each in interactions(theirs) if each["description"] == description)
    assert differences(without_second_rules(mine, same), same) == DIFFERENCES.get(description, {})
    assert ours["metadata"]["pactSpecification"] == theirs["metadata"]["pactSpecification"]


@pytest.mark.parametrize("provider", sorted({provider for provider, _ in CONTRACTS}))
def test_pact_file_is_the_same_as_from_pact_js(
    provider: str, files: Path, of_pact_js: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    pact = Pact("same", provider).with_specification(provider[:2].upper())
    for (of, _), describe in CONTRACTS.items():
        if of == provider:
            describe(pact, files)
    pact.write_file(tmp_path)

    ours, theirs = json.loads((tmp_path / f"same-{provider}.json").read_text("utf-8")), of_pact_js[provider]
    assert ours.keys() == theirs.keys()
    assert (ours["consumer"], ours["provider"]) == (theirs["consumer"], theirs["provider"])
    assert [each["description"] for each in interactions(ours)] == sorted(d for p, d in CONTRACTS if p == provider)
    assert len(interactions(theirs)) == len(interactions(ours))


@pytest.mark.parametrize("provider", ["v2", "v3", "v4"])
def test_our_verifier_understands_every_http_contract_of_pact_js(
    provider: str, of_pact_js: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    def is_tried(each: dict[str, Any]) -> bool:  # states and messages are test_polyglot's
        return "response" in each and "status" in each["response"]

    pact = dict(of_pact_js[provider])
    pact["interactions"] = list(filter(is_tried, pact["interactions"]))
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(pact), "utf-8")
    with peer_install.stub_server(file) as url:
        verifier = Verifier(provider).add_source(file).add_transport(url=url).follow_redirects(False)
        verifier.state_handler(lambda state, parameters: {"id": "9", "owner": "ada"}).verify()
    assert len(verifier.results["interactionResults"]) == len(pact["interactions"])


def test_a_content_type_that_nobody_sees_in_the_bytes_is_refused(tmp_path: Path) -> None:
    # pact-js writes a rule for it that no provider can meet, so the contract of both is about plain text
    pact = Pact("same", "v4")
    response = pact.upon_receiving("a table").with_request("GET", "/").will_respond_with(200)
    response.with_body("a,b\n1,2\n", "text/csv")
    response.with_matching_rules({"body": {"$": match.content_type("text/csv")}})
    with pytest.raises(InvalidInputError, match="content type 'text/csv' but detected contents was 'text/plain'"):
        pact.write_file(tmp_path)


def test_thirty_interactions_and_more_are_equal_without_exception() -> None:
    assert len(CONTRACTS) - len(DIFFERENCES) >= 30
