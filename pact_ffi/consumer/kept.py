"""What is kept of an interaction: checked calls to the core, until they are made in one pass.

The core keeps the rules of what is set twice, and applies changes after a server has started without serving them; so
nothing is sent before it is complete, and what is set again replaces what was set.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pact_ffi.core.pact import InteractionHandle, Part
from pact_ffi.core.specification import PactSpecification
from pact_ffi.values import encoding, versions

V1, V2, V3, V4 = PactSpecification.V1, PactSpecification.V2, PactSpecification.V3, PactSpecification.V4
Key = tuple[object, ...]
_SIDES: dict[object, Part] = {"request": "Request", "query": "Request", "status": "Response"}  # else the key has it
_ORDER = {"key": 0, "request": 1, "status": 2, "query": 3, "header": 4}  # the rest keeps the order in which it was said


class Call(NamedTuple):
    """A method of `InteractionHandle`, its arguments, and the specification version that it needs."""

    method: str
    args: tuple[Any, ...]
    needs: PactSpecification
    what: str

    def needed(self) -> tuple[PactSpecification, str]:
        """Return the lowest version that can express it, and what in it needs that."""
        value = self.args[-1]
        if self.method == "query":  # the core panics on writing characters of one or of more than four hex digits
            example = json.loads(value).get("value")
            texts = [self.args[0], *map(str, example if isinstance(example, list) else [example])]
            odd = next((letter for letter in "".join(texts) if not 0x10 <= ord(letter) <= 0xFFFF), None)
            if odd:
                return V3, f"the character {odd!r} in query parameter {self.args[0]!r}"
        if self.method in ("matching_rules", "generators"):
            return versions.needed_by_rules(value)
        if isinstance(value, str) and self.needs is V1 and ("pact:matcher" in value or "pact:generator" in value):
            needed = versions.needed_by(json.loads(value))
            if self.method == "header":
                needed = max(needed, versions.needed_by_name(self.args[1], "header"))
            elif self.method == "query":
                needed = max(needed, versions.needed_by_name(self.args[0], "query parameter"))
            return needed
        return self.needs, self.what


class Kept:
    """The calls that describe one interaction; ``changing`` is called before anything is added or forgotten.

    A call's key says what it sets: ``("header", "Request", "accept", 0)``. What is set under a key again replaces it.
    """

    def __init__(self, changing: Callable[[], None]) -> None:
        self.changing = changing
        self.calls: dict[Key, Call] = {}

    def keep(self, key: Key, method: str, *args: object, needs: PactSpecification = V1, what: str = "") -> None:
        """Keep a call; ``what`` names it where the pact's version is older than ``needs``."""
        self.changing()
        self.calls[key] = Call(method, args, needs, what)

    def forget(self, *prefix: object) -> None:
        """Forget the calls whose keys begin with ``prefix``."""
        self.changing()
        for key in [key for key in self.calls if key[: len(prefix)] == prefix]:
            del self.calls[key]

    def count(self, *prefix: object) -> int:
        """Return how many calls have keys that begin with ``prefix``."""
        return sum(key[: len(prefix)] == prefix for key in self.calls)

    def value(self, *key: object) -> Any:
        """Return the last argument of the call under ``key``; ``None`` where there is none."""
        call = self.calls.get(key)
        return None if call is None else call.args[-1]

    def judge_rules_apart(self) -> None:
        """Raise `InvalidInputError` where an example does not satisfy a rule that was given apart from it."""
        for call in self.calls.values():
            if call.method == "matching_rules":
                from pact_ffi.values.rules_apart import judge_apart  # rarely used

                judge_apart(self._completed(call), self._examples(call.args[0]))

    def _completed(self, call: Call) -> str:
        """Return rules given apart, with a second one beside those that the core reads too leniently."""
        from pact_ffi.values.rules_apart import completed  # rarely used

        part, rules = call.args
        kind, *_ = self._examples(part).get("body", ("",))
        return completed(rules, str(kind))

    def _examples(self, part: Part) -> dict[str, Any]:
        """Return what the rules of ``part`` may be about, by category."""
        examples: dict[str, Any] = {"header": {}, "query": {}, "metadata": {}}
        for key, (method, args, *_) in self.calls.items():
            if part not in (_SIDES.get(key[0]), *key[1:2]):
                continue
            if method in ("header", "query"):
                examples[method].setdefault(args[-3], []).append(json.loads(args[-1])["value"])
            elif method == "metadata":
                examples["metadata"][args[1]] = encoding.example_of(json.loads(args[-1]))
            elif method in ("body", "binary_body"):
                examples["body"] = args[1:]
            elif method == "status":
                examples["status"] = encoding.example_of(json.loads(args[0]))
            elif method == "request":
                path = args[1]
                examples["path"] = json.loads(path)["value"] if path.startswith("{") else path
                examples["method"] = args[0]
        return examples

    def side(self, part: Part) -> str:
        """Return a text that is the same for interactions with the same request (or response); empty for nothing."""
        return _said({key: call for key, call in self.calls.items() if part in (_SIDES.get(key[0]), *key[1:2])})

    def all(self) -> str:
        """Return a text that is the same for interactions of which the same was said."""
        return _said(self.calls)

    def lines(self) -> list[str]:
        """Return what was said, a line each."""
        return [f"{call.method} {', '.join(map(str, call.args))}" for call in self.calls.values()]

    def tell(self, handle: InteractionHandle, *, last: str = "") -> None:
        """Make the calls; those of the method ``last`` come after all others."""
        order = {**_ORDER, last: len(_ORDER) + 1}
        for call in sorted(self.calls.values(), key=lambda call: order.get(call.method, len(_ORDER))):
            args = (call.args[0], self._completed(call)) if call.method == "matching_rules" else call.args
            getattr(handle, call.method)(*args)


def _said(calls: Mapping[Key, Call]) -> str:
    """Return what is said, in a text that is the same wherever the pact file would have the same meaning.

    The order of members of JSON objects does not count, nor do the order and kind of calls, the case of a header's
    name, and whether its values were given one by one or joined by commas. 1, 1.0 and true are three values.
    """
    said: list[str] = []
    headers: dict[Key, list[str]] = {}
    for key, call in calls.items():
        if key[0] == "header":  # whose name in the key has no case
            plain = json.loads(call.args[-1]) if key[2] != "set-cookie" else {}
            values = headers.setdefault(key[:-1], [])
            is_list = plain.keys() == {"value"} and isinstance(plain["value"], str)
            values += map(str.strip, plain["value"].split(",")) if is_list else [_canonical(call.args[-1])]
        else:
            said.append(repr((key, *map(_canonical, call.args))))
    said += [repr((key, values)) for key, values in headers.items()]
    return "\n".join(sorted(said))


def _canonical(value: object) -> str:
    """Return a text that is the same for the same JSON."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if isinstance(text, str) and text[:1] in ("{", "["):
        try:
            return json.dumps(json.loads(text), sort_keys=True)
        except (ValueError, RecursionError):
            return repr(value)
    return repr(value)
