"""One pact, read and checked: who it is between, which interactions it has, and what they are called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pact_ffi.core import plugins
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError, PactFileError, PluginError
from pact_ffi.pact_file.checking import check
from pact_ffi.pact_file.decoding import decode
from pact_ffi.pact_file.terms import LISTS, specification, title

# Interactions in one piece. The core clones a whole pact for each of its interactions, so pieces of a few keep the cost
# linear, with the same results. Measured: fewer cost a source each, more cost clones.
_PIECE = 10


class PactDocument(NamedTuple):
    """A pact that was checked. ``source`` is the file or the URL it came from, as messages name it.

    Where it is ``pending``, its failures do not count yet: a broker says so of what the provider has never met.
    """

    data: dict[str, Any]
    source: str
    pending: bool = False

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        return str(self.data["consumer"]["name"])

    @property
    def provider(self) -> str:
        """The provider's name."""
        return str(self.data["provider"]["name"])

    def check_provider(self, name: str) -> None:
        """Raise `PactFileError` unless the pact is for the provider of this name."""
        if self.provider != name:
            raise PactFileError(f"no pact for provider {name!r} in {self.source}; it is for {self.provider!r}")

    @property
    def specification(self) -> PactSpecification | None:
        """The specification version that the pact states, if it does."""
        return specification(self.data)

    @property
    def interactions(self) -> list[dict[str, Any]]:
        """All interactions and messages."""
        return [item for name in LISTS for item in self.data.get(name, ())]

    def text(self) -> str:
        """Return the pact as JSON; raises `PactFileError` for NaN, and where it is nested too deeply."""
        try:
            return json.dumps(self.data, allow_nan=False)
        except RecursionError:
            raise PactFileError(f"pact file {self.source} is nested too deeply") from None
        except ValueError:
            raise PactFileError(f"pact file {self.source} has NaN or an infinite number, which JSON does not") from None

    def only(self, interactions: Iterable[dict[str, Any]]) -> PactDocument:
        """Return this pact with some of its own ``interactions`` alone."""
        wanted = set(map(id, interactions))
        lists = {name: [item for item in self.data.get(name, ()) if id(item) in wanted] for name in LISTS}
        return self.replaced(lists)

    def replaced(self, lists: Mapping[str, list[dict[str, Any]]]) -> PactDocument:
        """Return this pact with ``lists`` ("interactions", "messages") in the place of all that it has."""
        rest = {key: value for key, value in self.data.items() if key not in LISTS}
        return PactDocument({**rest, **lists}, self.source, self.pending)

    def pieces(self, size: int = _PIECE) -> Iterator[PactDocument]:
        """Yield pacts of ``size`` interactions at most that are this pact together, each with one list."""
        # A plugin is started for each source, so a pact that needs one stays whole.
        step = max(1, len(self.interactions)) if self.needs_plugins else size
        for name in LISTS:
            items = self.data.get(name, [])
            for start in range(0, len(items), step):
                yield self.replaced({name: items[start : start + step]})

    @property
    def needs_plugins(self) -> bool:
        """Whether the pact names plugins that the core has to start."""
        return bool(self.data.get("metadata", {}).get("plugins"))

    def check_plugins(self) -> None:
        """Raise `PluginError` for a plugin that the pact needs and that is not installed here."""
        for plugin in self.data.get("metadata", {}).get("plugins", ()):
            try:
                plugins.resolve(plugin["name"], plugin["version"])
            except PluginError as error:
                raise PluginError(f"pact file {self.source}: {error}") from None

    def endless_regexes(self) -> Iterator[str]:
        """Name the regexes that responses and messages are compared with and that backtrack without end on some text.

        Others wrote them, and many a text they match in no time: they are looked for once the core has given up.
        """
        for item in self.interactions:
            verified = {key: item[key] for key in ("response", "matchingRules") if key in item}
            for place, regex in _regexes(verified, ""):
                if problem := _endless(regex):
                    yield f"pact file {self.source}: {title(item)!r}, {place}: {problem}"


def parse_pact(text: str | bytes, source: str) -> PactDocument:
    """Read a pact from JSON and check it; raises `PactFileError` that names ``source``, the place and what is wrong."""
    return check_pact(decode(text, source), source)


def check_pact(data: Any, source: str) -> PactDocument:
    """Return ``data``, which was read from JSON, as a pact; raises as `parse_pact` does."""
    check(data, source)
    return PactDocument(data, source)


@lru_cache(maxsize=1024)  # the core takes a third of a second to give up
def _endless(regex: str) -> str | None:
    from pact_ffi.core.matching import check_backtracking

    try:
        check_backtracking(regex)
    except InvalidInputError as error:
        return str(error)
    return None


def _regexes(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield the regexes in the matching rules of (a part of) an interaction, with their places."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in children:
        if key == "regex" and isinstance(inner, str) and "matchingRules" in place:
            yield place.partition(".matchers")[0].lstrip("."), inner
        yield from _regexes(inner, f"{place}.{key}")
