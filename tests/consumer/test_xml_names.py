"""Matchers in XML below every kind of name: with namespaces, prefixes, dots, letters beyond ASCII."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, Verifier, match, xml
from pact_ffi.errors import InvalidInputError

HEAD = "<?xml version='1.0'?>"
DECLARED = {"xmlns:a": "urn:a", "xmlns:b": "http://example.com/b?x=1"}
TEXT = " ".join(f"{name}='{uri}'" for name, uri in DECLARED.items())
NAMES = ["item", "item.price", "x.y.z", "a:item", "b:item", "a:item.price", "it-em", "_item", "ä", "日本", "A1"]


def matcher() -> Any:
    return match.regex("a1", regex=r"[a-z]\d")


# name of a place: the root element, and the document of a provider that has a value there
PLACES: dict[str, tuple[Callable[[str], xml.XmlElement], Callable[[str, str], str]]] = {
    "text": (
        lambda name: xml.element("r", xml.element(name, matcher()), attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><{name}>{value}</{name}></r>",
    ),
    "attribute": (
        lambda name: xml.element("r", xml.element("e", attrs={name: matcher()}), attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><e {name}='{value}'/></r>",
    ),
    "attribute of such a name": (
        lambda name: xml.element("r", xml.element(name, attrs={"k": matcher()}), attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><{name} k='{value}'/></r>",
    ),
    "each": (
        lambda name: xml.element("r", xml.element(name, matcher()).each(), attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><{name}>b2</{name}><{name}>{value}</{name}></r>",
    ),
    "below": (
        lambda name: xml.element("r", xml.element(name, xml.element("e", matcher())), attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><{name}><e>{value}</e></{name}></r>",
    ),
    "root": (
        lambda name: xml.element(name, matcher(), attrs=DECLARED),
        lambda name, value: f"<{name} {TEXT}>{value}</{name}>",
    ),
    "default namespace": (
        lambda name: xml.element("r", xml.element(name, matcher()), attrs={**DECLARED, "xmlns": "urn:d"}),
        lambda name, value: f"<r {TEXT} xmlns='urn:d'><{name}>{value}</{name}></r>",
    ),
    "another namespace inside": (
        lambda name: xml.element("r", xml.element("e", xml.element(name, matcher()), attrs={"xmlns:a": "urn:z"}),
                                 attrs=DECLARED),
        lambda name, value: f"<r {TEXT}><e xmlns:a='urn:z'><{name}>{value}</{name}></e></r>",
    ),
}  # fmt: skip


def passes(folder: Path, document: str) -> bool:
    def app(_: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/xml")])
        return [f"{HEAD}{document}".encode()]

    try:
        Verifier("stock").add_source(folder).app(app).verify()
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_a_matcher_judges_below_any_name(place: str, name: str, version: str, tmp_path: Path) -> None:
    root, document = PLACES[place]
    pact = Pact("shop", "stock").with_specification(version)
    response = pact.upon_receiving("d").with_request("GET", "/").will_respond_with(200)
    response.with_body(xml.body(root(name)), "application/xml")
    pact.write_file(tmp_path)
    assert passes(tmp_path, document(name, "b2"))
    assert not passes(tmp_path, document(name, "bb"))


def test_the_mock_server_takes_what_the_matcher_takes(tmp_path: Path, send: Any) -> None:
    pact = Pact("shop", "stock")
    root, document = PLACES["default namespace"]
    pact.upon_receiving("d").with_request("POST", "/").with_body(xml.body(root("a:item")), "application/xml")
    with pact.serve(raises=False, verbose=False) as server:
        headers = [("Content-Type", "application/xml")]
        assert send(server, "POST", "/", headers, HEAD + document("a:item", "b2")).status == 200
        assert send(server, "POST", "/", headers, HEAD + document("a:item", "bb")).status == 500


def test_an_attribute_of_xml_itself_and_a_body_that_is_set_again(tmp_path: Path) -> None:
    pact = Pact("shop", "stock")
    response = pact.upon_receiving("d").with_request("GET", "/").will_respond_with(200)
    response.with_body(xml.body(xml.element("r", attrs={"xml:lang": matcher()})), "application/xml")
    pact.write_file(tmp_path)
    assert passes(tmp_path, "<r xml:lang='b2'/>") and not passes(tmp_path, "<r xml:lang='bb'/>")
    response.with_body(xml.body(xml.element("r", "plain")), "application/xml")
    pact.write_file(tmp_path, overwrite=True)
    (file,) = tmp_path.glob("*.json")
    assert "matchingRules" not in json.loads(file.read_text("utf-8"))["interactions"][0]["response"]


@pytest.mark.parametrize("uri", ["urn:'x", "urn:\\x"])
def test_a_namespace_that_no_rule_can_address_is_refused(uri: str) -> None:
    interaction = Pact("shop", "stock").upon_receiving("d")
    root = xml.element("r", xml.element("a:e", matcher()), attrs={"xmlns:a": uri})
    with pytest.raises(InvalidInputError, match="no rule can stand below its namespace"):
        interaction.with_body(xml.body(root), "application/xml")
