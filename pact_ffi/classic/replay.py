"""Checking a real provider's responses, got by the user's own code, against a pact file.

The response is replayed to the core's verifier, and the request is shown to the core's mock server to find
the interactions that it belongs to: all matching is the core's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from pact_ffi.classic.exchange import Exchange, read_exchange
from pact_ffi.classic.request_match import may_describe, request_mismatches
from pact_ffi.errors import VerificationError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import find_pact, read_pact
from pact_ffi.pact_file.terms import title
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.loopback import finished
from pact_ffi.provider.run import Run
from pact_ffi.provider.settings import Settings
from pact_ffi.provider.wire import Response
from pact_ffi.reporting import differences as report
from pact_ffi.reporting.mismatches import Mismatch, RequestNotFound

Answer = TypeVar("Answer")


class PactReplay:
    """A loaded pact, and which of its interactions the provider has kept so far."""

    def __init__(self, pact: PactDocument) -> None:
        self._pact = pact
        self._interactions = [item for item in pact.interactions if "response" in item and "method" in item["request"]]
        self._kept: set[int] = set()

    @classmethod
    def from_path(cls, path: str | os.PathLike[str]) -> PactReplay:
        """Load a pact file; case, ``-``, ``_`` and spaces in its name may differ. Raises `PactFileError`."""
        return cls(read_pact(find_pact(path)))

    def __repr__(self) -> str:
        return f"PactReplay({self.path.name}, {len(self.unverified)} unverified)"

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self._pact.source)

    @property
    def interactions(self) -> list[str]:
        """All HTTP interactions, by description and states."""
        return [title(item) for item in self._interactions]

    @property
    def unverified(self) -> list[str]:
        """The HTTP interactions that no response has been checked for yet."""
        return [title(item) for number, item in enumerate(self._interactions) if number not in self._kept]

    def verify_provider_app_func(self, function: Callable[[], Answer], *, description: str | None = None) -> Answer:
        """Call ``function``, check the response that it returns against the pact, and return it.

        The response may be of requests, httpx, or a test client of Flask, Starlette, FastAPI or Django. It is checked
        against the interactions that describe its request (method, path, query, and the body where it is known); where
        several do, as with different provider states, it must keep one of them; ``description`` says which is meant.

        Raises `VerificationError` (an AssertionError) with the differences, or when no interaction describes the
        request; what ``function`` raises is passed on.
        """
        with closing(Caller()) as caller:
            answer: Answer = finished(caller.call(function))
        exchange = read_exchange(answer)
        numbers = self._described(exchange, description)
        found = {number: self._differences(number, exchange.responses) for number in numbers}
        kept = [number for number, differences in found.items() if differences is None]
        if not kept:
            head = f"the provider's response to {exchange.method} {exchange.target} breaks the pact"
            parts = [f"{title(self._interactions[number])!r}:\n{text}" for number, text in found.items()]
            raise VerificationError("\n".join([f"{head} ({self._parties()}):", *parts]))
        self._kept.update(kept)
        return answer

    def _parties(self) -> str:
        return f"{self._pact.consumer} and {self._pact.provider}, {self.path.name}"

    def _described(self, exchange: Exchange, description: str | None) -> list[int]:
        """Return the interactions that the request belongs to."""
        near: dict[int, list[Mismatch]] = {}
        for number, item in enumerate(self._interactions):
            if description in (None, item["description"]) and may_describe(item, exchange):
                near[number] = request_mismatches(item, exchange)
        matching = [number for number, mismatches in near.items() if not mismatches]
        if matching:
            return matching
        lines = [f"no interaction of the pact ({self._parties()}) describes {exchange.method} {exchange.target}"]
        for number, mismatches in near.items():
            if not any(isinstance(mismatch, RequestNotFound) for mismatch in mismatches):  # that is another path
                lines += [f"It differs from {title(self._interactions[number])!r}:", report.render(mismatches)]
        known = [f"  {i['request']['method']} {i['request']['path']}  {title(i)}" for i in self._interactions]
        raise VerificationError("\n".join([*lines, "The pact describes:", *known]))

    def _differences(self, number: int, responses: list[Response]) -> str | None:
        """Return what differs from the interaction, or ``None``; one of ``responses`` is the one that it is about."""
        described = self._interactions[number].items()
        stateless = {key: value for key, value in described if not key.startswith("providerState")}
        pact = self._pact.replaced({"interactions": [stateless]})
        texts: list[str] = []
        for response in responses:
            settings = Settings(pact.provider)
            settings.documents, settings.replay = [pact], response
            result = Run(settings).execute()
            if result.success and len(result.interactions) == 1:
                return None
            errors = [*result.problems, *(item.error for item in result.interactions if item.error)]
            mismatches = [mismatch for item in result.interactions for mismatch in item.mismatches]
            texts.append("\n".join([*(f"  {error}" for error in errors), report.render(mismatches)]).strip("\n"))
        return texts[0]
