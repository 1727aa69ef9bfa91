"""XML bodies as the core can read them: a tree of the builder in `pact_ffi.xml`, or text."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.encoding import example_of, pact_rules
from pact_ffi.values.rules import MATCHER
from pact_ffi.values.versions import can_be_step

NAME = re.compile(r"[^\W\d][\w.-]*(:[^\W\d][\w.-]*)?")
# The core walks the tree on its stack: thousands of levels would overflow it, and 115 is what JSON allows on the way.
DEEPEST, _DEEPEST_TEXT = 35, 1000
_UNDEFINED_ENTITY = 11  # of expat


def check(document: Any) -> None:
    """Refuse a dict that `pact.xml.body` did not make; the core would end the process over it."""
    if not isinstance(document, dict) or set(document) != {"root"} or not _is_element(document["root"]):
        raise InvalidInputError("an XML body is text, or what pact.xml.body() returns; this dict is neither")


def problem(text: str) -> str | None:
    """Return why the core could not read ``text`` as XML, or why comparing it would overflow the core's stack."""
    depth = 0
    for closing, empty in re.findall(r"<(/?)[^\W\d](?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", text):
        depth += -1 if closing else 0 if empty else 1
        if depth > _DEEPEST_TEXT:
            return f"the XML body is nested deeper than {_DEEPEST_TEXT} levels"
    try:
        expat.ParserCreate("utf-8").Parse(text.strip().encode(), True)
    except expat.ExpatError as error:
        if text.strip() and error.code != _UNDEFINED_ENTITY:  # the core does not look entities up
            return f"the XML body is not well-formed: {error}: {text[:80]!r}"
    return None


def rules_elsewhere(document: Any) -> dict[str, Any]:
    """Return the rules of ``document`` that the core looks for under other paths than its builder writes them.

    A rule of an element in a namespace stands under the namespace's URI (``$['urn:a:item']``), that of a name with a
    dot in brackets. The builder writes both as they are spelled (``$.a:item``), where nothing is ever compared.
    """
    moved: dict[str, Any] = {}
    _walk(document["root"], "$", "$", {"xml": "http://www.w3.org/XML/1998/namespace"}, moved)
    return {"body": moved} if moved else {}


def _walk(node: dict[str, Any], built: str, path: str, spaces: dict[str, str], moved: dict[str, Any]) -> None:
    element = node.get("value", node)
    attributes = element.get("attributes", {})
    declared = {name: value for name, value in attributes.items() if name == "xmlns" or name.startswith("xmlns:")}
    spaces = {**spaces, **{name.partition(":")[2]: str(example_of(value)) for name, value in declared.items()}}
    built, path = f"{built}.{element['name']}", path + _step(element["name"], spaces)
    ruled = [(built, path, node)] if MATCHER in node else []
    for name, value in attributes.items():
        if isinstance(value, dict):
            step = _step(name, spaces if ":" in name else {}, "@")
            ruled.append((f"{built}['@{name}']", path + step, value))
    for child in element.get("children", ()):
        if "content" not in child:
            _walk(child, built, path, spaces, moved)
        elif "matcher" in child:
            ruled.append((f"{built}['#text']", f"{path}['#text']", child["matcher"]))
    for written, read, rule in ruled:
        if written != read:
            matchers = pact_rules({key: value for key, value in rule.items() if key != "examples"})
            moved[read] = {"combine": "AND", "matchers": matchers}


def _step(name: str, spaces: dict[str, str], mark: str = "") -> str:
    prefix, _, local = name.rpartition(":")
    full = f"{spaces[prefix]}:{local}" if spaces.get(prefix) else name
    if not can_be_step(full):
        raise InvalidInputError(f"the XML name {name!r}: no rule can stand below its namespace, {spaces[prefix]!r}")
    return f".{name}" if not mark and full == name and "." not in name else f"['{mark}{full}']"


def _is_element(node: Any, depth: int = 1) -> bool:
    if isinstance(node, dict) and MATCHER in node:
        node = node.get("value")
    if depth > DEEPEST or not isinstance(node, dict) or not NAME.fullmatch(str(node.get("name", ""))):
        return False
    children, attributes = node.get("children", []), node.get("attributes", {})
    if not isinstance(children, list) or not isinstance(attributes, dict):
        return False
    if any(isinstance(value, dict) and MATCHER in value and "value" not in value for value in attributes.values()):
        return False
    return all(isinstance(child, dict) and ("content" in child or _is_element(child, depth + 1)) for child in children)
