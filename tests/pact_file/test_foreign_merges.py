"""Writing into a file that others wrote: what is there stays, or the file is left as it is and the reason is named."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from pact import Pact
from pact_ffi.errors import PactError, PactFileError, PactWarning

Document = dict[str, Any]
ITEM = {"description": "theirs", "request": {"method": "GET", "path": "/a"}, "response": {"status": 200}}


def file(version: str = "4.0", *items: Document, **members: Any) -> Document:
    type_ = {"type": "Synchronous/HTTP"} if version == "4.0" else {}
    parties = {"consumer": {"name": "shop"}, "provider": {"name": "stock"}}
    metadata = {"pactSpecification": {"version": version}}
    return {
        **parties,
        "interactions": [{**ITEM, **type_, **item} for item in items or ({},)],
        "metadata": metadata,
    } | members


def text(document: Document | None = None, before: str = "", after: str = "") -> str:
    written = json.dumps(document or file())
    assert before in written
    return written.replace(before, after, 1) if before else written


def add(folder: Path, version: str = "V4") -> None:
    pact = Pact("shop", "stock").with_specification(version)
    pact.upon_receiving("ours").with_request("GET", "/b").will_respond_with(200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)
        pact.write_file(folder)


V3_MESSAGE = {**file("3.0.0"), "messages": [{"description": "m", "contents": None}]}
del V3_MESSAGE["interactions"]
REFUSED: dict[str, tuple[str | bytes, str]] = {
    # what is no pact
    "a comma too many": (text(before='"status": 200', after='"status": 200,'), "is not valid JSON"),
    "a comma too many in the list": (text(before="}], ", after="},], "), "is not valid JSON"),
    "a comma too many at the end": (text()[:-1] + ",}", "is not valid JSON"),
    "two documents": (text() * 2, "is not valid JSON: Extra data"),
    "half a document": (text()[:90], "is not valid JSON"),
    "a list of interactions twice": (text()[:-1] + ', "interactions": []}', "the name 'interactions' stands twice"),
    "metadata twice": (text()[:-1] + ', "metadata": {}}', "the name 'metadata' stands twice"),
    "NaN": (text(before="200", after="NaN"), "NaN is not a JSON value"),
    "a number without end": (text(before="200", after="1e999"), "1e999 is not a JSON value"),
    "Latin-1": (
        text(before="theirs", after="\u00e4").encode("unicode_escape").replace(b"\\xe4", b"\xe4"),
        "codec can't decode",
    ),
    "a list": ("[]", "the document must be an object, not []"),
    "null": ("null", "the document must be an object, not null"),
    "no consumer": (text(file(consumer=None)), "consumer must be an object, not null"),
    "a consumer of text": (text(file(consumer="shop")), 'consumer must be an object, not "shop"'),
    "states of text": (text(file("4.0", {"providerStates": ["s"]})), 'providerStates[0] must be an object, not "s"'),
    "a state in a list": (text(file("4.0", {"providerState": ["s"]})), 'providerState must be text, not ["s"]'),
    "an interaction of null": (text(file(interactions=[None])), "interactions[0] must be an object, not null"),
    "interactions by name": (text(file(interactions={"a": ITEM})), "interactions must be a list"),
    "plugins by name": (text(file(metadata={"plugins": {"csv": "1"}})), "metadata.plugins must be a list"),
    "another version": (text(file("5.0")), "unknown Pact specification version '5.0'"),
    # what the core would misread when it writes an older file in the version of the newer one
    "an older status of null": (text(file("3.0.0", {"response": {"status": None}})), "response.status must be a whole"),
    "older contents of null": (text(V3_MESSAGE), "contents is missing or empty"),
    "an older state's parameters": (
        text(file("3.0.0", {"providerStates": [{"name": "s", "parameters": {}}]})),
        "providerStates[0].parameters is unknown",
    ),
    "an older unknown member": (
        text(file("2.0.0", {"response": {"statusCode": 404}})),
        "response.statusCode is unknown",
    ),
    "an older broken path": (
        text(file("2.0.0", {"response": {"status": 200, "matchingRules": {"$.body['a": {"match": "type"}}}})),
        "shop-stock.json cannot be read as a pact of specification V2",
    ),
    "two versions": (
        text(file(metadata={"pactSpecification": {"version": "2.0.0"}, "pactSpecificationVersion": "3.0.0"})),
        "the metadata states several versions",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_kept_is_named_and_left_as_it_is(case: str, tmp_path: Path) -> None:
    before, reason = REFUSED[case]
    target = tmp_path / "shop-stock.json"
    target.write_bytes(before if isinstance(before, bytes) else before.encode())
    raw = target.read_bytes()
    with pytest.raises(PactFileError) as caught:
        add(tmp_path)
    assert reason in str(caught.value) and "shop-stock.json" in str(caught.value)
    assert target.read_bytes() == raw
    assert [each.name for each in tmp_path.iterdir()] == ["shop-stock.json"]


KEPT: dict[str, str | bytes] = {
    "as it is": text(),
    "a byte order mark": b"\xef\xbb\xbf" + text().encode(),
    "lines of Windows": json.dumps(file(), indent=2).replace("\n", "\r\n"),
    "tabs": json.dumps(file(), indent="\t"),
    "blanks around": f" \n\t{text()}\n \n",
    "escapes": text(before="theirs", after="\\u0074\\/\\ud83d\\ude00"),
    "a number's spelling": text(file("4.0", {"comments": {"n": 0}}), '"n": 0', '"n": 1.10E+2'),
    "a number of any size": text(file("4.0", {"comments": {"n": 0}}), '"n": 0', '"n": 123456789012345678901234567890'),
    "members of others": text(file(_links={"self": "x"}, createdAt="now", consumer={"name": "shop", "id": 5})),
    "metadata of others": text(file(metadata={"pactSpecification": {"version": "4.0"}, "pact-jvm": {"version": "4"}})),
    "interactions of others": text(file("4.0", {"_id": "5", "given": "x"}, {"description": "unlike", "key": "k"})),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_others_wrote_is_kept_to_the_letter(case: str, tmp_path: Path) -> None:
    before = KEPT[case]
    raw = before if isinstance(before, bytes) else before.encode()
    (tmp_path / "shop-stock.json").write_bytes(raw)
    add(tmp_path)
    after = (tmp_path / "shop-stock.json").read_text("utf-8")
    old, new = json.loads(raw.decode("utf-8-sig")), json.loads(after)
    assert [each for each in new["interactions"] if each["description"] != "ours"] == old["interactions"]
    assert {name: new[name] for name in old if name not in ("interactions", "metadata")} == {
        name: value for name, value in old.items() if name not in ("interactions", "metadata")
    }
    assert {**new["metadata"], **old["metadata"]} == new["metadata"]
    if "a number's" in case:
        assert '"n": 1.10E+2' in after


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0"])
def test_members_that_the_core_does_not_know_survive_the_lift_to_a_newer_version(version: str, tmp_path: Path) -> None:
    theirs = file(version, {"_id": "5", "given": {"a": [1]}}, {"description": "second"})
    (tmp_path / "shop-stock.json").write_text(json.dumps(theirs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)  # which tells that `given` is not read
        add(tmp_path)
    after = {
        each["description"]: each for each in json.loads((tmp_path / "shop-stock.json").read_text())["interactions"]
    }
    assert set(after) == {"ours", "second", "theirs"}
    assert (after["theirs"]["_id"], after["theirs"]["given"]) == ("5", {"a": [1]})
    assert all(each["type"] == "Synchronous/HTTP" for each in after.values())
    add(tmp_path)  # the same again is the same


@pytest.mark.parametrize("query", [{"q": ["1"]}, "?q=1", "q=1"])
def test_a_query_survives_the_lift_however_it_is_spelled(query: object, tmp_path: Path) -> None:
    theirs = file("2.0.0", {"request": {"method": "GET", "path": "/a", "query": query}})
    (tmp_path / "shop-stock.json").write_text(json.dumps(theirs))
    add(tmp_path)
    after = {
        each["description"]: each for each in json.loads((tmp_path / "shop-stock.json").read_text())["interactions"]
    }
    assert after["theirs"]["request"]["query"] == {"q": ["1"]}


@pytest.mark.parametrize("query", ["q=%C3%B6+b", "q=ö b", "q=%c3%b6%20b"])
def test_the_spelling_of_a_query_is_no_other_contract(query: str, tmp_path: Path) -> None:
    pact = Pact("shop", "stock").with_specification("V2")
    pact.upon_receiving("ours").with_request("GET", "/b", query={"q": "ö b"}).will_respond_with(200)
    pact.write_file(tmp_path)
    target = tmp_path / "shop-stock.json"
    document = json.loads(target.read_text("utf-8"))
    document["interactions"][0]["request"]["query"] = query
    target.write_text(json.dumps(document), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*nothing checked it", category=PactWarning)
        pact.write_file(tmp_path)
    assert json.loads(target.read_text("utf-8"))["interactions"][0]["request"]["query"] == "q=%C3%B6+b"


def test_a_file_that_changes_while_it_is_merged_is_read_again(tmp_path: Path) -> None:
    add(tmp_path)
    target = tmp_path / "shop-stock.json"
    document = json.loads(target.read_text())
    document["interactions"].append({**document["interactions"][0], "description": "added by hand"})
    target.write_text(json.dumps(document))
    pact = Pact("shop", "stock")
    pact.upon_receiving("third").with_request("GET", "/c").will_respond_with(200)
    pact.write_file(tmp_path)
    names = [each["description"] for each in json.loads(target.read_text())["interactions"]]
    assert names == ["added by hand", "ours", "third"]
    target.write_text("{")
    with pytest.raises(PactError):
        pact.write_file(tmp_path)
    assert target.read_text() == "{"
