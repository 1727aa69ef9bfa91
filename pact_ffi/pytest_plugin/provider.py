"""A provider's interactions as tests: one core call for all that were selected, a result for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.broker.selection import FetchedPact
from pact_ffi.errors import PactError, VerificationError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import read_pacts
from pact_ffi.pact_file.terms import title
from pact_ffi.provider.report import records_of, render_report
from pact_ffi.provider.results import InteractionResult, VerificationResult
from pact_ffi.provider.run import Run
from pact_ffi.provider.settings import Settings
from pact_ffi.provider.verifier import Verifier
from pact_ffi.pytest_plugin import markers
from pact_ffi.pytest_plugin.broker import broker_run
from pact_ffi.pytest_plugin.failures import NotMet


@dataclass(frozen=True, eq=False)
class SourceInteraction:
    """One interaction of a pact file; its text is the id of its test, and what a result calls itself."""

    document: PactDocument
    content: dict[str, Any]
    pact: FetchedPact | None = None
    index: int = 0

    def __str__(self) -> str:
        return f"{self.document.consumer}: {title(self.content)}"

    def is_of(self, result: InteractionResult) -> bool:
        """Whether ``result`` is this one's; of a broker's pacts, several may have an interaction of this name."""
        if self.pact is None:
            return str(result) == str(self)
        return (result.id, result.pending) == (self.content.get("_id"), self.document.pending)


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Make a test for each interaction of the sources in the marker ``pact_source``."""
    config, marks = metafunc.config, list(metafunc.definition.iter_markers("pact_source"))
    brokers = list(metafunc.definition.iter_markers("pact_broker"))
    found: list[SourceInteraction] = []
    try:
        for mark in marks:
            paths = [config.rootpath / path for path in mark.args]
            provider = markers.options(mark, "provider", positional=True).get("provider")
            found += _interactions(paths, provider or config.getini("pact_provider"))
        for mark in brokers:
            found += [
                SourceInteraction(pact.document, content, pact, index)
                for pact in broker_run(config).pacts(mark)
                for index, content in enumerate(pact.document.interactions)
            ]
    except PactError as error:
        raise pytest.Collector.CollectError(str(error)) from None
    if marks or brokers:
        metafunc.parametrize("pact_interaction", found, ids=list(map(str, found)), indirect=True)


def _interactions(paths: Sequence[Path], provider: str) -> Iterator[SourceInteraction]:
    documents = [document for path in paths for document in read_pacts(path)]
    ours = [document for document in documents if not provider or document.provider == provider]
    names, where = sorted({document.provider for document in documents}), ", ".join(map(str, paths))
    if not provider and len(names) > 1:
        raise VerificationError(f"{where} has pacts of {', '.join(names)}: say provider= in the marker pact_source")
    if not any(document.interactions for document in ours):
        raise VerificationError(f"{where} has no interaction for provider {provider!r}; there is {', '.join(names)}")
    for document in ours:
        yield from (SourceInteraction(document, content) for content in document.interactions)


class Check:
    """What the fixture ``pact_interaction`` is: ``interaction`` (``None``: all the verifier has), to be verified."""

    def __init__(self, request: Any, verifier: Verifier) -> None:
        if not isinstance(verifier, Verifier):
            pytest.fail(f"the fixture pact_verifier must return a Verifier, not {verifier!r}", pytrace=False)
        self.interaction: SourceInteraction | None = getattr(request, "param", None)
        self._item = request.node
        self._verifier = verifier
        definitions = request.node._fixtureinfo.name2fixturedefs.get("pact_verifier", ())
        self._isolated = bool(definitions) and definitions[-1].scope == "function"
        self._result: VerificationResult | None = None

    def __str__(self) -> str:
        return str(self.interaction or self._verifier)

    def verify(self) -> None:
        """Pass when the provider keeps to the interaction, fail the test with a report, or xfail when it is pending."""
        __tracebackhide__ = True
        if self._result is None:
            self._result = self._one(self.interaction) if self.interaction else _verified(self._verifier._settings)
            if self.interaction and self.interaction.pact:
                note = broker_run(self._item.config).note
                publish = self._verifier._settings.publish
                note(self._item.nodeid, self.interaction.pact, self.interaction.index, self._result, publish)
        if not self._result.success:
            raise NotMet(render_report(self._result), pytrace=False)
        if self.interaction and self._result.interactions[0].outcome == "pending":
            pytest.xfail(render_report(self._result))

    def finish(self, failed: bool) -> None:
        """Verify what a test forgot to verify."""
        if not failed:
            self.verify()

    def records(self, outcome: str) -> list[dict[str, Any]]:
        """Return a record for each interaction that was verified, and one for what concerns none of them."""
        if self._result is None:
            return []
        if self.interaction is None:
            return records_of(self._result)
        return records_of(self._result, self.interaction.document.consumer, self.interaction.content)

    def _one(self, interaction: SourceInteraction) -> VerificationResult:
        batches = self._item.config.stash.setdefault(_BATCHES, {})
        place = (*_place(self._item), self._item.nodeid) if self._isolated else _place(self._item)
        if place not in batches:
            batches[place] = _verified(_only(self._verifier, self._together(interaction)))
        batch: VerificationResult = batches[place]
        found = next((each for each in batch.interactions if interaction.is_of(each)), None)
        if found is None and batch.problems:
            return batch
        if found is None or (batch.problems and found.outcome == "passed"):
            return _verified(_only(self._verifier, [interaction]))  # alone, it is plain whose fault it is
        batch.interactions.remove(found)
        return VerificationResult(batch.provider, [found])

    def _together(self, interaction: SourceInteraction) -> list[SourceInteraction]:
        """Return what is verified in one call: all that was selected.

        Each on its own in an xdist worker, and where the verifier is made anew for each test: then an interaction is
        verified inside of its own test's fixtures, such as a transaction that is rolled back.
        """
        if self._isolated or hasattr(self._item.config, "workerinput"):
            return [interaction]
        place = _place(self._item)
        tests = [each for each in self._item.session.items if hasattr(each, "callspec") and _place(each) == place]
        return [each.callspec.params["pact_interaction"] for each in tests]


_BATCHES = pytest.StashKey[dict[Any, VerificationResult]]()  # what no test has taken yet


def _place(item: Any) -> tuple[Any, ...]:
    """Return what is the same for the interactions of one test function and one set of its other parameters."""
    others = [each for each in sorted(item.callspec.indices.items()) if each[0] != "pact_interaction"]
    return item.parent.nodeid, item.originalname, *others


def _only(verifier: Verifier, interactions: Sequence[SourceInteraction]) -> Settings:
    contents = [each.content for each in interactions]
    documents = {id(each.document): each.document for each in interactions}
    settings = copy(verifier._settings)
    settings.files, settings.remotes = [], []
    settings.documents = [each.only(contents) for each in documents.values()]
    return settings


def _verified(settings: Settings) -> VerificationResult:
    try:
        return Run(settings).execute()
    except PactError as error:
        return VerificationResult(settings.name, [], [str(error)])
