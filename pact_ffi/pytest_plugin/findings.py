"""What the tests of a run found: contracts to write, verifications to report."""

from __future__ import annotations

import os
import warnings
from collections import Counter, defaultdict
from typing import Any

from pact_ffi.consumer.contract import Contract
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactError, PactWarning
from pact_ffi.pact_file.file import PactFile

_OUTCOMES = ("passed", "failed", "pending", "skipped")


class Findings:
    """Collected while tests run; written once."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self._kept: dict[tuple[str, ...], PactFile] = {}

    def take(self, test: str, records: list[dict[str, Any]], duration: float) -> None:
        """Take what a test of ``duration`` seconds found; of consumers, only what was met is kept to be written."""
        for record in records:
            self.records.append({"duration": duration, "report": "", **record, "test": test})
            if "directory" in record and record["outcome"] == "passed":  # else a test writes its own file
                file = PactFile.parse(record["text"], test)
                names = (record[name] for name in ("directory", "consumer", "provider", "specification"))
                try:
                    self._kept.setdefault((*names, file.list_name), file).add(file, test, {})
                except PactError as error:
                    self.problems.append(str(error))

    def write(self, whole: bool, started_ns: int) -> list[str]:
        """Write the contracts, in the place of earlier runs' when the ``whole`` suite passed; returns a summary.

        A file that something else has written since ``started_ns`` is added to, not replaced.
        """
        lines = []
        for key in sorted(self._kept):  # of one file, the older specification first, for it cannot hold the newer
            directory, consumer, provider, specification, _ = key
            contract, file = Contract(consumer, provider, PactSpecification.parse(specification)), self._kept[key]
            path = contract.default_path(directory)
            there = path.exists()
            replaced = there and whole and path.stat().st_mtime_ns < started_ns
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", PactWarning)  # that a test has changed is what one wants to write
                    contract.put(file, path, overwrite=replaced)
            except PactError as error:
                self.problems.append(f"{path} was not written: {error}")
            else:
                how = ", added to what the file held" if there and not replaced else ""
                lines.append(f"{os.path.relpath(path)}: {_count(len(file.chunks), 'interaction')} written{how}")
        return lines + self._verified()

    def _verified(self) -> list[str]:
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for record in self.records:
            counts[record["side"], record[record["side"]]][record["outcome"]] += 1
        lines = []
        for (side, name), found in counts.items():
            if side == "provider":
                parts = ", ".join(f"{found[each]} {each}" for each in _OUTCOMES if found[each])
                lines.append(f"provider {name} verified: {parts}")
            elif unmet := sum(found.values()) - found["passed"]:
                lines.append(f"consumer {name}: {_count(unmet, 'test')} without a met contract, which was not written")
        return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
